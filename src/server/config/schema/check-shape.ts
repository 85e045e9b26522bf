import type { z } from 'zod';
import { findNearestName } from '../../../text/nearest-name.ts';
import { type FaultList, showPath } from '../fault.ts';
import { findPlace, isMap, type Located, type Path, type PlainMap, valueAt } from '../file/located.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks data against a schema of this folder; what is wrong goes to `faults`, in words that never repeat a value. Faulty parts are then taken out of the data, so
 * that what else is wrong can be found in the rest: what is given back has the schema's type, but is whole only where no fault was added. Undefined: nothing is left.
 */
export function checkShape<Schema extends z.ZodType>(schema: Schema, located: Located, faults: FaultList): z.infer<Schema> | undefined {
  // each round takes out what the one before had found; a part whose needed key went is found in the next
  for (let round = 0; round < 12; round++) {
    const result = schema.safeParse(located.value);
    if (result.success) return result.data;
    const told = result.error.issues.flatMap((issue) => tellIssue(issue, located.value, []));
    for (const { path, problem, part } of round === 0 ? told : []) {
      faults.add({ place: findPlace(located, path, part), path: showPath(path), problem });
    }
    if (!told.every(({ path }) => takeOut(located.value, path))) return undefined;
  }
  return undefined;
}

interface Told {
  readonly path: Path;
  readonly problem: string;
  /** what is pointed at */
  readonly part: 'key' | 'value';
}

function tellIssue(issue: Issue, value: unknown, above: Path): readonly Told[] {
  const path: Path = [...above, ...(issue.path as (string | number)[])];
  const found = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], problem: tellStranger(key, issue.message.split(' ')), part: 'key' }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = chooseBranch(issue.errors);
    if (branch && found !== undefined) return branch.flatMap((each) => tellIssue(each, value, path));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, problem: `expected as a key ${issue.issues[0]?.message ?? 'another text'}.`, part: 'key' }];
  }
  const options = optionsOf(issue);
  const expected = options.length > 0 && !isOpenUnion(issue) ? `one of ${options.join(', ')}` : issue.message;
  if (found === undefined) {
    const key = path.at(-1);
    return [{ path: path.slice(0, -1), problem: `the key \`${key}\` is missing: expected ${expected}.`, part: 'key' }];
  }
  const nearest = typeof found === 'string' && options.length > 0 ? findNearestName(found, options) : undefined;
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  return [{ path, problem: `expected ${expected}, found ${nameKind(found)}.${hint}`, part: 'value' }];
}

/** A union that takes more than a few words says itself what it expects. */
function isOpenUnion(issue: Issue): boolean {
  return issue.code === 'invalid_union' && issue.errors.length > 0;
}

/** The branch of a union that the value was meant for: the one that took its type. */
function chooseBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find(
    (issues) => issues.length > 0 && !issues.some(({ code, path }) => path.length === 0 && code !== 'unrecognized_keys'),
  );
}

function optionsOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  if ('options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return issue.errors.flat().flatMap((inner) => (inner.path.length === 0 ? optionsOf(inner) : []));
}

/** What is said of a key nobody knows. */
function tellStranger(key: string, known: readonly string[]): string {
  const nearest = findNearestName(key, known);
  return `this key is not known. ${nearest === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`}`;
}

/** What a value is, for messages. Texts are not repeated: they may be secrets. */
export function nameKind(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === '' ? 'an empty text' : 'another text';
}

/** Removes the value at a path; an element of a list goes with its list. False where all would go. */
function takeOut(value: unknown, path: Path): boolean {
  const end = path.findLastIndex((step) => typeof step === 'string');
  const key = path[end];
  if (key === undefined) return false;
  const container = valueAt(value, path.slice(0, end));
  if (isMap(container)) delete (container as PlainMap)[String(key)];
  return true;
}
