import type { Engine } from '../protocol/engine.ts';

/** What an engine is told when it is opened. */
export interface EngineContext {
  /** one line of the log: an event's name and its fields; no secrets, no prompts */
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** One kind of inference server or library. The name of the file is its name. */
export interface EngineDefinition<Options> {
  /** one line for people who choose between engines */
  readonly summary: string;
  /** Starts it, or connects to it. Does no I/O that could fail before it returns: failures show in `state()` and `models()`. */
  readonly open: (options: Options, context: EngineContext) => Engine;
}

/** Names the types of an engine's definition; the file's default export. */
export function defineEngine<Options>(definition: EngineDefinition<Options>): EngineDefinition<Options> {
  return definition;
}
