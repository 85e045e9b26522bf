import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A chat template of a tokenizer configuration and what its special tokens are. */
export interface TokenizerTemplate {
  readonly template: string;
  /** `bos_token` and the like, by name */
  readonly specialTokens: ReadonlyMap<string, string>;
}

/** Templates by name, or why there are none here. */
export type TokenizerTemplates =
  | { readonly templates: ReadonlyMap<string, TokenizerTemplate>; readonly missing?: undefined }
  | { readonly templates?: undefined; readonly missing: string };

const folder = 'build/test-tokenizers';

/** The chat templates of the tokenizer configurations that `npm test` fetches. */
export function readTokenizerTemplates(): TokenizerTemplates {
  const place = join(findRoot(), folder);
  if (!existsSync(place)) return { missing: `there is no ${folder}; \`npm test\` fetches what belongs there` };
  const files = readdirSync(place).map((name) => [name, join(place, name, 'tokenizer_config.json')] as const);
  const templates = new Map(files.filter(([, file]) => existsSync(file)).flatMap(([name, file]) => readConfig(name, file)));
  return templates.size > 0 ? { templates } : { missing: `no tokenizer in ${folder} has a chat template` };
}

function findRoot(): string {
  let place = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(place, 'package.json'))) place = dirname(place);
  return place;
}

function readConfig(name: string, file: string): readonly (readonly [string, TokenizerTemplate])[] {
  const config = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
  const specialTokens = new Map(
    Object.entries(config).flatMap(([key, value]) => {
      const text = typeof value === 'string' ? value : (value as { content?: unknown } | null)?.content;
      return key.endsWith('_token') && typeof text === 'string' ? [[key, text] as const] : [];
    }),
  );
  const written = config.chat_template;
  if (typeof written === 'string') return [[name, { template: written, specialTokens }]];
  if (!Array.isArray(written)) return [];
  return written.map(
    (one: { name: string; template: string }) => [`${name} ${one.name}`, { template: one.template, specialTokens }] as const,
  );
}
