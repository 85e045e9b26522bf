import { readFile } from 'node:fs/promises';
import {
  type ConfigurationReading,
  readConfiguration,
  renderFault,
  starter,
  writeConfiguration,
  writeSchema,
  writeStarter,
} from '../../server/config/index.ts';
import { refuseFaulty, renderCheck, shortenPlaces } from './check.ts';
import { writeNewFile } from './write-new-file.ts';

/** Runs `rookery config check` with this process's streams. Throws `configuration_invalid` with every fault where the file cannot be used. */
export async function runCheck(file: string, flags: { readonly json?: boolean }): Promise<void> {
  const reading = await read(file);
  process.stdout.write(renderCheck(file, reading, flags));
  refuseFaulty(reading);
}

/** Runs `rookery config print`: YAML on stdout, remarks on stderr. Throws as `runCheck` does. */
export async function runPrint(file: string): Promise<void> {
  const reading = await read(file);
  refuseFaulty(reading);
  const { text, missingVariables } = writeConfiguration(reading.configuration);
  for (const warning of reading.warnings) process.stderr.write(`${renderFault(warning)}\n`);
  if (missingVariables.length > 0)
    process.stderr.write(`Secrets that stand in the file itself are to be set as: ${missingVariables.join(', ')}.\n`);
  process.stdout.write(text);
}

/** Runs `rookery config schema`. */
export async function printSchema(): Promise<void> {
  process.stdout.write(`${JSON.stringify(writeSchema(), null, 2)}\n`);
}

/** Runs `rookery config init`. Throws `bad_usage` for a file that is there already, and what `writeStarter` throws. */
export async function runInit(file: string, flags: { readonly fromEnv?: boolean; readonly force?: boolean }): Promise<void> {
  const text = flags.fromEnv ? writeStarter(process.env) : starter;
  await writeNewFile(file, text, flags);
  process.stdout.write(`Wrote ${file}. Check it with: rookery config check ${file}\n`);
}

async function read(file: string): Promise<ConfigurationReading> {
  const reading = await readConfiguration(file, { environment: process.env, readFile: (path) => readFile(path, 'utf8') });
  return shortenPlaces(reading, process.cwd());
}
