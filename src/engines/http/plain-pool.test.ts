import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { Pool } from 'undici';
import type { ResponseHeaders } from './head-fields.ts';
import { PlainPool } from './plain-pool.ts';
import type { PlainRequest, RequestController, RequestHandler } from './plain-request.ts';
import { Surprise } from './surprise.ts';

const closings: (() => void)[] = [];
after(() => {
  for (const close of closings) close();
});

/** Answers one request on its socket. */
type Answer = (socket: Socket, path: string, body: string) => void;

/** A server that hears requests whole and has its answers written by hand. */
async function listen(answer: Answer): Promise<{ readonly url: URL; readonly sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    let asked = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      asked += bytes.toString('latin1');
      for (let end = asked.indexOf('\r\n\r\n'); end >= 0; end = asked.indexOf('\r\n\r\n')) {
        const size = Number(/content-length: (\d+)/.exec(asked.slice(0, end))?.[1] ?? 0);
        if (asked.length < end + 4 + size) return;
        const path = asked.split(' ')[1] as string;
        const body = asked.slice(end + 4, end + 4 + size);
        asked = asked.slice(end + 4 + size);
        answer(socket, path, body);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), sockets };
}

function openPool(url: URL, keepAliveMs = 4000): PlainPool {
  const pool = new PlainPool(url, keepAliveMs);
  closings.push(() => pool.destroy());
  return pool;
}

interface Heard {
  readonly status: number | undefined;
  readonly headers: ResponseHeaders;
  readonly body: string;
  readonly error: Error | undefined;
  readonly hasBegun: boolean;
}

type Dispatch = (request: PlainRequest, handler: RequestHandler) => void;

const get = (path: string): PlainRequest => ({ method: 'GET', path, headers: { 'x-a': 'b' }, body: null });

/** Sends a request and hears its answer to the end. */
function hear(dispatch: Dispatch, request: PlainRequest, onData?: (controller: RequestController) => void): Promise<Heard> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let headers: ResponseHeaders = {};
    let hasBegun = false;
    let ends = 0;
    const body: Buffer[] = [];
    const end = (error?: Error) => {
      assert.equal(++ends, 1, 'one end');
      resolve({ status, headers, body: Buffer.concat(body).toString('latin1'), error, hasBegun });
    };
    dispatch(request, {
      onRequestStart: () => void (hasBegun = true),
      onResponseStart(_, code, fields) {
        if (code < 200) return;
        status = code;
        headers = { ...fields };
      },
      onResponseData(controller, bytes) {
        body.push(Buffer.from(bytes));
        onData?.(controller);
      },
      onResponseEnd: () => end(),
      onResponseError: (_, error) => end(error),
    });
  });
}

