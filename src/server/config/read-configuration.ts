import { resolve } from 'node:path';
import { makeBackend } from './backend/make-backend.ts';
import type { Configuration, ConfigurationForm } from './configuration.ts';
import { comparePlaces, createFaultList, type Fault, type FaultList } from './fault.ts';
import { isMap } from './file/located.ts';
import { type ReadFile, readFiles } from './file/read-files.ts';
import { makeLiteLlm } from './litellm/make-litellm.ts';
import { makeConfiguration } from './own/make-configuration.ts';
import { type Environment, hideSecrets, type Reading } from './reading.ts';
import { isSecret } from './secret.ts';

/** What a configuration is read with. */
export interface ReadOptions {
  /** where secrets named `env:NAME` (in LiteLLM's form `os.environ/NAME`) are */
  readonly environment: Environment;
  /** gives the text of a file by its absolute path; rejects with the error of the file system */
  readonly readFile: ReadFile;
}

/** What came of reading a file. No text in it holds a secret. */
export type ConfigurationReading = {
  /** every file that was read, absolute, the named one first: a change of any of them is a change of the configuration */
  readonly files: readonly string[];
  /** what is left aside, or looks odd */
  readonly warnings: readonly Fault[];
} & (
  | { readonly isUsable: true; readonly configuration: Configuration }
  /** all that is wrong, in the order of files and lines */
  | { readonly isUsable: false; readonly faults: readonly Fault[] }
);

/** Reads and checks a configuration file of any form with all that it names. Never throws for what is in the files. */
export async function readConfiguration(path: string, { environment, readFile }: ReadOptions): Promise<ConfigurationReading> {
  const faults = createFaultList();
  const warnings = createFaultList();
  const named: string[] = [];
  const noteFile: ReadFile = (file) => {
    if (!named.includes(file)) named.push(file);
    return readFile(file);
  };
  const located = await readFiles(resolve(path), noteFile, faults);
  const secretValues = new Set<string>();
  const keysOf = (section: string): readonly string[] => {
    const found = isMap(located.value) ? located.value[section] : undefined;
    return isMap(found) ? Object.keys(found) : [];
  };
  const writtenNames = { upstreams: keysOf('upstreams'), models: keysOf('models') };
  const reading: Reading = { located, environment, readFile: noteFile, faults, warnings, secretValues, writtenNames };
  const configuration = isMap(located.value) ? await makers[findForm(located.value)](reading) : undefined;
  const tell = ({ faults: list }: FaultList): readonly Fault[] => sortFaults(list, named).map((fault) => hideIn(fault, secretValues));
  const files = named.length === 0 ? [resolve(path)] : named;
  if (faults.faults.length > 0 || configuration === undefined)
    return { isUsable: false, faults: tell(faults), files, warnings: tell(warnings) };
  return { isUsable: true, configuration: freeze(configuration), files, warnings: tell(warnings) };
}

const makers: Readonly<Record<ConfigurationForm, (reading: Reading) => Promise<Configuration | undefined>>> = {
  rookery: makeConfiguration,
  litellm: makeLiteLlm,
  backend: makeBackend,
};

/** LiteLLM's files, and those of one backend, are known by keys that ours does not have. */
function findForm(file: object): ConfigurationForm {
  if (['model_list', 'litellm_settings', 'general_settings', 'router_settings'].some((key) => key in file)) return 'litellm';
  return 'backend' in file ? 'backend' : 'rookery';
}

function sortFaults(list: readonly Fault[], files: readonly string[]): readonly Fault[] {
  return list.toSorted((first, second) => comparePlaces(first.place, second.place, files));
}

function hideIn({ place, path, problem }: Fault, secretValues: ReadonlySet<string>): Fault {
  return { place, path: hideSecrets(path, secretValues), problem: hideSecrets(problem, secretValues) };
}

/** Freezes plain data all through. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) freeze(each);
  return value;
}

/** The values of all secrets of a configuration, for a log that must never show them. */
export function listSecrets(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return isSecret(value) ? [value.reveal()] : Object.values(value).flatMap(listSecrets);
}
