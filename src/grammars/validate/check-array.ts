import type { JsonValue } from '../../protocol/json.ts';
import type { ArrayKeywords } from '../json-schema/keywords.ts';
import { extendPointer } from '../json-schema/schema-error.ts';
import type { Subject, Validation } from './validation.ts';

/** The keywords for arrays. */
export function checkArray(validation: Validation, keywords: ArrayKeywords, subject: Subject): boolean {
  const list = subject.value as readonly JsonValue[];
  let isValid = checkLength(validation, keywords, list, subject);
  list.forEach((value, index) => {
    const schema = keywords.prefix[index] ?? keywords.items;
    if (!schema) return;
    subject.evaluated?.indexes.add(index);
    isValid = validation.check(schema, enterItem(subject, value, index)) && isValid;
  });
  isValid = checkContained(validation, keywords, list, subject) && isValid;
  return checkUnevaluated(validation, keywords, list, subject) && isValid;
}

function enterItem(subject: Subject, value: JsonValue, index: number): Subject {
  return { ...subject, value, path: extendPointer(subject.path, index), evaluated: undefined, nesting: 0 };
}

function checkLength(validation: Validation, keywords: ArrayKeywords, list: readonly JsonValue[], subject: Subject): boolean {
  const { least, most, areUnique } = keywords;
  let isValid = true;
  if (least !== undefined && list.length < least)
    isValid = validation.fail(subject, `must have at least ${least} items, but has ${list.length}`);
  if (most !== undefined && list.length > most)
    isValid = validation.fail(subject, `must have at most ${most} items, but has ${list.length}`);
  if (areUnique && new Set(list.map((item) => validation.textOf(item))).size < list.length)
    isValid = validation.fail(subject, 'must not hold the same item twice');
  return isValid;
}

function checkContained(validation: Validation, keywords: ArrayKeywords, list: readonly JsonValue[], subject: Subject): boolean {
  const { contains, leastContained = 1, mostContained } = keywords;
  if (!contains) return true;
  let count = 0;
  list.forEach((value, index) => {
    if (!validation.check(contains, { ...enterItem(subject, value, index), failures: undefined })) return;
    subject.evaluated?.indexes.add(index);
    count++;
  });
  if (count < leastContained)
    return validation.fail(subject, `must hold at least ${leastContained} items that \`contains\` describes, but holds ${count}`);
  if (mostContained === undefined || count <= mostContained) return true;
  return validation.fail(subject, `must hold at most ${mostContained} items that \`contains\` describes, but holds ${count}`);
}

function checkUnevaluated(validation: Validation, { unevaluated }: ArrayKeywords, list: readonly JsonValue[], subject: Subject): boolean {
  if (!unevaluated) return true;
  let isValid = true;
  list.forEach((value, index) => {
    if (subject.evaluated?.indexes.has(index)) return;
    subject.evaluated?.indexes.add(index);
    isValid = validation.check(unevaluated, enterItem(subject, value, index)) && isValid;
  });
  return isValid;
}
