import { Buffer } from 'node:buffer';
import type { JsonObject } from '../../protocol/json.ts';
import type { ApiCall } from '../surface.ts';
import { WrittenBody } from './written-body.ts';

/** A request as the server hands it to a surface: its body written as `text` says, or else as JSON.stringify writes it. */
export function callWith(body: JsonObject, { path = '/', text = JSON.stringify(body) } = {}): ApiCall {
  return {
    id: 'id-1',
    path,
    tail: '',
    body,
    written: new WrittenBody(Buffer.from(text)),
    headers: {},
    signal: new AbortController().signal,
  };
}
