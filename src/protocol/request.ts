import type { AgentIdentity } from './agent.ts';
import type { Constraint } from './constraint.ts';
import type { JsonObject } from './json.ts';
import type { Message, Tool, ToolChoice } from './message.ts';

/** How the next token is drawn. An absent field means the model's own policy, never an engine's hidden default. */
export interface Sampling {
  /** 0 (always the likeliest token) to 2 */
  readonly temperature?: number;
  /** over 0, up to 1 */
  readonly topP?: number;
  /** candidates kept; 0 or -1 keeps all */
  readonly topK?: number;
  /** 0 to 1 */
  readonly minP?: number;
  /** over 0; 1 is off. Counts tokens of the prompt and of the answer */
  readonly repetitionPenalty?: number;
  /** -2 to 2; counts tokens of the answer only */
  readonly presencePenalty?: number;
  /** -2 to 2; counts tokens of the answer only */
  readonly frequencyPenalty?: number;
  /** token ids, each with an addend of its logit, -100 to 100 */
  readonly logitBias?: readonly (readonly [token: number, addend: number])[];
  /** same seed, same text, alone or among others; any integer from 0 to 2^53-1 */
  readonly seed?: number;
}

/** A text or the token ids of one. */
export type Prompt = string | readonly number[];

/** Messages as the caller wrote them, where that text says in OpenAI's words just what they say: it can be sent on as it is. */
export interface WrittenMessages {
  /** the very list that the text is of: it does not hold for another one */
  readonly messages: readonly Message[];
  /** UTF-8 of JSON text */
  readonly json: Uint8Array;
}

/** What is to be answered: a conversation, or prompts taken as they are. */
export type RequestInput =
  | { readonly type: 'chat'; readonly messages: readonly Message[]; readonly written?: WrittenMessages }
  | { readonly type: 'prompts'; readonly prompts: readonly Prompt[]; readonly echo: boolean };

/** How an answer is drawn and where it ends; the same words from the surface to the engine's slot. */
export interface Drawing {
  readonly sampling: Sampling;
  /** most tokens to write, at least 1; absent: up to the end of the context */
  readonly maxTokens?: number;
  /** texts that end the answer and are not part of it */
  readonly stop: readonly string[];
  /** token ids that end the answer */
  readonly stopTokenIds: readonly number[];
  /** do not stop at the model's own end token */
  readonly ignoreEos: boolean;
  /** how many alternatives to report for each token, 0 to 20; absent: no log probabilities */
  readonly topLogprobs?: number;
  /** the caller reads the answer piece by piece; where false, an engine may give it in one read */
  readonly isStreamed: boolean;
}

/** How tools are told to the model: as its own template does (default), in a few words of ours, or not at all because the caller's messages do. */
export type ToolPreamble = 'official' | 'concise' | 'none';

/** From not at all to as long as it likes. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What a caller wishes of where a request goes, as far as the operator lets callers choose. */
export interface RoutingWishes {
  /** words that choose among a model's upstreams */
  readonly tags?: readonly string[];
  /** names of models to fall back to, in place of the operator's */
  readonly fallbacks?: readonly string[];
  /** further tries after the first, at most what the operator allows */
  readonly retries?: number;
  /** time for all of it */
  readonly timeoutMs?: number;
}

/** One generation, free of any wire format. Every surface decodes to it; nothing after the surface knows which one it was. */
export interface GenerateRequest extends Drawing {
  /** our id of the request: in the answer, the log and the engine's log */
  readonly id: string;
  /** the model's name as the caller wrote it */
  readonly model: string;
  readonly input: RequestInput;
  /** answers for each prompt, 1 to 128 */
  readonly n: number;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly toolPreamble?: ToolPreamble;
  /** calls that the model begins are bound to the tools' names and schemas; absent: as the operator says, by default for models under 7B */
  readonly constrainToolCalls?: boolean;
  /** how long the model may think, in the words of OpenAI and its followers */
  readonly reasoningEffort?: ReasoningEffort;
  /** how many of the tools the model is told of: the likeliest ones, up to that number or (`auto`) to what its family is known to cope with; absent: as the operator says */
  readonly toolSelection?: number | 'auto' | 'off';
  readonly constraint?: Constraint;
  /** a chat template (Jinja) in place of the model's own, where the operator allows it */
  readonly chatTemplate?: string;
  /** extra variables for the chat template (`chat_template_kwargs`), JSON text of an object */
  readonly templateVariablesJson?: string;
  /** fields nobody here knows: forwarded to engines that take them, refused otherwise */
  readonly unknownFields: JsonObject;
  readonly agent: AgentIdentity;
  readonly routing?: RoutingWishes;
}
