import { chargeLetters } from './budget.ts';
import { toText } from './repr.ts';
import { Markup, type Value } from './values.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };

/** The HTML of a value: Markup as it is, anything else printed and escaped as markupsafe does it. */
export function escapeText(value: Value): string {
  if (value instanceof Markup) return value.text;
  const text = toText(value);
  chargeLetters(text.length);
  let written = '';
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    // no letter that is escaped lies beyond `>`
    const escaped = text.charCodeAt(index) > 0x3e ? undefined : escapes[text.charAt(index)];
    if (escaped === undefined) continue;
    written += text.slice(from, index) + escaped;
    from = index + 1;
  }
  return written + text.slice(from);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Text of HTML: no comments, no tags, whitespace runs as one space, common entities read. */
export function stripTags(html: string): string {
  chargeLetters(html.length);
  const bare = removeBetween(removeBetween(html, '<!--', '-->'), '<', '>');
  const joined = bare.split(/[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/).filter((word) => word !== '');
  return joined.join(' ').replace(/&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}

function removeBetween(text: string, open: string, close: string): string {
  const kept: string[] = [];
  let from = 0;
  for (let start = text.indexOf(open); start !== -1; start = text.indexOf(open, from)) {
    const end = text.indexOf(close, start);
    if (end === -1) break;
    kept.push(text.slice(from, start));
    from = end + close.length;
  }
  kept.push(text.slice(from));
  return kept.join('');
}
