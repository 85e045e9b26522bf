import { JinjaError } from './errors.ts';

/** What one render may use. */
export interface RenderLimits {
  /** parts of expressions, statements, loop turns, items and (many to a step) characters handled; default 2,000,000, some hundred milliseconds at most */
  readonly maxSteps?: number;
  /** UTF-16 units of the output and of any text made on the way; default 16 Mi */
  readonly maxOutputChars?: number;
  /** macro calls and recursive loops in one another, nesting of values that are printed; default 100 */
  readonly maxDepth?: number;
}

// what a step's worth of time copies or compares, and what it looks at one by one
const charsOfAStep = 256;
const lettersOfAStep = 16;

// Rendering is synchronous, so there is one budget at a time and the innermost functions need not be handed it.
let steps = 0;
let maxSteps = Infinity;
let maxChars = Infinity;
let depth = 0;
let maxDepth = 100;

/** Runs with fresh limits and puts the limits before back. */
export function withLimits<T>(limits: RenderLimits, run: () => T): T {
  const before = { steps, maxSteps, maxChars, depth, maxDepth };
  steps = 0;
  depth = 0;
  maxSteps = limits.maxSteps ?? 2_000_000;
  maxChars = limits.maxOutputChars ?? 16 * 1024 * 1024;
  maxDepth = limits.maxDepth ?? 100;
  try {
    return run();
  } finally {
    ({ steps, maxSteps, maxChars, depth, maxDepth } = before);
  }
}

/** Takes `count` steps. */
export function charge(count: number): void {
  steps += count;
  if (steps > maxSteps) throw new JinjaError('limit', `The template takes more than ${maxSteps} steps.`);
}

/** The steps that the render which runs has taken. */
export function countSteps(): number {
  return Math.ceil(steps);
}

/** Counts a text of `length` that is about to be made, copied or compared as a whole. */
export function chargeText(length: number): void {
  checkLength(length);
  charge(length / charsOfAStep);
}

/** Counts a text of `length` joined of parts: V8 copies nothing until it is read, so that a text may grow part by part. */
export function chargeJoin(length: number, longestPart: number): void {
  checkLength(length);
  charge((length - longestPart) / charsOfAStep);
}

/** Counts a text of `length` whose letters are looked at one by one. */
export function chargeLetters(length: number): void {
  charge(length / lettersOfAStep);
}

/** Refuses a text that is too long. */
export function checkLength(length: number): void {
  if (length > maxChars) throw new JinjaError('limit', `The template makes a text of more than ${maxChars} characters.`);
}

/** Runs one level deeper. */
export function deeper<T>(run: () => T): T {
  enter();
  try {
    return run();
  } finally {
    depth--;
  }
}

function enter(): void {
  if (++depth <= maxDepth) return;
  depth--;
  throw new JinjaError('limit', `The template goes deeper than ${maxDepth} levels.`);
}
