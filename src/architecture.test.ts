import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The house of DESIGN section 2, lowest floor first. A room may import itself and lower floors. */
const floors: readonly (readonly string[])[] = [
  ['protocol'],
  ['text', 'jinja', 'telemetry'],
  ['dialects', 'parsing', 'grammars', 'models', 'templates', 'tokenizers'],
  ['translate'],
  ['engines', 'policies', 'stores', 'sources', 'workers', 'client', 'testing'],
  ['gateway', 'scheduling'],
  ['api'],
  ['server'],
  ['cli', 'fleet', 'simulate'],
];

/** Imports that are allowed between rooms of one floor. */
const sideDoors: Readonly<Record<string, readonly string[]>> = {
  jinja: ['text'],
  grammars: ['dialects'],
  parsing: ['dialects', 'grammars'],
  templates: ['dialects'],
  gateway: ['scheduling'],
  cli: ['fleet', 'simulate'],
};

/** A file that only the named ones may import. */
const privateFiles: Readonly<Record<string, readonly string[]>> = {
  // parsers may only peek: whoever sees the buffer depends on where chunks end
  'text/text-window.ts': ['text/reader.ts', 'text/marks.ts'],
};

const pureRooms = new Set([...floors.slice(0, 4).flat(), 'client', 'policies']);
const environmentRooms = new Set(['server', 'cli']);
const bannedNames = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'core', 'base', 'service', 'services', 'manager', 'managers']);
const optionalPackages = [/^node-llama-cpp$/, /^pg$/, /^ioredis$/, /^@opentelemetry\/sdk/];
const mostLines = { program: 400, test: 600 };
const nodeModules = new Set(builtinModules);

/** Source text by path from `src/`, with forward slashes. */
type Sources = ReadonlyMap<string, string>;

interface Violation {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  /** the text with comments, and the insides of strings and regular expressions, blanked; positions are kept */
  readonly code: string;
  readonly imports: readonly Import[];
}

interface Import {
  readonly kind: 'value' | 'type' | 'dynamic';
  readonly specifier: string;
  readonly line: number;
}

/** Everything in the sources that breaks a rule of the house. */
function checkArchitecture(sources: Sources): readonly Violation[] {
  const files = [...sources].filter(([path]) => !isTest(path)).map(([path, text]) => readSource(path, text));
  return [
    ...[...sources].flatMap(([path, text]) => checkSize(path, text)),
    ...files.flatMap((file) => [...checkNames(file), ...checkImports(file), ...checkWords(file)]),
    ...checkOptionalPackages(files),
    ...checkRoomCycles(files),
  ];
}

function isTest(path: string): boolean {
  return /\.test\.([a-z]+\.)?ts$/.test(path);
}

function checkSize(path: string, text: string): readonly Violation[] {
  const lines = text.trimEnd().split('\n').length;
  const most = isTest(path) ? mostLines.test : mostLines.program;
  return lines <= most ? [] : [{ file: path, line: most + 1, rule: `a file has at most ${most} lines, this one has ${lines}` }];
}

function checkNames(file: SourceFile): readonly Violation[] {
  const banned = file.path
    .replace(/\.ts$/, '')
    .split('/')
    .filter((name) => bannedNames.has(name));
  const named = banned.map((name) => ({
    file: file.path,
    line: 1,
    rule: `"${name}" says nothing: name the room or file for what is in it`,
  }));
  if (floorOf(file.room) !== undefined) return named;
  return [...named, { file: file.path, line: 1, rule: `"${file.room}" is not a room of DESIGN section 2` }];
}

function checkImports(file: SourceFile): readonly Violation[] {
  return file.imports.flatMap(({ specifier, line }) => {
    const rule = specifier.startsWith('.') ? judgeRoomImport(file, specifier) : judgePackageImport(file, specifier);
    return rule === undefined ? [] : [{ file: file.path, line, rule }];
  });
}

function judgeRoomImport(file: SourceFile, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(file.path), specifier);
  if (target.startsWith('..')) return `${specifier} leaves src`;
  const users = privateFiles[target];
  if (users && !users.includes(file.path)) return `${target} is for ${users.join(' and ')} only`;
  const room = roomOf(target);
  if (mayImport(file.room, room)) return undefined;
  return `${file.room} (floor ${floorOf(file.room)}) may not import ${room} (floor ${floorOf(room)}): only its own room, lower floors and side doors`;
}

