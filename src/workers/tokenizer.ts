import type { PromptSegment } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { TokenizerSource } from '../tokenizers/tokenizer-source.ts';
import { JobThread } from './job-thread.ts';
import type { TokenizerQuestion, TokenizerThreadData } from './tokenizer-messages.ts';

/** What a tokenizer tells of itself. */
export interface TokenizerFacts {
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
  readonly paddingId: number | undefined;
  readonly vocabularyTokens: number;
  readonly fingerprint: string;
  readonly specials: readonly { readonly id: number; readonly content: string }[];
}

/** A token for people. */
export interface TokenPiece {
  readonly id: number;
  /** see `showPiece` */
  readonly text: string;
  readonly isSpecial: boolean;
}

/**
 * A tokenizer in a thread of its own. All of it throws `model_file_invalid` or `unsupported_feature` when the tokenizer cannot be loaded, `engine_failed`
 * when it takes too long or its thread dies (the next call starts a new one), `shutting_down` after `close`.
 */
export interface AsyncTokenizer {
  describe(): Promise<TokenizerFacts>;
  /** See `Tokenizer.encode`. */
  encode(segments: readonly PromptSegment[], options?: { readonly addSpecial?: boolean }): Promise<readonly number[]>;
  decode(ids: readonly number[], options?: { readonly skipSpecial?: boolean }): Promise<string>;
  pieces(ids: readonly number[]): Promise<readonly TokenPiece[]>;
  /** Tokens of each text, without what goes around a text of its own. */
  count(texts: readonly (readonly PromptSegment[])[]): Promise<readonly number[]>;
  /** Ends the thread; calls under way are refused. */
  close(): Promise<void>;
}

/** How a tokenizer's thread is kept. */
export interface TokenizerOptions {
  /** longest time for a call, the first one with loading; default 60,000 */
  readonly timeLimitMs?: number;
  /** characters of the texts whose ids are remembered; default 1,000,000 */
  readonly memoChars?: number;
  /** heap of the thread; default 2,048 */
  readonly mostMegabytes?: number;
}

/** Opens a tokenizer: its thread starts with the first call. The thread keeps the process alive only while a call is under way. */
export function openTokenizer(source: TokenizerSource, options: TokenizerOptions = {}): AsyncTokenizer {
  const thread = openThread(source, options);
  return {
    describe: () => thread.ask<TokenizerFacts>({ ask: 'describe' }),
    encode: (segments, { addSpecial = false } = {}) => thread.ask<readonly number[]>({ ask: 'encode', segments, addSpecial }),
    decode: (ids, { skipSpecial = false } = {}) => thread.ask<string>({ ask: 'decode', ids, skipSpecial }),
    pieces: (ids) => thread.ask<readonly TokenPiece[]>({ ask: 'pieces', ids }),
    count: (texts) => thread.ask<readonly number[]>({ ask: 'count', texts }),
    close: () => thread.close(),
  };
}

function openThread(
  source: TokenizerSource,
  { timeLimitMs = 60_000, memoChars = 1_000_000, mostMegabytes = 2_048 }: TokenizerOptions,
): JobThread<TokenizerQuestion> {
  const advice = 'Give it less text at once, or more time.';
  return new JobThread({
    file: new URL('./tokenizer-thread.js', import.meta.url),
    workerData: { source, memoChars } satisfies TokenizerThreadData,
    timeLimitMs,
    mostMegabytes,
    name: 'The tokenizer',
    tellSlow: () =>
      new GatewayError('engine_failed', `The tokenizer ${source.path} took longer than ${timeLimitMs / 1000} s and was stopped. ${advice}`),
    tellLost: (why, { cause }) => new GatewayError('engine_failed', `The thread of the tokenizer ${source.path} died: ${why}.`, { cause }),
  });
}
