import { z } from 'zod';

// nothing here makes program text of data
z.config({ jitless: true });

/*
 * Every check has the words for what it expects as its `error`: faults are said in those words, never in the library's, which may repeat the value.
 * There are no transforms, so that the same schema serves editors.
 */

/** A map with these keys and no other. The `error` of an unknown key is the list of the known ones, parted by blanks. */
export function section<const Shape extends z.ZodRawShape>(shape: Shape, about: string) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? known : 'a map of settings') }).describe(about);
}

/** A text that is not empty. */
export function text(expected = 'a text'): z.ZodString {
  return z.string({ error: expected }).min(1, { error: expected }).max(4096, { error: expected });
}

/** A text of a form. */
export function written(form: RegExp, expected: string): z.ZodString {
  return z.string({ error: expected }).max(4096, { error: expected }).regex(form, { error: expected });
}

/** True or false. */
export const flag = z.boolean({ error: 'true or false' });

/** A whole number, both ends included. */
export function whole(least: number, most: number): z.ZodInt {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** A number, both ends included. */
export function amount(least: number, most: number): z.ZodNumber {
  const error = `a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

/** One of a few words. */
export function words<const Words extends readonly [string, ...string[]]>(...names: Words) {
  return z.enum(names, { error: `one of ${names.join(', ')}` });
}

/** A list of at most so many. */
export function list<Item extends z.ZodType>(item: Item, expected: string, most = 1024) {
  return z.array(item, { error: expected }).max(most, { error: `at most ${most} entries` });
}

const timeExpected = 'a number of seconds, or a time such as 500ms, 30s, 5m or 1h';

/** Seconds, or a text with a unit; at most a day. */
export const time = z.union(
  [
    z.number({ error: timeExpected }).min(0, { error: timeExpected }).max(86_400, { error: timeExpected }),
    written(/^\d{1,8}(\.\d+)?(ms|s|m|h)$/, timeExpected),
  ],
  { error: timeExpected },
);

const sizeExpected = 'a size from 1kb to 512mb, such as 64mb';

/** Bytes, or a text with a unit. */
export const size = z.union(
  [
    z
      .int({ error: sizeExpected })
      .min(1024, { error: sizeExpected })
      .max(512 * 1024 ** 2, { error: sizeExpected }),
    written(/^\d{1,6}(kb|mb)$/i, sizeExpected),
  ],
  { error: sizeExpected },
);

/** Where a secret is; never the secret itself. */
export const secret = written(
  /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/,
  'where the secret is, as env:NAME or file:path; a secret itself may not stand in this file',
);

/** An address of an HTTP server. */
export const address = written(/^https?:\/\/[^\s/?#]+[^\s?#]*$/, 'an address that begins with http:// or https://, without ? and #');

/** A name that callers or other parts of the file use. */
export const name = written(/^[^\s][^\r\n\t]{0,199}$/, 'a name of at most 200 characters');

/** HTTP headers. A value is a text, or where a secret is. */
export const headers = z.record(
  written(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'the name of a header'),
  written(/^[\x20-\x7e]+$/, 'a text that a header can carry, or env:NAME, or file:path'),
  { error: 'a map of headers' },
);

/** Milliseconds of a `time`. */
export function toMs(time: number | string): number {
  if (typeof time === 'number') return Math.round(time * 1000);
  const [, count = '0', unit = 's'] = /^([\d.]+)(ms|s|m|h)$/.exec(time) ?? [];
  return Math.round(Number(count) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 1000));
}

/** Bytes of a `size`. */
export function toBytes(size: number | string): number {
  if (typeof size === 'number') return size;
  const [, count = '0', unit = 'kb'] = /^(\d+)(kb|mb)$/i.exec(size) ?? [];
  return Number(count) * (unit.toLowerCase() === 'mb' ? 1024 ** 2 : 1024);
}
