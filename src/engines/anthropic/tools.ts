import type { NativeWishes } from '../../protocol/engine.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Message, Tool } from '../../protocol/message.ts';
import type { AnswerShape } from './answer-shape.ts';
import { fitSchema } from './fit-schema.ts';
import { JsonText, type WireJson, type WireObject } from './json-text.ts';
import { invalid } from './refuse.ts';

/** Tools and their choice in the words of the Messages API. */
export interface WireTools {
  readonly tools?: readonly WireObject[];
  readonly tool_choice?: WireObject;
}

const rightName = /^[a-zA-Z0-9_-]{1,128}$/;

/** What the tools are written from. */
export interface ToolSituation {
  readonly wishes: NativeWishes;
  readonly shape: AnswerShape;
  /** the model holds strict tools to their schemas */
  readonly hasFormats: boolean;
  readonly messages: readonly Message[];
}

/**
 * Writes the tools of a request, and the one that its answer is given by where there is such a tool. A conversation with calls but without tools gets those it
 * names, which may not be called: the API wants to know them. Throws `invalid_request` for names that the API refuses.
 * Source: reference/engines.md 9; @anthropic-ai/sdk 0.137.0 (2026-10-20), `Tool` and `ToolChoice`.
 */
export function writeTools({ wishes, shape, hasFormats, messages }: ToolSituation): WireTools {
  const { tools = [] } = wishes;
  checkNames([...tools.map(({ name }) => name), ...namesOfCalls(messages)]);
  const { answerTool } = shape;
  const written = tools.map((tool) => writeTool(tool, hasFormats));
  if (answerTool) return { tools: [...written, { ...answerTool }], tool_choice: chooseAnswer(answerTool.name, wishes) };
  if (written.length > 0) return { tools: written, ...chooseTool(wishes) };
  const past = new Set(namesOfCalls(messages));
  if (past.size === 0) return {};
  return { tools: [...past].map((name) => ({ name, input_schema: { type: 'object' } })), tool_choice: { type: 'none' } };
}

/** Whether the answer must be a call. */
export function isForced({ tool_choice }: WireTools): boolean {
  return tool_choice?.type === 'any' || tool_choice?.type === 'tool';
}

/** The schema of a tool's input, whose `type` the API wants to see. */
function writeInputSchema(parameters: JsonValue | undefined, parametersJson: string | undefined): WireJson {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return { type: 'object' };
  const schema = parameters as JsonObject;
  if (schema.type === undefined) return { type: 'object', ...schema };
  return parametersJson === undefined ? schema : new JsonText(parametersJson);
}

function writeTool({ name, description, parameters, parametersJson, strict }: Tool, hasFormats: boolean): WireObject {
  // what does not fit is looked at in the finished call, as everywhere
  const fitted = strict === true && hasFormats && parameters !== undefined ? fitSchema(parameters) : undefined;
  return {
    name,
    description: description === '' ? undefined : description,
    input_schema: fitted ?? writeInputSchema(parameters, parametersJson),
    strict: fitted && true,
  };
}

/** `auto` is what the API does without a word. */
function chooseTool({ toolChoice = 'auto', parallelToolCalls }: NativeWishes): WireTools {
  if (toolChoice === 'none') return { tool_choice: { type: 'none' } };
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (typeof toolChoice === 'object') return { tool_choice: { type: 'tool', name: toolChoice.name, ...single } };
  if (toolChoice === 'required') return { tool_choice: { type: 'any', ...single } };
  return parallelToolCalls === false ? { tool_choice: { type: 'auto', ...single } } : {};
}

/** Beside tools that may be called, the model calls one of them or answers by the answer's own. */
function chooseAnswer(name: string, { tools = [], toolChoice, parallelToolCalls }: NativeWishes): WireObject {
  const mayCall = tools.length > 0 && toolChoice !== 'none';
  if (!mayCall) return { type: 'tool', name, disable_parallel_tool_use: true };
  return parallelToolCalls === false ? { type: 'any', disable_parallel_tool_use: true } : { type: 'any' };
}

function namesOfCalls(messages: readonly Message[]): readonly string[] {
  return messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ name }) => name));
}

function checkNames(names: readonly string[]): void {
  const wrong = names.find((name) => !rightName.test(name));
  if (wrong === undefined) return;
  throw invalid(
    'tools',
    `Anthropic's API takes tool names of 1 to 128 letters, digits, _ and - only, not '${wrong.slice(0, 128)}'. Rename the tool.`,
  );
}
