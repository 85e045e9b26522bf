import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { anyText, choice, emptyText, optional, repeat, sequence, text, until } from '../build.ts';
import { checkGrammar } from '../check-grammar.ts';
import { embedGrammar } from '../embed-grammar.ts';
import type { Grammar, Node } from '../ir.ts';
import { readRegex } from '../regex/read-regex.ts';
import { RuleBook } from '../regex/rule-book.ts';
import { readUserGrammar } from './read-user-grammar.ts';

/** What is read of a structural tag at most. */
const limits = { formats: 2_000, depth: 64 } as const;

/**
 * Reads a structural tag as clients of vLLM send it: `{"type": "structural_tag", "format": {…}}`, or the older `{"structures": [{"begin", "schema", "end"}], "triggers": […]}`.
 * Throws `invalid_request`, naming the place, for what is none. Source: xgrammar 0.2, documentation of structural tags; vLLM 0.12, structured outputs.
 */
export function readStructuralTag(tag: JsonValue): Grammar {
  const reader = new TagReader();
  const root = reader.readTag(objectAt(tag, ''));
  const grammar: Grammar = { root, rules: reader.rules };
  checkGrammar(grammar);
  return grammar;
}

type FormatReader = (from: JsonObject, path: string) => Node;

class TagReader {
  readonly #book = new RuleBook();
  #formats = 0;
  #depth = 0;

  get rules(): ReadonlyMap<string, Node> {
    return this.#book.rules;
  }

  readTag(tag: JsonObject): Node {
    if (tag['format'] !== undefined) return this.#readFormat(tag['format'], '/format');
    if (tag['structures'] === undefined) throw fault('', 'a structural tag has `format`, or `structures` and `triggers`');
    const structures = listAt(tag['structures'], '/structures').map((structure, index) => {
      const path = `/structures/${index}`;
      const { begin, schema = true, end } = objectAt(structure, path);
      const content = { type: 'json_schema', json_schema: schema };
      return { type: 'tag', begin: begin ?? null, content, end: end ?? '' };
    });
    return this.#triggeredTags({ triggers: tag['triggers'] ?? null, tags: structures }, '');
  }

