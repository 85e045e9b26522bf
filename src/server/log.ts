import type { EngineContext } from '../engines/engine.ts';

/** One line of the log: a level, an event's name and its fields. */
export type Log = EngineContext['log'];

/** How the log is written. */
export interface LogOptions {
  /** `text` for people, `json` for programs (one object a line), `off` for nothing */
  readonly format: 'text' | 'json' | 'off';
  /** takes whole lines, line end included */
  readonly write: (line: string) => void;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** the least that is written; default `info` */
  readonly level?: Level;
  /** texts that are never written, whatever field they hide in */
  readonly secrets?: readonly string[];
  /** ANSI colours in `text` */
  readonly hasColours?: boolean;
}

type Level = Parameters<Log>[0];

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error'];

const colours: Readonly<Record<Level, string>> = { debug: '\u001b[2m', info: '\u001b[36m', warn: '\u001b[33m', error: '\u001b[31m' };

/** A log of single lines. Secrets, those that are added to the list later too, and bearer tokens are blotted out. */
export function createLog(options: LogOptions): Log {
  if (options.format === 'off') return () => {};
  const format = options.format === 'json' ? formatJson : formatText;
  const least = levels.indexOf(options.level ?? 'info');
  return (level, event, fields = {}) => {
    if (levels.indexOf(level) < least) return;
    const line = format({ time: new Date(options.now()).toISOString(), level, event, fields, hasColours: options.hasColours ?? false });
    options.write(`${redact(line, options.secrets ?? [])}\n`);
  };
}

interface Line {
  readonly time: string;
  readonly level: Level;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly hasColours: boolean;
}

function formatJson({ time, level, event, fields }: Line): string {
  const written = JSON.stringify(hasError(fields) ? plainFields(fields) : fields);
  return `{"time":"${time}","level":"${level}","event":${JSON.stringify(event)}${written === '{}' ? '' : ','}${written.slice(1)}`;
}

function hasError(fields: Line['fields']): boolean {
  for (const name in fields) if (fields[name] instanceof Error) return true;
  return false;
}

function plainFields(fields: Line['fields']): Line['fields'] {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));
}

function formatText(line: Line): string {
  const level = line.level.padEnd(5);
  const fields = Object.entries(line.fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${quote(plain(value))}`);
  return `${line.time.slice(11, 23)} ${line.hasColours ? `${colours[line.level]}${level}\u001b[0m` : level} ${line.event}${fields.join('')}`;
}

/** Errors lose their fields in JSON: they are written as their stack, and that of what caused them. */
function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const cause = value.cause instanceof Error ? `\ncaused by ${value.cause.stack ?? value.cause.message}` : '';
  return `${value.stack ?? value.message}${cause}`;
}

/** One line whatever the value holds, control characters included: nothing a client sends can forge a line. */
function quote(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}

function redact(line: string, secrets: readonly string[]): string {
  let clean = line.replace(/\bBearer\s+[^\s"']+/gi, 'Bearer [secret]');
  for (const secret of secrets) if (secret !== '' && clean.includes(secret)) clean = clean.replaceAll(secret, '[secret]');
  return clean;
}
