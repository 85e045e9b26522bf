/**
 * Jinja2 with Python's value semantics, for chat templates: what transformers' `apply_chat_template` renders, byte for byte, without Python.
 *
 * ```ts
 * const template = compileTemplate(source); // keep it
 * const messages = parseLiteralJson('[{"role": "user", "content": "Hi"}]');
 * const { text } = template.render(new Map([['messages', messages], ['add_generation_prompt', true]]), { now: new Date() });
 * ```
 *
 * Templates see the given variables and nothing else. Steps, output and depth are limited. Not here: `include`, `import`, `extends`, `block`,
 * `autoescape`, and the filters `random`, `pprint` and `urlize`.
 */
export type { RenderLimits } from './budget.ts';
export { compileCached } from './compile-cached.ts';
export { JinjaError, type JinjaErrorKind } from './errors.ts';
export type { GenerationSpan } from './frame.ts';
export { fromJson } from './from-json.ts';
export { type CompileOptions, compileTemplate, type Rendered, type RenderOptions, type Template } from './template.ts';
export type { Value } from './values.ts';
