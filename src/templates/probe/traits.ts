/** What became of something in the prompt: all of it is there, some is missing, or the template raised an error. */
export type Handling = 'printed' | 'dropped' | 'refused';

/**
 * What another spelling of the same input does to the prompt: nothing, it shows Python's `None` or JSON's `null` where the first spelling shows neither,
 * another difference, or an error.
 */
export type Variation = 'same' | 'prints-none' | 'prints-null' | 'differs' | 'refused';

/** What became of a list of parts: as for text, or `as-list` where the prompt shows the list itself (`[{'type': 'text', …`). */
export type PartsHandling = Handling | 'as-list';

/** The roles whose content is looked at. */
export type ContentRole = 'system' | 'user' | 'assistant' | 'tool';

/** How the content of messages must be given. */
export interface ContentTraits {
  /** text, by role */
  readonly string: Readonly<Record<ContentRole, Handling>>;
  /** a list of two `{type: 'text', text}`, by role */
  readonly parts: Readonly<Record<ContentRole, PartsHandling>>;
}

/** Instructions: the system role and its relatives. */
export interface SystemTraits {
  /** one system message, in the first place; `merged` where it stands inside a user's turn */
  readonly role: Handling | 'merged';
  /** a system message and nothing else */
  readonly alone: Handling;
  /** the system text where tools are given too */
  readonly withTools: Handling;
  /** the system text when the last message is a tool's result */
  readonly inToolLoop: Handling;
  /** two system messages in the first places */
  readonly several: Handling;
  /** a system message behind the first answer */
  readonly later: Handling;
  /**
   * The role `developer`, in the first place. `as-system`: the same prompt as with `system`; `own`: made for it; `any-role`: printed under its name as any
   * word would be, so that the model never saw it.
   */
  readonly developer: 'as-system' | 'own' | 'any-role' | 'dropped' | 'refused';
}

/** The variables in which templates look for tools. */
export type ToolVariable = 'tools' | 'xml_tools' | 'python_tools' | 'custom_tools';

/** How tools are described. */
export interface ToolTraits {
  /** the variable whose tools are printed with name, description and parameters; undefined where the model never hears of a tool */
  readonly variable: ToolVariable | undefined;
  /** all such variables */
  readonly variables: readonly ToolVariable[];
  /** tools in the variable `tools`; `dropped` also where only a part of them is printed */
  readonly handling: Handling;
  /** tools, when the last message is a tool's result */
  readonly inToolLoop: Handling;
  /** `tools: []` against no such variable */
  readonly empty: Variation;
  /** `tools: none` (what transformers passes) against no such variable */
  readonly none: Variation;
  /** a tool without `description` against an empty one */
  readonly missingDescription: Variation;
  /** a tool whose `description` is null (what vLLM passes for a missing one) against an empty one */
  readonly nullDescription: Variation;
  /** a tool without `parameters` against an object schema without properties */
  readonly missingParameters: Variation;
  /** a tool whose `parameters` are null against an object schema without properties */
  readonly nullParameters: Variation;
  /** a parameter without `description` against one with an empty one */
  readonly bareParameter: Variation;
}

/** How earlier calls are printed. */
export interface CallTraits {
  /** one call with its arguments, and its name or an id that says it (`names`) */
  readonly handling: Handling;
  /** `id`: the call's id stands where its name should; it must be made of the name (Kimi K2: `functions.NAME:0`) */
  readonly names: 'name' | 'id';
  /**
   * What `arguments` must be to come out as the model writes them: an object, JSON text, either (the same prompt), or nothing helps.
   * Where both print something and the prompts differ it is the one without Python's repr and without JSON inside of a JSON string.
   */
  readonly arguments: 'object' | 'string' | 'either' | 'none';
  /** two calls in one message; `first-only` where the prompt shows only the first */
  readonly parallel: Handling | 'first-only';
  /** text beside a call; `instead`: the text is printed and the call is not */
  readonly contentBeside: Handling | 'instead';
  /** what `content` must be where there is no text beside a call: `null` where the call is printed only then (DeepSeek R1's distilled Llama) */
  readonly emptyContent: 'text' | 'null';
  /** `content: null` beside a call, against empty text */
  readonly nullContent: Variation;
  /** no `content` beside a call, against empty text */
  readonly absentContent: Variation;
  /** an answer with `tool_calls: []`, against one without that key */
  readonly emptyList: Variation;
  /** an answer with `tool_calls: null`, against one without that key */
  readonly nullList: Variation;
}

