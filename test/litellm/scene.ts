import type { FakeEngineOptions } from 'rookery/testing';
import type { JsonObject } from '#dist/protocol/json.js';

/**
 * A configuration of LiteLLM, engines that it names, and what clients ask. Both gateways live through it: LiteLLM itself, and ours with the same file.
 * Engines are fake ones by the address that the file gives them: `http://gpu-1:8000` in it becomes the address of the engine `gpu-1:8000`.
 */
export interface Scene {
  /** unique, in kebab-case */
  readonly name: string;
  /** what it is about, for the page */
  readonly what: string;
  readonly engines: Readonly<Record<string, FakeEngineOptions>>;
  /** files by name, the configuration first */
  readonly files: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** what clients send as bearer token; absent: nothing */
  readonly key?: string;
  /** LiteLLM is started as it comes, so that it may refuse a weak key or none; else it is told to permit them */
  readonly isStrict?: boolean;
  readonly steps: readonly Step[];
  readonly differences: readonly Difference[];
}

/** One request, or one that is sent several times. */
export interface Step {
  /** unique within the scene, in words */
  readonly name: string;
  readonly method?: 'GET' | 'POST';
  /** default `/v1/chat/completions` */
  readonly path?: string;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** in place of the scene's; null: none */
  readonly key?: string | null;
  /** what engines answer from now on */
  readonly replies?: Readonly<Record<string, NonNullable<FakeEngineOptions['replies']>>>;
  /** engines that cannot be reached from now on */
  readonly refuses?: readonly string[];
  /** sent so often, one after another; only the counts of answers and engines are compared then */
  readonly times?: number;
  /** the part of these requests that each engine should get, from and to */
  readonly shares?: Readonly<Record<string, readonly [number, number]>>;
}

/** What may differ, and why that is meant. It has to differ somewhere in the scene, or it is no longer true and the scene fails. */
export interface Difference {
  /** steps by name; absent: any */
  readonly steps?: readonly string[];
  /** places in what was observed, see `Observation`: names joined by dots, `*` for any one of them; what lies below is meant too */
  readonly at: readonly string[];
  /** what LiteLLM does there; absent: not looked at */
  readonly litellm?: unknown;
  readonly ours?: unknown;
  /** the decision, in one line */
  readonly why: string;
}
