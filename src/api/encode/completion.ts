import type { EventBatch, GenerateResult, TokenLogprob } from '../../protocol/event.ts';
import type { TurnEncoder } from '../surface.ts';
import { type AnswerHead, openFrames, type StreamFrames } from './frames.ts';
import { encodeCompletionLogprobs } from './logprobs.ts';
import { encodeUsage } from './usage.ts';

/** How a completion's answer is written. */
export interface CompletionEncoding extends AnswerHead {
  readonly includesUsage: boolean;
  readonly hasLogprobs: boolean;
  /** what is written before each choice: its prompt when the caller asked for an echo, else '' */
  readonly echoOf: (choice: number) => string;
}

/** Writes the answer of `/v1/completions`. Source: OpenAI API reference, legacy completion object. */
export function openCompletionEncoder(encoding: CompletionEncoding): TurnEncoder {
  const frames = openFrames(encoding, 'text_completion', encoding.includesUsage);
  const writers = new Map<number, (batch: EventBatch) => string>();
  return {
    push(batch) {
      const writer = writers.get(batch.choice) ?? openChoice(batch.choice, encoding, frames);
      writers.set(batch.choice, writer);
      return writer(batch);
    },
    error: frames.error,
    end: frames.end,
    result: (result) => encodeResult(result, encoding),
  };
}

function openChoice(index: number, encoding: CompletionEncoding, frames: StreamFrames): (batch: EventBatch) => string {
  const before = `${frames.open}{"index":${index},"text":`;
  const after = `,"logprobs":null,"finish_reason":null}${frames.close}`;
  let echo = encoding.echoOf(index);
  let offset = echo.length;

  const chunk = (piece: string, tokens: readonly TokenLogprob[]): string => {
    const text = echo + piece;
    echo = '';
    if (tokens.length === 0) return text === '' ? '' : before + JSON.stringify(text) + after;
    const logprobs = encodeCompletionLogprobs(tokens, offset);
    offset = tokens.reduce((sum, each) => sum + each.text.length, offset);
    return `${before}${JSON.stringify(text)},"logprobs":${JSON.stringify(logprobs)},"finish_reason":null}${frames.close}`;
  };

  return (batch) => {
    let written = '';
    let last = '';
    let piece = '';
    const tokens: TokenLogprob[] = [];
    for (const event of batch.events) {
      if (event.type === 'text-delta' || event.type === 'reasoning-delta') piece += event.text;
      else if (event.type === 'logprobs-delta' && encoding.hasLogprobs) tokens.push(...event.tokens);
      else if (event.type === 'finish') {
        const stop = event.stop === undefined ? '' : `,"stop_reason":${JSON.stringify(event.stop)}`;
        last += `${before}"","logprobs":null,"finish_reason":${JSON.stringify(event.reason)}${stop}}${frames.close}`;
      } else if (event.type === 'usage') last += frames.usage(event.usage);
      else if (event.type === 'error') last += frames.error(event.error);
    }
    if (piece !== '' || tokens.length > 0 || last.startsWith(before)) written = chunk(piece, tokens);
    return written + last;
  };
}

function encodeResult(result: GenerateResult, encoding: CompletionEncoding): unknown {
  return {
    id: encoding.id,
    object: 'text_completion',
    created: encoding.createdSeconds,
    model: encoding.model,
    choices: result.choices.map((choice) => {
      const echo = encoding.echoOf(choice.index);
      return {
        index: choice.index,
        text: echo + choice.reasoning + choice.text,
        logprobs: encoding.hasLogprobs ? encodeCompletionLogprobs(choice.logprobs, echo.length) : null,
        finish_reason: choice.finish,
        ...(choice.stop === undefined ? {} : { stop_reason: choice.stop }),
      };
    }),
    usage: encodeUsage(result.usage),
  };
}
