import { compileTemplate, type Template } from './template.ts';

const mostTemplates = 64;
const templates = new Map<string, Template>();

/**
 * The compiled template of a source; the 64 that were asked for last are kept, so that asking again costs a look-up. Throws as `compileTemplate` does,
 * each time anew: what does not compile is not kept.
 */
export function compileCached(source: string): Template {
  const known = templates.get(source);
  const template = known ?? compileTemplate(source);
  // a Map keeps the order of insertion: the first is the one not asked for the longest
  templates.delete(source);
  templates.set(source, template);
  const [oldest] = templates.keys();
  if (templates.size > mostTemplates && oldest !== undefined) templates.delete(oldest);
  return template;
}
