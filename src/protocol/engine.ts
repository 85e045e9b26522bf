import type { Constraint } from './constraint.ts';
import type { TokenLogprob } from './event.ts';
import type { JsonObject } from './json.ts';
import type { Message, Tool, ToolChoice } from './message.ts';
import type { Drawing, ReasoningEffort } from './request.ts';
import type { Usage } from './usage.ts';

/** What an engine can do by itself. A plan asks for these; what is missing is done by us or refused, never dropped. */
export interface EngineCapabilities {
  /** forms of prompt it takes, the best first */
  readonly prompts: readonly PromptForm[];
  /** the notation of grammars that it binds an answer by; undefined: it takes none */
  readonly grammars?: GrammarNotation;
  /**
   * How calls are bound once the model begins one. `regions`: it runs our parser and binds what that tells; `trigger`: from a text on, to the end;
   * `whole`: by one grammar of the answer in which text stays free; undefined: not at all
   */
  readonly lazyGrammars?: 'regions' | 'trigger' | 'whole';
  /** constraints that it holds by a word of its own */
  readonly constraints: readonly ('json-schema' | 'regex' | 'choice')[];
  /** most alternatives it reports for each token; undefined: no log probabilities */
  readonly topLogprobsMax: number | undefined;
  readonly hasStopTokenIds: boolean;
  readonly hasEmbeddings: boolean;
  /** it calls tools by its own means: shows them to the model, and reads its calls */
  readonly hasTools: boolean;
  /** by its own means it also makes the model call where a call is demanded, and holds formats beside tools */
  readonly hasToolChoice: boolean;
  /** it shows tools to the model by the model's own template, and leaves its answer as it was written: we read the calls */
  readonly showsTools: boolean;
  /** it takes pictures in messages */
  readonly hasImages: boolean;
  /** it gives exact token ids for a text, and back */
  readonly hasTokenizer: boolean;
  /** requests it works on at once; more are better held in our queue */
  readonly slots: number;
  /** its deltas tell which ranges of the text were single control tokens */
  readonly tellsSpecialTokens: boolean;
  /** it knows more ways of sampling than OpenAI's API has: top_k, min_p and a repetition penalty; absent: yes */
  readonly takesTopK?: boolean;
  /** request fields unknown to us are forwarded to it */
  readonly takesUnknownFields: boolean;
}

/** How grammars are written: llama.cpp's GBNF, xgrammar's EBNF or structural tag. */
export type GrammarNotation = 'gbnf' | 'ebnf' | 'structural-tag';

/** `segments`: our rendering of the template; `tokens`: ids as given; `messages`: the engine renders by itself. */
export type PromptForm = 'segments' | 'tokens' | 'messages';

/** A stretch of prompt text. In a literal one, spellings of special tokens are plain text: it came from a user. */
export interface PromptSegment {
  readonly text: string;
  readonly isLiteral: boolean;
}

/** A text whose tokens are wanted. As a prompt it gets the begin-of-text token that an answer to it would get. */
export interface TextToTokenize {
  readonly segments: readonly PromptSegment[];
  readonly isPrompt: boolean;
}

/** A prompt in one of the forms that the engine declared. */
export type EnginePrompt =
  /** `isRendered`: a chat template wrote it, its begin-of-text token too; a raw text gets one where the model was trained so */
  | { readonly form: 'segments'; readonly segments: readonly PromptSegment[]; readonly isRendered: boolean }
  | { readonly form: 'tokens'; readonly tokens: readonly number[] }
  | {
      readonly form: 'messages';
      readonly messages: readonly Message[];
      /** the same messages in OpenAI's words, UTF-8 of JSON text, where the caller has written them so */
      readonly messagesJson?: Uint8Array;
      /** shown to the model by the engine's template; reading its calls is ours */
      readonly shownTools?: readonly Tool[];
      /** extra variables of the chat template, JSON text of an object */
      readonly variablesJson?: string;
    };

