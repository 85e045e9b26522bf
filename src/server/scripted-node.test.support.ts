import type { Node, ServedModel, TargetState, Turn, TurnReport, UpstreamLoad } from '../gateway/node.ts';
import type { EngineState } from '../protocol/engine.ts';
import type { EventBatch } from '../protocol/event.ts';
import type { GenerateRequest } from '../protocol/request.ts';

/** Gives the batches of a turn; throws or hangs as a test wants. */
export type Script = (request: GenerateRequest, signal: AbortSignal) => AsyncIterable<EventBatch>;

/** A node of the tests: a whole implementation of the contract whose answers are written by the test. */
export interface ScriptedNode extends Node {
  readonly requests: readonly GenerateRequest[];
  readonly signals: readonly AbortSignal[];
  /** batches pulled from all turns so far */
  readonly pulls: number;
  script: Script;
  /** what a turn reports; asked each time somebody reads its report */
  report: (request: GenerateRequest) => TurnReport;
  load: UpstreamLoad;
  health: TargetState['health'];
  status: EngineState['status'];
}

/** Words that the default script writes for each choice, one batch each. */
export const scriptedWords = ['Hello', ' world', '.'];

const model: ServedModel = {
  id: 'scripted',
  aliases: ['alias/of-scripted'],
  engine: 'scripted',
  createdMs: 1_700_000_000_000,
  facts: {
    id: 'scripted',
    contextTokens: 2048,
    embeddingLength: 3,
    parameters: 135_000_000,
    quantisation: 'Q4_1',
    specialTokens: { addsBos: true, control: [] },
  },
};

/** Writes the words for each choice in turn, then usage. Choices are those of every prompt. */
export const writeWords: Script = async function* (request) {
  const prompts = request.input.type === 'prompts' ? request.input.prompts.length : 1;
  for (const text of scriptedWords) {
    for (let choice = 0; choice < prompts * request.n; choice++) {
      const logprobs =
        request.topLogprobs === undefined
          ? []
          : [{ type: 'logprobs-delta' as const, tokens: [{ token: 1, text, logprob: -0.5, top: [] }] }];
      yield { choice, events: [{ type: 'text-delta', text }, ...logprobs] };
    }
  }
  for (let choice = 0; choice < prompts * request.n; choice++) yield { choice, events: [{ type: 'finish', reason: 'stop' }] };
  yield { choice: 0, events: [{ type: 'usage', usage: { promptTokens: 5, completionTokens: 3, cachedTokens: 2 } }] };
};

/** The report of a turn that its only upstream answered at once. */
export const scriptedReport: TurnReport = {
  asked: model.id,
  model: model.id,
  mode: 'text',
  attempts: [{ upstream: 'only', outcome: 'answered', queuedMs: 0 }],
  faults: { repairing: 0, given: 0, refused: 0 },
};

/** Never settles by itself; rejects with the signal's reason. */
export function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

/** Resolves once the condition holds; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A node that answers with `script`, by default a few words. */
export function createScriptedNode(script: Script = writeWords): ScriptedNode {
  const requests: GenerateRequest[] = [];
  const signals: AbortSignal[] = [];
  let pulls = 0;
  async function* counted(batches: AsyncIterable<EventBatch>): AsyncIterable<EventBatch> {
    for await (const batch of batches) {
      pulls++;
      yield batch;
    }
  }
  const encode = (text: string): number[] => [...text].map((character) => character.codePointAt(0) ?? 0);
  return {
    script,
    report: () => scriptedReport,
    load: { inFlight: 0, waiting: 0, slots: 1 },
    health: { state: 'healthy', restsForMs: 0 },
    status: 'ready',
    requests,
    signals,
    get pulls() {
      return pulls;
    },
    models: () => [model],
    configuration: () => undefined,
    findModel: (name) => (name === model.id || model.aliases.includes(name) ? model : undefined),
    bodyRules: () => undefined,
    ready: async () => {},
    states() {
      return { only: { status: this.status } };
    },
    loads() {
      return { only: this.load };
    },
    targets() {
      return [{ model: model.id, upstream: 'only', health: this.health }];
    },
    generate(request, signal): Turn {
      requests.push(request);
      signals.push(signal);
      const readReport = () => this.report(request);
      const batches = counted(this.script(request, signal));
      return {
        get report() {
          return readReport();
        },
        plan: 'scripted',
        batches,
        async whole() {
          const whole: EventBatch[] = [];
          for await (const batch of batches) whole.push(batch);
          return whole;
        },
      };
    },
    embed: async (_model, inputs) => ({ vectors: inputs.map((_input, index) => [index, 0.5, -1]), promptTokens: inputs.length }),
    tokenize: async (_model, { segments, isPrompt }) => [...(isPrompt ? [1] : []), ...segments.flatMap((each) => encode(each.text))],
    detokenize: async (_model, tokens) => String.fromCodePoint(...tokens),
    tokenizeConversation: async ({ input }) =>
      input.type === 'chat' ? input.messages.flatMap(({ role, content }) => [...encode(`${role}:${content}\n`)]) : [],
    close: async () => {},
  };
}
