import { StepFailure } from './step-failure.mjs';

const keptLines = 15;

/** What npm prints at every failure and nobody needs. */
const noise = [
  /^npm warn Unknown (user|env|project|global|builtin) config/,
  /^npm (error )?A complete log of this run/,
  /^npm (notice|warn deprecated|http)/,
  /^npm error\s*$/,
  /^\s*$/,
];

const causes = [
  { found: /\bENOSPC\b|no space left/i, message: 'The disk is full', nextStep: 'free about 400 MB and run the command again.' },
  {
    found:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b|network request .* failed/i,
    message: 'The npm registry cannot be reached',
    nextStep:
      'check the network (behind a proxy: `npm config set proxy URL`; own registry: `npm config set registry URL`), then run the command again. `npm ping` tells whether it works.',
  },
  {
    found: /SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_HAS_EXPIRED|unable to (get local issuer|verify)/i,
    message: "The registry's certificate is not trusted",
    nextStep: "name your organisation's root certificate with `npm config set cafile FILE`, then run the command again.",
  },
  {
    found: /can only install packages when your package\.json and package-lock\.json/i,
    message: 'package.json and package-lock.json do not match',
    nextStep:
      'on an unchanged checkout run `git checkout package.json package-lock.json`; after changing a dependency run `npm install --package-lock-only --ignore-scripts && node scripts/fix-lockfile.mjs`.',
  },
  {
    found: /\b(ENOTEMPTY|EBUSY)\b/,
    message: 'Another program uses node_modules',
    nextStep: 'end other npm runs and programs of this checkout, remove node_modules, and run the command again.',
  },
  {
    found: /\bEINTEGRITY\b/,
    message: 'A package is not what the lockfile promises',
    nextStep: 'run `npm cache clean --force` and the command again; if it stays, the registry serves something else: report it.',
  },
  {
    found: /\b(EACCES|EPERM)\b/,
    message: 'npm may not write here',
    nextStep: 'make the checkout yours (`sudo chown -R "$USER" .`) and run the command again.',
  },
  {
    found: /\b(E401|E403|ENEEDAUTH)\b/,
    message: 'The registry refuses access',
    nextStep: 'check `npm config get registry` and its credentials, then run the command again.',
  },
  {
    found: /\b(E404|ETARGET)\b/,
    message: 'The registry lacks a package of the lockfile',
    nextStep: 'check `npm config get registry`: a mirror may be behind. Then run the command again.',
  },
];

/** The failure of an npm run in a person's words, with the end of what npm said. */
export function explainNpmFailure(output, code) {
  const cause = causes.find(({ found }) => found.test(output));
  const told = tailOf(output);
  if (cause !== undefined) return new StepFailure(`${cause.message}: the packages could not be installed.`, cause.nextStep, told);
  return new StepFailure(
    `npm ended with code ${code}: the packages could not be installed.`,
    'read the lines above, mend what they name, and run the command again.',
    told,
  );
}

/** npm's own words without its noise; the manual page that a mismatch prints is left out. */
function tailOf(output) {
  const lines = output.split('\n').filter((line) => !noise.some((pattern) => pattern.test(line)));
  const manual = lines.findIndex((line) => /^npm error (Clean install a project|Usage:)/.test(line));
  const told = manual === -1 ? lines : lines.slice(0, manual);
  return told.slice(-keptLines).join('\n');
}
