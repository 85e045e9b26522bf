import type { EngineContext } from '../engines/engine.ts';
import { engines } from '../engines/index.ts';
import type { Engine, EngineEmbeddings, EngineState, PromptSegment, TextToTokenize } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { AnswerGrammar } from '../translate/compile-grammar.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import { describePlan, planRequest } from '../translate/plan.ts';
import { prepareRequest } from '../translate/prepare.ts';
import { renderConversation } from '../translate/render-conversation.ts';
import { askAgain } from '../translate/repair.ts';
import { openGrammarCompiler } from '../workers/grammar.ts';
import type { Node, ServedModel, Turn } from './node.ts';
import { isNewToolList, measureTools, type ShareQuestion, warnOfShare } from './tool-share.ts';
import { openBatches, type TurnContext } from './turn.ts';
import { findModel, Upstream, type UpstreamModel, type UpstreamSettings } from './upstream.ts';

type Engines = typeof engines;
type Kind = keyof Engines & string;

/** An upstream to open: the kind of engine, as its file is named, and that engine's options. Or an engine that is open already. */
export type UpstreamOptions =
  | {
      readonly [Name in Kind]: { readonly name: string; readonly engine: Name; readonly options: Parameters<Engines[Name]['open']>[0] };
    }[Kind]
  | { readonly name: string; readonly engine: Engine };

/** What a node is opened with. */
export interface NodeOptions extends UpstreamSettings {
  readonly upstreams: readonly UpstreamOptions[];
  readonly log: EngineContext['log'];
}

/** Opens the engines and gives the node at once; models appear as their engines tell them. */
export function openNode(options: NodeOptions): Node {
  const upstreams = options.upstreams.map((each) => openUpstream(each, options));
  for (const upstream of upstreams) {
    upstream.learned.catch((error: Error) =>
      options.log('error', 'upstream-unusable', { upstream: upstream.name, message: error.message }),
    );
  }
  return new Gateway(upstreams, options.log);
}

function openUpstream(options: UpstreamOptions, node: NodeOptions): Upstream {
  if (typeof options.engine !== 'string') return new Upstream(options.name, 'custom', options.engine, node);
  const { name, engine: kind, options: engineOptions } = options as { name: string; engine: Kind; options: never };
  return new Upstream(name, kind, engines[kind].open(engineOptions, { log: node.log }), node);
}

/** Different warnings that are logged; a request can make new ones. */
const mostWarnings = 1000;

class Gateway implements Node {
  readonly #upstreams: readonly Upstream[];

  readonly #log: EngineContext['log'];
  readonly #compiler = openGrammarCompiler();
  /** warnings of plans that are in the log already */
  readonly #said = new Set<string>();

  constructor(upstreams: readonly Upstream[], log: EngineContext['log']) {
    this.#upstreams = upstreams;
    this.#log = log;
  }

  models(): readonly ServedModel[] {
    return this.#upstreams.flatMap((upstream) => upstream.models.map((model) => model.served));
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    await Promise.race([Promise.all(this.#upstreams.map((upstream) => upstream.learned)), aborted]);
  }

  states(): Readonly<Record<string, EngineState>> {
    return Object.fromEntries(this.#upstreams.map((upstream) => [upstream.name, upstream.engine.state()]));
  }

  generate(request: GenerateRequest, signal: AbortSignal): Turn {
    const { upstream, knowledge: learn } = this.#find(request.model);
    const knowledge = learn(request.chatTemplate);
    const plan = planRequest(request, knowledge, upstream.engine.capabilities);
    this.#warn(request.model, plan.warnings);
    this.#measureTools({ request, plan, knowledge }, upstream);
    const context = { plan, knowledge, now: new Date() };
    const { choices, fixes } = prepareRequest(request, context);
    const turn: TurnContext = {
      upstream,
      copies: request.n,
      compile: (job, jobSignal) => this.#compile(upstream, request.model, job, jobSignal),
      repair: (choice, fault) => {
        const again = askAgain({ ...request, n: 1, sampling: choice.request.sampling }, fault);
        const [prepared] = again ? prepareRequest(again, context).choices : [];
        return prepared && { ...prepared, choice: choice.choice };
      },
      onFault: ({ error }, outcome) =>
        this.#log(outcome === 'repairing' ? 'info' : 'warn', 'answer-fault', {
          request: request.id,
          model: request.model,
          outcome,
          message: error.message,
        }),
    };
    return { plan: describePlan(plan, fixes), batches: openBatches(turn, choices, signal) };
  }

  /** The grammar that binds an answer. One of a user's making is tried before the engine gets it. */
  async #compile({ engine }: Upstream, model: string, job: GrammarJob, signal: AbortSignal): Promise<AnswerGrammar> {
    const grammar = await this.#compiler.compile(job, signal);
    this.#warn(
      model,
      grammar.unenforced.map(({ path, keyword, reason }) => `${path}: \`${keyword}\` is only checked afterwards: ${reason}.`),
    );
    const { constraint } = job;
    if (constraint?.kind === 'grammar') await tryGrammar(engine, constraint.grammar);
    if (constraint?.kind === 'structural-tag') await tryGrammar(engine, grammar.text);
    return grammar;
  }

