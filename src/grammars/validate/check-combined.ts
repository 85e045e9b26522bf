import { isCombined } from '../json-schema/flatten.ts';
import type { Keywords } from '../json-schema/keywords.ts';
import type { Located } from '../json-schema/schema-document.ts';
import { addEvaluated, type Evaluated, type Failure, type Subject, type Validation } from './validation.ts';

/** What other schemas that apply to the same value say: references, `allOf`, `anyOf`, `oneOf`, `not`, `if`. */
export function checkCombined(validation: Validation, located: Located, keywords: Keywords, subject: Subject): boolean {
  if (!isCombined(keywords) && !keywords.not && !keywords.condition) return true;
  const { value, path, failures, evaluated } = subject;
  const inner = { value, path, failures, evaluated, nesting: subject.nesting + 1 };
  const { document } = validation;
  const applied = [...keywords.allOf];
  if (keywords.reference !== undefined) applied.push(document.resolve(located, keywords.reference));
  if (keywords.dynamicReference !== undefined) applied.push(document.resolveDynamic(located, keywords.dynamicReference));
  let isValid = true;
  for (const schema of applied) isValid = validation.check(schema, inner) && isValid;
  isValid = checkAny(validation, keywords, inner) && isValid;
  isValid = checkOne(validation, keywords, inner) && isValid;
  if (keywords.not && tryCheck(validation, keywords.not, inner).isValid) isValid = validation.fail(subject, 'is what `not` rules out');
  return checkCondition(validation, keywords, inner) && isValid;
}

function checkAny(validation: Validation, { anyOf }: Keywords, subject: Subject): boolean {
  if (!anyOf) return true;
  const failures: Failure[] = [];
  let isValid = false;
  for (const option of anyOf) {
    const result = tryCheck(validation, option, subject, failures);
    isValid ||= result.isValid;
    // later options may have looked at more
    if (isValid && !subject.evaluated) return true;
  }
  return isValid || failWithReasons(validation, subject, 'matches none of the options', failures);
}

function checkOne(validation: Validation, { oneOf }: Keywords, subject: Subject): boolean {
  if (!oneOf) return true;
  const failures: Failure[] = [];
  const matching = oneOf.filter((option) => tryCheck(validation, option, subject, failures).isValid).length;
  if (matching === 1) return true;
  if (matching > 1) return validation.fail(subject, `matches ${matching} options, but must match exactly one`);
  return failWithReasons(validation, subject, 'matches none of the options', failures);
}

function failWithReasons(validation: Validation, subject: Subject, message: string, failures: readonly Failure[]): false {
  const reasons = [...new Set(failures.map(({ path, message: reason }) => `${path === '' ? 'it' : path} ${reason}`))].slice(0, 4);
  return validation.fail(subject, reasons.length > 0 ? `${message} (${reasons.join('; ')})` : message);
}

/** `if` itself forbids nothing. */
function checkCondition(validation: Validation, { condition }: Keywords, subject: Subject): boolean {
  if (!condition) return true;
  const then = tryCheck(validation, condition.test, subject).isValid ? condition.met : condition.unmet;
  return then ? validation.check(then, subject) : true;
}

/** Checks without telling; what a matching schema looked at counts. */
function tryCheck(validation: Validation, schema: Located, subject: Subject, failures?: Failure[]): { readonly isValid: boolean } {
  const evaluated: Evaluated | undefined = subject.evaluated && { names: new Set(), indexes: new Set() };
  const found = subject.failures && failures;
  const isValid = validation.check(schema, {
    value: subject.value,
    path: subject.path,
    failures: found,
    evaluated,
    nesting: subject.nesting,
  });
  if (isValid) addEvaluated(subject.evaluated, evaluated);
  return { isValid };
}