/** One answer to generate, fully decided: nothing is left to an engine's defaults. */
export interface EngineRequest extends Drawing {
  readonly id: string;
  /** the engine's own name of the model */
  readonly model: string;
  readonly prompt: EnginePrompt;
  readonly grammar?: EngineGrammar;
  readonly native?: NativeWishes;
  /** it is stopped in the middle once no further call is wanted, so it must come piece by piece */
  readonly mayBeStopped?: true;
  /** control tokens that are part of the text when the model writes them; others are left out */
  readonly keptSpecialTokens: readonly string[];
  readonly unknownFields: JsonObject;
}

/** A grammar that an answer is bound by, in the notation that the engine takes. */
export interface EngineGrammar {
  readonly notation: GrammarNotation;
  /** of the whole answer; where `lazy` or `trigger`, of what follows the trigger */
  readonly text: string;
  /** it binds from this text on, which the model writes by itself */
  readonly trigger?: string;
  /** it binds regions of calls only, each from where the model begins one */
  readonly lazy?: LazyGrammar;
}

/** How regions of calls are found while they are written. Data only: it goes to other processes. */
export interface LazyGrammar {
  /** the opener that the grammar goes on from; undefined where the format has none */
  readonly trigger: string | undefined;
  /** the dialect's definition, JSON text */
  readonly dialectJson: string;
  /** the tools, JSON text of a list */
  readonly toolsJson: string;
  /** several calls may be written */
  readonly parallel: boolean;
  /** the rendered prompt after the last complete message */
  readonly promptTail: string;
  /** ranges of special tokens count for the dialect's markers */
  readonly hasSpecials: boolean;
}

/** A piece of the engine's answer. `text` may be empty where tokens wait for the rest of a character. */
export interface Delta {
  readonly text: string;
  /** thoughts that the engine itself told apart from the answer */
  readonly reasoning?: string;
  /** pieces of calls that the engine itself told apart from the answer */
  readonly calls?: readonly EngineCallDelta[];
  readonly tokens?: readonly number[];
  readonly logprobs?: readonly TokenLogprob[];
  /** ranges of `text` that were single special tokens */
  readonly specials?: readonly { readonly offset: number; readonly length: number }[];
}

/** A piece of a call. The first of a call has its name. */
export interface EngineCallDelta {
  /** which of the answer's calls it belongs to, counted from 0 */
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  /** the next piece of the arguments' JSON text */
  readonly argumentsText?: string;
}

/** What an engine is to do by its own means: tools and formats that it knows itself. */
export interface NativeWishes {
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly reasoningEffort?: ReasoningEffort;
  /** a kind that the engine has said it takes */
  readonly constraint?: Constraint;
}

/** How the engine's answer ended. `stop` is the text or token that ended it, where one did. */
export interface EngineEnd {
  readonly reason: 'stop' | 'length' | 'content_filter' | 'abort';
  readonly stop?: string | number;
  readonly usage: Usage;
}

/** What one read from an engine gave. The read with `end` is the last. */
export interface EngineRead {
  readonly deltas: readonly Delta[];
  readonly end?: EngineEnd;
}

/** Told where an upstream doesn't say how much context its model has and the operator didn't either: no limit of ours, the upstream refuses by itself. */
export const unknownContextTokens = 2 ** 31 - 1;

/** Facts of a model as the engine that loaded it tells them. */
export interface EngineModel {
  /** the engine's own name of it */
  readonly id: string;
  /** further names that it answers to there */
  readonly aliases?: readonly string[];
  /** the engine's name of the model that it adapts (LoRA): what a name tells of a family is told by that one's */
  readonly base?: string;
  /** tokens of prompt and answer together that one request may have */
  readonly contextTokens: number;
  /** tokens the model was trained for */
  readonly trainedContextTokens?: number;
  readonly vocabularyTokens?: number;
  readonly parameters?: number;
  readonly sizeBytes?: number;
  readonly embeddingLength?: number;
  readonly quantisation?: string;
  readonly architecture?: string;
  /** Jinja source of its chat template */
  readonly chatTemplate?: string;
  /** Jinja sources of those that stand in for it: `tool_use` for requests with tools, `rag` for ones with documents */
  readonly templateVariants?: Readonly<Record<string, string>>;
  /** spellings of its special tokens, by role where known */
  readonly specialTokens: SpecialTokens;
  /** what its engine's template prints, where the engine renders by itself and can be asked */
  readonly printed?: PrintedForms;
  /** where it differs from what its engine can do in general */
  readonly capabilities?: Partial<EngineCapabilities>;
}

