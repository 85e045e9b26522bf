import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, generatedFiles } from '../generate.mjs';
import { runChild } from './children.mjs';
import { places, root } from './paths.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { StepFailure } from './step-failure.mjs';

const stampFile = join(places.dist, '.rookery-stamp');

/** True when dist was built from the sources as they are now. */
export function isBuilt() {
  return readStamp(stampFile) === wantedStamp();
}

/** Makes the next `isBuilt` say no: for those who write into dist in another way. */
export function forgetBuild() {
  rmSync(stampFile, { force: true });
}

/**
 * Compiles src to dist. The compiler writes into a folder beside it that then takes dist's place, so that outputs of deleted files
 * are gone, a failed build leaves the old one, and a program that is starting sees one build or the other.
 */
export async function compile() {
  const fresh = join(places.build, `dist-${process.pid}`);
  mkdirSync(places.build, { recursive: true });
  try {
    generate();
    const stamp = wantedStamp();
    await runCompiler(['-p', 'tsconfig.json', '--outDir', fresh]);
    if (existsSync(join(fresh, 'cli', 'main.js'))) chmodSync(join(fresh, 'cli', 'main.js'), 0o755);
    writeFileSync(join(fresh, '.rookery-stamp'), stamp);
    replaceDist(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Runs TypeScript's compiler; throws a StepFailure with its messages. */
export async function runCompiler(args) {
  const { code, output } = await runChild(process.execPath, [places.typescript, ...args, '--pretty', 'false'], { cwd: root });
  if (code !== 0) throw explainCompilerFailure(output, code);
}

function explainCompilerFailure(output, code) {
  const lines = output.trim().split('\n');
  const told = lines.length > 40 ? [...lines.slice(0, 40), `… and ${lines.length - 40} more lines`] : lines;
  if (/no space left|ENOSPC/i.test(output))
    return new StepFailure(
      'The disk is full: the build could not be written.',
      'free some room and run the command again.',
      told.join('\n'),
    );
  return new StepFailure(
    `The sources do not compile (tsc ended with code ${code}).`,
    'mend the errors above; on an unchanged checkout please report them.',
    told.join('\n'),
  );
}

function replaceDist(fresh) {
  sweepOld();
  const old = join(places.build, `old-dist-${process.pid}`);
  if (existsSync(places.dist)) renameSync(places.dist, old);
  renameSync(fresh, places.dist);
  rmSync(old, { recursive: true, force: true });
}

/** Removes what a killed build left behind. */
function sweepOld() {
  for (const name of readdirSync(places.build)) {
    if (name.startsWith('old-dist-')) rmSync(join(places.build, name), { recursive: true, force: true });
  }
}

function wantedStamp() {
  return stampOf(['src', 'scripts/generate.mjs', 'tsconfig.json', 'package-lock.json'], [], generatedFiles);
}
