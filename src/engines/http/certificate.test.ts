import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import openai from '../openai.ts';
import { collect, isError, never, request } from './answers.test.support.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-certificate-'));
let baseUrl = '';
let close = (): void => {};

/** A key and a certificate for 127.0.0.1 that only it vouches for. */
function makeCertificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const about = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...about, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

before(async () => {
  const server = createServer(makeCertificate(), (incoming, response) => {
    incoming.resume();
    const choice = (content: string, finish: string | null) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
    if (incoming.url === '/v1/models') response.setHeader('content-type', 'application/json').end('{"data": [{"id": "m"}]}');
    else response.setHeader('content-type', 'text/event-stream').end(`${choice('Hel', null)}${choice('lo', 'stop')}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});

after(() => {
  close();
  rmSync(folder, { recursive: true });
});

test('a certificate that nobody vouches for is refused, and the error says so', async () => {
  for (const more of [{}, { verifiesCertificate: true }]) {
    const engine = openai.open({ baseUrl, ...more }, { log: () => {} });
    await assert.rejects(engine.models(), isError('engine_unavailable', /SELF_SIGNED_CERT.*certificate is not trusted/));
    await assert.rejects(collect(engine.stream(request, never)), isError('engine_unavailable', /certificate is not trusted/));
    await engine.close();
  }
});

test('it is taken where the operator says so, for questions, probes and streams', async () => {
  const engine = openai.open({ baseUrl, verifiesCertificate: false }, { log: () => {} });
  assert.deepEqual(
    (await engine.models()).map(({ id }) => id),
    ['m'],
  );
  assert.deepEqual(await engine.probe?.(never), ['m']);
  assert.equal((await collect(engine.stream(request, never))).text, 'Hello');
  await engine.close();
});