const ok = (body: string, ...headers: string[]) =>
  `${['HTTP/1.1 200 OK', ...headers, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;

test('requests go out whole and connections are used again, the last one first', { timeout: 20_000 }, async () => {
  const { url, sockets } = await listen((socket, path, body) => socket.write(ok(`${path} ${body}`)));
  const pool = openPool(url);
  const ask = (body: Uint8Array | null) =>
    hear((...of) => pool.dispatch(...of), {
      method: 'POST',
      path: '/p',
      headers: {},
      body: body && [body.subarray(0, 3), body.subarray(3)],
    });
  for (const size of [0, 5, 1000, 70_000, 1_000_000]) {
    const { status, body, error } = await ask(Buffer.alloc(size, 'x'));
    assert.deepEqual([status, body, error], [200, `/p ${'x'.repeat(size)}`, undefined]);
  }
  assert.equal((await ask(null)).body, '/p ');
  assert.equal(sockets.length, 1);
  const many = await Promise.all([ask(null), ask(null), ask(null)]);
  assert.deepEqual([many.map(({ body }) => body), sockets.length], [['/p ', '/p ', '/p '], 3]);
});

test('a connection that may not be used again is not', { timeout: 20_000 }, async () => {
  const answers: Readonly<Record<string, string>> = {
    '/close': ok('a', 'connection: close'),
    '/short': ok('a', 'keep-alive: timeout=1'),
    '/more': `${ok('a')}HTTP/1.1 200 OK\r\n\r\n`,
    '/ended': 'HTTP/1.1 200 OK\r\n\r\na',
  };
  const { url, sockets } = await listen((socket, path) => {
    socket.write(answers[path] as string);
    if (path === '/ended') socket.end();
  });
  const pool = openPool(url);
  for (const path of Object.keys(answers)) {
    const { body, error } = await hear((...of) => pool.dispatch(...of), get(path));
    assert.deepEqual([body, error], ['a', undefined], path);
  }
  assert.equal(sockets.length, 4);
  const tired = openPool(url, 0);
  for (let time = 0; time < 2; time++) assert.equal((await hear((...of) => tired.dispatch(...of), get('/more'))).body, 'a');
  assert.equal(sockets.length, 6);
});

test('an idle connection that its server closes is left', { timeout: 20_000 }, async () => {
  const { url, sockets } = await listen((socket, path) => socket.write(ok(path)));
  const pool = openPool(url);
  await hear((...of) => pool.dispatch(...of), get('/1'));
  sockets[0]?.end();
  await once(sockets[0] as Socket, 'close');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await hear((...of) => pool.dispatch(...of), get('/2'))).body, '/2');
  assert.equal(sockets.length, 2);
  // words that nobody asked for
  sockets[1]?.write(ok('what?'));
  await once(sockets[1] as Socket, 'close');
  assert.equal((await hear((...of) => pool.dispatch(...of), get('/3'))).body, '/3');
});

test('whoever has no connection hears so without having begun', { timeout: 20_000 }, async () => {
  const { url } = await listen((socket) => socket.destroy());
  const refused = await hear((...of) => openPool(new URL('http://127.0.0.1:1')).dispatch(...of), get('/'));
  assert.deepEqual([refused.hasBegun, (refused.error as NodeJS.ErrnoException).code], [false, 'ECONNREFUSED']);
  const cut = await hear((...of) => openPool(url).dispatch(...of), get('/'));
  assert.deepEqual([cut.hasBegun, (cut.error as NodeJS.ErrnoException).code], [true, 'ECONNRESET']);
  const pool = openPool(url);
  pool.destroy();
  assert.equal(((await hear((...of) => pool.dispatch(...of), get('/'))).error as NodeJS.ErrnoException).code, 'ECONNABORTED');
});

test('closing ends requests under way, and an aborted request closes its connection', { timeout: 20_000 }, async () => {
  const { url, sockets } = await listen((socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n'));
  const pool = openPool(url);
  const left = await hear(
    (...of) => pool.dispatch(...of),
    get('/'),
    (controller) => controller.abort(new Error('enough')),
  );
  assert.deepEqual([left.body, left.error?.message], ['a', 'enough']);
  if (!sockets[0]?.closed) await once(sockets[0] as Socket, 'close');
  const under = hear(
    (...of) => pool.dispatch(...of),
    get('/'),
    () => setImmediate(() => pool.destroy()),
  );
  assert.equal(((await under).error as NodeJS.ErrnoException).code, 'ECONNABORTED');
});

test('an answer that is given up at its head may go on as it likes', { timeout: 20_000 }, async () => {
  const strange = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nno size';
  const { url, sockets } = await listen((socket, path) => socket.write(path === '/strange' ? strange : ok(path)));
  const pool = openPool(url);
  const error = await new Promise<Error>((resolve) => {
    pool.dispatch(get('/strange'), {
      onRequestStart: () => {},
      onResponseStart: (controller) => controller.abort(new Error('enough')),
      onResponseData: () => assert.fail('nothing comes after it was given up'),
      onResponseEnd: () => assert.fail('it has no end'),
      onResponseError: (_, cause) => resolve(cause),
    });
  });
  assert.equal(error.message, 'enough');
  if (!sockets[0]?.closed) await once(sockets[0] as Socket, 'close');
  assert.equal((await hear((...of) => pool.dispatch(...of), get('/next'))).body, '/next');
});

test('what is held back waits, and its connection serves afterwards', { timeout: 20_000 }, async () => {
  const { url, sockets } = await listen((socket) => socket.write(ok('x'.repeat(10_000_000))));
  const pool = openPool(url);
  for (let time = 0; time < 2; time++) {
    let isHeld = false;
    const { body } = await hear(
      (...of) => pool.dispatch(...of),
      get('/'),
      (controller) => {
        assert.equal(isHeld, false, 'nothing comes while it is held back');
        isHeld = true;
        controller.pause();
        setTimeout(() => {
          isHeld = false;
          controller.resume();
        }, 1);
      },
    );
    assert.equal(body.length, 10_000_000);
  }
  assert.equal(sockets.length, 1);
});

test('an answer to a request that is still going out is heard', { timeout: 20_000 }, async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pause();
    socket.write(ok('too long', 'connection: close'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(() => server.close());
  const pool = openPool(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  const request = { method: 'POST', path: '/', headers: {}, body: [Buffer.alloc(20_000_000)] } as const;
  assert.equal((await hear((...of) => pool.dispatch(...of), request)).body, 'too long');
});

test('a request that would not be what it says is not sent', async () => {
  const { url, sockets } = await listen((socket) => socket.write(ok('')));
  const pool = openPool(url);
  for (const request of [
    get('/a b'),
    get('/a\r\nb: c'),
    { ...get('/'), headers: { a: 'b\r\nc: d' } },
    { ...get('/'), headers: { a: 'ж' } },
  ]) {
    assert.ok((await hear((...of) => pool.dispatch(...of), request)).error instanceof Surprise);
  }
  assert.equal(sockets.length, 0);
});

/** Numbers that look random and are the same in each run. */
function drawFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const draw = drawFrom(42);
const pick = <T>(values: readonly T[]): T => values[draw(values.length)] as T;

/** A response as servers write them, of any shape. */
function writeResponse(): string {
  const status = pick(['200 OK', '200', '404 Not Found', '500 Oh', '204 None', '304 Same', '429 Wait a while']);
  const body = 'data: {"a": "b"}\n\n'.repeat(draw(4));
  const headers = [
    'Date: today',
    'x-a: 1',
    'X-A: 2',
    'content-type: text/event-stream',
    'Keep-Alive: timeout=5',
    'connection: close',
    'x-empty:',
  ];
  const some = headers.filter(() => draw(3) === 0);
  const early = draw(6) === 0 ? 'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n' : '';
  const write = (...framing: string[]) => `${early}${[`HTTP/1.1 ${status}`, ...some, ...framing].join('\r\n')}\r\n\r\n`;
  if (/^[23]04/.test(status)) return write();
  const way = draw(3);
  if (way === 0) return write(`Content-Length: ${body.length}`) + body;
  if (way === 1) return write() + body;
  const trailer = pick(['', '', 'x-sum: 1\r\n']);
  return `${write('Transfer-Encoding: chunked')}${cut(body, draw(4))
    .map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
    .join('')}0\r\n${trailer}\r\n`;
}

/** The text in pieces, at random places. */
function cut(text: string, places: number): string[] {
  const sorted = [0, ...Array.from({ length: places }, () => draw(text.length + 1)).sort((a, b) => a - b), text.length];
  return sorted.slice(1).flatMap((to, index) => (to > (sorted[index] as number) ? [text.slice(sorted[index], to)] : []));
}

/** The same with something changed, left out, twice or put in. */
function spoil(text: string): string {
  const at = draw(text.length);
  const length = 1 + draw(6);
  const way = draw(4);
  if (way === 0) return text.slice(0, at) + text.slice(at + length);
  if (way === 1) return text.slice(0, at + length) + text.slice(at);
  const junk = pick([
    '\r\n',
    '\n',
    '\r',
    ' ',
    '0',
    'f',
    ':',
    ';',
    '\0',
    '\u00e9',
    'content-length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    '5\r\n',
    ',',
  ]);
  return text.slice(0, at) + junk + text.slice(way === 2 ? at : at + length);
}

test('whatever a server writes is heard as undici hears it, or is a surprise; what servers ordinarily write is none', {
  timeout: 120_000,
}, async () => {
  const written = Array.from({ length: 1500 }, (_, index) => {
    const whole = writeResponse();
    const text = index % 3 === 0 ? whole : spoil(index % 3 === 1 ? whole : spoil(whole));
    return { isWhole: index % 3 === 0, text, pieces: cut(text, draw(4)) };
  });
  const { url } = await listen((socket, path) => void writeSlowly(socket, written[Number(path.slice(1))]?.pieces ?? []));
  const plain = openPool(url);
  let surprises = 0;
  for (const [index, { isWhole, text }] of written.entries()) {
    const undici = new Pool(url.origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
    const [ours, theirs] = await Promise.all([
      hear((...of) => plain.dispatch(...of), get(`/${index}`)),
      hear((request, handler) => void undici.dispatch({ ...request, body: null }, handler), get(`/${index}`)),
    ]);
    await undici.destroy();
    const isSurprised = ours.error instanceof Surprise;
    const about = `${JSON.stringify(text)}: ${ours.error} – ${theirs.error}`;
    if (isWhole) assert.equal(ours.error, undefined, about);
    if (isSurprised) surprises++;
    else assert.deepEqual(told(ours), told(theirs), about);
  }
  assert.ok(surprises > 100 && surprises < 900, `${surprises} surprises`);
});

/** What must be the same for both readers. undici leaves blanks at the end of a header. */
function told({ error, status, headers, body }: Heard): object {
  if (error) return { isBroken: true };
  const trimmed = Object.entries(headers).map(([name, value]) => [name, [value].flat().map((each) => each?.trim())]);
  return { status, headers: trimmed, body };
}

/** Each piece is a read of its own, as far as the network wants it so; the end of the connection ends what has no other end. */
async function writeSlowly(socket: Socket, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
}
