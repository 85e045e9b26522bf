import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { APIUserAbortError } from 'openai';
import { story } from './chat-checks.ts';
import type { Check } from './check.ts';
import { situation } from './situation.ts';
import type { Body, Talk } from './talk.ts';
import { openWatch, type Watch } from './watch.ts';

/** Far more than is written before the client leaves. */
const endless = { messages: story, max_tokens: 1200, temperature: 1 };
const longPrompt = [{ role: 'user', content: `Go on with this story. ${'The rook flew over the sea. '.repeat(80)}` }];

/** A client that leaves, at each stage of an answer. The engine's own numbers tell that it stopped. */
export const abortChecks: readonly Check[] = [
  {
    id: 'abort.before-first-byte',
    name: 'a client that leaves before the first byte frees the engine',
    run: (talk) => leave(talk, { messages: longPrompt, max_tokens: 1200, temperature: 1 }, leaveAtOnce),
  },
  {
    id: 'abort.mid-stream',
    name: 'a client that leaves in the middle of a stream frees the engine',
    run: (talk) => leave(talk, endless, leaveMidStream),
  },
  {
    id: 'abort.whole',
    name: 'a client that leaves while it waits for a whole answer frees the engine',
    run: (talk) => leave(talk, endless, leaveWhole),
  },
];

type Leaving = (talk: Talk, body: Body, watch: Watch | undefined) => Promise<void>;

/** Rounds where an engine shows no numbers: work that is not stopped would add up to more than the check's time limit. */
const blindRounds = 12;

/** Fills every slot with requests that are left, then asks for something short: it is answered, and the engine is idle with little written. */
async function leave(talk: Talk, body: Body, leaving: Leaving): Promise<void> {
  const watch = openWatch();
  await watch?.untilIdle();
  const before = (await watch?.countTokens()) ?? 0;
  for (let round = 0; round < (watch ? 1 : blindRounds); round++) {
    await Promise.all(Array.from({ length: situation.slots }, () => leaving(talk, body, watch)));
  }
  await watch?.untilIdle();
  const written = ((await watch?.countTokens()) ?? 0) - before;
  const most = (Number(body.max_tokens) * situation.slots) / 2;
  assert.ok(written < most, `the engine wrote ${written} tokens for clients that had left`);
  assert.ok((await talk.ask({ max_tokens: 2 })).usage.completion_tokens > 0);
}

/** Leaves when the engine is seen to work, or after a moment where it cannot be seen. */
async function leaveAtOnce(talk: Talk, body: Body, watch: Watch | undefined): Promise<void> {
  const controller = new AbortController();
  const opened = assert.rejects(readAll(talk, body, controller.signal), APIUserAbortError);
  await (watch?.untilBusy() ?? sleep(100));
  controller.abort();
  await opened;
}

async function readAll(talk: Talk, body: Body, signal: AbortSignal): Promise<void> {
  for await (const _ of await talk.open(body, signal));
  // the SDK ends an aborted stream without a word
  if (signal.aborted) throw new APIUserAbortError();
}

async function leaveMidStream(talk: Talk, body: Body): Promise<void> {
  const controller = new AbortController();
  let texts = 0;
  for await (const chunk of await talk.open(body, controller.signal)) {
    if ((chunk.choices[0]?.delta.content ?? '') !== '') texts++;
    if (texts === 3) controller.abort();
  }
  assert.ok(texts >= 3, 'the stream had a middle');
}

async function leaveWhole(talk: Talk, body: Body, watch: Watch | undefined): Promise<void> {
  const controller = new AbortController();
  const parameters = talk.body(body) as unknown as Parameters<Talk['client']['chat']['completions']['create']>[0];
  const left = assert.rejects(
    Promise.resolve(talk.client.chat.completions.create(parameters, { signal: controller.signal })),
    APIUserAbortError,
  );
  await (watch?.untilBusy() ?? sleep(500));
  controller.abort();
  await left;
}
