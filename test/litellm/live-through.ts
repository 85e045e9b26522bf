import type { JsonObject } from '#dist/protocol/json.js';
import type { Engines } from './engines.ts';
import type { Observation, SentRequest } from './observation.ts';
import { readAnswer } from './read-answer.ts';
import type { Scene, Step } from './scene.ts';

/** A step that takes longer than this has no answer. */
const patienceMs = 60_000;

/** Does what the clients of a scene do, against a gateway at this address. */
export async function liveThrough(scene: Scene, engines: Engines, url: string): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  for (const step of scene.steps) observations.push(await observe(scene, step, engines, url));
  return observations;
}

async function observe(scene: Scene, step: Step, engines: Engines, url: string): Promise<Observation> {
  for (const [name, replies] of Object.entries(step.replies ?? {})) engines.engine(name).setReplies(replies);
  for (const name of step.refuses ?? []) await engines.engine(name).refuseConnections();
  engines.takeSent();
  const answers: JsonObject[] = [];
  for (let count = 0; count < (step.times ?? 1); count++) answers.push(await ask(scene, step, engines, url));
  for (const name of step.refuses ?? []) await engines.engine(name).acceptConnections();
  const sent = engines.takeSent();
  if (step.times === undefined) return { step: step.name, sent, got: answers[0] ?? {} };
  return { step: step.name, sent: [], got: { statuses: countEach(answers.map(({ status }) => String(status))), ...sumUp(step, sent) } };
}

async function ask(scene: Scene, step: Step, engines: Engines, url: string): Promise<JsonObject> {
  const key = step.key === undefined ? scene.key : (step.key ?? undefined);
  const method = step.method ?? 'POST';
  try {
    const response = await fetch(`${url}${step.path ?? '/v1/chat/completions'}`, {
      method,
      headers: {
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...step.headers,
      },
      ...(step.body === undefined ? {} : { body: engines.place(JSON.stringify(step.body)) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    return await readAnswer(response, engines.unplace);
  } catch (error) {
    return { failed: (error as Error).name };
  }
}

/** Which engines worked: their counts, or whether each had its share. */
function sumUp({ shares, times = 1 }: Step, sent: readonly SentRequest[]): JsonObject {
  const counts = countEach(sent.map(({ to }) => to));
  if (shares === undefined) return { counts };
  const entries = Object.entries(shares).map(([name, [from, to]]) => {
    const part = (counts[name] ?? 0) / times;
    return [name, part >= from && part <= to ? 'its share' : `${counts[name] ?? 0} of ${times}`] as const;
  });
  return { shares: Object.fromEntries(entries) };
}

function countEach(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
