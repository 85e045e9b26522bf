import { parseArgs } from 'node:util';
import { StepFailure } from './step-failure.mjs';

/** The flags and words of a script. Throws a StepFailure that names the known flags where one is not among them. */
export function readFlags(args, options, { allowPositionals = false } = {}) {
  try {
    return parseArgs({ args, options, allowPositionals });
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new StepFailure(error.message, `known flags: ${known.join(' ')}.`);
  }
}
