import { flag, isObject, list, object, optional, required, text, word, wrongValue } from '../../api/decode/decoder.ts';
import { given } from '../../api/decode/given.ts';
import type { ParseOptions, TurnEnd } from '../../parsing/turn-parser.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { LineId } from '../lines/answer-lines.ts';
import type { FormatWish } from './find-format.ts';
import { readToolChoice, readTools } from './read-tools.ts';

/** One answer to read, as a JSON line asks for it. */
export interface LineRequest {
  readonly wish: FormatWish;
  readonly options: ParseOptions;
  readonly chunks: readonly string[];
  readonly end: TurnEnd;
}

/** The object of a line. Throws `invalid_json` or `invalid_request`. */
export function readObject(line: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(line) as JsonValue;
  } catch (cause) {
    const what = line.trim() === '' ? 'The line is empty' : `The line is not JSON (${(cause as Error).message})`;
    throw new GatewayError('invalid_json', `${what}; one JSON object was expected.`, { cause });
  }
  if (isObject(value)) return value;
  throw new GatewayError('invalid_request', 'The line is JSON, but no object; one JSON object was expected.');
}

/** A line's id, as it is to be repeated. Throws `invalid_request` for one that is neither text nor number. */
export function readId(line: JsonObject): LineId {
  const { id = null } = line;
  if (id === null || typeof id === 'string' || typeof id === 'number') return id;
  throw wrongValue('id', 'a text or a number', id);
}

/** The request of a line. Fields that nobody here knows are passed over. Throws `invalid_request` with the field. */
export function readLine(line: JsonObject): LineRequest {
  const tools = optional(line, 'tools', readTools) ?? [];
  const choice = optional(line, 'tool_choice', readToolChoice);
  const parallel = optional(line, 'parallel_tool_calls', flag) ?? true;
  const isConstrained = optional(line, 'response_format', constrains) ?? false;
  const mayCall = choice !== 'none' && !(isConstrained && tools.length === 0);
  return {
    wish: given({
      dialect: optional(line, 'dialect', text(1)),
      template: optional(line, 'template', text()),
      model: optional(line, 'model', text(1)),
    }),
    options: given({
      tools,
      toolChoice: mayCall ? (choice ?? 'auto') : ('none' as const),
      parallel: parallel && typeof choice !== 'object',
      promptTail: optional(line, 'prompt_tail', text()),
    }),
    chunks: required(line, 'chunks', list(text())),
    end: optional(line, 'finish', word('stop', 'length')) ?? 'stop',
  };
}

/** Whether the answer had to be JSON or of another form: without tools nothing in it is a call then. */
function constrains(value: JsonValue, path: string): boolean {
  return required(object(value, path), 'type', text(1), path) !== 'text';
}
