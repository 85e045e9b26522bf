import { GatewayError } from '../protocol/error.ts';
import type { JsonValue } from '../protocol/json.ts';
import { readTokenizerConfig } from '../templates/tokenizer-config.ts';
import { openHubConnection } from './hub-request.ts';
import type { FoundTemplates } from './template-files.ts';

const mostBytes = 16 * 1024 * 1024;
const timeoutMs = 30_000;

/** Whether a reference is an address. */
export function isTemplateUrl(reference: string): boolean {
  return /^https?:\/\//i.test(reference);
}

/**
 * Fetches a chat template: the text of a template, or a JSON file with `chat_template` in it, as model hubs have them under `/raw/main/…`.
 * No key is sent. Throws `download_failed`, `bad_usage` for an address that is none, and the signal's reason.
 */
export async function fetchTemplates(address: string, signal: AbortSignal): Promise<FoundTemplates> {
  if (!URL.canParse(address)) throw new GatewayError('bad_usage', `"${address.slice(0, 200)}" is no address.`);
  const url = new URL(address);
  const connection = openHubConnection({ hubUrl: url.origin });
  try {
    const { status, body } = await connection.send({ method: 'GET', path: `${url.pathname}${url.search}`, signal, timeoutMs });
    if (status !== 200) throw new GatewayError('download_failed', `${url.origin}${url.pathname} answers with the status ${status}.`);
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > mostBytes)
        throw new GatewayError('download_failed', `${url.origin}${url.pathname} is over ${mostBytes} bytes: no template.`);
      pieces.push(piece);
    }
    return { ...readText(Buffer.concat(pieces).toString('utf8')), origin: address };
  } finally {
    await connection.close();
  }
}

function readText(text: string): Omit<FoundTemplates, 'origin'> {
  try {
    return readTokenizerConfig(JSON.parse(text) as JsonValue);
  } catch {
    // a template is no JSON
    return { templates: { default: text }, specialTokens: {} };
  }
}
