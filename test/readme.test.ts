import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mainPath, tinyModel } from './program.ts';
import { aimAt, type Block, dropPrompts, findFaults, readBlocks, serveArguments } from './readme-blocks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rookery-readme-'));
const snippets = join(root, 'build', 'readme');
const runLimitMs = 180_000;
const noModel = process.env.ROOKERY_TINY_MODEL_MISSING;

/** The server that the latest `test:server` block started. */
let server: { readonly url: string; readonly process: ChildProcess } | undefined;

after(async () => {
  await stopServer();
  rmSync(folder, { recursive: true, force: true });
});

describe('the README', { skip: existsSync(join(root, 'README.md')) ? false : 'README.md is not written yet' }, () => {
  const path = join(root, 'README.md');
  const blocks = existsSync(path) ? readBlocks(readFileSync(path, 'utf8')) : [];

  test('every block of shell or JavaScript says how it is tested', () => assert.deepEqual(findFaults(blocks), []));

  for (const block of blocks.filter(({ kind }) => kind !== undefined && kind !== 'none')) {
    const needsModel = block.kind === 'server' || block.kind === 'curl' || block.kind === 'js';
    const skip = needsModel && noModel ? `the tiny model is missing: ${noModel}` : false;
    test(`line ${block.line} (${block.kind}) works as printed`, { skip, timeout: runLimitMs }, () => runBlock(block));
  }
});

async function runBlock(block: Block): Promise<void> {
  if (block.kind === 'server') return startServer(block);
  if (block.kind === 'cli') return runCommands(block);
  assert.ok(server, 'no <!-- test:server --> block stands before this one, or it failed');
  const text = aimAt(block.text, server.url);
  if (block.kind === 'js') return runSnippet(text, block.line);
  const output = await runBash(dropPrompts(text));
  assert.match(output, new RegExp(`"${block.words || 'choices'}"\\s*:`), output);
}

/** Starts what the block's last line starts, on a free port and, where it names no model, with the tiny one. */
async function startServer(block: Block): Promise<void> {
  await stopServer();
  const args = dropOption(serveArguments(block.text) ?? [], '--port');
  const namesModel = args.some((word) => /^--(tiny|model)\b/.test(word));
  const added = ['--port', '0', ...(namesModel ? [] : ['--model', tinyModel])];
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...args, ...added], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server = { url: await readAddress(child), process: child };
}

/** The address of the printed `curl` line, which comes once the server can answer. */
function readAddress(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (bytes) => (output += bytes));
    child.stdout?.on('data', (bytes) => {
      output += bytes;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (address !== undefined && output.includes('curl')) resolve(address);
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the server ended with code ${code}:\n${output}`)));
  });
}

async function stopServer(): Promise<void> {
  const child = server?.process;
  server = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function dropOption(args: readonly string[], name: string): readonly string[] {
  return args.filter((word, at) => word !== name && args[at - 1] !== name && !word.startsWith(`${name}=`));
}

/** In bash, with `rookery` and `npx rookery` meaning the built program. */
async function runCommands(block: Block): Promise<void> {
  const ours = `rookery() { '${process.execPath}' '${mainPath}' "$@"; }\nnpx() { [ "$1" = rookery ] && shift; rookery "$@"; }\n`;
  const commands = dropPrompts(server ? aimAt(block.text, server.url) : block.text);
  await runBash(ours + commands);
}

/** Written inside the checkout, where the snippet's packages are found. */
async function runSnippet(text: string, line: number): Promise<void> {
  mkdirSync(snippets, { recursive: true });
  const path = join(snippets, `line-${line}.mjs`);
  writeFileSync(path, text);
  await run(process.execPath, [path]);
}

function runBash(script: string): Promise<string> {
  return run('bash', ['-euo', 'pipefail', '-c', script]);
}

/** Gives what the program printed; fails with all of it when the exit code is not 0. */
async function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (bytes) => (output += bytes));
  child.stderr.on('data', (bytes) => (complaints += bytes));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `${args.at(-1)}\nended with code ${code}:\n${output}${complaints}`);
  return output;
}

const fixture = `# A page
<!-- test:server -->
\`\`\`sh
git clone x && cd x
npm start -- --port 4123 --slots 2   # serves
\`\`\`

<!-- test:curl data -->

\`\`\`sh
curl http://127.0.0.1:4123/v1/models \\
  -H 'a: b'
\`\`\`
\`\`\`json
{}
\`\`\`
<!-- test:none -->
\`\`\`sh
rm -rf x
\`\`\`
Words between end a comment's reach.
\`\`\`js
await 1;
\`\`\`
<!-- test:sometimes -->
   \`\`\`sh
   true
   \`\`\`
`;

test('blocks are read with their comments, and each fault is named with its line', () => {
  const blocks = readBlocks(fixture);
  assert.deepEqual(
    blocks.map(({ language, line, kind, words }) => [language, line, kind, words]),
    [
      ['sh', 3, 'server', ''],
      ['sh', 10, 'curl', 'data'],
      ['json', 14, undefined, ''],
      ['sh', 18, 'none', ''],
      ['js', 22, undefined, ''],
      ['sh', 26, 'sometimes', ''],
    ],
  );
  assert.deepEqual(findFaults(blocks), [
    'line 18: test:none needs a reason',
    'line 22: a js block needs a comment such as <!-- test:cli --> or <!-- test:none reason --> before it',
    'line 26: test:sometimes is none of server, curl, js, cli, none',
  ]);
  assert.equal(blocks[5]?.text, 'true\n');
});

test('commands are read as a shell would, aimed at the server under test', () => {
  const [start, curl] = readBlocks(fixture);
  assert.deepEqual(serveArguments(start?.text ?? ''), ['--port', '4123', '--slots', '2']);
  assert.deepEqual(serveArguments('npx rookery serve --tiny\n'), ['--tiny']);
  assert.deepEqual(serveArguments('npm start\n'), []);
  assert.equal(serveArguments('npm test\n'), undefined);
  assert.deepEqual(dropOption(['--port', '4123', '--tiny', '--port=1'], '--port'), ['--tiny']);
  assert.deepEqual(serveArguments('$ npm start -- \\\n  --tiny\n'), ['--tiny']);
  assert.equal(dropPrompts(aimAt(curl?.text ?? '', 'http://127.0.0.1:9')), "curl http://127.0.0.1:9/v1/models \\\n  -H 'a: b'\n");
  assert.equal(dropPrompts('$ rookery models\n  $ rookery pull x\n'), 'rookery models\nrookery pull x\n');
});

test('a failing command is told with what it printed', async () => {
  await assert.rejects(run('bash', ['-c', 'echo before; exit 3']), /ended with code 3:\nbefore/);
});
