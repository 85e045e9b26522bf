import type { LiteralJson } from '../text/literal-json.ts';
import { countSteps, type RenderLimits, withLimits } from './budget.ts';
import { compileBody, compileEntry } from './compile-statements.ts';
import { JinjaError } from './errors.ts';
import { Frame, type GenerationSpan, Output, type Render } from './frame.ts';
import { fromJson } from './from-json.ts';
import { globalNames, makeGlobals } from './globals.ts';
import { normaliseSource } from './lexer.ts';
import { parseTemplate } from './parser.ts';
import { FunctionSlots, Symbols } from './symbols.ts';
import type { Value } from './values.ts';

/** What a template is rendered with besides its variables. */
export interface RenderOptions extends RenderLimits {
  /** what `strftime_now` shows, in the process's time zone */
  readonly now: Date;
}

/** A rendered template. */
export interface Rendered {
  readonly text: string;
  /** what `{% generation %}` tags printed, in UTF-16 units of `text` */
  readonly generationSpans: readonly GenerationSpan[];
  /** what it took of `maxSteps` */
  readonly steps: number;
}

/** A compiled template; keep it and render it often. */
export interface Template {
  /** the names the template may read from its input, whether it comes to read them or not; the functions every template has are not among them */
  readonly variables: ReadonlySet<string>;
  /**
   * Renders with these variables: JSON as `parseLiteralJson` reads it, or Python values of `fromJson`. Every variable that the template asks for and that
   * is not here is undefined to it. Throws `JinjaError`.
   */
  render(variables: ReadonlyMap<string, LiteralJson | Value>, options: RenderOptions): Rendered;
}

/** How a template is compiled. */
export interface CompileOptions {
  /** UTF-16 units of the source, default 1 Mi */
  readonly maxSourceChars?: number;
}

/**
 * Compiles a chat template, whitespace control as Hugging Face transformers sets it. Throws `JinjaError` of kind `syntax`, or `limit` for a source that is
 * too long or too deep.
 */
export function compileTemplate(source: string, options: CompileOptions = {}): Template {
  const most = options.maxSourceChars ?? 1024 * 1024;
  if (source.length > most) throw new JinjaError('limit', `The template has ${source.length} characters; at most ${most} are compiled.`);
  const text = normaliseSource(source);
  const owner = new FunctionSlots();
  const symbols = new Symbols(owner);
  const compile = () => {
    const statements = parseTemplate(text);
    symbols.visitAll(statements);
    const compiled = compileBody(statements, { symbols, isSoft: false });
    return { body: compiled, enter: compileEntry(symbols) };
  };
  const { body, enter } = withLimits({}, () => guard(text, compile));
  return {
    variables: new Set([...owner.asked].filter((name) => !globalNames.has(name))),
    render: (variables, given) => {
      const render = startRender(variables, given.now);
      return withLimits(given, () =>
        guard(
          text,
          () => {
            const frame = new Frame(owner.count, undefined, render);
            enter(frame);
            body(frame, render.output);
            return { text: render.output.text, generationSpans: render.generationSpans, steps: countSteps() };
          },
          render,
        ),
      );
    },
  };
}

function startRender(variables: ReadonlyMap<string, LiteralJson | Value>, now: Date): Render {
  const globals = makeGlobals(now);
  const resolve = (name: string): Value | undefined => {
    const given = variables.get(name);
    return given === undefined ? globals.get(name) : fromJson(given);
  };
  return { resolve, now, at: 0, output: new Output(), generationSpans: [] };
}

/** Places errors, and turns a full stack into one of ours. */
function guard<T>(source: string, run: () => T, render?: Render): T {
  try {
    return run();
  } catch (error) {
    const known = toJinjaError(error);
    throw known.locate(source, known.offset ?? render?.at ?? 0);
  }
}

function toJinjaError(error: unknown): JinjaError {
  if (error instanceof JinjaError) return error;
  if (error instanceof RangeError) return new JinjaError('limit', 'The template goes too deep or makes a text that is too long.');
  throw error;
}