  readonly #readers: Readonly<Record<string, FormatReader>> = {
    const_string: ({ value }, path) => text(textAt(value, `${path}/value`)),
    json_schema: (from, path) => this.#jsonSchema(from, path),
    any_text: ({ excludes }, path) => (excludes === undefined ? anyText : untilAny(textsAt(excludes, `${path}/excludes`))),
    regex: ({ pattern }, path) => embedGrammar(this.#book, readRegex(textAt(pattern, `${path}/pattern`)).grammar),
    grammar: ({ grammar }, path) => embedGrammar(this.#book, readUserGrammar(textAt(grammar, `${path}/grammar`))),
    sequence: ({ elements }, path) => sequence(this.#readList(elements, `${path}/elements`)),
    or: ({ elements }, path) => choice(this.#readList(elements, `${path}/elements`)),
    optional: ({ content }, path) => optional(this.#readFormat(content, `${path}/content`)),
    plus: ({ content }, path) => repeat(this.#readFormat(content, `${path}/content`), 1, undefined),
    star: ({ content }, path) => repeat(this.#readFormat(content, `${path}/content`), 0, undefined),
    repeat: (from, path) => this.#repeat(from, path),
    tag: (from, path) => this.#tag(from, path),
    triggered_tags: (from, path) => this.#triggeredTags(from, path),
    tags_with_separator: (from, path) => this.#separatedTags(from, path),
  };

  #readFormat(format: JsonValue | undefined, path: string): Node {
    if (++this.#formats > limits.formats) throw fault(path, `a structural tag has at most ${limits.formats} formats`);
    if (++this.#depth > limits.depth) throw fault(path, `formats nest at most ${limits.depth} deep`);
    const from = objectAt(format, path);
    const kind = textAt(from['type'], `${path}/type`);
    const read = Object.hasOwn(this.#readers, kind) ? this.#readers[kind] : undefined;
    if (!read) throw fault(`${path}/type`, `'${kind}' is no format known here; known are ${Object.keys(this.#readers).join(', ')}`);
    const node = read(from, path);
    this.#depth--;
    return node;
  }

  #readList(formats: JsonValue | undefined, path: string): readonly Node[] {
    return listAt(formats, path).map((format, index) => this.#readFormat(format, `${path}/${index}`));
  }

  #jsonSchema({ json_schema: schema, style = 'json' }: JsonObject, path: string): Node {
    if (style !== 'json') throw fault(`${path}/style`, 'only the style `json` is taken; tools in other formats are bound by `tools`');
    const isSchema = typeof schema === 'boolean' || (typeof schema === 'object' && schema !== null && !Array.isArray(schema));
    if (!isSchema) throw fault(`${path}/json_schema`, 'a JSON schema was expected');
    return { kind: 'json', schema, whitespace: 'loose', notation: 'json' };
  }

  #repeat({ min = 0, max, content }: JsonObject, path: string): Node {
    const least = countAt(min, `${path}/min`);
    const most = max === undefined || max === null ? undefined : countAt(max, `${path}/max`);
    if (most !== undefined && most < least) throw fault(`${path}/max`, '`max` is less than `min`');
    return repeat(this.#readFormat(content, `${path}/content`), least, most);
  }

  #tag({ begin, content, end }: JsonObject, path: string): Node {
    const ends = typeof end === 'string' ? [end] : textsAt(end, `${path}/end`);
    const inside = isFree(content) && ends.every((each) => each !== '') ? untilAny(ends) : this.#readFormat(content, `${path}/content`);
    return sequence([text(textAt(begin, `${path}/begin`)), inside, choice(ends.map((each) => (each === '' ? emptyText : text(each))))]);
  }

  /** Free text, and a tag wherever a trigger is written. */
  #triggeredTags(from: JsonObject, path: string): Node {
    const triggers = textsAt(from['triggers'], `${path}/triggers`);
    const tags = listAt(from['tags'], `${path}/tags`);
    const nodes = tags.map((tag, index) => this.#readTriggered(tag, triggers, `${path}/tags/${index}`));
    const excluded = from['excludes'] === undefined ? [] : textsAt(from['excludes'], `${path}/excludes`);
    const free = untilAny([...triggers, ...excluded]);
    const tagged = choice(nodes);
    const first = from['at_least_one'] === true ? tagged : sequence([free, tagged]);
    const rest = from['stop_after_first'] === true ? emptyText : sequence([repeat(sequence([free, tagged]), 0, undefined), free]);
    const some = sequence([first, rest]);
    return from['at_least_one'] === true ? some : choice([some, free]);
  }

  #readTriggered(tag: JsonValue, triggers: readonly string[], path: string): Node {
    const { begin } = objectAt(tag, path);
    const opener = textAt(begin, `${path}/begin`);
    if (!triggers.some((trigger) => opener.startsWith(trigger)))
      throw fault(`${path}/begin`, `'${opener}' begins with none of the triggers`);
    return this.#tag(objectAt(tag, path), path);
  }

  #separatedTags(from: JsonObject, path: string): Node {
    const tags = listAt(from['tags'], `${path}/tags`);
    const tagged = choice(tags.map((tag, index) => this.#tag(objectAt(tag, `${path}/tags/${index}`), `${path}/tags/${index}`)));
    const next = sequence([text(textAt(from['separator'], `${path}/separator`)), tagged]);
    const some = from['stop_after_first'] === true ? tagged : sequence([tagged, repeat(next, 0, undefined)]);
    return from['at_least_one'] === true ? some : optional(some);
  }
}

function isFree(content: JsonValue | undefined): boolean {
  return typeof content === 'object' && content !== null && 'type' in content && content['type'] === 'any_text' && !('excludes' in content);
}

function untilAny(delimiters: readonly string[]): Node {
  return delimiters.length === 0 ? anyText : until(delimiters);
}

function objectAt(value: JsonValue | undefined, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw fault(path, 'an object was expected');
}

function listAt(value: JsonValue | undefined, path: string): readonly JsonValue[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw fault(path, 'a list with at least one entry was expected');
}

function textAt(value: JsonValue | undefined, path: string): string {
  if (typeof value === 'string') return value;
  throw fault(path, 'a text was expected');
}

/** Texts that delimit: an empty one would stand everywhere. */
function textsAt(value: JsonValue | undefined, path: string): readonly string[] {
  return listAt(value, path).map((each, index) => {
    const written = textAt(each, `${path}/${index}`);
    if (written === '') throw fault(`${path}/${index}`, 'a text that is not empty was expected');
    return written;
  });
}

function countAt(value: JsonValue | undefined, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100_000) return value;
  throw fault(path, 'a whole number from 0 to 100000 was expected');
}

function fault(path: string, message: string): GatewayError {
  return new GatewayError('invalid_request', `The structural tag${path === '' ? '' : ` at ${path}`}: ${message}.`, {
    param: 'structural_tag',
  });
}
