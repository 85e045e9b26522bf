import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '#dist/protocol/json.js';
import type { Observation, Sight } from './observation.ts';
import type { Difference, Scene } from './scene.ts';

/** A place where the two differ. `undefined` on one side: there is nothing there. */
export interface Finding {
  readonly step: string;
  readonly at: string;
  readonly litellm?: unknown;
  readonly ours?: unknown;
  /** the decision; absent: nobody decided it */
  readonly why?: string;
}

/** What a comparison came to. */
export interface Comparison {
  /** places that were compared */
  readonly places: number;
  readonly findings: readonly Finding[];
  /** what is wrong: differences that nobody decided, and decided ones that are no more. Empty: all is well */
  readonly problems: readonly string[];
  /** of the differences that hold for all scenes, those that were met */
  readonly met: ReadonlySet<Difference>;
}

/** The name of the step that stands for the start. */
export const startStep = 'start';

/** Compares what both did. Each difference has to be among those of the scene or `common` ones; each of the scene's has to be there. */
export function compare(scene: Scene, { litellm, ours, common }: Sides): Comparison {
  if (litellm.of !== ours.of)
    return { places: 0, findings: [], problems: ['the scene has changed since LiteLLM was recorded'], met: new Set() };
  const pairs = pairUp(litellm, ours);
  const differing = pairs.filter(({ finding }) => !isDeepStrictEqual(finding.litellm, finding.ours));
  const used = new Map<Difference, Set<string>>();
  const findings = differing.map(({ finding }) => decide(finding, [...scene.differences, ...common], used));
  const problems = [
    ...findings.flatMap(tellUndecided),
    ...scene.differences.flatMap((difference) => tellGone(difference, used.get(difference))),
  ];
  return { places: pairs.length, findings, problems, met: new Set(common.filter((each) => used.has(each))) };
}

interface Sides {
  readonly litellm: Sight;
  readonly ours: Sight;
  readonly common: readonly Difference[];
}

function decide(finding: Finding, differences: readonly Difference[], used: Map<Difference, Set<string>>): Finding {
  for (const difference of differences) {
    if (difference.steps !== undefined && !difference.steps.includes(finding.step)) continue;
    const pattern = difference.at.find((each) => covers(each, finding.at));
    if (pattern === undefined || !isAsSaid(finding, difference)) continue;
    used.set(difference, new Set([...(used.get(difference) ?? []), pattern, `in ${finding.step}`]));
    return { ...finding, why: difference.why };
  }
  return finding;
}

/** `a.*.c` covers `a.0.c` and all below it. */
function covers(pattern: string, path: string): boolean {
  const names = path.split('.');
  return pattern.split('.').every((wanted, index) => names[index] !== undefined && (wanted === '*' || wanted === names[index]));
}

function isAsSaid(finding: Finding, difference: Difference): boolean {
  const isSame = (side: 'litellm' | 'ours') => !(side in difference) || isDeepStrictEqual(finding[side], difference[side]);
  return isSame('litellm') && isSame('ours');
}

function tellUndecided({ step, at, litellm, ours, why }: Finding): readonly string[] {
  return why === undefined ? [`${step}: ${at}: LiteLLM ${tell(litellm)}, ours ${tell(ours)}`] : [];
}

function tellGone({ at, steps = [], why }: Difference, used: ReadonlySet<string> = new Set()): readonly string[] {
  const gone = [...at.filter((pattern) => !used.has(pattern)), ...steps.filter((step) => !used.has(`in ${step}`))];
  return gone.map((each) => `${each}: a difference that is listed is not there any more (${why})`);
}

function tell(value: unknown): string {
  return value === undefined ? 'has nothing' : JSON.stringify(value);
}

interface Pair {
  readonly finding: Finding;
}

function pairUp(litellm: Sight, ours: Sight): readonly Pair[] {
  const starts = { finding: { step: startStep, at: 'starts', litellm: litellm.starts, ours: ours.starts } };
  if (!litellm.starts || !ours.starts) return [starts];
  const steps = litellm.observations.flatMap((theirs) => {
    const own = ours.observations.find(({ step }) => step === theirs.step);
    return pairStep(theirs.step, theirs, own ?? { step: theirs.step, sent: [], got: {} });
  });
  return [starts, ...steps];
}

/** Of requests that only one side sent their number is enough, and so is the error where only one side has an answer. */
function pairStep(step: string, theirs: Observation, own: Observation): readonly Pair[] {
  const both = Math.min(theirs.sent.length, own.sent.length);
  const isOneSided = isError(theirs) !== isError(own);
  const [litellm, ours] = [theirs, own].map((side) => new Map(leaves(side, both, isOneSided)));
  const places = [...new Set([...(litellm?.keys() ?? []), ...(ours?.keys() ?? [])])];
  return places.map((at) => ({ finding: { step, at, litellm: litellm?.get(at), ours: ours?.get(at) } }));
}

function isError({ got }: Observation): boolean {
  return typeof got.status !== 'number' || got.status >= 400;
}

function leaves({ sent, got }: Observation, both: number, isOneSided: boolean): readonly (readonly [string, unknown])[] {
  const { body, stream: _, ...head } = got;
  const seen = isOneSided ? { ...head, ...errorIn(body) } : got;
  return [['sent.count', sent.length], ...walk('sent', sent.slice(0, both)), ...walk('got', seen)];
}

/** The error of an answer, without its words. */
function errorIn(body: JsonValue | undefined): JsonObject {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {};
  const { message: _, ...error } = body.error as JsonObject;
  return { body: { error } };
}

/** Each value that holds no other, by its path. */
function walk(path: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return path === 'sent' ? [] : [[path, value]];
  return entries.flatMap(([key, each]) => walk(`${path}.${key}`, each));
}
