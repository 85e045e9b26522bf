import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestScene } from './digest-scene.ts';
import { type Engines, openEngines } from './engines.ts';
import { liveThrough } from './live-through.ts';
import type { Sight } from './observation.ts';
import type { Scene } from './scene.ts';

/** A gateway that runs. */
export interface Running {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** Starts a gateway with a configuration file and these variables, which are all that it is to know. Undefined: it refuses to. */
export type StartGateway = (configPath: string, environment: Readonly<Record<string, string>>) => Promise<Running | undefined>;

/** Lets a gateway live through a scene, with engines of its own. */
export async function runScene(scene: Scene, start: StartGateway): Promise<Sight> {
  const engines = await openEngines(scene);
  const folder = mkdtempSync(join(tmpdir(), 'rookery-scene-'));
  try {
    const gateway = await start(writeFiles(scene, engines, folder), placeAll(scene.environment ?? {}, engines));
    const of = digestScene(scene);
    if (gateway === undefined) return { of, starts: false, observations: [] };
    try {
      return { of, starts: true, observations: await liveThrough(scene, engines, gateway.url) };
    } finally {
      await gateway.stop();
    }
  } finally {
    await engines.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function placeAll(environment: Readonly<Record<string, string>>, engines: Engines): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, engines.place(value)]));
}

/** Gives the path of the first one. */
function writeFiles({ files, name }: Scene, engines: Engines, folder: string): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), engines.place(text));
  }
  const [first] = Object.keys(files);
  if (first === undefined) throw new Error(`The scene ${name} has no file.`);
  return join(folder, first);
}
