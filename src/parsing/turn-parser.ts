import type { TurnEvent } from '../protocol/event.ts';
import type { Tool, ToolChoice } from '../protocol/message.ts';
import type { SpecialRange } from '../text/reader.ts';

/** What a parser is to do for one answer. */
export interface ParseOptions {
  /** the tools of the request; parameters type raw values, names confirm calls */
  readonly tools: readonly Tool[];
  /** default `auto`; `none`: nothing is a call */
  readonly toolChoice?: ToolChoice;
  /** default true; false: the first call is kept, later ones become issues (`extra-call`) */
  readonly parallel?: boolean;
  /** a call of a name that is no tool: given with `isKnown: false` (default), taken for the nearest name, left as text, or reported only */
  readonly unknownTool?: 'forward' | 'nearest' | 'text' | 'error';
  /** scalars inside JSON arguments that miss their type: left (`off`), changed where nothing is lost (default), or also wrapped */
  readonly coerce?: 'off' | 'lossless' | 'schema';
  /** reasoning as events of its own (default), as text with its markers, or nowhere */
  readonly reasoning?: 'separate' | 'inline' | 'drop';
  /** the rendered prompt after the last complete message: tells what the prompt has opened already */
  readonly promptTail?: string;
  /** chunks come with the ranges that were single special tokens; only those count for special markers */
  readonly hasSpecials?: boolean;
}

/** How an answer ended, for the parser. */
export type TurnEnd = 'stop' | 'length' | 'abort';

/** Reads one answer as it comes. Synchronous; never throws, whatever the text. */
export interface TurnParser {
  /** Events that `chunk` decided, in order; neighbouring text is joined. `specials` are ranges of `chunk`. */
  push(chunk: string, specials?: readonly SpecialRange[]): readonly TurnEvent[];
  /** The rest: open calls are closed to valid JSON, undecided text is given. */
  end(reason: TurnEnd): readonly TurnEvent[];
  /** characters read but not yet in an event */
  readonly heldBackChars: number;
  /** characters looked at, for the law that it is a constant for each character of input */
  readonly steps: number;
  /** no further call is wanted: the caller may abort the engine's generation */
  readonly isSatisfied: boolean;
  /** the region of calls under way, for who wants to bind it while it is written; undefined outside of one */
  readonly openRegion: OpenRegion | undefined;
}

/** A region of calls that is being written. */
export interface OpenRegion {
  /** where its opener begins, in characters from the start of the answer; below 0: in the prompt's tail */
  readonly offset: number;
  /** its opener or a known tool's name says that it is one: from here on it may be bound */
  readonly isCertain: boolean;
}

/** What the end of a prompt has opened: the model's thoughts (or has closed them), a frame's header, a region of calls. */
export type OpenedByPrompt = 'nothing' | 'reasoning' | 'closed-reasoning' | 'header' | 'calls';

/** A call to write in a dialect. */
export interface CallToRender {
  readonly id?: string;
  readonly name: string;
  /** JSON text of an object; its numbers and key order are kept */
  readonly argumentsJson: string;
}

/** A dialect made ready: shared by all parsers of a process. */
export interface CompiledDialect {
  openParser(options: ParseOptions): TurnParser;
  /** What the rendered prompt's end leaves open for the answer. */
  whatPromptOpened(promptTail: string): OpenedByPrompt;
  /** The calls as the model would write them, without text around. `tools` gives types to raw values. Undefined where the dialect cannot hold a value. */
  renderCalls(calls: readonly CallToRender[], tools?: readonly Tool[]): string | undefined;
}
