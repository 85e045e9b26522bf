import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';

/** A text and what kind of text it is. */
export interface TextAnswer {
  readonly contentType: string;
  readonly text: string;
}

/** Answers with one text in one write. */
export function sendText(response: ServerResponse, status: number, { contentType, text }: TextAnswer): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
