import { Agent, fetch } from 'undici';
import type { Answer } from '../test/constraint-answers.ts';
import type { Conversation } from './side-by-side-conversations.ts';
import type { OpenLane } from './side-by-side-lanes.ts';
import type { Piece } from './side-by-side-wires.ts';

/** A streamed answer and when it began. */
export interface TimedAnswer extends Answer {
  /** until the first text but white space, or piece of a call, came; undefined where none did */
  readonly firstMs: number | undefined;
  /** 0 where the server tells none */
  readonly promptTokens: number;
  /** how our server met the request; undefined from others */
  readonly plan: string | undefined;
}

const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
/** Longer than any answer takes on a busy machine: one that hangs must not hold the benchmark. */
const limitMs = 600_000;

/** Sends a conversation and reads the streamed answer. A failed request is an answer with an error; nothing is thrown. */
export async function askStreamed(lane: OpenLane, conversation: Conversation): Promise<TimedAnswer> {
  const { wire, url } = lane;
  const answer = new StreamedAnswer();
  try {
    const response = await fetch(`${url}${wire.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wire.writeBody(conversation, lane)),
      dispatcher: patient,
      signal: AbortSignal.timeout(limitMs),
    });
    answer.plan = response.headers.get('x-rookery-plan') ?? undefined;
    if (!response.ok) answer.error = `${response.status}: ${(await response.text()).slice(0, 300)}`;
    else for await (const json of readLines(response.body ?? [])) answer.add(wire.readPiece(json));
  } catch (error) {
    answer.error = `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (answer.finish === undefined) answer.error ??= 'the stream ended without a reason';
  return answer;
}

/** Puts the pieces of an answer together as they come. */
class StreamedAnswer implements TimedAnswer {
  text = '';
  readonly calls: { name: string; arguments: string }[] = [];
  finish: string | undefined;
  error: string | undefined;
  plan: string | undefined;
  firstMs: number | undefined;
  promptTokens = 0;
  completionTokens = 0;
  readonly #startedMs = performance.now();

  add({ text = '', calls = [], finish, error, usage }: Piece): void {
    if (text.trim() !== '' || calls.length > 0) this.firstMs ??= performance.now() - this.#startedMs;
    this.text += text;
    for (const { index, name, argumentsJson } of calls) {
      const call = (this.calls[index] ??= { name: '', arguments: '' });
      call.name += name;
      call.arguments += argumentsJson;
    }
    this.finish = finish ?? this.finish;
    this.error = error ?? this.error;
    this.promptTokens = usage?.promptTokens ?? this.promptTokens;
    this.completionTokens = usage?.completionTokens ?? this.completionTokens;
  }
}

/** The JSON values of an event stream, or of a stream with one value a line. */
async function* readLines(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const json = line.replace(/^data:/, '').trim();
      if (json.startsWith('{')) yield JSON.parse(json);
    }
  }
}
