import { spawnSync } from 'node:child_process';
import { type LiteralJson, parseLiteralJson } from '../text/literal-json.ts';
import { compileTemplate, JinjaError, type Template } from './index.ts';

/** A template to render in both worlds; `variables` is JSON text. */
export interface OracleCase {
  readonly template: string;
  readonly variables: string;
}

/** What came of it: the text, or the kind of error. */
export type Outcome = { readonly text: string } | { readonly error: string };

/** The moment every render takes place, and its zone. */
export const oracleNow = new Date('2025-07-04T13:05:09Z');

// transformers' own settings: chat_template_utils.py of transformers 4.5x
const environment = `
import json, sys, datetime
sys.setrecursionlimit(1000)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.ext import Extension, loopcontrols
from jinja2 import nodes
import jinja2
class Generation(Extension):
    tags = {"generation"}
    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_run"), [], [], body).set_lineno(line)
    def _run(self, caller):
        return caller()
def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)
def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
now = datetime.datetime(2025, 7, 4, 13, 5, 9)
env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
env.filters["tojson"] = tojson
env.globals["raise_exception"] = raise_exception
env.globals["strftime_now"] = lambda format: now.strftime(format)
given = json.loads(sys.stdin.buffer.read().decode("utf-8", "surrogatepass"))
`;

const renderAll = `
cache = {}
def run(template, variables):
    try:
        if template not in cache:
            cache[template] = env.from_string(template)
        return {"text": cache[template].render(**json.loads(variables))}
    except BaseException as error:
        return {"error": type(error).__name__ + ": " + str(error)[:200]}
out = [run(given["templates"][template], variables) for template, variables in given["cases"]]
sys.stdout.buffer.write(json.dumps(out).encode())
`;

const listAll = `
from jinja2 import meta
out = [sorted(meta.find_undeclared_variables(env.parse(template))) for template in given]
sys.stdout.buffer.write(json.dumps(out).encode())
`;

/** A Python that has jinja2. */
export interface Oracle {
  readonly python: string;
  readonly version: string;
  /** whether it is 3.1.5 or later, which scopes `if` and reads `set` a little otherwise */
  readonly isCurrent: boolean;
}

/** The Python that has jinja2, or why there is none. */
export function findPython(): Oracle | { readonly missing: string } {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import jinja2; print(jinja2.__version__)'], { encoding: 'utf8' });
    if (status === 0) return { python, version: stdout.trim(), isCurrent: isFrom315(stdout) };
  }
  return { missing: 'no python3 here has jinja2 (apt-get install python3-jinja2, or pip install jinja2)' };
}

function isFrom315(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major * 1e6 + minor * 1e3 + patch >= 3_001_005;
}

/** Renders everything with Jinja2 in one process. */
export function renderWithPython(python: string, cases: readonly OracleCase[]): readonly Outcome[] {
  const templates = [...new Set(cases.map(({ template }) => template))];
  const places = new Map(templates.map((template, index) => [template, index]));
  const input = { templates, cases: cases.map(({ template, variables }) => [places.get(template), variables]) };
  return runPython(python, renderAll, input) as readonly Outcome[];
}

/** The names that Jinja2 says each template reads from outside, in order. */
export function listVariablesWithPython(python: string, templates: readonly string[]): readonly (readonly string[])[] {
  return runPython(python, listAll, templates) as readonly (readonly string[])[];
}

function runPython(python: string, script: string, input: object): unknown {
  const done = spawnSync(python, ['-c', environment + script], {
    input: JSON.stringify(input),
    maxBuffer: 1 << 30,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C', PYTHONHASHSEED: '0' },
  });
  if (done.status !== 0) throw new Error(`${python} failed: ${done.stderr.toString()}`);
  return JSON.parse(done.stdout.toString());
}

const compiled = new Map<string, Template>();

/** Renders with our engine. */
export function renderHere({ template, variables }: OracleCase): Outcome {
  try {
    const ready = compiled.get(template) ?? compileTemplate(template);
    compiled.set(template, ready);
    const given = parseLiteralJson(variables) as ReadonlyMap<string, LiteralJson>;
    return { text: ready.render(given, { now: oracleNow }).text };
  } catch (error) {
    if (error instanceof JinjaError) return { error: `${error.kind}: ${error.message}` };
    throw error;
  }
}

/** Our kind for each class of Jinja2's; every other class is one of Python's own and a `type` to us. */
const kindOfClass: Readonly<Record<string, string>> = {
  TemplateSyntaxError: 'syntax',
  TemplateAssertionError: 'syntax',
  SyntaxError: 'syntax',
  UndefinedError: 'undefined',
  SecurityError: 'security',
  TemplateError: 'template',
  TemplateRuntimeError: 'template',
  FilterArgumentError: 'template',
  OverflowError: 'limit',
  RecursionError: 'limit',
};

function isSameKind(our: string, their: string): boolean {
  const wanted = kindOfClass[their.split(':')[0] ?? ''] ?? 'type';
  // tags that need a loader are not in our grammar
  return our.startsWith(`${wanted}:`) || their.includes('no loader for this environment') || their.startsWith('OverflowError');
}

/** One line for each case whose outcome is not the same; errors count as the same when they are of one kind. */
export function compareOutcomes(cases: readonly OracleCase[], theirs: readonly Outcome[]): readonly string[] {
  return cases.flatMap((given, index) => {
    const their = theirs[index] ?? { error: 'nothing' };
    const our = renderHere(given);
    const isSame = 'text' in their ? 'text' in our && our.text === their.text : 'error' in our && isSameKind(our.error, their.error);
    return isSame ? [] : [describe(given, our, their)];
  });
}

function describe(given: OracleCase, our: Outcome, their: Outcome): string {
  const template = given.template.length > 600 ? `${given.template.slice(0, 60)}…` : given.template;
  const [mine, right] = ['text' in our ? our.text : our.error, 'text' in their ? their.text : their.error];
  let start = 0;
  if ('text' in our && 'text' in their) while (start < mine.length && mine[start] === right[start]) start++;
  const show = (text: string) => JSON.stringify(text.slice(Math.max(0, start - 30), start + 120));
  return `${JSON.stringify(template)}\n  ours:   ${show(mine)}\n  theirs: ${show(right)}\n  with ${given.variables.slice(0, 160)}`;
}
