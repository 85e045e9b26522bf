import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResponseHeaders } from './head-fields.ts';
import { ResponseParser } from './response-parser.ts';
import { Surprise } from './surprise.ts';

interface Heard {
  readonly status: number | undefined;
  readonly headers: ResponseHeaders;
  readonly body: string;
  readonly ends: number;
  readonly idleMs: number;
}

/** Reads a response that arrives in these pieces, and ends with the connection where that is wanted. */
function hear(pieces: readonly string[], closes = false): Heard {
  let status: number | undefined;
  let headers: ResponseHeaders = {};
  const body: Buffer[] = [];
  let ends = 0;
  const parser = new ResponseParser({
    head: (code, fields) => {
      assert.equal(status, undefined);
      status = code;
      headers = { ...fields };
    },
    data: (bytes) => {
      assert.ok(status !== undefined && ends === 0 && bytes.length > 0);
      body.push(bytes as Buffer);
    },
    end: () => void ends++,
  });
  const shared = Buffer.alloc(1024);
  for (const piece of pieces) {
    if (parser.isOver) break;
    parser.push(shared.subarray(0, shared.write(piece, 'latin1')));
    shared.fill('#');
  }
  if (closes) parser.close();
  return { status, headers, body: Buffer.concat(body).toString('latin1'), ends, idleMs: parser.idleMs };
}

const head = (...lines: string[]) => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;
const forever = Number.POSITIVE_INFINITY;

/** What is written, whether the connection ends then, and what is heard. */
const responses: readonly {
  written: string;
  closes?: boolean;
  status?: number;
  headers?: ResponseHeaders;
  body: string;
  idleMs: number;
}[] = [
  {
    written: `${head('Content-Length: 5', 'X-A:  b \t')}hello`,
    headers: { 'content-length': '5', 'x-a': 'b' },
    body: 'hello',
    idleMs: forever,
  },
  { written: head('content-length: 0'), headers: { 'content-length': '0' }, body: '', idleMs: forever },
  { written: `${head('Content-Length: 2', 'Connection: close')}ok`, body: 'ok', idleMs: 0 },
  { written: `${head('Content-Length: 2', 'Keep-Alive: timeout=5, max=100')}ok`, body: 'ok', idleMs: 4000 },
  { written: `${head('Content-Length: 2', 'Keep-Alive: timeout=1')}ok`, body: 'ok', idleMs: 0 },
  { written: `${head('Transfer-Encoding: chunked')}5\r\nhello\r\n00006;a=b\r\n world\r\n0\r\n\r\n`, body: 'hello world', idleMs: forever },
  {
    written: `${head('Transfer-Encoding: Chunked')}A\r\n0123456789\r\n0;last\r\nx-sum: 1\r\nx-more: 2\r\n\r\n`,
    body: '0123456789',
    idleMs: forever,
  },
  { written: `${head()}until the end`, closes: true, headers: {}, body: 'until the end', idleMs: 0 },
  { written: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nlink: x\r\n\r\n${head('content-length: 1')}x`, body: 'x', idleMs: forever },
  { written: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, body: '', idleMs: forever },
  { written: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n', status: 304, body: '', idleMs: forever },
  {
    written: 'HTTP/1.1 503\r\nSet-Cookie: a\r\nset-cookie: b\r\ncontent-length: 0\r\n\r\n',
    status: 503,
    headers: { 'set-cookie': ['a', 'b'], 'content-length': '0' },
    body: '',
    idleMs: forever,
  },
  { written: `${head('__proto__: 1', 'content-length: 0')}`, body: '', idleMs: forever },
];

test('a response is read, wherever it is cut', () => {
  for (const { written, closes, status = 200, headers, body, idleMs } of responses) {
    const check = (pieces: readonly string[]) => {
      const heard = hear(pieces, closes);
      assert.deepEqual(
        { ...heard, headers: headers ? heard.headers : undefined },
        { status, headers, body, ends: 1, idleMs },
        pieces.join('|'),
      );
    };
    check([written]);
    check([...written]);
    const cuts = fc.array(fc.integer({ min: 1, max: written.length }), { maxLength: 6 });
    fc.assert(
      fc.property(cuts, (places) => check(cutAt(written, places))),
      { numRuns: 50 },
    );
  }
});

function cutAt(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...[...places].sort((a, b) => a - b), text.length];
  return sorted.slice(1).flatMap((to, index) => (to > (sorted[index] as number) ? [text.slice(sorted[index], to)] : []));
}

test('what comes after a response is nothing of it, and the connection serves no more', () => {
  for (const written of [`${head('content-length: 2')}ok`, `${head('transfer-encoding: chunked')}2\r\nok\r\n0\r\n\r\n`]) {
    assert.equal(hear([written]).idleMs, forever);
    const heard = hear([`${written}HTTP/1.1 200 OK\r\n\r\n`]);
    assert.deepEqual([heard.body, heard.ends, heard.idleMs], ['ok', 1, 0]);
  }
});

test('a response that is cut off has no end', () => {
  const whole = `${head('transfer-encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`;
  for (let length = 0; length < whole.length; length++) assert.equal(hear([whole.slice(0, length)], true).ends, 0, `after ${length}`);
  assert.equal(hear([`${head('content-length: 5')}hell`], true).ends, 0);
});

test('what could be read in two ways is refused', () => {
  const chunked = head('transfer-encoding: chunked');
  const strange: readonly string[] = [
    'HTTP/1.0 200 OK\r\n\r\n',
    'HTTP/2 200\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    ' HTTP/1.1 200 OK\r\n\r\n',
    '\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
    head('content-length: 5', 'content-length: 5'),
    head('content-length: 5', 'transfer-encoding: chunked'),
    head('content-length: +5'),
    head('content-length: 0x5'),
    head('content-length: 5, 5'),
    head('content-length:'),
    'HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\n',
    'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n',
    head('content-length : 5'),
    head('transfer-encoding: gzip, chunked'),
    head('transfer-encoding: chunked', 'transfer-encoding: chunked'),
    head('transfer-encoding: identity'),
    head('a: b', ' folded: c'),
    head('no colon'),
    head(': no name'),
    head('a: b\0c'),
    head('a: b\nc: d'),
    head('a: b\rc: d'),
    `${chunked}\r\n`,
    `${chunked}g\r\n`,
    `${chunked} 5\r\nhello`,
    `${chunked}-5\r\nhello`,
    `${chunked}0x5\r\nhello`,
    `${chunked}5\nhello`,
    `${chunked}5 \r\nhello`,
    `${chunked}123456789\r\n`,
    `${chunked}5\r\nhello!`,
    `${chunked}5\r\nhello\n`,
    `${chunked}5;a\nb\r\nhello`,
    `${chunked}0\r\n\n`,
    `HTTP/1.1 200 OK\r\na: ${'b'.repeat(17_000)}`,
    `${head('transfer-encoding: chunked')}5;${'b'.repeat(17_000)}`,
  ];
  for (const written of strange) {
    const parts = cutAt(
      written,
      Array.from({ length: 40 }, (_, index) => index * 500),
    );
    assert.throws(() => hear(parts), Surprise, JSON.stringify(written.slice(0, 120)));
  }
});
