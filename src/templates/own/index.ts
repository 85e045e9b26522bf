/** A chat template written by us, for a family whose official one is faulty or knows no tools. */
export interface OwnTemplate {
  /** the family's name in `models/`, and the file's: `assets/templates/<name>.jinja` */
  readonly name: string;
  /** how it has its model write calls */
  readonly dialect: string;
  /** why there is one */
  readonly reason: string;
  /** the official template whose bytes it gives wherever that one renders properly */
  readonly parity?: string;
}

/** Our own templates. Their text is a file of the package, so a room with files reads it. Facts and differences: assets/templates/README.md. */
export const ownTemplates: readonly OwnTemplate[] = [
  {
    name: 'llama-3-1',
    dialect: 'llama-3-json',
    reason:
      'the official one refuses two calls and an empty list of calls, prints arguments that are JSON text as a string in JSON, and stands still in July 2024',
    parity: 'meta-llama-Llama-3.1-8B-Instruct',
  },
  { name: 'toolace', dialect: 'pythonic', reason: 'the official one writes calls as Llama 3.1 does, not as this model was trained to' },
  {
    name: 'mistral-7b',
    dialect: 'mistral',
    reason: 'the official one loses the system message after a call and refuses ids that are not 9 characters long',
  },
  { name: 'internlm-2-5', dialect: 'internlm', reason: 'the official one has no tools' },
  { name: 'minicpm-3', dialect: 'minicpm-3', reason: 'the official one refuses arguments that are JSON text' },
];
