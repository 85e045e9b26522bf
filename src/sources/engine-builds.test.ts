import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseBuilds } from './engine-builds.ts';

test('each machine needs the build of its processor, and CUDA where there is such a GPU', () => {
  const choose = (platform: string, arch: string, hasNvidiaGpu = false) => chooseBuilds({ platform, arch, hasNvidiaGpu });
  assert.deepEqual(choose('linux', 'x64'), ['linux-x64']);
  assert.deepEqual(choose('linux', 'x64', true), ['linux-x64', 'linux-x64-cuda', 'linux-x64-cuda-ext']);
  assert.deepEqual(choose('win32', 'x64', true), ['win-x64', 'win-x64-cuda', 'win-x64-cuda-ext']);
  assert.deepEqual(choose('linux', 'arm64', true), ['linux-arm64']);
  assert.deepEqual(choose('linux', 'arm'), ['linux-armv7l']);
  assert.deepEqual(choose('darwin', 'arm64'), ['mac-arm64-metal']);
  assert.deepEqual(choose('darwin', 'x64'), ['mac-x64']);
});
