import { detectDialect } from '../../dialects/detect/detect-dialect.ts';
import type { DialectDefinition } from '../../dialects/dialect.ts';
import { dialects } from '../../dialects/index.ts';
import { findModel } from '../../models/match/find-model.ts';

/** What the file of a model tells that Ollama does not. */
export interface ModelFile {
  /** Jinja source of its chat template */
  readonly chatTemplate?: string;
  /** Jinja sources of those that stand in for it, by name */
  readonly templateVariants?: Readonly<Record<string, string>>;
  /** spellings of special tokens by role */
  readonly bos?: string;
  readonly eos?: string;
  readonly unknown?: string;
  readonly padding?: string;
  /** spellings of its control tokens, the longest first: Ollama leaves these out of raw answers */
  readonly control: readonly string[];
}

/**
 * Where a model's weights lie on Ollama's machine, by the `modelfile` that `/api/show` gives. Only files that are named by their content's hash count: under
 * such a name another machine has the same bytes or none. Undefined where it names none.
 */
export function findModelFile(modelfile: string): string | undefined {
  return /^FROM (\S.*[/\\]sha256-[0-9a-f]{64})\s*$/m.exec(modelfile)?.[1];
}

/**
 * Whether answers to prompts of our rendering can be read: Ollama cuts control tokens out of raw answers, so none of them may be a mark of calls or thoughts
 * that the chat template speaks of.
 */
export function isReadableRaw(id: string, { chatTemplate, templateVariants, control }: ModelFile): boolean {
  if (chatTemplate === undefined) return false;
  const sources = [chatTemplate, ...Object.values(templateVariants ?? {})];
  const marks = [...listThoughtMarks(), ...listLikelyDialects(id, sources).flatMap(listMarks)];
  const spoken = control.filter((spelling) => sources.some((source) => source.includes(spelling)));
  return !spoken.some((spelling) => marks.some((mark) => mark.includes(spelling)));
}

function listLikelyDialects(id: string, sources: readonly string[]): readonly DialectDefinition[] {
  const family = findModel(id)?.definition.dialect.value;
  const names = [...sources.map((source) => detectDialect(source)), family];
  return names.flatMap((name) => (name === undefined ? [] : (dialects[name as keyof typeof dialects] ?? [])));
}

function listMarks({ layout, call, many }: DialectDefinition): readonly string[] {
  return listTexts([layout, call, many]);
}

function listThoughtMarks(): readonly string[] {
  return Object.values(dialects).flatMap(({ layout }: DialectDefinition) => (layout.kind === 'inline' ? listTexts(layout.reasoning) : []));
}

/** Every text of a definition, the names of its kinds among them: no control token is spelt like those. */
function listTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listTexts) : [];
}
