import { dirname, isAbsolute, resolve } from 'node:path';
import { type FaultList, type Place, showPath } from '../fault.ts';
import { createPlaces, isMap, type Located, type Path, type Places, type PlainMap } from './located.ts';
import { parseYaml } from './parse-yaml.ts';

/** Gives a file's text. Rejects with the error of the file system. */
export type ReadFile = (path: string) => Promise<string>;

/** A file and what it includes, joined. */
export interface ReadFiles extends Located {
  /** every file that was looked at, the first one first; absolute */
  readonly files: readonly string[];
}

/** Characters that one file may have. */
const mostFileChars = 1024 * 1024;
const mostFiles = 64;

/** Sections whose entries have names of their own: the same name in two files is a mistake, not a change. */
const namedSections = ['upstreams', 'models'];

/** Keys of LiteLLM's form; its users' files are read as Python's YAML parser reads them. */
const liteLlmForm = /^(model_list|litellm_settings|general_settings|router_settings)[ \t]*:/m;

/**
 * Reads a configuration file with all that it includes. Of included files the later one wins, and the including one over all; lists are joined.
 * What is wrong goes to `faults`; undefined where the file itself cannot be read.
 */
export async function readFiles(path: string, readFile: ReadFile, faults: FaultList): Promise<ReadFiles> {
  const start: Place = { file: path, line: 1, column: 1 };
  const places = createPlaces();
  const reading: Reading = { readFile, faults, places, files: [], version: undefined };
  const value = await readOne(reading, path, { from: start, behind: [] });
  return { value, places, start, files: reading.files };
}

interface Reading {
  readonly readFile: ReadFile;
  readonly faults: FaultList;
  readonly places: Places;
  readonly files: string[];
  version: '1.1' | '1.2' | undefined;
}

interface Inclusion {
  /** where it is named */
  readonly from: Place;
  /** the files that include this one */
  readonly behind: readonly string[];
}

async function readOne(reading: Reading, path: string, { from, behind }: Inclusion): Promise<unknown> {
  const { faults, places, files } = reading;
  if (!files.includes(path)) files.push(path);
  const text = await readText(reading, path, from);
  if (text === undefined) return undefined;
  reading.version ??= liteLlmForm.test(text) ? '1.1' : '1.2';
  const value = parseYaml({ file: path, text, version: reading.version }, places, faults);
  if (value === undefined) return undefined;
  if (!isMap(value)) {
    faults.add({ place: { file: path, line: 1, column: 1 }, path: '', problem: 'expected a map of settings (`key: value` lines).' });
    return undefined;
  }
  return joinIncluded(reading, value, { path, behind });
}

async function joinIncluded(
  reading: Reading,
  own: PlainMap,
  { path, behind }: { path: string; behind: readonly string[] },
): Promise<PlainMap> {
  const { places, faults } = reading;
  const { include } = own;
  if (include === undefined) return own;
  const { include: _, ...rest } = own;
  copyPlaces(places, own, rest);
  const named: readonly unknown[] = Array.isArray(include) ? include : [include];
  let joined: PlainMap = {};
  for (const [index, name] of named.entries()) {
    const place = (Array.isArray(include) && places.of(include, index)?.value) || places.of(own, 'include')?.value;
    const from = place ?? { file: path, line: 1, column: 1 };
    if (typeof name !== 'string' || name === '') {
      faults.add({ place: from, path: 'include', problem: 'expected a file, or a list of files, named from the folder of this one.' });
      continue;
    }
    const target = isAbsolute(name) ? name : resolve(dirname(path), name);
    if (target === path || behind.includes(target)) {
      faults.add({
        place: from,
        path: 'include',
        problem: 'the file includes itself, perhaps by way of another. Remove one of the two lines.',
      });
      continue;
    }
    if (reading.files.length >= mostFiles) {
      faults.add({ place: from, path: 'include', problem: `more than ${mostFiles} files are included.` });
      break;
    }
    const value = await readOne(reading, target, { from, behind: [...behind, path] });
    if (isMap(value)) joined = joinMaps(reading, joined, value, []);
  }
  return joinMaps(reading, joined, rest, []);
}

/** What `over` says on top of what `under` says. */
function joinMaps(reading: Reading, under: PlainMap, over: PlainMap, path: Path): PlainMap {
  const joined: PlainMap = {};
  copyPlaces(reading.places, under, joined);
  copyPlaces(reading.places, over, joined);
  Object.assign(joined, under);
  for (const [key, value] of Object.entries(over)) {
    if (Object.hasOwn(under, key) && path.length === 1 && namedSections.includes(String(path[0])))
      refuseTwice(reading, { under, over, key, path });
    joined[key] = Object.hasOwn(under, key) ? joinValues(reading, under[key], value, [...path, key]) : value;
  }
  return joined;
}

function joinValues(reading: Reading, under: unknown, over: unknown, path: Path): unknown {
  if (isMap(under) && isMap(over)) return joinMaps(reading, under, over, path);
  if (!Array.isArray(under) || !Array.isArray(over)) return over;
  const list: unknown[] = [];
  for (const [from, items] of [under, over].map((each) => [each, each as readonly unknown[]] as const)) {
    for (const [index, item] of items.entries()) {
      const places = reading.places.of(from, index);
      if (places) reading.places.note(list, list.length, places);
      list.push(item);
    }
  }
  return list;
}

function refuseTwice({ places, faults }: Reading, given: { under: PlainMap; over: PlainMap; key: string; path: Path }): void {
  const first = places.of(given.under, given.key)?.key;
  const second = places.of(given.over, given.key)?.key;
  if (!first || !second) return;
  const problem = `it is in ${first.file}:${first.line} already. Give it another name, or remove one of the two.`;
  faults.add({ place: second, path: showPath([...given.path, given.key]), problem });
}

function copyPlaces(places: Places, from: PlainMap, to: PlainMap): void {
  for (const key of Object.keys(from)) {
    const found = places.of(from, key);
    if (found) places.note(to, key, found);
  }
}

async function readText({ readFile, faults }: Reading, path: string, from: Place): Promise<string | undefined> {
  const refuse = (problem: string): undefined => {
    faults.add({ place: from, path: '', problem });
    return undefined;
  };
  try {
    const text = (await readFile(path)).replace(/^\uFEFF/, '');
    return text.length > mostFileChars ? refuse(`${path} is longer than ${mostFileChars} characters.`) : text;
  } catch (error) {
    return refuse(`the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`);
  }
}
