import type { ImagePart } from '../../protocol/message.ts';
import type { WireObject } from './json-text.ts';
import { invalid } from './refuse.ts';

const mediaTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** A picture as a block: the bytes of a `data:` URL, or an address that the API fetches. Throws `invalid_request` for kinds it does not take. */
export function writeImage({ url }: ImagePart): WireObject {
  return { type: 'image', source: /^https?:/i.test(url) ? { type: 'url', url } : readDataUrl(url) };
}

function readDataUrl(url: string): WireObject {
  const comma = url.indexOf(',');
  const [scheme = '', ...flags] = url.slice(0, Math.max(comma, 0)).split(';');
  const type = scheme.replace(/^data:/i, '').toLowerCase();
  // a name that browsers know, too
  const mediaType = type === 'image/jpg' ? 'image/jpeg' : type;
  if (comma < 0 || !mediaTypes.has(mediaType)) {
    throw invalid('messages', `Anthropic takes pictures of the types ${[...mediaTypes].join(', ')} only, as data: URLs or http addresses.`);
  }
  const written = url.slice(comma + 1);
  const data = flags.some((flag) => flag.toLowerCase() === 'base64') ? written : toBase64(written);
  return { type: 'base64', media_type: mediaType, data };
}

/** Bytes that a URL writes with percent signs. */
function toBase64(written: string): string {
  const bytes = written.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('base64');
}
