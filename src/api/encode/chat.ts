import type { FinishReason, GenerateChoice, GenerateEvent, GenerateResult, TokenLogprob } from '../../protocol/event.ts';
import type { TurnEncoder } from '../surface.ts';
import { type AnswerHead, openFrames, type StreamFrames } from './frames.ts';
import { encodeChatLogprobs } from './logprobs.ts';
import { encodeUsage } from './usage.ts';

/** How a chat's answer is written. */
export interface ChatEncoding extends AnswerHead {
  readonly includesUsage: boolean;
  readonly hasLogprobs: boolean;
}

/**
 * Writes a chat's answer. Pieces of one engine read are joined to one chunk where they are of one kind.
 * Source: OpenAI API reference, chat completion object and chunk; `reasoning_content` is DeepSeek's and vLLM's field.
 */
export function openChatEncoder(encoding: ChatEncoding): TurnEncoder {
  let stream: Omit<TurnEncoder, 'result'> | undefined;
  // a whole answer has no frames
  const streamed = () => (stream ??= openStream(encoding));
  return {
    push: (batch) => streamed().push(batch),
    error: (error) => streamed().error(error),
    end: () => streamed().end(),
    result: (result) => encodeResult(result, encoding),
  };
}

function openStream(encoding: ChatEncoding): Omit<TurnEncoder, 'result'> {
  const frames = openFrames(encoding, 'chat.completion.chunk', encoding.includesUsage);
  const writers = new Map<number, ChoiceWriter>();
  const writerOf = (choice: number): ChoiceWriter => {
    const writer = writers.get(choice) ?? openChoice(choice, encoding, frames);
    writers.set(choice, writer);
    return writer;
  };
  const flush = (choice: number): string => writers.get(choice)?.flush() ?? '';
  return {
    push(batch) {
      let written = '';
      for (const event of batch.events) {
        if (event.type === 'usage') written += flush(batch.choice) + frames.usage(event.usage);
        else if (event.type === 'error') written += flush(batch.choice) + frames.error(event.error);
        else written += writerOf(batch.choice).push(event);
      }
      return written + flush(batch.choice);
    },
    error: frames.error,
    end: frames.end,
  };
}

/** Writes the chunks of one choice. */
interface ChoiceWriter {
  push(event: Exclude<GenerateEvent, { type: 'usage' | 'error' }>): string;
  /** the chunk of what was held back to be joined */
  flush(): string;
}

function openChoice(index: number, encoding: ChatEncoding, frames: StreamFrames): ChoiceWriter {
  const before = `${frames.open}{"index":${index},"delta":`;
  const after = `,"logprobs":null,"finish_reason":null}${frames.close}`;
  const openings = { content: `${before}{"content":`, reasoning_content: `${before}{"reasoning_content":` };
  let kind: keyof typeof openings = 'content';
  let text = '';
  let logprobs: TokenLogprob[] = [];
  let opening = `${before}{"role":"assistant","content":"","refusal":null}${after}`;

  const flush = (): string => {
    let written = opening;
    opening = '';
    if (logprobs.length > 0) {
      const rest = `,"logprobs":${JSON.stringify(encodeChatLogprobs(logprobs))},"finish_reason":null}${frames.close}`;
      written += `${openings[kind]}${JSON.stringify(text)}}${rest}`;
    } else if (text !== '') written += `${openings[kind]}${JSON.stringify(text)}}${after}`;
    text = '';
    logprobs = [];
    return written;
  };
  const add = (nextKind: typeof kind, piece: string): string => {
    const written = kind === nextKind || text === '' ? '' : flush();
    kind = nextKind;
    text += piece;
    return written;
  };
  const call = (piece: object): string => `${flush()}${before}${JSON.stringify({ tool_calls: [piece] })}${after}`;

  return {
    flush,
    push(event) {
      switch (event.type) {
        case 'text-delta':
          return add('content', event.text);
        case 'reasoning-delta':
          return add('reasoning_content', event.text);
        case 'logprobs-delta':
          if (encoding.hasLogprobs) logprobs.push(...event.tokens);
          return '';
        case 'tool-call-start': {
          const id = event.id ?? callId(encoding, index, event.index);
          return call({ index: event.index, id, type: 'function', function: { name: event.name, arguments: '' } });
        }
        case 'tool-call-delta':
          return call({ index: event.index, function: { arguments: event.text } });
        case 'tool-call-end':
        case 'issue':
          return '';
        case 'finish':
          return flush() + before + encodeFinish(event.reason, event.stop) + frames.close;
        default:
          throw event satisfies never;
      }
    },
  };
}

function encodeFinish(reason: FinishReason, stop: string | number | undefined): string {
  const stopReason = stop === undefined ? '' : `,"stop_reason":${JSON.stringify(stop)}`;
  return `{},"logprobs":null,"finish_reason":${JSON.stringify(reason)}${stopReason}}`;
}

function encodeResult(result: GenerateResult, encoding: ChatEncoding): unknown {
  return {
    id: encoding.id,
    object: 'chat.completion',
    created: encoding.createdSeconds,
    model: encoding.model,
    choices: result.choices.map((choice) => ({
      index: choice.index,
      message: encodeMessage(choice, encoding),
      logprobs: encoding.hasLogprobs ? encodeChatLogprobs(choice.logprobs) : null,
      finish_reason: choice.finish,
      ...(choice.stop === undefined ? {} : { stop_reason: choice.stop }),
    })),
    usage: encodeUsage(result.usage),
  };
}

/** The id of a call that the model gave none, the same streamed and whole. */
function callId(encoding: ChatEncoding, choice: number, call: number): string {
  return `call_${encoding.id.replace(/^chatcmpl-/, '')}_${choice}_${call}`;
}

function encodeMessage(choice: GenerateChoice, encoding: ChatEncoding): unknown {
  const calls = choice.calls.map((each, index) => ({
    id: each.id || callId(encoding, choice.index, index),
    type: 'function',
    function: { name: each.name, arguments: each.argumentsJson },
  }));
  return {
    role: 'assistant',
    content: choice.text === '' && calls.length > 0 ? null : choice.text,
    refusal: null,
    ...(choice.reasoning === '' ? {} : { reasoning_content: choice.reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}
