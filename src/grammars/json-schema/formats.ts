import type { Node } from '../ir.ts';
import { readRegex } from '../regex/read-regex.ts';

/** A format as regular expressions over the whole text. */
export interface FormatPatterns {
  /** what a model is made to write: the usual spelling, bounded */
  readonly written: string;
  /** what counts as valid when it was written freely; absent: the same */
  readonly read?: string;
}

const day31 = '(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])';
const day30 = '(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)';
const february = '02-(?:0[1-9]|1[0-9]|2[0-8])';
const leapYear = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const date = `(?:[0-9]{4}-(?:${day31}|${day30}|${february})|${leapYear}-02-29)`;

const clock = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]';
const offset = '[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]';
const time = `${clock}(?:\\.[0-9]{1,9})?(?:Z|${offset})`;
const timeRead = `(?:${clock}(?:\\.[0-9]+)?(?:[Zz]|${offset})|23:59:60(?:\\.[0-9]+)?[Zz])`;

const duration = (() => {
  const clockPart = 'T(?:[0-9]{1,9}H(?:[0-9]{1,9}M(?:[0-9]{1,9}S)?)?|[0-9]{1,9}M(?:[0-9]{1,9}S)?|[0-9]{1,9}S)';
  const dayPart = '(?:[0-9]{1,9}Y(?:[0-9]{1,9}M(?:[0-9]{1,9}D)?)?|[0-9]{1,9}M(?:[0-9]{1,9}D)?|[0-9]{1,9}D)';
  return `P(?:[0-9]{1,9}W|${dayPart}(?:${clockPart})?|${clockPart})`;
})();

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = `${octet}(?:\\.${octet}){3}`;
const group = '[0-9A-Fa-f]{1,4}';
/** `::` stands for at least one group of zeros: on its left and right together at most seven. */
const ipv6 = [
  `(?:${group}:){7}${group}`,
  ...[1, 2, 3, 4, 5, 6].map((left) => `(?:${group}:){${left}}(?:(?::${group}){1,${7 - left}}|:)`),
  `(?:${group}:){7}:`,
  `:(?:(?::${group}){1,7}|:)`,
].join('|');
const ipv6WithIpv4 = [
  `(?:${group}:){6}${ipv4}`,
  `::(?:${group}:){0,5}${ipv4}`,
  ...[1, 2, 3, 4, 5].map((left) => `(?:${group}:){${left}}:(?:${group}:){0,${5 - left}}${ipv4}`),
].join('|');

const shortLabel = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?';
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
/** At most 253 characters. */
const hostname = `(?:${label}(?:\\.${label}){0,2}|${shortLabel}(?:\\.${shortLabel}){3,5})`;
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";
const quotedLocal = '"(?:[ !#-\\[\\]-~]|\\\\[ -~])*"';

const escaped = '%[0-9A-Fa-f]{2}';
const pathLetter = `(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|${escaped})`;
const nameLetter = `(?:[A-Za-z0-9._~!$&'()*+,;=-]|${escaped})`;
const queryLetter = `(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|${escaped})`;
const host = `(?:\\[(?:${ipv6}|${ipv6WithIpv4})\\]|${nameLetter}*)`;
const authority = `(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|${escaped})*@)?${host}(?::[0-9]*)?`;
const ending = `(?:\\?${queryLetter}*)?(?:#${queryLetter}*)?`;
const fromRoot = `//${authority}(?:/${pathLetter}*)*|/(?:${pathLetter}+(?:/${pathLetter}*)*)?`;
const uri = `[A-Za-z][A-Za-z0-9+.-]*:(?:${fromRoot}|${pathLetter}+(?:/${pathLetter}*)*|)${ending}`;
const relative = `(?:${fromRoot}|(?:[A-Za-z0-9._~!$&'()*+,;=@-]|${escaped})+(?:/${pathLetter}*)*|)${ending}`;
const webAddress = `https?://${shortLabel}(?:\\.${shortLabel}){1,4}(?::[0-9]{1,5})?(?:/${pathLetter}*)*${ending}`;
const jsonPointer = '(?:/(?:[^~/]|~0|~1)*)*';

/** The formats that are enforced and checked, by name; others are annotations. Source: JSON Schema 2020-12 validation, section 7.3, and the RFCs it names. */
export const formats: ReadonlyMap<string, FormatPatterns> = new Map<string, FormatPatterns>([
  ['date', { written: date }],
  ['time', { written: time, read: timeRead }],
  ['date-time', { written: `${date}T${time}`, read: `${date}[Tt]${timeRead}` }],
  ['duration', { written: duration, read: duration.replaceAll('{1,9}', '+') }],
  ['uuid', { written: '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}' }],
  [
    'email',
    {
      written: `(?:${atom}{1,64}|${atom}{1,15}(?:\\.${atom}{1,15}){1,3})@${shortLabel}(?:\\.${shortLabel}){1,4}`,
      read: `(?:${atom}+(?:\\.${atom}+)*|${quotedLocal})@(?:${label}(?:\\.${label})*|\\[(?:${ipv4}|IPv6:(?:${ipv6}|${ipv6WithIpv4}))\\])`,
    },
  ],
  ['ipv4', { written: ipv4 }],
  ['ipv6', { written: ipv6, read: `${ipv6}|${ipv6WithIpv4}` }],
  ['hostname', { written: hostname, read: `${label}(?:\\.${label})*` }],
  ['uri', { written: uri }],
  ['url', { written: webAddress, read: uri }],
  ['uri-reference', { written: `${uri}|${relative}` }],
  ['json-pointer', { written: jsonPointer }],
  ['relative-json-pointer', { written: `(?:0|[1-9][0-9]*)(?:#|${jsonPointer})` }],
]);

const pieces = new Map<string, Node>();

/** The texts that a model is made to write for a format; undefined where the format is not known. Read at its first use. */
export function readFormat(name: string): Node | undefined {
  const format = formats.get(name);
  if (!format) return undefined;
  const piece = pieces.get(name) ?? readRegex(format.written).grammar.root;
  pieces.set(name, piece);
  return piece;
}
