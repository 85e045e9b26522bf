import { spawnSync } from 'node:child_process';

/** What Python made of one template: the text and the CPU microseconds of a render in each round; null where it raised. */
export type PythonTimes = { readonly text: string; readonly microseconds: readonly number[] } | null;

/** What Python is asked to render, and how often. */
export interface PythonWork {
  readonly templates: readonly string[];
  readonly variables: string;
  readonly rounds: number;
  readonly renders: number;
}

// transformers' own settings
const script = `
import json, sys, time, datetime
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.ext import Extension, loopcontrols
from jinja2 import nodes, exceptions
class Generation(Extension):
    tags = {"generation"}
    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_run"), [], [], body).set_lineno(line)
    def _run(self, caller):
        return caller()
def raise_exception(message):
    raise exceptions.TemplateError(message)
def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
env.filters["tojson"] = tojson
env.globals["raise_exception"] = raise_exception
env.globals["strftime_now"] = lambda format: datetime.datetime(2025, 7, 4).strftime(format)
work = json.load(sys.stdin)
variables = json.loads(work["variables"])
def prepare(source):
    try:
        template = env.from_string(source)
        return template, template.render(**variables)
    except Exception:
        return None
def measure(template):
    start = time.process_time()
    for _ in range(work["renders"]):
        template.render(**variables)
    return (time.process_time() - start) * 1e6 / work["renders"]
ready = [prepare(source) for source in work["templates"]]
times = [[] for _ in ready]
for _ in range(work["rounds"]):
    for index, one in enumerate(ready):
        if one is not None:
            times[index].append(measure(one[0]))
json.dump([None if one is None else {"text": one[1], "microseconds": times[index]} for index, one in enumerate(ready)], sys.stdout)
`;

/** Renders with Jinja2 in one Python process that looks at its own CPU clock. */
export function measurePython(python: string, work: PythonWork): readonly PythonTimes[] {
  const { status, stdout, stderr } = spawnSync(python, ['-c', script], {
    input: JSON.stringify(work),
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`);
  return JSON.parse(stdout);
}
