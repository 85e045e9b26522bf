import { relative } from 'node:path';
import { GatewayError } from '../../protocol/error.ts';
import { type ConfigurationReading, type Fault, renderFault, renderFaults } from '../../server/config/index.ts';

/** What a check says on stdout: warnings, and that the file is right where it is; as JSON its faults too. */
export function renderCheck(file: string, reading: ConfigurationReading, { json = false }: { readonly json?: boolean }): string {
  if (json) return `${JSON.stringify(describe(reading), null, 2)}\n`;
  const warnings = reading.warnings.map((warning) => `${renderFault(warning)}\n`).join('');
  if (!reading.isUsable) return warnings;
  const { upstreams, models } = reading.configuration;
  return `${warnings}${file} is right: ${count(upstreams.length, 'upstream')}, ${count(models.length, 'model')}${warnings === '' ? '' : `, ${count(reading.warnings.length, 'warning')}`}.\n`;
}

/** Throws with all the faults of a file that cannot be used. */
export function refuseFaulty(reading: ConfigurationReading): asserts reading is ConfigurationReading & { readonly isUsable: true } {
  if (reading.isUsable) return;
  const { faults } = reading;
  throw new GatewayError(
    'configuration_invalid',
    `the configuration cannot be used (${count(faults.length, 'fault')}):\n${renderFaults(faults)}`,
  );
}

/** The reading with its places as a person at `folder` would write them. */
export function shortenPlaces(reading: ConfigurationReading, folder: string): ConfigurationReading {
  const shorten = (faults: readonly Fault[]): readonly Fault[] =>
    faults.map(({ place, ...rest }) => {
      const short = relative(folder, place.file);
      return { ...rest, place: short.startsWith('..') ? place : { ...place, file: short } };
    });
  const warnings = shorten(reading.warnings);
  return reading.isUsable ? { ...reading, warnings } : { ...reading, warnings, faults: shorten(reading.faults) };
}

function describe(reading: ConfigurationReading): object {
  const flat = ({ place, path, problem }: Fault) => ({ ...place, path, problem });
  return {
    isUsable: reading.isUsable,
    files: reading.files,
    faults: reading.isUsable ? [] : reading.faults.map(flat),
    warnings: reading.warnings.map(flat),
  };
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
