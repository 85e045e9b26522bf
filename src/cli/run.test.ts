import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import { defineCommand } from './commands/command.ts';
import { runProgram } from './run.ts';
import { addServeFlags, type ServeFlags } from './serve/flags.ts';

async function run(...args: string[]) {
  const told = { out: '', error: '', flags: undefined as ServeFlags | undefined };
  const examples = [{ line: 'rookery serve --tiny', what: 'a small model' }];
  const serve = defineCommand({
    summary: 'serve a model',
    examples,
    configure: (command) => void addServeFlags(command).action((flags: ServeFlags) => void (told.flags = flags)),
  });
  const fail = defineCommand({
    summary: 'always fails',
    examples: [],
    configure: (command) =>
      void command.argument('<code>').action((code) => {
        throw code === 'stranger' ? new TypeError('odd') : new GatewayError(code, 'It went wrong.');
      }),
  });
  const code = await runProgram(args, {
    ...{ commands: { serve, fail }, defaultCommand: 'serve', isColoured: false },
    writeOut: (text) => (told.out += text),
    writeError: (text) => (told.error += text),
  });
  return { code, ...told };
}

test('no command is the default one, with its defaults', async () => {
  const { code, flags } = await run();
  assert.equal(code, 0);
  assert.deepEqual(flags, {
    port: 4000,
    host: '127.0.0.1',
    upstream: [],
    slots: 4,
    toolPreamble: 'official',
    constrainToolCalls: 'auto',
    selectTools: 'off',
    gpu: 'auto',
    hub: 'https://huggingface.co',
    queue: 1024,
    queueTimeout: 600,
    allowHost: [],
    allowOrigin: [],
    maxBody: 33_554_432,
    grace: 30,
  });
});

test('flags are read, with and without the command', async () => {
  const line = ['--port', '0', '--max-body', '64mb', '--allow-host', 'a', '--allow-host', 'b', '--queue-timeout', '1.5', '--tiny'];
  for (const args of [line, ['serve', ...line]]) {
    const { flags } = await run(...args);
    assert.deepEqual(
      [flags?.port, flags?.maxBody, flags?.allowHost, flags?.queueTimeout, flags?.tiny],
      [0, 67_108_864, ['a', 'b'], 1.5, true],
    );
  }
});

for (const [args, hint] of [
  [['--prot', '1'], /unknown option '--prot'[\s\S]*--port/],
  [['--port', 'many'], /It must be an integer from 0 to 65535/],
  [['--port', '70000'], /It must be an integer from 0 to 65535/],
  [['--gpu', 'maybe'], /auto, off/],
  [['--max-body', '9gb'], /It must be a size/],
  [['--allow-origin', 'chat.example'], /It must be an origin/],
  [['sreve'], /There is no command "sreve"\. Did you mean `serve`\?/],
  [['zzz'], /There are: serve, fail\./],
  [['serve', 'extra'], /too many arguments/],
] as const) {
  test(`${args.join(' ')} is wrong usage, exit code 2`, async () => {
    const { code, error, flags } = await run(...args);
    assert.equal(code, 2);
    assert.equal(flags, undefined);
    assert.match(error, hint);
  });
}

test('help shows the commands and examples, version the version', async () => {
  const help = await run('--help');
  assert.equal(help.code, 0);
  assert.match(help.out, /serve .* serve a model[\s\S]*rookery serve --tiny {2}a small model/);
  assert.match((await run('serve', '--help')).out, /--queue-timeout[\s\S]*rookery serve --tiny/);
  assert.match((await run('--version')).out, /^\d+\.\d+\.\d+\n$/);
});

test('a failure is one message with the next step, exit code 1; a fault of ours shows where', async () => {
  const { code, error } = await run('fail', 'address_in_use');
  assert.equal(code, 1);
  assert.match(
    error,
    /^rookery: It went wrong\.\n {2}Next: Stop it, or choose another with `--port`|^rookery: It went wrong\.\n {2}Next: /,
  );
  assert.match((await run('fail', 'stranger')).error, /TypeError: odd/);
});
