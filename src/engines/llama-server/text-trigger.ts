import type { Delta, EngineRead, EngineRequest, PromptSegment } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { addUsage, type Usage } from '../../protocol/usage.ts';
import { isTokenTrigger } from './lazy-grammar.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The text at which an answer stops, to be gone on with under its grammar; undefined where nothing waits for a text. */
export function findTextTrigger({ grammar, stop }: EngineRequest, vocabulary: Vocabulary): string | undefined {
  const trigger = grammar?.trigger;
  // a caller's own stop is the end
  return trigger === undefined || stop.includes(trigger) || isTokenTrigger(trigger, vocabulary) ? undefined : trigger;
}

/**
 * An answer in two parts: up to the trigger, at which the server stops, and behind it under the grammar, asked for with what was written. The prompt is in the
 * server's cache, so the second part costs one step more. Without the trigger there is one part.
 */
export async function* goOnBehind(
  trigger: string,
  first: AsyncIterable<EngineRead>,
  { request, send }: { readonly request: EngineRequest; readonly send: (request: EngineRequest) => AsyncIterable<EngineRead> },
): AsyncGenerator<EngineRead> {
  const written: PromptSegment[] = [];
  for await (const read of first) {
    for (const delta of read.deltas) written.push(...toSegments(delta));
    if (read.end?.stop !== trigger) {
      yield read;
      continue;
    }
    const { usage } = read.end;
    const deltas = [...read.deltas, { text: trigger }];
    const maxTokens = request.maxTokens === undefined ? undefined : request.maxTokens - usage.completionTokens;
    if (maxTokens !== undefined && maxTokens <= 0) {
      yield { deltas, end: { reason: 'length', usage } };
      return;
    }
    yield { deltas };
    const rest = toSecond(request, [...written, { text: trigger, isLiteral: true }], maxTokens);
    for await (const more of send(rest)) yield addFirst(more, usage);
    return;
  }
}

/** What was written, as a prompt: control tokens stay what they were, and nothing else becomes one. */
function toSegments({ text, specials = [] }: Delta): readonly PromptSegment[] {
  const segments: PromptSegment[] = [];
  let from = 0;
  for (const { offset, length } of specials) {
    segments.push({ text: text.slice(from, offset), isLiteral: true }, { text: text.slice(offset, offset + length), isLiteral: false });
    from = offset + length;
  }
  segments.push({ text: text.slice(from), isLiteral: true });
  return segments;
}

function toSecond(request: EngineRequest, written: readonly PromptSegment[], maxTokens: number | undefined): EngineRequest {
  const { prompt, grammar } = request;
  if (prompt.form !== 'segments' || grammar === undefined)
    throw new GatewayError('internal_error', 'A grammar that waits for a text needs a prompt of text.');
  const { notation, text } = grammar;
  return {
    ...request,
    prompt: { ...prompt, segments: [...prompt.segments, ...written] },
    grammar: { notation, text },
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}

/** The answer's prompt is the first part's. */
function addFirst(read: EngineRead, first: Usage): EngineRead {
  const { end } = read;
  if (!end) return read;
  return { ...read, end: { ...end, usage: addUsage(first, { ...end.usage, promptTokens: 0, cachedTokens: 0 }) } };
}
