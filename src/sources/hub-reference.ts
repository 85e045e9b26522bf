import { GatewayError } from '../protocol/error.ts';
import type { HubFile } from './catalogue.ts';

const namePattern = /^[A-Za-z0-9][\w.-]*$/;

/** Whether a text is meant as a file of the hub. */
export function isHubReference(reference: string): boolean {
  return reference.startsWith('hf:');
}

/** Reads `hf:owner/repo/file.gguf`; the file may lie in folders. Throws `unknown_model` that says what is wrong with it. */
export function parseHubReference(reference: string): HubFile {
  const names = reference.slice('hf:'.length).split('/');
  const [owner, name, ...path] = names;
  const file = path.join('/');
  if (owner === undefined || name === undefined || path.length === 0 || !names.every((part) => namePattern.test(part))) {
    throw new GatewayError(
      'unknown_model',
      `"${reference.slice(0, 200)}" is no reference to a file of the model hub: it must be hf:owner/repo/file.gguf.`,
    );
  }
  if (!file.toLowerCase().endsWith('.gguf')) {
    throw new GatewayError(
      'unknown_model',
      `"${reference}" names no GGUF file: it must end in .gguf. The hub's page "Files" of the repository lists them.`,
    );
  }
  if (/-\d{5}-of-\d{5}\.gguf$/i.test(file)) {
    throw new GatewayError(
      'unknown_model',
      `"${reference}" is one piece of a model in several files; only models in one file can be fetched.`,
    );
  }
  return { repo: `${owner}/${name}`, file };
}

/** The path of a file on a hub. */
export function hubPathOf({ repo, file }: HubFile): string {
  const encode = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  return `/${encode(repo)}/resolve/main/${encode(file)}`;
}
