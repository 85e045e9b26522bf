import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { APIError } from 'openai';
import { type Check, Unmet } from './check.ts';
import { type Expectation, expectationOf } from './expected.ts';
import { situation } from './situation.ts';
import { Talk } from './talk.ts';

/** What came of a check. `unmet`: it was looked for in the finished answer, and the model had not written it. */
interface Outcome {
  readonly result: 'works' | 'unmet' | 'refused' | 'failed';
  readonly plan?: string | undefined;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly told?: string | undefined;
}

/** Runs a check, writes down what came of it, and fails where that is not what `expected.ts` says of this engine. */
export async function judge(check: Check, model: string): Promise<void> {
  const talk = new Talk(model);
  const startMs = performance.now();
  const error = await check.run(talk).then(
    () => undefined,
    (reason: unknown) => reason ?? new Error('rejected without a reason'),
  );
  const outcome = describeOutcome(error, talk.plans[0]);
  const expected = expectationOf(situation.variant, check.id);
  const fault = findFault(outcome, expected);
  const seen = { ...outcome, ...(fault === undefined ? {} : { result: 'failed', told: outcome.told ?? fault }) };
  const line = { id: check.id, name: check.name, ...seen, expected, ms: Math.round(performance.now() - startMs) };
  appendFileSync(situation.recordFile, `${JSON.stringify(line)}\n`);
  if (fault !== undefined && error !== undefined) throw error;
  assert.equal(fault, undefined, fault);
}

function describeOutcome(error: unknown, plan: string | undefined): Outcome {
  if (error === undefined) return { result: 'works', plan };
  if (error instanceof Unmet) return { result: 'unmet', plan, told: error.message };
  if (!(error instanceof APIError) || typeof error.code !== 'string') return { result: 'failed', plan, told: tell(error) };
  const { code, message, status } = error;
  const told = { plan: plan ?? error.headers?.get('x-rookery-plan') ?? undefined, status, code, told: message };
  if (code === 'output_invalid') return { result: 'unmet', ...told };
  return { result: refusals.has(code) ? 'refused' : 'failed', ...told };
}

/** Codes that say: not here. */
const refusals = new Set(['unsupported_feature', 'unknown_parameter', 'invalid_request']);

/** Why an outcome is not the expected one; undefined: it is. */
function findFault({ result, plan, code, told }: Outcome, expected: Expectation): string | undefined {
  if (expected === 'unknown') return result === 'failed' ? told : undefined;
  if (expected.startsWith('refused ')) {
    if (result !== 'refused') return `a refusal was expected and it ${result === 'works' ? 'works: tell so in expected.ts' : result}`;
    return `refused ${code}` === expected ? undefined : `it was refused with ${code}`;
  }
  if (result === 'unmet') return expected === 'checked' ? undefined : `nothing held the model to it: ${told}`;
  if (result !== 'works') return told ?? result;
  const enforcement = /enforcement=(\w+)/.exec(plan ?? '')?.[1];
  if (expected === 'works' || enforcement === expected) return undefined;
  return `the plan is '${plan}' where enforcement=${expected} was expected`;
}

function tell(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 600) : String(error);
}
