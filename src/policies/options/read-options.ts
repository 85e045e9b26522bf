import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { findNearestName } from '../../text/nearest-name.ts';

/** An option of a policy. Times are written as seconds or as a text with a unit, and are read as milliseconds. */
export interface PolicyOption {
  readonly kind: 'number' | 'whole' | 'time';
  readonly default: number;
  readonly least: number;
  readonly most: number;
  /** what it does, for people */
  readonly about: string;
}

/** Options by the names that a configuration file gives them. */
export type PolicyOptions = Readonly<Record<string, PolicyOption>>;

/** What a policy is made with. */
export type OptionValues<Options extends PolicyOptions> = { readonly [Name in keyof Options]: number };

/** The values of a policy's options. Throws `configuration_invalid` for a name that is none and for a value out of its range. */
export function readOptions<Options extends PolicyOptions>(options: Options, given: JsonObject): OptionValues<Options> {
  const names = Object.keys(options);
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) throw refuseName(stranger, names);
  const values = Object.entries(options).map(([name, option]) => {
    const written = given[name];
    return [name, written === undefined ? option.default : readValue(name, option, written)];
  });
  return Object.fromEntries(values) as OptionValues<Options>;
}

function readValue(name: string, option: PolicyOption, written: JsonValue): number {
  const value = option.kind === 'time' ? readTimeMs(written) : written;
  const isOfKind = typeof value === 'number' && (option.kind !== 'whole' || Number.isInteger(value));
  if (isOfKind && value >= option.least && value <= option.most) return value;
  const unit = option.kind === 'time' ? ' ms, written as seconds or as 500ms, 30s, 5m or 1h' : '';
  const what = option.kind === 'whole' ? 'a whole number' : option.kind === 'time' ? 'a time' : 'a number';
  throw new GatewayError(
    'configuration_invalid',
    `The policy's option '${name}' must be ${what} from ${option.least} to ${option.most}${unit}.`,
  );
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function readTimeMs(written: JsonValue): number | undefined {
  if (typeof written === 'number') return Math.round(written * 1000);
  const [, count, unit = ''] = (typeof written === 'string' && /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h)$/.exec(written)) || [];
  return count === undefined ? undefined : Math.round(Number(count) * (unitsMs[unit] ?? 1));
}

function refuseName(stranger: string, names: readonly string[]): GatewayError {
  const shown = stranger.slice(0, 64);
  const nearest = findNearestName(shown, names);
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  const known = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`;
  return new GatewayError('configuration_invalid', `The policy has no option '${shown}'.${hint} ${known}`);
}
