import { createHash } from 'node:crypto';
import type { Constraint } from '../protocol/constraint.ts';
import { GatewayError } from '../protocol/error.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';

/** A job by what it says. */
export interface GrammarKey {
  /** equal for jobs that say the same */
  readonly text: string;
  /** characters of its tools and its constraint as JSON */
  readonly chars: number;
  /** it surely compiles within a few milliseconds */
  readonly isSmall: boolean;
}

/** What a job may measure: beyond it is refused, before it is sent to another thread. */
export const jobLimits = { depth: 500, parts: 100_000, chars: 4_000_000 } as const;

const mostSmallChars = 1_000;
const mostSmallNames = 30;
const mostSmallPatternChars = 200;
/** Keywords that stand for more work than their own size. */
const costly =
  /"(?:pattern|patternProperties|propertyNames|format|allOf|oneOf|not|if|\$ref|\$dynamicRef|minProperties|maxProperties|multipleOf)"/;
/** Each digit of a bound is a rule or two. */
const longNumber = /\d{10}|\d[eE]/;

/**
 * The key of a job. Lists of tools, dialects and schemas are written once for each object: requests that share them, as those of many agents do, cost microseconds.
 * Throws `invalid_request` for a job over `jobLimits`.
 */
export function keyOfJob(job: GrammarJob): GrammarKey {
  const { calls, constraint } = job;
  const tools = calls && describe(calls.tools, 'tools');
  const bound = constraint && describe(constraint, 'constraint');
  const text = JSON.stringify(job, (_, value: unknown) => {
    const known = typeof value === 'object' && value !== null ? written.get(value) : undefined;
    if (known) return known.digest;
    return value !== undefined && value === job.dialect ? describe(job.dialect, 'dialect').digest : value;
  });
  const isSmall = (tools?.isSmall ?? true) && (constraint === undefined || isSmallConstraint(constraint, bound));
  return { text, chars: (tools?.chars ?? 0) + (bound?.chars ?? 0), isSmall };
}

interface Written {
  readonly digest: string;
  readonly chars: number;
  readonly isSmall: boolean;
}

const written = new WeakMap<object, Written>();

function describe(value: object, what: string): Written {
  const known = written.get(value);
  if (known) return known;
  checkShape(value, what);
  const text = JSON.stringify(value);
  if (text.length > jobLimits.chars) throw refuse(what, `has ${text.length} characters, at most ${jobLimits.chars} are taken. Send less`);
  const described = { digest: createHash('sha256').update(text).digest('base64'), chars: text.length, isSmall: isSmallText(text) };
  written.set(value, described);
  return described;
}

function isSmallText(text: string): boolean {
  const mayBe = text.length <= mostSmallChars && !costly.test(text) && !longNumber.test(text);
  return mayBe && text.split('":').length <= mostSmallNames;
}

/** Without recursion, and no further than the limits: what is too deep must not reach anything that recurses. */
function checkShape(value: object, what: string): void {
  const open: { readonly value: object; readonly depth: number }[] = [{ value, depth: 1 }];
  let parts = 0;
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const { depth } = entry;
    parts += Object.keys(entry.value).length;
    if (parts > jobLimits.parts) throw refuse(what, `has more than ${jobLimits.parts} parts. Send less`);
    if (depth > jobLimits.depth) throw refuse(what, `nests deeper than ${jobLimits.depth} levels. Nest it less deep`);
    for (const child of Object.values(entry.value) as readonly unknown[])
      if (typeof child === 'object' && child !== null) open.push({ value: child, depth: depth + 1 });
  }
}

/** Patterns by their own measure: short ones that count nothing and repeat no group. Raw grammars never. */
function isSmallConstraint(constraint: Constraint, written: Written | undefined): boolean {
  switch (constraint.kind) {
    case 'regex':
      return constraint.pattern.length <= mostSmallPatternChars && !/\{|\)[*+?]/.test(constraint.pattern);
    case 'choice':
      return (written?.chars ?? 0) <= mostSmallChars;
    case 'json-object':
    case 'json-schema':
      return written?.isSmall === true;
    default:
      return false;
  }
}

function refuse(what: string, problem: string): GatewayError {
  const details = what === 'tools' ? { param: 'tools' } : {};
  return new GatewayError('invalid_request', `What this request gives as ${what} ${problem}.`, details);
}
