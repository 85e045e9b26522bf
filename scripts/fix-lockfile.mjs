// Adds to package-lock.json the optional platform packages that the registry did not have when the lock was written.
// Without them `npm ci` refuses the lock. Run it after every `npm install --package-lock-only --ignore-scripts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './steps/npm.mjs';
import { root } from './steps/paths.mjs';

const lockPath = join(root, 'package-lock.json');
const systems = { darwin: 'darwin', mac: 'darwin', linux: 'linux', win32: 'win32', win: 'win32', android: 'android' };
const processors = { x64: 'x64', arm64: 'arm64', arm: 'arm', ia32: 'ia32', riscv64: 'riscv64', ppc64: 'ppc64' };

const lock = JSON.parse(readFileSync(lockPath, 'utf8'));
const missing = findMissing(lock.packages);
for (const wanted of missing) await addEntry(wanted);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([left], [right]) => left.localeCompare(right, 'en')));
writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(missing.length === 0 ? 'package-lock.json has every optional package.\n' : `${missing.length} entries looked at.\n`);

/** Optional dependencies of locked packages that the lock has no entry for, or one without a checksum. Only exact versions are platform packages. */
function findMissing(packages) {
  const found = Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([, version]) => /^\d+\.\d+\.\d+[-+.\w]*$/.test(version))
      .map(([name, version]) => ({ name, version, owner: entry, entry: resolveFrom(packages, path, name) }))
      .filter(({ entry: found }) => found === undefined || (found.link !== true && found.integrity === undefined)),
  );
  return [...new Map(found.map((wanted) => [wanted.name, wanted])).values()];
}

/** Looks a package up as Node would: in the owner's own node_modules, then in those above it. */
function resolveFrom(packages, path, name) {
  for (let place = path; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    const entry = packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`];
    if (entry !== undefined || place === '') return entry;
  }
}

async function addEntry({ name, version, owner }) {
  const published = await view(`${name}@${version}`);
  const facts = published ?? (await view(name)) ?? {};
  if (published === undefined) process.stdout.write(`The registry lacks ${name}@${version}: its entry has no checksum.\n`);
  else process.stdout.write(`Added ${name}@${version}.\n`);
  const platform = readPlatform(name);
  lock.packages[`node_modules/${name}`] = dropUndefined({
    version,
    integrity: published?.dist?.integrity,
    cpu: facts.cpu ?? platform.cpu,
    dev: owner.dev,
    libc: facts.libc ?? platform.libc,
    license: facts.license ?? owner.license,
    optional: true,
    os: facts.os ?? platform.os,
    engines: facts.engines,
  });
}

/** The published manifest (of the newest version when none is named), or undefined where the registry has none. */
async function view(specifier) {
  const { code, output } = await runNpm([
    'view',
    specifier,
    'name',
    'version',
    'dist.integrity',
    'os',
    'cpu',
    'libc',
    'license',
    'engines',
    '--json',
    '--loglevel=silent',
  ]);
  if (code === 0) {
    const answer = JSON.parse(output.slice(output.indexOf('{')));
    return {
      ...answer,
      dist: { integrity: answer['dist.integrity'] },
      os: toList(answer.os),
      cpu: toList(answer.cpu),
      libc: toList(answer.libc),
    };
  }
  if (/E404/.test(output)) return undefined;
  throw new Error(`npm view ${specifier} failed with code ${code}:\n${output}`);
}

/** System, processor and C library as the package's name tells them; every optional package that is missing is named for its platform. */
function readPlatform(name) {
  const words = name.split('/').at(-1).split('-');
  const os = words.map((word) => systems[word]).find(Boolean);
  const cpu = words.map((word) => processors[word]).find(Boolean);
  const libc = words.includes('musl') ? 'musl' : undefined;
  if (os === undefined || cpu === undefined) throw new Error(`Cannot tell the platform of ${name} from its name.`);
  return { os: [os], cpu: [cpu], libc: toList(libc) };
}

function toList(value) {
  return value === undefined || Array.isArray(value) ? value : [value];
}

function dropUndefined(entry) {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
