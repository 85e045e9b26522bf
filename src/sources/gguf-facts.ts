import { type FileHandle, open } from 'node:fs/promises';
import { type GgufMetadataValue, MoreBytesNeeded, NoGgufMetadata, readGgufMetadata } from '../tokenizers/gguf-metadata.ts';

/** What prompts for a model depend on, as its file tells it. A field is absent where the file does not say. */
export interface GgufFacts {
  /** Jinja source of its chat template */
  readonly chatTemplate?: string;
  /** Jinja sources of those that stand in for it, by name (`tool_use`) */
  readonly templateVariants?: Readonly<Record<string, string>>;
  /** spellings of special tokens by role */
  readonly bos?: string;
  readonly eos?: string;
  readonly unknown?: string;
  readonly padding?: string;
  /** spellings of tokens that engines leave out of answers, the longest first */
  readonly control: readonly string[];
  /** spellings of tokens that are read anywhere and are part of answers, the longest first */
  readonly userDefined: readonly string[];
}

type Metadata = ReadonlyMap<string, GgufMetadataValue>;

const firstHeadBytes = 16 * 1024 * 1024;
const mostHeadBytes = 512 * 1024 * 1024;

/** Numbers of `tokenizer.ggml.token_type`. Source: llama.cpp, include/llama.h, enum llama_token_type. */
const unknownType = 2;
const controlType = 3;
const userDefinedType = 4;

/** Tokens that are control tokens by their role, whatever the file gives as their type. Source: llama.cpp, src/llama-vocab.cpp. */
const roles = ['bos', 'eos', 'eot', 'eom', 'unknown', 'padding'] as const;
const namedRoles = ['bos', 'eos', 'unknown', 'padding'] as const;

/** Reads chat templates and special tokens from the head of a GGUF file. Undefined where there is no such file, and where it is none. */
export async function readGgufFacts(path: string): Promise<GgufFacts | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    return describe(await readHead(file));
  } catch (error) {
    if (error instanceof NoGgufMetadata) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

/** Keys and vocabulary lie in front of the weights: of a file of gigabytes only its head is read. */
async function readHead(file: FileHandle): Promise<Metadata> {
  const { size } = await file.stat();
  for (let length = Math.min(size, firstHeadBytes); ; length = Math.min(size, mostHeadBytes, length * 2)) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, 0);
    try {
      return readGgufMetadata(buffer.subarray(0, bytesRead), isWanted);
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error;
      if (length === size || length === mostHeadBytes) throw new NoGgufMetadata('it ends in the middle of its header');
    }
  }
}

const templateKey = 'tokenizer.chat_template';
const vocabularyKeys: ReadonlySet<string> = new Set([
  'tokenizer.ggml.tokens',
  'tokenizer.ggml.token_type',
  ...roles.map((role) => `tokenizer.ggml.${role}_token_id`),
]);

function isWanted(key: string): boolean {
  return key.startsWith(templateKey) || vocabularyKeys.has(key);
}

function describe(metadata: Metadata): GgufFacts {
  const tokens = textsOf(metadata.get('tokenizer.ggml.tokens'));
  const types = metadata.get('tokenizer.ggml.token_type');
  const typeOf = (id: number) => (Array.isArray(types) ? types[id] : undefined);
  const spell = (role: string): string | undefined => {
    const id = metadata.get(`tokenizer.ggml.${role}_token_id`);
    return typeof id === 'number' ? tokens[id] : undefined;
  };
  const byRole = roles.flatMap((role) => spell(role) ?? []);
  const isControl = (_: string, id: number) => typeOf(id) === controlType || typeOf(id) === unknownType;
  const control = listSpellings([...tokens.filter(isControl), ...byRole]);
  const userDefined = listSpellings(tokens.filter((_, id) => typeOf(id) === userDefinedType));
  return {
    ...describeTemplates(metadata),
    ...Object.fromEntries(namedRoles.flatMap((role) => (spell(role) ? [[role, spell(role)]] : []))),
    control,
    userDefined: userDefined.filter((spelling) => !byRole.includes(spelling)),
  };
}

function describeTemplates(metadata: Metadata): Pick<GgufFacts, 'chatTemplate' | 'templateVariants'> {
  const chatTemplate = metadata.get(templateKey);
  const prefix = `${templateKey}.`;
  const variants = [...metadata].flatMap(([key, value]) =>
    key.startsWith(prefix) && typeof value === 'string' ? [[key.slice(prefix.length), value] as const] : [],
  );
  return {
    ...(typeof chatTemplate === 'string' ? { chatTemplate } : {}),
    ...(variants.length === 0 ? {} : { templateVariants: Object.fromEntries(variants) }),
  };
}

function textsOf(value: GgufMetadataValue | undefined): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.every((item): item is string => typeof item === 'string') ? list : [];
}

function listSpellings(spellings: readonly string[]): readonly string[] {
  return [...new Set(spellings)].filter(Boolean).sort((left, right) => right.length - left.length);
}
