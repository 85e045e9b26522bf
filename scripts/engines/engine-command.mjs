import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endChildrenOnSignal } from '../steps/children.mjs';
import { reportFailure, StepFailure } from '../steps/step-failure.mjs';
import { tinyModelPath } from './engine-folder.mjs';

const flags = {
  model: { type: 'string', default: tinyModelPath },
  port: { type: 'string' },
  slots: { type: 'string', default: '4' },
  context: { type: 'string', default: '2048' },
  install: { type: 'boolean', default: false },
};

/**
 * When the module at `moduleUrl` is the program that was started: installs its engine, starts it and prints its address, until Ctrl-C. Words after
 * `--` go to the engine. `--install` installs only. `more` are further flags, handed to `start` under their names.
 */
export async function runAsCommand(moduleUrl, { install, start }, more = {}) {
  if (process.argv[1] === undefined || realpathSync(process.argv[1]) !== fileURLToPath(moduleUrl)) return;
  endChildrenOnSignal();
  try {
    const { values, positionals } = readFlags(more);
    if (values.install) return void process.stdout.write(`${await install({ log: tell })}\n`);
    const { model, port, slots, context, install: _, ...others } = values;
    const extraArgs = positionals;
    const options = { modelPath: findModel(model), slots: Number(slots), contextTokens: Number(context), extraArgs, log: tell, ...others };
    const engine = await start({ ...options, ...(port === undefined ? {} : { port: Number(port) }) });
    tell(`${engine.version}, model ${engine.model}. Ctrl-C ends it.`);
    process.stdout.write(`${engine.url}\n`);
  } catch (error) {
    reportFailure(error);
  }
}

/** The model file, or a StepFailure that says how to get it. */
export function findModel(path = tinyModelPath) {
  if (existsSync(path)) return path;
  throw new StepFailure(`There is no model at ${path}`, 'fetch the tiny one with `npm start -- --tiny`, or name a file with --model.');
}

function readFlags(more) {
  try {
    return parseArgs({ args: process.argv.slice(2), options: { ...flags, ...more }, allowPositionals: true });
  } catch (error) {
    throw new StepFailure(
      error.message,
      `known flags: ${Object.keys({ ...flags, ...more })
        .map((name) => `--${name}`)
        .join(' ')} -- words for the engine.`,
    );
  }
}

function tell(line) {
  process.stderr.write(`${line}\n`);
}