/** Prompts that an engine's own chat template has printed. */
export interface PrintedForms {
  /** a conversation with a tool, a call of it and its result; undefined: the template shows no tools, or refuses them */
  readonly call?: string;
  /** what follows the last message where an answer is asked for: it may have opened the model's thoughts */
  readonly tail: string;
  /** the same where thinking is turned off by the variable `enable_thinking` */
  readonly quietTail?: string;
}

/** Spellings of a model's special tokens. */
export interface SpecialTokens {
  readonly bos?: string;
  readonly eos?: string;
  readonly unknown?: string;
  readonly padding?: string;
  /** the engine puts `bos` before a prompt by itself */
  readonly addsBos: boolean;
  /** every control token's spelling, the longest first */
  readonly control: readonly string[];
}

/** `starting`: no answer yet, wait; `ready`: takes requests; `down`: gone, coming back or not as `reason` says. */
export interface EngineState {
  readonly status: 'starting' | 'ready' | 'down';
  readonly reason?: string;
}

/** One running engine. All of it throws `GatewayError` only. */
export interface Engine {
  readonly capabilities: EngineCapabilities;
  /** The models it serves. Resolves once it is ready; throws `engine_unavailable` when it will not be. */
  models(signal?: AbortSignal): Promise<readonly EngineModel[]>;
  /**
   * Whether it is well, asked cheaply: nothing is generated or rendered. Resolves with the names of the models that it serves now, as `EngineModel.id` spells them: all
   * of them, or those that the operator named. Throws `engine_unavailable`, or as a request would, where it is not well; `client_closed` when the signal, which
   * is the only limit of time, is aborted. An engine without this is not asked: its requests tell.
   */
  probe?(signal: AbortSignal): Promise<readonly string[]>;
  /** The models that it holds in memory now, by `EngineModel.id`. An engine with this loads models as they are asked for, and may put out others for them. */
  residents?(signal: AbortSignal): Promise<readonly string[]>;
  /** How it gives its GPU to another engine for a while. An engine without this holds its memory for as long as it runs. */
  readonly sleep?: Sleep;
  /** A model that it did not list, taken as it comes: what is known by the name alone. An engine without this serves what it lists, and nothing else. */
  describeUnlisted?(name: string): EngineModel;
  state(): EngineState;
  /** Starts an answer. Reads arrive in order; the one with `end` is the last. An aborted signal stops the work at once and ends with reason `abort`. */
  stream(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineRead>;
  /** One vector of unit length for each text or list of token ids. */
  embed(model: string, inputs: readonly (string | readonly number[])[], signal: AbortSignal): Promise<EngineEmbeddings>;
  tokenize(model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]>;
  detokenize(model: string, tokens: readonly number[], signal: AbortSignal): Promise<string>;
  /** The tokens that a conversation becomes, where the engine renders it; an engine without this cannot tell. */
  tokenizeConversation?(request: EngineRequest, signal: AbortSignal): Promise<readonly number[]>;
  /** Whether a grammar of a user's making may be sent to it, found where nothing is lost if it hangs or dies. An engine without this takes none. */
  tryGrammar?(grammar: string): Promise<GrammarVerdict>;
  /** Ends it; requests in flight fail with `engine_failed`. */
  close(): Promise<void>;
}

/**
 * Leave of a GPU. Both do nothing where it is so already, and may take minutes. They throw `engine_unavailable` where the engine is not there, `engine_failed` where it
 * was started without this, `client_closed` when the signal is aborted.
 */
export interface Sleep {
  /** Frees its memory on the GPU; the engine answers nothing until the end. Requests that it works on are ended first. */
  begin(signal: AbortSignal): Promise<void>;
  /** Takes the memory again. */
  end(signal: AbortSignal): Promise<void>;
}

/** Whether a user's grammar may reach the engine. The reason is for the person who sent it. */
export type GrammarVerdict = { readonly isSafe: true } | { readonly isSafe: false; readonly reason: string };

/** Vectors in the order of the inputs. */
export interface EngineEmbeddings {
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
}
