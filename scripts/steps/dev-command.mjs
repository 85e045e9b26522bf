import { watch } from 'node:fs';
import { join } from 'node:path';
import { generate, generatedFiles } from '../generate.mjs';
import { setUp } from '../setup.mjs';
import { endChildrenOnSignal, startChild } from './children.mjs';
import { forgetBuild } from './compile.mjs';
import { places, root } from './paths.mjs';
import { reportFailure } from './step-failure.mjs';

const settleMs = 100;

/** Runs until Ctrl-C, or until the compiler or the server's watcher ends. */
export async function dev(args) {
  try {
    await setUp();
    endChildrenOnSignal();
    forgetBuild();
    keepIndexesFresh();
    const compiler = startChild(process.execPath, [places.typescript, '-p', 'tsconfig.json', '--watch', '--preserveWatchOutput'], {
      cwd: root,
      shows: true,
    });
    const server = startChild(process.execPath, ['--watch', '--watch-preserve-output', places.program, 'serve', ...args], {
      cwd: root,
      shows: true,
    });
    const code = await Promise.race([compiler.ended, server.ended]);
    compiler.end();
    server.end();
    await Promise.all([compiler.ended, server.ended]);
    process.exit(code);
  } catch (error) {
    reportFailure(error);
  }
}

/** A new or deleted definition changes its folder's index; many events of one save count once. */
function keepIndexesFresh() {
  let timer;
  watch(join(root, 'src'), { recursive: true }, (_, name) => {
    if (name === null || generatedFiles.includes(join(root, 'src', name))) return;
    clearTimeout(timer);
    timer = setTimeout(generate, settleMs);
  });
}
