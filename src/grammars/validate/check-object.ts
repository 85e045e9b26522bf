import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ObjectKeywords } from '../json-schema/keywords.ts';
import type { Located } from '../json-schema/schema-document.ts';
import { extendPointer } from '../json-schema/schema-error.ts';
import type { Subject, Validation } from './validation.ts';

/** The keywords for objects. */
export function checkObject(validation: Validation, keywords: ObjectKeywords, subject: Subject): boolean {
  const members = Object.entries(subject.value as JsonObject);
  let isValid = checkNames(validation, keywords, members, subject);
  for (const [name, value] of members) isValid = checkMember(validation, keywords, name, value, subject) && isValid;
  const { unevaluated } = keywords;
  if (unevaluated)
    for (const [name, value] of members) isValid = checkUnevaluated(validation, unevaluated, name, value, subject) && isValid;
  return isValid;
}

function checkNames(
  validation: Validation,
  keywords: ObjectKeywords,
  members: readonly (readonly [string, JsonValue])[],
  subject: Subject,
): boolean {
  const object = subject.value as JsonObject;
  const { least, most, required, dependentRequired, dependentSchemas } = keywords;
  let isValid = true;
  if (least !== undefined && members.length < least) isValid = validation.fail(subject, `must have at least ${least} properties`);
  if (most !== undefined && members.length > most) isValid = validation.fail(subject, `must have at most ${most} properties`);
  for (const name of required)
    if (!Object.hasOwn(object, name)) isValid = validation.fail(subject, `must have the property ${JSON.stringify(name)}`);
  for (const [name, others] of dependentRequired) {
    if (!Object.hasOwn(object, name)) continue;
    const missing = others.filter((other) => !Object.hasOwn(object, other));
    if (missing.length > 0)
      isValid = validation.fail(
        subject,
        `must have ${missing.map((other) => JSON.stringify(other)).join(' and ')} beside ${JSON.stringify(name)}`,
      );
  }
  for (const [name, schema] of dependentSchemas) {
    if (Object.hasOwn(object, name)) isValid = validation.check(schema, { ...subject, nesting: subject.nesting + 1 }) && isValid;
  }
  return isValid;
}

function checkMember(validation: Validation, keywords: ObjectKeywords, name: string, value: JsonValue, subject: Subject): boolean {
  const { names, additional, patterns, properties } = keywords;
  let isValid = true;
  const named = { ...subject, evaluated: undefined, nesting: 0 };
  if (names && !validation.check(names, { ...named, value: name, failures: undefined })) {
    isValid = validation.fail(subject, `must not have a property of the name ${JSON.stringify(name)}`);
  }
  const own = properties.get(name);
  const schemas = [
    ...(own ? [own] : []),
    ...[...patterns].filter(([pattern]) => validation.matches(pattern, name)).map(([, schema]) => schema),
  ];
  const isAdditional = schemas.length === 0 && additional !== undefined;
  if (isAdditional) schemas.push(additional);
  if (schemas.length > 0) subject.evaluated?.names.add(name);
  const member = { ...named, value, path: extendPointer(subject.path, name) };
  for (const schema of schemas) {
    if (isAdditional && schema.schema === false) isValid = validation.fail(subject, `must not have the property ${JSON.stringify(name)}`);
    else isValid = validation.check(schema, member) && isValid;
  }
  return isValid;
}

function checkUnevaluated(validation: Validation, schema: Located, name: string, value: JsonValue, subject: Subject): boolean {
  if (subject.evaluated?.names.has(name)) return true;
  subject.evaluated?.names.add(name);
  if (schema.schema === false) return validation.fail(subject, `must not have the property ${JSON.stringify(name)}`);
  return validation.check(schema, { ...subject, value, path: extendPointer(subject.path, name), evaluated: undefined, nesting: 0 });
}
