import type {
  CallState,
  EventBatch,
  FinishReason,
  GenerateChoice,
  GenerateEvent,
  GenerateResult,
  TokenLogprob,
} from '../protocol/event.ts';
import { noUsage, type Usage } from '../protocol/usage.ts';

interface OpenCall {
  readonly id: string;
  readonly name: string;
  argumentsJson: string;
  state: CallState;
}

interface OpenChoice {
  text: string;
  reasoning: string;
  readonly calls: OpenCall[];
  readonly logprobs: TokenLogprob[];
  finish: FinishReason;
  stop?: string | number;
}

/** Collects a turn: a complete answer is a stream, joined. Throws the error that the stream ended with. */
export function collectTurn(batches: Iterable<EventBatch>): GenerateResult {
  const choices = new Map<number, OpenChoice>();
  let usage: Usage = noUsage;
  for (const { choice, events } of batches) {
    for (const event of events) {
      if (event.type === 'error') throw event.error;
      if (event.type === 'usage') usage = event.usage;
      else addEvent(openChoice(choices, choice), event);
    }
  }
  return { choices: [...choices].sort(([left], [right]) => left - right).map(([index, choice]) => toChoice(index, choice)), usage };
}

function openChoice(choices: Map<number, OpenChoice>, index: number): OpenChoice {
  let choice = choices.get(index);
  if (!choice) choices.set(index, (choice = { text: '', reasoning: '', calls: [], logprobs: [], finish: 'stop' }));
  return choice;
}

function addEvent(choice: OpenChoice, event: Exclude<GenerateEvent, { type: 'usage' | 'error' }>): void {
  switch (event.type) {
    case 'text-delta':
      choice.text += event.text;
      return;
    case 'reasoning-delta':
      choice.reasoning += event.text;
      return;
    case 'logprobs-delta':
      choice.logprobs.push(...event.tokens);
      return;
    case 'finish':
      choice.finish = event.reason;
      if (event.stop !== undefined) choice.stop = event.stop;
      return;
    case 'issue':
      return;
    default:
      addCallEvent(choice, event);
  }
}

type CallEvent = Extract<GenerateEvent, { type: 'tool-call-start' | 'tool-call-delta' | 'tool-call-end' }>;

function addCallEvent(choice: OpenChoice, event: CallEvent): void {
  if (event.type === 'tool-call-start') {
    choice.calls[event.index] = { id: event.id ?? '', name: event.name, argumentsJson: '', state: 'truncated' };
    return;
  }
  const call = choice.calls[event.index];
  if (!call) return;
  if (event.type === 'tool-call-delta') call.argumentsJson += event.text;
  else call.state = event.state;
}

function toChoice(index: number, choice: OpenChoice): GenerateChoice {
  const { stop, ...rest } = choice;
  return stop === undefined ? { index, ...rest } : { index, ...rest, stop };
}
