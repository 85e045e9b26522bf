import type { FakeBody } from './fake-face.ts';
import type { FakeFaceName } from './fake-faces.ts';
import type { FakeWait } from './fake-player.ts';
import type { FakeReply, FakeRequest } from './fake-reply.ts';
import type { FakeTokenizer } from './fake-tokenizer.ts';

/** How a fake engine behaves. Every field has a default. */
export interface FakeEngineOptions {
  /** whose API is spoken; default `openai` */
  readonly face?: FakeFaceName;
  /** answers in order, the last one again and again; or a function of the request */
  readonly replies?: FakeReply | readonly FakeReply[] | ((request: FakeRequest) => FakeReply);
  /** default `['fake-model']`; any name is answered unless `refusesUnknownModels` */
  readonly models?: readonly string[];
  /** LoRA adapters that vLLM has loaded, of the first of `models`; its routes load and unload others. Default none */
  readonly adapters?: readonly string[];
  /** whether vLLM was started with sleep mode; asleep it answers generations with 500, where the real one lets them wait. Default false */
  readonly hasSleepMode?: boolean;
  /** names outside of `models` are refused as vLLM and Ollama do, and by Anthropic's model list (the other two faces answer any); default false */
  readonly refusesUnknownModels?: boolean;
  /** told by model lists, `/props`, `/api/ps` and refusals; default 8192 */
  readonly contextTokens?: number;
  /** models that Ollama holds in memory at most; default: all */
  readonly mostLoaded?: number;
  /** slots of llama-server; default 1 */
  readonly slots?: number;
  /** the version told; default: the one the face was taken from */
  readonly version?: string;
  /** told by `/props` and `/api/show`; vLLM's prompts are printed by it, which is ChatML without tools where it is ''. Default '' */
  readonly chatTemplate?: string;
  /** whether vLLM was started with a parser of calls: without one it refuses to call tools; default true */
  readonly hasToolParser?: boolean;
  /** of Ollama's models; default completion, tools, thinking */
  readonly capabilities?: readonly string[];
  /** makes ids for `/tokenize` and for replies that script none; default: token = byte */
  readonly tokenizer?: FakeTokenizer;
  /** the model is being loaded until `setLoading(false)`: llama-server and vLLM answer 503; default false */
  readonly isLoading?: boolean;
  /** answers by route (`GET /props`) instead of the face's own; they are no generations: no script is played and nothing is counted */
  readonly routes?: Readonly<Record<string, FakeBody | ((request: FakeRequest) => FakeBody)>>;
  /** requests without this key are answered 401; default: no key */
  readonly apiKey?: string;
  /** the clock of delays; default: real time */
  readonly wait?: FakeWait;
  /**
   * `all` (default) keeps every request; `none` keeps nothing, doesn't parse bodies and writes ready-made bytes: for load tests.
   * With `none` only a fixed reply without delay is quick, and the model's name in answers is the first of `models`.
   */
  readonly records?: 'all' | 'none';
  /** default: any free port */
  readonly port?: number;
}
