import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml';
import { type FaultList, type Place, showPath } from '../fault.ts';
import type { Path, Places, PlainMap } from './located.ts';
import { yamlWords } from './yaml-words.ts';

/** A file's text, and how it is to be read. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
  /** 1.1 is what Python's usual parser reads: `yes` is true, `<<` merges maps */
  readonly version: '1.1' | '1.2';
}

/** Values that one file may hold, those of aliases counted where they are used. */
const mostValues = 100_000;
const mostDepth = 64;

/**
 * Reads YAML (or JSON) as plain data and notes where everything stands. What is wrong goes to `faults`; undefined where nothing can be made of it. An empty file is an empty map.
 * Anchors, aliases and `<<` are understood, within bounds.
 */
export function parseYaml(source: YamlSource, places: Places, faults: FaultList): unknown {
  const lines = new LineCounter();
  const document = parseDocument(source.text, {
    lineCounter: lines,
    prettyErrors: false,
    version: source.version,
    merge: true,
    keepSourceTokens: false,
  });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: source.file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  let isReadable = true;
  const seenLines = new Set<number>();
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    const place = placeOf(code === 'MISSING_CHAR' ? findOpening(document, pos[0]) : pos[0]);
    // one slip makes the parser stumble several times
    if (code !== 'DUPLICATE_KEY' && seenLines.has(place.line)) continue;
    seenLines.add(place.line);
    faults.add({ place, path: '', problem: yamlWords[code] });
    isReadable &&= code === 'DUPLICATE_KEY';
  }
  if (!isReadable) return undefined;
  const reader: Reader = { meanings: resolveAliases(document), placeOf, places, faults, values: 0 };
  if (document.contents === null) return {};
  return readNode(reader, document.contents, []);
}

/** A quote that is never closed is noticed at the end of the file; it is told where it was opened. */
function findOpening(document: Document, offset: number): number {
  let opening = offset;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (range && (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') && range[0] <= offset && range[2] >= offset) opening = range[0];
    },
  });
  return opening;
}

/** What each alias stands for: the last anchor of its name before it. One walk for all, so that many aliases cost no more than few. */
function resolveAliases(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const meanings = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const meant = anchors.get(node.source);
        if (meant) meanings.set(node, meant);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return meanings;
}

interface Reader {
  readonly meanings: ReadonlyMap<Alias, Node>;
  readonly placeOf: (offset: number) => Place;
  readonly places: Places;
  readonly faults: FaultList;
  values: number;
}

function readNode(reader: Reader, node: unknown, path: Path): unknown {
  reader.values++;
  if (reader.values > mostValues)
    return refuse(reader, node, path, `the file holds more than ${mostValues} values; aliases count where they are used.`);
  if (path.length > mostDepth)
    return refuse(reader, node, path.slice(0, 3), `it is nested deeper than ${mostDepth} levels, or holds itself by an alias.`);
  if (isAlias(node)) {
    const meant = reader.meanings.get(node);
    if (meant === undefined) return refuse(reader, node, path, yamlWords.BAD_ALIAS);
    return readNode(reader, meant, path);
  }
  if (isMap(node)) return readMap(reader, node.items as readonly Pair[], path);
  if (isSeq(node)) {
    const list: unknown[] = [];
    for (const [index, item] of node.items.entries()) {
      const place = reader.placeOf(offsetOf(item));
      reader.places.note(list, index, { key: place, value: place });
      list.push(readNode(reader, item, [...path, index]));
      if (reader.values > mostValues) break;
    }
    return list;
  }
  if (!isScalar(node)) return null;
  const { value, source } = node;
  // Python's parser, unlike the standard, does not take a single letter for true or false
  if (typeof value === 'boolean' && source?.length === 1) return source;
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? value : (source ?? String(value));
}

function readMap(reader: Reader, items: readonly Pair[], path: Path): PlainMap {
  const map: PlainMap = {};
  for (const { key, value } of items) {
    const keyPlace = reader.placeOf(offsetOf(key));
    const name = isScalar(key) ? String(key.source ?? key.value) : undefined;
    if (name === undefined || name === '__proto__') {
      reader.faults.add({ place: keyPlace, path: showPath(path), problem: 'this cannot be a key. Expected a plain text.' });
      continue;
    }
    if (name === '<<' && isScalar(key) && key.type === 'PLAIN') {
      mergeInto(reader, map, value, path);
      continue;
    }
    const valuePlace = value === null || (isScalar(value) && value.source === '') ? keyPlace : reader.placeOf(offsetOf(value));
    map[name] = readNode(reader, value, [...path, name]);
    reader.places.note(map, name, { key: keyPlace, value: valuePlace });
    if (reader.values > mostValues) break;
  }
  return map;
}

/** `<<: *name` gives keys that the map itself does not have. */
function mergeInto(reader: Reader, map: PlainMap, value: unknown, path: Path): void {
  const given = readNode(reader, value, [...path, '<<']);
  for (const from of Array.isArray(given) ? (given as unknown[]) : [given]) {
    if (typeof from !== 'object' || from === null || Array.isArray(from)) {
      refuse(reader, value, path, '`<<` takes an alias of a map.');
      continue;
    }
    for (const [name, each] of Object.entries(from)) {
      const places = reader.places.of(from, name);
      if (Object.hasOwn(map, name) || places === undefined) continue;
      map[name] = each;
      reader.places.note(map, name, places);
    }
  }
}

function refuse({ faults, placeOf }: Reader, node: unknown, path: Path, problem: string): undefined {
  faults.add({ place: placeOf(offsetOf(node)), path: showPath(path), problem });
  return undefined;
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
