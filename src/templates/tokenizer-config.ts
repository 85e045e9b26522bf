import type { JsonValue } from '../protocol/json.ts';
import type { NamedTemplates } from './named-templates.ts';

/** The spellings of a tokenizer's special tokens as templates see them: `bos_token`, `eos_token`, … Those a tokenizer lacks are not there, and undefined to the template. */
export type SpecialTokenVariables = Readonly<Record<string, string>>;

/** What a `tokenizer_config.json` says about prompts. */
export interface TokenizerConfig {
  readonly templates: NamedTemplates;
  readonly specialTokens: SpecialTokenVariables;
}

const specialNames = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];

/** Reads a parsed `tokenizer_config.json` (or `chat_template.json`, `special_tokens_map.json`); what is of another shape counts as absent. Source: transformers 4.57. */
export function readTokenizerConfig(config: JsonValue): TokenizerConfig {
  const specialTokens: [string, string][] = [];
  for (const name of specialNames) {
    const spelling = spellingOf(memberOf(config, name));
    if (spelling !== undefined) specialTokens.push([name, spelling]);
  }
  return { templates: readTemplates(memberOf(config, 'chat_template')), specialTokens: Object.fromEntries(specialTokens) };
}

/** A text is the only template; a list names them. */
function readTemplates(value: JsonValue | undefined): NamedTemplates {
  if (typeof value === 'string') return { default: value };
  if (!Array.isArray(value)) return {};
  const named = value.flatMap((each: JsonValue) => {
    const [name, template] = [memberOf(each, 'name'), memberOf(each, 'template')];
    return typeof name === 'string' && typeof template === 'string' ? [[name, template] as const] : [];
  });
  return Object.fromEntries(named);
}

/** A token is its spelling, or an object with it. */
function spellingOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  const content = value === undefined ? undefined : memberOf(value, 'content');
  return typeof content === 'string' ? content : undefined;
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as { readonly [key: string]: JsonValue })[name] : undefined;
}
