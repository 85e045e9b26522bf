import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('assets/templates/', import.meta.resolve('rookery/package.json'));

/** The text of a template of ours, by its family's name. */
export function readOwnTemplate(name: string): string {
  return readFileSync(new URL(`${name}.jinja`, folder), 'utf8');
}

/** The names of all template files that the package carries. */
export function listOwnTemplateFiles(): readonly string[] {
  return readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.jinja'))
    .map((file) => file.replace('.jinja', ''));
}
