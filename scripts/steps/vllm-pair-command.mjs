import { join } from 'node:path';
import { buildTests } from './build-tests.mjs';
import { startChild } from './children.mjs';
import { places, root } from './paths.mjs';
import { explainFileError, reportFailure } from './step-failure.mjs';
import { pullTinyModel } from './tiny-model.mjs';

/** Builds what is missing and runs the tests of two vLLM servers. Sets the exit code: 1 where one failed. */
export async function testVllmPair() {
  try {
    await buildTests();
    await pullTinyModel();
    const suite = join(places.build, 'test', 'live', 'vllm-pair.live.js');
    const child = startChild(process.execPath, ['--test', '--test-reporter=spec', suite], { cwd: root, env: process.env, shows: true });
    if ((await child.ended) !== 0) process.exitCode = 1;
  } catch (error) {
    reportFailure(explainFileError(error, 'the tests of two vLLM servers'));
  }
}
