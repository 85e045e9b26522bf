import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { isObject } from './fake-face.ts';

const knownFields = new Set([
  ...['model', 'max_tokens', 'messages', 'system', 'stream', 'stop_sequences', 'temperature', 'top_p', 'top_k'],
  ...['tools', 'tool_choice', 'thinking', 'output_config', 'metadata', 'service_tier', 'cache_control', 'inference_geo', 'speed'],
]);

/**
 * What the API finds wrong with a body of `POST /v1/messages`, as far as a translation into it can go wrong; undefined where nothing is.
 * Source: platform.claude.com, "Messages", "Tool use" and "Extended thinking", 2026.
 */
export function findFault(body: JsonObject | undefined): string | undefined {
  if (body === undefined) return 'The request body is not valid JSON.';
  const unknown = Object.keys(body).find((name) => !knownFields.has(name));
  if (unknown !== undefined) return `${unknown}: Extra inputs are not permitted`;
  if (typeof body.model !== 'string') return 'model: Field required';
  if (!Number.isInteger(body.max_tokens)) return 'max_tokens: Field required';
  return findFieldFault(body) ?? findThinkingFault(body) ?? findMessageFault(listOf(body.messages));
}

function findFieldFault(body: JsonObject): string | undefined {
  if (typeof body.temperature === 'number' && (body.temperature < 0 || body.temperature > 1)) return 'temperature: range: 0..1';
  if (listOf(body.stop_sequences).some((text) => String(text).trim() === ''))
    return 'stop_sequences: each stop sequence must contain non-whitespace';
  const tools = listOf(body.tools).filter(isObject);
  const misnamed = tools.findIndex(({ name }) => !/^[a-zA-Z0-9_-]{1,128}$/.test(String(name)));
  if (misnamed >= 0) return `tools.${misnamed}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
  const untyped = tools.findIndex(({ input_schema }) => !isObject(input_schema) || input_schema.type !== 'object');
  if (untyped >= 0) return `tools.${untyped}.custom.input_schema.type: Field required`;
  const { output_config } = body;
  const format = isObject(output_config) ? output_config.format : undefined;
  if (format !== undefined && !(isObject(format) && format.type === 'json_schema' && isClosed(format.schema)))
    return "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false";
  return undefined;
}

/** Objects at every depth are closed. */
function isClosed(schema: JsonValue | undefined): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed);
  if (!isObject(schema)) return true;
  if (schema.type === 'object' && schema.additionalProperties !== false) return false;
  return Object.values(schema).every(isClosed);
}

function findThinkingFault({ thinking, max_tokens, tool_choice, messages }: JsonObject): string | undefined {
  if (!isObject(thinking) || thinking.type !== 'enabled') return undefined;
  const budget = Number(thinking.budget_tokens);
  if (!(budget >= 1024)) return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024';
  if (!(Number(max_tokens) > budget)) return '`max_tokens` must be greater than `thinking.budget_tokens`.';
  if (isObject(tool_choice) && (tool_choice.type === 'any' || tool_choice.type === 'tool'))
    return 'Thinking may not be enabled when tool_choice forces tool use.';
  const turns = listOf(messages).filter(isObject);
  const isOpen = blocksOf(turns.at(-1)).some(({ type }) => type === 'tool_result');
  const [first] = isOpen ? blocksOf(turns.at(-2)) : [];
  if (!first || first.type === 'thinking' || first.type === 'redacted_thinking') return undefined;
  return `messages.${turns.length - 2}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first.type)}\`.`;
}

function findMessageFault(messages: readonly JsonValue[]): string | undefined {
  if (messages.length === 0) return 'messages: at least one message is required';
  const turns = messages.filter(isObject);
  for (const [index, turn] of turns.entries()) {
    if (turn.role !== 'user' && turn.role !== 'assistant') return `messages.${index}.role: Unexpected role "${String(turn.role)}".`;
    const empty = blocksOf(turn).findIndex(({ type, text }) => type === 'text' && text === '');
    if (empty >= 0) return `messages.${index}.content.${empty}.text: text content blocks must be non-empty`;
    const calls = blocksOf(turn).filter(({ type }) => type === 'tool_use');
    if (calls.some(({ input }) => !isObject(input))) return `messages.${index}.content: tool_use.input: Input should be a valid dictionary`;
    const results = leadingResults(turns[index + 1]);
    const open = calls.find(({ id }) => !results.has(String(id)));
    if (open) return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${String(open.id)}.`;
  }
  return undefined;
}

/** Ids of the results that a turn begins with: the API finds no others. */
function leadingResults(turn: JsonObject | undefined): ReadonlySet<string> {
  const blocks = blocksOf(turn);
  const count = blocks.findIndex(({ type }) => type !== 'tool_result');
  return new Set(blocks.slice(0, count < 0 ? blocks.length : count).map(({ tool_use_id }) => String(tool_use_id)));
}

function blocksOf(turn: JsonObject | undefined): readonly JsonObject[] {
  return listOf(turn?.content).filter(isObject);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
