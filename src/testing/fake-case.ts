import { after } from 'node:test';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';
import type { FakeEngineOptions } from './fake-options.ts';

/** A body as it was read, and whether it ended properly. */
export interface ReadBody {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly text: string;
  readonly isWhole: boolean;
}

const running: FakeEngine[] = [];
after(async () => {
  for (const fake of running) await fake.close();
});

/** Starts a fake engine that is closed after the test file. */
export async function startFake(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const fake = await startFakeEngine(options);
  running.push(fake);
  return fake;
}

/** Anthropic's face answers no request without it; the others don't look at it. */
export const headers = { 'anthropic-version': '2023-06-01' };

/** Asks a fake engine with plain `fetch`; a GET without a body. Rejects where no answer begins. */
export async function ask(fake: FakeEngine, path: string, body?: object | string): Promise<ReadBody> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(fake.origin + path, { headers, ...(text === undefined ? {} : { method: 'POST', body: text }) });
  const { status } = response;
  const head = { status, type: response.headers.get('content-type'), retryAfter: response.headers.get('retry-after') };
  const read: Buffer[] = [];
  try {
    for await (const chunk of response.body ?? []) read.push(Buffer.from(chunk));
    return { ...head, text: Buffer.concat(read).toString(), isWhole: true };
  } catch {
    return { ...head, text: Buffer.concat(read).toString(), isWhole: false };
  }
}

/** The data of server-sent events, or the lines of NDJSON, that are JSON. */
export function readEvents({ text }: ReadBody): readonly Record<string, unknown>[] {
  const lines = text.split('\n').map((line) => line.replace(/^data: /, ''));
  return lines.filter((line) => line !== '' && line !== '[DONE]' && !line.startsWith('event: ')).map((line) => JSON.parse(line));
}

/** A value inside of parsed JSON; undefined where a step leads nowhere. */
export function dig(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce((inside, key) => (inside as Record<string | number, unknown> | undefined)?.[key], value);
}
