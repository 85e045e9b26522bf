import { isDeepStrictEqual } from 'node:util';
import type { OpenNode } from '../../gateway/open-node.ts';
import { type Configuration, type ConfigurationReading, listSecrets, renderFault } from '../../server/config/index.ts';
import type { Log } from '../../server/log.ts';

/** What taking a changed file needs. */
export interface ReloadParts {
  readonly read: () => Promise<ConfigurationReading>;
  readonly log: Log;
  /** texts that the log never shows; those of the new file are added */
  readonly secrets: string[];
  /** Makes the node work by it. Throws what finding its models and templates throws. */
  readonly apply: (configuration: Configuration) => Promise<void>;
  readonly node: () => OpenNode | undefined;
  /** the files that it consists of now */
  readonly onFiles: (files: readonly string[]) => void;
}

/** Takes a changed configuration, one change at a time; one that cannot be used is refused, and the old one stays. */
export class Reloader {
  readonly #parts: ReloadParts;
  #current: Configuration;
  #isBusy = false;
  #isWanted = false;

  constructor(current: Configuration, parts: ReloadParts) {
    this.#current = current;
    this.#parts = parts;
  }

  /** Reads the file again. A call during a reading makes one more follow. */
  async reload(): Promise<void> {
    this.#isWanted = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#reloadOnce();
    }
    this.#isBusy = false;
  }

  async #reloadOnce(): Promise<void> {
    const { read, log, apply, secrets, onFiles } = this.#parts;
    try {
      const reading = await read();
      onFiles(reading.files);
      if (!reading.isUsable) return this.#refuse(reading.faults.map(renderFault));
      const { upstreams, models, passThrough } = reading.configuration;
      // most likely it is still being written
      if (upstreams.length + passThrough.length === 0) return this.#refuse([`${reading.files[0]}: it names no upstream to serve by.`]);
      for (const warning of reading.warnings) log('warn', 'configuration', { message: renderFault(warning) });
      secrets.push(...listSecrets(reading.configuration).filter((secret) => !secrets.includes(secret)));
      this.#tellFixed(reading.configuration);
      await apply(reading.configuration);
      this.#current = reading.configuration;
      log('info', 'configuration-loaded', { upstreams: upstreams.length, models: models.length });
    } catch (error) {
      this.#refuse([error instanceof Error ? error.message : String(error)]);
    }
  }

  #refuse(reasons: readonly string[]): void {
    const { log, node } = this.#parts;
    for (const reason of reasons) log('error', 'configuration-refused', { message: reason });
    node()?.refuseChange(reasons.join('\n'));
  }

  /** What is taken at the start only. */
  #tellFixed({ server, passThrough }: Configuration): void {
    const before = this.#current;
    const changed = Object.keys({ ...before.server, ...server }).filter(
      (name) => !isSame(before.server[name as keyof typeof server], server[name as keyof typeof server]),
    );
    if (!isSame(before.passThrough, passThrough)) changed.push('pass_through');
    if (changed.length === 0) return;
    this.#parts.log('warn', 'configuration-waits', {
      message: `These settings of the server take effect at its next start: ${changed.join(', ')}.`,
    });
  }
}

/** Secrets are the same when their values are. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other) && isDeepStrictEqual(listSecrets(one), listSecrets(other));
}
