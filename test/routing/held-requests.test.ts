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
  const child = fork(new URL('measured-server.js', import.meta.url), [kind, address, `${streams}`]);
  t.after(() => child.kill('SIGKILL'));
  const answer = async (): Promise<unknown> => (await once(child, 'message'))[0];
  const url = (await answer()) as string;
  const heldBytes = async (): Promise<number> => {
    child.send('measure');
    return (await answer()) as number;
  };
  return { url, heldBytes };
}

/** Opens a stream and waits for its first piece. */
async function beginStream(url: string, agent: Agent, body: Buffer): Promise<IncomingMessage> {
  const outgoing = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers: { 'content-type': 'application/json' } });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  for (let text = ''; !text.includes('rook'); ) text += String((await once(response, 'data'))[0]);
  return response;
}

for (const face of faceCases) {
  test(`${face.name}: a stream that has begun holds its request no longer`, { timeout: 120_000 }, async (t) => {
    const replies = { ...face.options.replies, pieces: ['A rook ', 'waits.'], fault: { kind: 'hang', afterPieces: 1 } } as const;
    const fake = await startFakeEngine({ face: face.kind, contextTokens: 2 ** 20, slots: streams, ...face.options, replies });
    t.after(() => fake.close());
    const { url, heldBytes } = await startMeasured(t, face.kind, addressOf(face, fake));
    const agent = new Agent({ maxSockets: streams });
    t.after(() => agent.destroy());
    const content = 'Who lives in the elm? '.repeat(bodyBytes / 22);
    const body = Buffer.from(JSON.stringify({ model: 'fake-model', stream: true, messages: [{ role: 'user', content }] }));

    const open = [await beginStream(url, agent, body)];
    const before = await heldBytes();
    while (open.length < streams) open.push(await beginStream(url, agent, body));
    const perStream = ((await heldBytes()) - before) / (streams - 1);
    t.diagnostic(`${Math.round(perStream / 1024)} KiB a stream`);
    assert.ok(perStream < bodyBytes / 4, `${Math.round(perStream / 1024)} KiB are held by a stream whose body had ${bodyBytes / 1024} KiB`);
  });
}
