import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { startFakeEngine } from 'rookery/testing';
import { addressOf, type FaceCase, faceCases } from '../fault-scene.ts';

// Agents send all they know with each turn, and wait for minutes: thousands of open streams must not hold thousands of conversations.

const bodyBytes = 512 * 1024;
const streams = 24;

/** A server in a process of its own, so that nothing but it is measured. */
async function startMeasured(t: TestContext, kind: FaceCase['kind'], address: string) {
  const child = fork(new URL('measured-server.js', import.meta.url), [kind, address, `${2 * streams}`]);
  t.after(() => child.kill('SIGKILL'));
  const answer = async (): Promise<unknown> => (await once(child, 'message'))[0];
  const url = (await answer()) as string;
  const heldBytes = async (): Promise<number> => {
    child.send('measure');
    return (await answer()) as number;
  };
  return { url, heldBytes };
}

/** Opens a stream and waits for the first piece of each of its choices. */
async function beginStream(url: string, agent: Agent, { body, choices }: { body: Buffer; choices: number }): Promise<IncomingMessage> {
  const outgoing = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers: { 'content-type': 'application/json' } });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  let text = '';
  await new Promise<void>((resolve, reject) => {
    response.on('error', reject).on('end', () => reject(new Error(`The stream ended: ${text}`)));
    response.on('data', (piece) => {
      text += String(piece);
      if (text.split('rook').length > choices) resolve();
    });
  });
  return response;
}

const cases = [...faceCases.map((face) => ({ face, choices: 1 })), ...faceCases.slice(0, 1).map((face) => ({ face, choices: 2 }))];

for (const { face, choices } of cases) {
  test(`${face.name}: a stream of ${choices} that has begun holds its request no longer`, { timeout: 120_000 }, async (t) => {
    const replies = { ...face.options.replies, pieces: ['A rook ', 'waits.'], fault: { kind: 'hang', afterPieces: 1 } } as const;
    const fake = await startFakeEngine({ face: face.kind, contextTokens: 2 ** 20, slots: 2 * streams, ...face.options, replies });
    t.after(() => fake.close());
    const { url, heldBytes } = await startMeasured(t, face.kind, addressOf(face, fake));
    const agent = new Agent({ maxSockets: streams });
    t.after(() => agent.destroy());
    const content = 'Who lives in the elm? '.repeat(bodyBytes / 22);
    const messages = [{ role: 'user', content }];
    const asked = { body: Buffer.from(JSON.stringify({ model: 'fake-model', stream: true, n: choices, messages })), choices };

    const open = [await beginStream(url, agent, asked)];
    const before = await heldBytes();
    while (open.length < streams) open.push(await beginStream(url, agent, asked));
    const perStream = ((await heldBytes()) - before) / (streams - 1);
    t.diagnostic(`${Math.round(perStream / 1024)} KiB a stream`);
    assert.ok(perStream < bodyBytes / 4, `${Math.round(perStream / 1024)} KiB are held by a stream whose body had ${bodyBytes / 1024} KiB`);
  });
}