/** Which ids of calls a template takes, and what it shows of them. */
export interface IdTraits {
  /** found with an id of 2, of 9 and of 26 characters; letters and digits, and one with `_` */
  readonly shape: 'any' | 'exactly-nine' | 'at-least-nine' | 'at-most-nine';
  /** the whole id, only its last nine characters (longer ids can collide), or none of it */
  readonly shown: 'whole' | 'last-nine' | 'no';
}

/** How the results of calls are printed. */
export interface ResultTraits {
  /** one result */
  readonly handling: Handling;
  /** two results behind a message with two calls; as one result where such a message is refused */
  readonly several: Handling;
  /** what stands between a call's last argument and its result: the call's end, and the role under which results go. Empty where one isn't printed */
  readonly between: string;
  /** a result without `name`, against one with it */
  readonly missingName: Variation;
}

/** In which order messages may come. `dropped` where one of the texts is missing in the prompt. */
export interface TurnTraits {
  /** two users in a row */
  readonly usersInRow: Handling;
  /** two assistants in a row */
  readonly assistantsInRow: Handling;
  /** an assistant first */
  readonly assistantFirst: Handling;
  /** a user right behind a tool's result */
  readonly userAfterResult: Handling;
  /** an answer and the next question behind a tool's result */
  readonly answerAfterResult: Handling;
}

/** A message's field for the assistant's earlier thoughts. */
export type ReasoningField = 'reasoning_content' | 'reasoning' | 'thinking';

/** A variable that turns thinking on and off. */
export interface ThinkingToggle {
  readonly variable: string;
  readonly on: boolean | string | number;
  readonly off: boolean | string | number;
  /** which one equals leaving it out; undefined where that is a third thing */
  readonly preset: 'on' | 'off' | undefined;
  /** what the prompt ends with: `PromptTraits.opening` under each value */
  readonly tails: { readonly absent: string; readonly on: string; readonly off: string };
}

/** A variable for how much to think. */
export interface EffortVariable {
  readonly name: string;
  /** of none, minimal, low, medium, high, max: those that are not refused */
  readonly accepted: readonly string[];
}

/** What a template does with thoughts. */
export interface ReasoningTraits {
  /** the fields that are printed on a call's message while its result is the last message; of several names at once a template may print one */
  readonly inToolLoop: readonly ReasoningField[];
  /** the fields that are printed on an answer with a later question */
  readonly inHistory: readonly ReasoningField[];
  /** `<think>…</think>` in the content of an answer with a later question */
  readonly inline: Handling;
  readonly toggle: ThinkingToggle | undefined;
  readonly effort: EffortVariable | undefined;
}

/** The prompt's ends. In these texts special tokens stand as their variable's name in ⟦⟧. */
export interface PromptTraits {
  /** times `bos_token` is printed */
  readonly bosCount: number;
  /** what `add_generation_prompt` adds behind a user's message; may be empty */
  readonly opening: string;
  /** what it adds behind a tool's result; undefined where that cannot be rendered */
  readonly openingAfterResult: string | undefined;
  /** what stands there without a generation prompt only (Phi 3.5 ends with `eos_token` then) */
  readonly closing: string;
  /** what stands behind an assistant's text at the very end, without a generation prompt: what `continue_final_message` cuts. Undefined where that text isn't printed */
  readonly answerEnding: string | undefined;
  /** what changes the prompt besides the input: nothing, the day, or the hour */
  readonly clock: 'unused' | 'day' | 'hour';
}

/**
 * What a chat template does with every kind of input, found by rendering it. Plain data: keep it with the template's hash. Where a question could not be
 * asked, because the template refuses what it builds on, the answer is `refused` or that of the simpler question.
 */
export interface TemplateTraits {
  readonly content: ContentTraits;
  readonly system: SystemTraits;
  readonly tools: ToolTraits;
  readonly calls: CallTraits;
  readonly ids: IdTraits;
  readonly results: ResultTraits;
  readonly turns: TurnTraits;
  readonly reasoning: ReasoningTraits;
  readonly prompt: PromptTraits;
}
