import type { Configuration } from './configuration.ts';
import { renderFault } from './fault.ts';
import { type ConfigurationReading, readConfiguration } from './read-configuration.ts';
import type { Environment } from './reading.ts';
import { isSecret } from './secret.ts';

/** Reads files that exist only here; the first one is the configuration. Their folder is `/c`. */
export function readTexts(texts: Readonly<Record<string, string>> | string, environment: Environment = {}): Promise<ConfigurationReading> {
  const files = new Map(
    Object.entries(typeof texts === 'string' ? { 'rookery.yaml': texts } : texts).map(([name, text]) => [`/c/${name}`, text]),
  );
  const [first = '/c/rookery.yaml'] = files.keys();
  const readFile = async (path: string): Promise<string> => {
    const text = files.get(path);
    if (text === undefined) throw Object.assign(new Error('absent'), { code: 'ENOENT' });
    return text;
  };
  return readConfiguration(first, { environment, readFile });
}

/** The configuration of texts that have to be right. */
export async function readGood(texts: Readonly<Record<string, string>> | string, environment: Environment = {}): Promise<Configuration> {
  const reading = await readTexts(texts, environment);
  if (!reading.isUsable) throw new Error(reading.faults.map(renderFault).join('\n'));
  return reading.configuration;
}

/** The faults of texts, one a line each, their folder cut off; none where they are right. */
export async function readFaults(
  texts: Readonly<Record<string, string>> | string,
  environment: Environment = {},
): Promise<readonly string[]> {
  const reading = await readTexts(texts, environment);
  return reading.isUsable ? [] : reading.faults.map((fault) => renderFault(fault).replaceAll('/c/', ''));
}

/** The warnings of texts, as `readFaults` gives faults. */
export async function readWarnings(
  texts: Readonly<Record<string, string>> | string,
  environment: Environment = {},
): Promise<readonly string[]> {
  return (await readTexts(texts, environment)).warnings.map((fault) => renderFault(fault).replaceAll('/c/', ''));
}

/** A configuration with its secrets as texts, for comparisons. */
export function plain(value: unknown): unknown {
  if (isSecret(value)) return `${value.reference} = ${value.reveal()}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
