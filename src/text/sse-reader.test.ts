import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../protocol/error.ts';
import { type SseEvent, SseReader } from './sse-reader.ts';
import { sseComment, sseData, sseEvent } from './sse-writer.test.support.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function readAll(pieces: readonly (Uint8Array | string)[]): SseEvent[] {
  const reader = new SseReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

const message = (data: string): SseEvent => ({ name: 'message', data });

const bodies: Record<string, { readonly body: string; readonly events: readonly SseEvent[] }> = {
  'plain events': { body: 'data: {"a":1}\n\ndata: [DONE]\n\n', events: [message('{"a":1}'), message('[DONE]')] },
  'no space after the colon': { body: 'data:x\n\n', events: [message('x')] },
  'only one space taken off': { body: 'data:  x\n\n', events: [message(' x')] },
  'CRLF line ends': { body: 'data: x\r\n\r\ndata: y\r\n\r\n', events: [message('x'), message('y')] },
  'CR line ends': { body: 'data: x\r\rdata: y\r\r', events: [message('x'), message('y')] },
  'mixed line ends': { body: 'data: x\r\ndata: y\n\rdata: z\r\r\n', events: [message('x\ny'), message('z')] },
  'several data lines': { body: 'data: x\ndata\ndata: y\n\n', events: [message('x\n\ny')] },
  'a name': { body: 'event: ping\ndata: x\n\ndata: y\n\n', events: [{ name: 'ping', data: 'x' }, message('y')] },
  'a name without data': { body: 'event: ping\n\ndata: y\n\n', events: [message('y')] },
  'comments and other fields': { body: ': hi\nid: 1\nretry: 5\ndataset: no\nevents: no\n:\ndata: x\n\n: bye\n\n', events: [message('x')] },
  'empty data': { body: 'data:\n\n', events: [message('')] },
  'a byte order mark': { body: '\ufeffdata: \ufeffx\n\n\ufeffdata: y\n\n', events: [message('\ufeffx')] },
  'a last event without its blank line': { body: 'data: x\n\ndata: y', events: [message('x'), message('y')] },
  'characters of several bytes': { body: 'data: é你🎉\n\n', events: [message('é你🎉')] },
  'nothing in it': { body: '', events: [] },
};

for (const [name, { body, events }] of Object.entries(bodies)) {
  test(`a body with ${name} is read the same whole, by byte and at every cut`, () => {
    const bytes = encode(body);
    assert.deepEqual(readAll([body]), events);
    assert.deepEqual(readAll([...bytes].map((byte) => Uint8Array.of(byte))), events);
    for (let cut = 0; cut <= bytes.length; cut++) assert.deepEqual(readAll([bytes.slice(0, cut), bytes.slice(cut)]), events);
  });
}

test('any split of any body gives the same events', () => {
  const line = fc.constantFrom('data: x', 'data:é🎉', 'data', 'event: e', ': c', 'id: 1', '', '', 'dat', '\ufeff');
  const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
  const body = fc.array(fc.tuple(line, lineEnd)).map((lines) => lines.flat().join(''));
  fc.assert(
    fc.property(body, fc.array(fc.nat(), { maxLength: 12 }), (text, positions) => {
      const bytes = encode(text);
      const cuts = [0, ...positions.map((position) => position % (bytes.length + 1)).sort((left, right) => left - right), bytes.length];
      const pieces = cuts.slice(1).map((cut, index) => bytes.slice(cuts[index], cut));
      assert.deepEqual(readAll(pieces), readAll([bytes]));
    }),
  );
});

test('what the writer writes is read back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      const body = texts.map((text) => sseComment(text) + sseEvent('note', text) + sseData(JSON.stringify(text))).join('');
      const expected = texts.flatMap((text) => [{ name: 'note', data: text.replaceAll(/\r\n|\r/g, '\n') }, message(JSON.stringify(text))]);
      assert.deepEqual(readAll([body]), expected);
    }),
  );
});

test('an event over the bound is refused, however it arrives', () => {
  const limit = { maxEventBytes: 100 };
  const isTooLarge = (error: unknown) => error instanceof GatewayError && error.code === 'engine_failed' && /100 bytes/.test(error.message);
  assert.throws(() => new SseReader(limit).push(`data: ${'x'.repeat(200)}\n\n`), isTooLarge);
  assert.throws(() => new SseReader(limit).push(`data: ${'x'.repeat(200)}`), isTooLarge);
  const byLine = new SseReader(limit);
  assert.throws(() => {
    for (let index = 0; index < 20; index++) byLine.push('data: 0123456789\n');
  }, isTooLarge);
  const byByte = new SseReader(limit);
  assert.throws(() => {
    for (let index = 0; index < 200; index++) byByte.push('x');
  }, isTooLarge);
});

test('many events under the bound may come in one piece', () => {
  const reader = new SseReader({ maxEventBytes: 100 });
  assert.equal(reader.push('data: 0123456789\n\n'.repeat(1000)).length, 1000);
});