  /** Tells once for each list of tools what it costs; nobody waits for it. */
  #measureTools(question: Omit<ShareQuestion, 'countTokens'>, { engine }: Upstream): void {
    if (!engine.capabilities.hasTokenizer || !isNewToolList(question)) return;
    const { model } = question.knowledge;
    const never = new AbortController().signal;
    const countTokens = async (segments: readonly PromptSegment[]) =>
      (await engine.tokenize(model.id, { segments, isPrompt: false }, never)).length;
    void measureTools({ ...question, countTokens }).then(
      (share) => {
        this.#log('debug', 'tool-share', { model: model.id, ...share });
        const warning = warnOfShare(share);
        if (warning !== undefined) this.#warn(model.id, [warning]);
      },
      // the request itself will say what is wrong with its conversation or engine
      (error: Error) => this.#log('debug', 'tool-share', { model: model.id, message: error.message }),
    );
  }

  /** Says each thing about a model once: thousands of agents send the same tools. */
  #warn(model: string, warnings: readonly string[]): void {
    for (const message of warnings) {
      if (this.#said.has(message) || this.#said.size >= mostWarnings) continue;
      this.#said.add(message);
      this.#log('warn', 'plan', { model, message });
    }
  }

  async embed(model: string, inputs: readonly (string | readonly number[])[], signal: AbortSignal): Promise<EngineEmbeddings> {
    const { upstream, served } = this.#find(model);
    if (!upstream.engine.capabilities.hasEmbeddings) throw unsupported(`The engine of '${model}' gives no embeddings.`);
    const place = await upstream.admission.admit(signal);
    try {
      return await upstream.engine.embed(served.facts.id, inputs, signal);
    } finally {
      place.release();
    }
  }

  tokenize(model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]> {
    const { upstream, served } = this.#findTokenizer(model);
    return upstream.engine.tokenize(served.facts.id, text, signal);
  }

  render(request: GenerateRequest): readonly PromptSegment[] {
    const { upstream, knowledge: learn } = this.#find(request.model);
    const knowledge = learn(request.chatTemplate);
    const plan = planRequest(request, knowledge, upstream.engine.capabilities);
    return renderConversation(request, { plan, knowledge, now: new Date() }).segments;
  }

  detokenize(model: string, tokens: readonly number[], signal: AbortSignal): Promise<string> {
    const { upstream, served } = this.#findTokenizer(model);
    return upstream.engine.detokenize(served.facts.id, tokens, signal);
  }

  async close(graceMs: number): Promise<void> {
    const drained = Promise.all(this.#upstreams.map((upstream) => upstream.admission.close()));
    const limit = new AbortController();
    await Promise.race([drained, waitMs(graceMs, limit.signal)]);
    limit.abort();
    await Promise.all([this.#compiler.close(), ...this.#upstreams.map((upstream) => upstream.engine.close())]);
  }

  #find(name: string): UpstreamModel {
    return findModel(this.#upstreams, name);
  }

  #findTokenizer(name: string): UpstreamModel {
    const found = this.#find(name);
    if (found.upstream.engine.capabilities.hasTokenizer) return found;
    throw unsupported(`The engine of '${name}' shows no tokenizer.`);
  }
}

async function tryGrammar(engine: Engine, grammar: string): Promise<void> {
  const verdict = await engine.tryGrammar?.(grammar);
  if (!verdict) throw new GatewayError('unsupported_feature', 'This engine takes no grammars of your own.', { param: 'grammar' });
  if (!verdict.isSafe) throw new GatewayError('invalid_request', `The grammar cannot be used: ${verdict.reason}`, { param: 'grammar' });
}

function waitMs(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

function unsupported(message: string): GatewayError {
  return new GatewayError('unsupported_feature', message, { param: 'model' });
}
