import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Tool, ToolChoice } from '../../protocol/message.ts';
import type { ToolPreamble } from '../../protocol/request.ts';
import { listItems, listMembers } from '../../text/json-spans.ts';
import { ownCopy } from '../../text/own-copy.ts';
import {
  type Decoder,
  flag,
  json,
  list,
  object,
  optional,
  refuseOthers,
  required,
  text,
  unsupported,
  word,
  wrongValue,
} from './decoder.ts';
import { given } from './given.ts';

/** Fields of a body that `readTools` decodes. */
export const toolFields: readonly string[] = ['tools', 'tool_choice', 'parallel_tool_calls', 'tool_preamble', 'constrain_tool_calls'];

/** What a body says about tools. Nothing is there where it names none. */
export interface ToolWishes {
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly toolPreamble?: ToolPreamble;
  readonly constrainToolCalls?: boolean;
}

const functionFields = new Set(['name', 'description', 'parameters', 'strict']);
const mostTools = 1024;

/**
 * The tools and how they are to be used; `written` is the text of `tools`. Throws `invalid_request` for a choice that the tools cannot meet.
 * The same text gives the same list again: thousands of agents send the same tools.
 */
export function readTools(body: JsonObject, written: string | undefined): ToolWishes {
  const tools = (written === undefined ? undefined : known.get(written)) ?? decodeTools(body, written);
  const toolChoice = optional(body, 'tool_choice', choice);
  const parallelToolCalls = optional(body, 'parallel_tool_calls', flag);
  const toolPreamble = optional(body, 'tool_preamble', word('official', 'concise', 'none'));
  const constrainToolCalls = optional(body, 'constrain_tool_calls', flag);
  if (tools.length > 0) checkChoice(tools, toolChoice);
  else if (toolChoice !== undefined && toolChoice !== 'auto' && toolChoice !== 'none') {
    throw new GatewayError('invalid_request', '`tool_choice` demands a call, but `tools` names none.', { param: 'tool_choice' });
  }
  return tools.length === 0 ? {} : given({ tools, toolChoice, parallelToolCalls, toolPreamble, constrainToolCalls });
}

/** Lists of tools by their text, the newest at the end. */
const known = new Map<string, readonly Tool[]>();
const mostKnown = 64;
const mostKnownChars = 256 * 1024;

function decodeTools(body: JsonObject, written: string | undefined): readonly Tool[] {
  const decoded = optional(body, 'tools', list(tool, 0, mostTools)) ?? [];
  checkNames(decoded);
  if (written === undefined) return decoded;
  const isKept = written.length <= mostKnownChars;
  const own = isKept ? ownCopy(written) : written;
  const texts = listItems(own);
  const tools = decoded.map((each, index) => given({ ...each, parametersJson: readParameters(texts[index] ?? '') }));
  if (isKept) remember(own, tools);
  return tools;
}

function readParameters(toolJson: string): string | undefined {
  const parameters = listMembers(listMembers(toolJson).get('function') ?? '').get('parameters');
  return parameters === 'null' ? undefined : parameters;
}

function remember(written: string, tools: readonly Tool[]): void {
  known.set(written, tools);
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
}

const tool: Decoder<Tool> = (value, path) => {
  const from = object(value, path);
  const type = required(from, 'type', text(1, 64), path);
  if (type !== 'function') throw unsupported(`${path}.type`, `"${type}" is not supported: only tools of type "function" are.`);
  const inside = `${path}.function`;
  const described = required(from, 'function', object, path);
  refuseOthers(described, functionFields, inside);
  return given({
    name: required(described, 'name', text(1, 128), inside),
    description: optional(described, 'description', text(), inside),
    parameters: optional(described, 'parameters', json(), inside),
    strict: optional(described, 'strict', flag, inside),
  });
};

const choice: Decoder<ToolChoice> = (value, path) => {
  if (typeof value === 'string') return word('auto', 'none', 'required')(value, path);
  const from = object(value, path);
  if (from.type === 'allowed_tools')
    throw unsupported(path, 'of type "allowed_tools" is not supported: send only the tools that may be called.');
  required(from, 'type', word('function'), path);
  return { name: required(required(from, 'function', object, path), 'name', text(1, 128), `${path}.function`) };
};

function checkNames(tools: readonly Tool[]): void {
  const seen = new Set<string>();
  for (const [index, each] of tools.entries()) {
    if (seen.has(each.name)) throw wrongValue(`tools[${index}].function.name`, 'a name that no other tool has', each.name);
    seen.add(each.name);
  }
}

function checkChoice(tools: readonly Tool[], chosen: ToolChoice | undefined): void {
  if (typeof chosen !== 'object' || tools.some((each) => each.name === chosen.name)) return;
  throw wrongValue('tool_choice.function.name', 'the name of one of the tools', chosen.name);
}