function judgePackageImport(file: SourceFile, specifier: string): string | undefined {
  const isNode = specifier.startsWith('node:') || nodeModules.has(specifier);
  return isNode && pureRooms.has(file.room) ? `${file.room} runs anywhere: it may not import ${specifier}` : undefined;
}

function mayImport(from: string, to: string): boolean {
  if (from === to || sideDoors[from]?.includes(to)) return true;
  return (floorOf(to) ?? Infinity) < (floorOf(from) ?? -1);
}

function floorOf(room: string): number | undefined {
  const floor = floors.findIndex((rooms) => rooms.includes(room));
  return floor === -1 ? undefined : floor;
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}

interface WordRule {
  readonly pattern: RegExp;
  /** where to look: the program alone, or its comments too */
  readonly place: 'code' | 'text';
  readonly rule: string;
  readonly appliesTo?: (room: string) => boolean;
}

const wordRules: readonly WordRule[] = [
  { pattern: /(?<![.\w$])any\b(?!\s*[:?(])/g, place: 'code', rule: 'no `any`: use `unknown` and decode it once' },
  { pattern: /\/[/*]\s*@ts-(ignore|nocheck|expect-error)/g, place: 'text', rule: 'no comment that silences the compiler' },
  {
    pattern: /\bprocess\s*\??\.\s*env\b|\benv\b[^{}]*\}\s*=\s*process\b/g,
    place: 'code',
    rule: 'the environment is read in server and cli only',
    appliesTo: (room) => !environmentRooms.has(room),
  },
  {
    pattern: /\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'(node:)?process'/g,
    place: 'text',
    rule: 'the environment is read in server and cli only',
    appliesTo: (room) => !environmentRooms.has(room),
  },
  {
    pattern: /\bgetBuiltinModule\b/g,
    place: 'code',
    rule: 'this room runs anywhere: no Node module',
    appliesTo: (room) => pureRooms.has(room),
  },
];

function checkWords(file: SourceFile): readonly Violation[] {
  return wordRules
    .filter(({ appliesTo }) => appliesTo?.(file.room) ?? true)
    .flatMap(({ pattern, place, rule }) =>
      [...file[place].matchAll(pattern)].map((match) => ({ file: file.path, line: lineAt(file.text, match.index), rule })),
    );
}

/** An optional package is loaded by `import()` in one file; types of it may be named in that file's folder only. */
function checkOptionalPackages(files: readonly SourceFile[]): readonly Violation[] {
  return optionalPackages.flatMap((pattern) => {
    const uses = files.flatMap((file) =>
      file.imports.filter(({ specifier }) => pattern.test(packageOf(specifier))).map((use) => ({ file: file.path, use })),
    );
    const loaders = uses.filter(({ use }) => use.kind === 'dynamic');
    const home = posix.dirname((loaders[0] ?? uses[0])?.file ?? '');
    return uses.flatMap(({ file, use }) => {
      const rule = judgeOptionalUse({ file, use, loader: loaders[0]?.file ?? file, home });
      return rule === undefined ? [] : [{ file, line: use.line, rule }];
    });
  });
}

function judgeOptionalUse(given: { file: string; use: Import; loader: string; home: string }): string | undefined {
  const { file, use, loader, home } = given;
  if (use.kind === 'value') return `${use.specifier} is optional: load it with import() when it is needed`;
  if (use.kind === 'dynamic' && file !== loader) return `${use.specifier} is optional: ${loader} loads it already, and one file is enough`;
  if (use.kind === 'type' && posix.dirname(file) !== home) return `${use.specifier} is optional: its types stay in ${home}`;
  return undefined;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function checkRoomCycles(files: readonly SourceFile[]): readonly Violation[] {
  const edges = files.flatMap((file) =>
    file.imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier, line }) => ({
        from: file.room,
        to: roomOf(posix.join(posix.dirname(file.path), specifier)),
        file: file.path,
        line,
      }))
      .filter(({ from, to }) => from !== to),
  );
  const reaches = (start: string, goal: string, seen: Set<string> = new Set()): boolean =>
    edges.some(({ from, to }) => from === start && !seen.has(to) && (to === goal || reaches(to, goal, seen.add(to))));
  return edges
    .filter(({ from, to }) => !sideDoors[from]?.includes(to) && reaches(to, from))
    .map(({ from, to, file, line }) => ({ file, line, rule: `${from} and ${to} import each other` }));
}

function readSource(path: string, text: string): SourceFile {
  const code = blankText(text);
  return { path, room: roomOf(path), text, code, imports: findImports(text, code) };
}

const importForms: readonly { readonly pattern: RegExp; readonly kindOf: (match: RegExpMatchArray) => Import['kind'] }[] = [
  {
    // import … from '…', export … from '…'
    pattern: /\b(?:import|export)\b(?<clause>[\w$\s{},*]*?)\bfrom\s*(?<quoted>'[^']*'|"[^"]*")/dg,
    kindOf: (match) => (/^\s*type\s+(?!from\b|,)/.test(match.groups?.clause ?? '') ? 'type' : 'value'),
  },
  { pattern: /\bimport\s*(?<quoted>'[^']*'|"[^"]*")/dg, kindOf: () => 'value' },
  {
    // import('…'), and the types typeof import('…') and import('…').Name
    pattern: /(?<type>\btypeof\s+)?\bimport\s*\(\s*(?<quoted>'[^']*'|"[^"]*")\s*\)(?<member>\s*\.\s*[A-Z])?/dg,
    kindOf: (match) => (match.groups?.type === undefined && match.groups?.member === undefined ? 'dynamic' : 'type'),
  },
];

function findImports(text: string, code: string): readonly Import[] {
  return importForms.flatMap(({ pattern, kindOf }) =>
    [...code.matchAll(pattern)].flatMap((match) => {
      const [start, end] = match.indices?.groups?.quoted ?? [0, 0];
      return start === 0 ? [] : [{ kind: kindOf(match), specifier: text.slice(start + 1, end - 1), line: lineAt(text, start) }];
    }),
  );
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** What can follow the last significant character when a slash begins a regular expression. */
const beforeRegularExpression = /(^|[=(,:;!&|?{}[+\-*%~^<>]|\b(return|typeof|case|in|of|void|delete|throw|new|do|else|await|yield))\s*$/;

/** Pieces of a program whose insides are not program text; each is tried where the one before it ended. */
const opaquePieces = [/\/\/[^\n]*/y, /\/\*[\s\S]*?\*\//y, /'(?:\\[\s\S]|[^'\\\n])*'/y, /"(?:\\[\s\S]|[^"\\\n])*"/y] as const;
const regularExpression = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;

/** Blanks comments, strings, template text and regular expressions; the quotes of strings stay, and so does every line break. */
function blankText(text: string): string {
  let code = '';
  /** depths of braces at which a template's `${` was opened */
  const templates: number[] = [];
  let depth = 0;
  while (code.length < text.length) {
    const at = code.length;
    const character = text[at] ?? '';
    const piece = matchOpaque(text, at, code);
    if (piece !== undefined) code += piece;
    else if (character === '`' || (character === '}' && templates.at(-1) === depth)) {
      if (character === '}') {
        templates.pop();
        depth -= 1;
      }
      const part = readTemplatePart(text, at + 1);
      if (part.opens) templates.push(++depth);
      code += `${character}${blank(part.text)}`;
    } else {
      if (character === '{') depth += 1;
      if (character === '}') depth -= 1;
      code += character;
    }
  }
  return code;
}

function matchOpaque(text: string, at: number, before: string): string | undefined {
  for (const pattern of opaquePieces) {
    const found = matchAt(pattern, text, at);
    if (found !== undefined) return /^['"]/.test(found) ? `${found[0]}${blank(found.slice(1, -1))}${found[0]}` : blank(found);
  }
  if (text[at] !== '/' || !beforeRegularExpression.test(before.slice(-60))) return undefined;
  const found = matchAt(regularExpression, text, at);
  return found === undefined ? undefined : blank(found);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A template's text up to its closing backtick or the next `${`, both included. */
function readTemplatePart(text: string, start: number): { readonly text: string; readonly opens: boolean } {
  const found = matchAt(/(?:\\[\s\S]|\$(?!\{)|[^\\`$])*(`|\$\{)/y, text, start) ?? text.slice(start);
  return { text: found, opens: found.endsWith('${') };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function readOwnSources(): Sources {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'src', 'protocol')) && root !== dirname(root)) root = dirname(root);
  const folder = join(root, 'src');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]));
}

function describe(violations: readonly Violation[]): string {
  return violations.map(({ file, line, rule }) => `src/${file}:${line} ${rule}`).join('\n');
}

test('the house keeps its rules', () => {
  assert.equal(describe(checkArchitecture(readOwnSources())), '');
});

const many = (count: number) => 'export {};\n'.repeat(count);

const examples: readonly {
  readonly what: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly found: readonly string[];
}[] = [
  {
    what: 'an import to a lower floor, the own room or through a side door is allowed',
    sources: {
      'gateway/turn.ts':
        "import { plan } from '../translate/plan.ts';\nimport { admit } from '../scheduling/admission.ts';\nimport './node.ts';\n",
      'templates/render.ts': "import type { Dialect } from '../dialects/dialect.ts';\n",
    },
    found: [],
  },
  {
    what: 'an import to a higher floor is found, types and re-exports too',
    sources: {
      'text/a.ts':
        "import { x } from './b.ts';\nimport type {\n  Plan,\n} from '../translate/plan.ts';\nexport * from '../gateway/node.ts';\n",
      'protocol/c.ts': "export type X = import('../text/a.ts').X;\n",
    },
    found: [
      'text/a.ts:4 text (floor 1) may not import translate (floor 3)',
      'text/a.ts:5 text (floor 1) may not',
      'protocol/c.ts:1 protocol (floor 0) may not',
    ],
  },
  {
    what: 'an import to another room of the same floor is found',
    sources: {
      'engines/ollama.ts': "import { read } from '../sources/gguf.ts';\n",
      'text/a.ts': "const b = await import('../jinja/b.ts');\n",
    },
    found: ['engines/ollama.ts:1 engines (floor 4) may not import sources (floor 4)', 'text/a.ts:1 text (floor 1) may not import jinja'],
  },
  {
    what: 'a room that is not in the design is found',
    sources: { 'things/a.ts': 'export {};\n', 'main.ts': 'export {};\n' },
    found: ['things/a.ts:1 "things" is not a room', 'main.ts:1 "main.ts" is not a room'],
  },
  {
    what: 'an import from outside src is found',
    sources: { 'cli/a.ts': "import '../../package.json';\n" },
    found: ['cli/a.ts:1 ../../package.json leaves src'],
  },
  {
    what: "a Node module in a room that runs anywhere is found, under Node's older names too",
    sources: {
      'translate/a.ts': "import { join } from 'node:path';\n",
      'client/a.ts': "import fs from 'fs';\n",
      'policies/a.ts': "process.getBuiltinModule('os');\n",
      'engines/a.ts': "import { join } from 'node:path';\n",
    },
    found: ['translate/a.ts:1 translate runs anywhere', 'client/a.ts:1 client runs anywhere', 'policies/a.ts:1 this room runs anywhere'],
  },
  {
    what: 'a file that belongs to others is not imported, from its own room neither',
    sources: {
      'text/reader.ts': "import { TextWindow } from './text-window.ts';\n",
      'text/json-repair.ts': "import { TextWindow } from './text-window.ts';\n",
      'parsing/a.ts': "import type { TextWindow } from '../text/text-window.ts';\n",
    },
    found: [
      'text/json-repair.ts:1 text/text-window.ts is for text/reader.ts and text/marks.ts only',
      'parsing/a.ts:1 text/text-window.ts is for text/reader.ts and text/marks.ts only',
    ],
  },
  {
    what: 'an optional package is loaded on demand, in one file, and its types stay beside it',
    sources: {
      'engines/embedded/native.ts':
        "import type { Llama } from 'node-llama-cpp';\nconst m = (await import(name)) as typeof import('node-llama-cpp');\n",
      'engines/embedded/facts.ts': "import type { LlamaModel } from 'node-llama-cpp';\n",
      'stores/postgres.ts': "const { Pool } = await import('pg');\n",
    },
    found: [],
  },
  {
    what: 'an optional package that is imported at start, twice or far away is found',
    sources: {
      'engines/a.ts': "import { getLlama } from 'node-llama-cpp';\n",
      'stores/a.ts': "await import('ioredis');\n",
      'stores/b.ts': "await import('ioredis');\n",
      'server/c.ts': "import type { Redis } from 'ioredis';\nimport '@opentelemetry/sdk-node';\n",
    },
    found: [
      'engines/a.ts:1 node-llama-cpp is optional: load it with import()',
      'stores/b.ts:1 ioredis is optional: stores/a.ts loads it already',
      'server/c.ts:1 ioredis is optional: its types stay in stores',
      'server/c.ts:2 @opentelemetry/sdk-node is optional',
    ],
  },
  {
    what: 'a name that says nothing is found, of a room, a folder and a file',
    sources: { 'utils/a.ts': '', 'text/helpers/b.ts': '', 'api/core.ts': '', 'text/base64.ts': '' },
    found: [
      'utils/a.ts:1 "utils" says nothing',
      'utils/a.ts:1 "utils" is not a room',
      'text/helpers/b.ts:1 "helpers"',
      'api/core.ts:1 "core"',
    ],
  },
  {
    what: 'a file that is too long is found; tests may be longer',
    sources: { 'text/a.ts': many(401), 'text/a.test.ts': many(600), 'text/b.test.ts': many(601), 'text/c.ts': many(400) },
    found: ['text/a.ts:401 a file has at most 400 lines, this one has 401', 'text/b.test.ts:601 a file has at most 600'],
  },
  {
    what: 'any and silenced errors are found, but not the word in texts, comments and members',
    sources: {
      'text/a.ts': "// any room\nconst a: any = 'any';\nconst b = x as any[];\n/* @ts-ignore */\n// @ts-expect-error\n",
      'text/b.ts': `await Promise.any([]);\nconst c = { any: \`any \${first} any\` };\nconst d = /any "/;\nconst e = f(a / b, "any");\n`,
    },
    found: ['text/a.ts:2 no `any`', 'text/a.ts:3 no `any`', 'text/a.ts:4 no comment', 'text/a.ts:5 no comment'],
  },
  {
    what: 'the environment read outside server and cli is found, inside a template too',
    sources: {
      'engines/a.ts': 'const { env } = process;\n',
      'engines/b.ts': `const url = \`http://\${process.env.HOST}/\`;\n`,
      'server/a.ts': 'process.env.KEY;\n',
      'fleet/a.ts': "import { env } from 'node:process';\n",
    },
    found: ['engines/a.ts:1 the environment is read', 'engines/b.ts:1 the environment is read', 'fleet/a.ts:1 the environment is read'],
  },
  {
    what: 'rooms that import each other are found',
    sources: { 'gateway/a.ts': "import '../scheduling/b.ts';\n", 'scheduling/b.ts': "import '../gateway/a.ts';\n" },
    found: ['scheduling/b.ts:1 scheduling (floor 5) may not', 'scheduling/b.ts:1 scheduling and gateway import each other'],
  },
  {
    what: 'imports in comments, strings and templates do not count, nor do those of tests',
    sources: {
      'text/a.ts': `// import '../cli/main.ts';\n/** import('../cli/main.ts') */\nconst a = \`import '../cli/main.ts' \${\`}\${1}\`} x\`;\n`,
      'text/b.ts': `const b = "import '../api/b.ts'";\nconst c = /[/'"]/.test(b) ? b / 2 : '\\'';\n`,
      'text/a.test.ts': "import '../cli/main.ts';\nconst a: any = process.env.A;\n",
    },
    found: [],
  },
];

for (const { what, sources, found } of examples) {
  test(what, () => {
    const violations = checkArchitecture(new Map(Object.entries(sources)))
      .map((violation) => `${violation.file}:${violation.line} ${violation.rule}`)
      .sort();
    const wanted = [...found].sort();
    assert.equal(violations.length, wanted.length, violations.join('\n'));
    for (const beginning of wanted)
      assert.ok(
        violations.some((line) => line.startsWith(beginning)),
        `${beginning}\nis not among\n${violations.join('\n')}`,
      );
  });
}
