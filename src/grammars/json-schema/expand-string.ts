import type { Node } from '../ir.ts';
import type { Expansion } from './expansion.ts';
import type { Member } from './flatten.ts';
import { noDemands, type StringDemands, writeStrings } from './string-grammar.ts';

/** The strings that all members allow: `minLength`, `maxLength`, `pattern`, `format`. */
export function expandString(expansion: Expansion, members: readonly Member[]): Node {
  const { node, unheld } = writeStrings(expansion, readDemands(members));
  for (const [keyword, reason] of unheld) {
    for (const { located, keywords } of members) if (usesKeyword(keywords.string, keyword)) expansion.report(located, keyword, reason);
  }
  return node;
}

/** What all members together demand of a string. */
export function readDemands(members: readonly Member[]): StringDemands {
  const strings = members.map(({ keywords }) => keywords.string);
  const most = Math.min(...strings.map((string) => string.most ?? Infinity));
  return {
    ...noDemands,
    least: Math.max(0, ...strings.map((string) => string.least ?? 0)),
    most: most === Infinity ? undefined : most,
    patterns: [...new Set(strings.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern])))],
    formats: [...new Set(strings.flatMap(({ format }) => (format === undefined ? [] : [format])))],
  };
}

function usesKeyword(string: Member['keywords']['string'], keyword: string): boolean {
  const own: Readonly<Record<string, unknown>> = {
    minLength: string.least,
    maxLength: string.most,
    pattern: string.pattern,
    format: string.format,
  };
  return own[keyword] !== undefined;
}
