import type { GatewayError } from '../../protocol/error.ts';
import type { Usage } from '../../protocol/usage.ts';
import { encodeOpenAiError } from './error.ts';
import { encodeUsage } from './usage.ts';

/** What every chunk and every complete answer of one request says of itself. */
export interface AnswerHead {
  readonly id: string;
  /** the name the caller asked for */
  readonly model: string;
  /** seconds since 1970 */
  readonly createdSeconds: number;
}

/** The texts around a stream's chunks, made once for each request: only what changes is turned to JSON for each token. */
export interface StreamFrames {
  /** One chunk; `choice` is the JSON text of an entry of `choices`. */
  chunk(choice: string): string;
  /** what stands before and after such a choice, for encoders that join it themselves */
  readonly open: string;
  readonly close: string;
  usage(usage: Usage): string;
  /** Ends the stream with an error; '' when it has already ended. */
  error(error: GatewayError): string;
  /** Ends the stream; '' when it has already ended. */
  end(): string;
}

const done = 'data: [DONE]\n\n';

/** Frames of a stream of server-sent events as OpenAI writes it. With `includesUsage` every chunk has a `usage`, null until the last. */
export function openFrames(head: AnswerHead, chunkObject: string, includesUsage: boolean): StreamFrames {
  const about = { id: head.id, object: chunkObject, created: head.createdSeconds, model: head.model };
  const open = `data: ${JSON.stringify(about).slice(0, -1)},"choices":[`;
  const close = includesUsage ? '],"usage":null}\n\n' : ']}\n\n';
  let hasEnded = false;
  const endWith = (last: string): string => {
    if (hasEnded) return '';
    hasEnded = true;
    return last;
  };
  return {
    open,
    close,
    chunk: (choice) => open + choice + close,
    usage: (usage) => (includesUsage ? `${open}],"usage":${JSON.stringify(encodeUsage(usage))}}\n\n` : ''),
    error: (error) => endWith(`data: ${JSON.stringify(encodeOpenAiError(error))}\n\n${done}`),
    end: () => endWith(done),
  };
}
