/** How a block of the README is tested, as the comment before it says: `<!-- test:kind words -->`. */
export type BlockKind = 'server' | 'curl' | 'js' | 'cli' | 'none';

/** A fenced block of a Markdown page. */
export interface Block {
  /** the word after the fence: `sh`, `js`, `json`; '' for none */
  readonly language: string;
  readonly text: string;
  /** line of the opening fence, from 1 */
  readonly line: number;
  /** the comment's kind as written; undefined without a comment */
  readonly kind: string | undefined;
  /** the rest of the comment: the reason of `none`, the JSON field that the answer of `curl` must have */
  readonly words: string;
}

const kinds: readonly string[] = ['server', 'curl', 'js', 'cli', 'none'] satisfies readonly BlockKind[];
const runnable = new Set(['sh', 'bash', 'shell', 'console', 'js', 'javascript', 'mjs', 'ts', 'typescript']);

/** The fenced blocks of a page in order, each with the test comment that stands right before it (blank lines between are fine). */
export function readBlocks(markdown: string): readonly Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  let comment: { kind: string; words: string } | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const fence = /^(\s*)(`{3,}|~{3,})\s*([\w-]*)/.exec(line);
    if (fence === null) {
      if (line.trim() !== '') comment = readComment(line);
      continue;
    }
    const [, indent = '', mark = '', language = ''] = fence;
    const length = lines.slice(at + 1).findIndex((inner) => inner.trim() === mark);
    const inner = lines.slice(at + 1, length === -1 ? undefined : at + 1 + length);
    const text = `${inner.map((row) => (row.startsWith(indent) ? row.slice(indent.length) : row)).join('\n')}\n`;
    blocks.push({ language, text, line: at + 1, kind: comment?.kind, words: comment?.words ?? '' });
    comment = undefined;
    at += inner.length + 1;
  }
  return blocks;
}

function readComment(line: string): { kind: string; words: string } | undefined {
  const found = /^\s*<!--\s*test:\s*(\S+)\s*(.*?)\s*-->\s*$/.exec(line);
  return found === null ? undefined : { kind: found[1] ?? '', words: found[2] ?? '' };
}

/** What is wrong with the comments of a page's blocks, one sentence each: every block a reader may run says how it is tested, or why not. */
export function findFaults(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block) => {
    const where = `line ${block.line}:`;
    if (block.kind === undefined) {
      const needed = `a ${block.language} block needs a comment such as <!-- test:cli --> or <!-- test:none reason --> before it`;
      return runnable.has(block.language) ? [`${where} ${needed}`] : [];
    }
    if (!kinds.includes(block.kind)) return [`${where} test:${block.kind} is none of ${kinds.join(', ')}`];
    if (block.kind === 'none' && block.words === '') return [`${where} test:none needs a reason`];
    if (block.kind === 'server' && serveArguments(block.text) === undefined)
      return [`${where} a server block has a line with npm start or rookery serve`];
    return [];
  });
}

/** The arguments of the block's `npm start` or `rookery serve`, or undefined when it has neither. */
export function serveArguments(text: string): readonly string[] | undefined {
  const lines = dropPrompts(text)
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n');
  const command = lines.findLast((line) => /^(npm start|(npx )?rookery serve)\b/.test(line));
  if (command === undefined) return undefined;
  const words = command.replace(/\s#.*$/, '').split(/\s+/);
  const first = words.indexOf(words[0] === 'npm' ? 'start' : 'serve') + 1;
  return words.slice(words[first] === '--' ? first + 1 : first).filter((word) => word !== '');
}

/** A shell block without the `$ ` that some pages print before commands. */
export function dropPrompts(text: string): string {
  return text.replace(/^[ \t]*\$[ \t]+/gm, '');
}

/** The text with the address that the README prints replaced by that of a server under test. */
export function aimAt(text: string, url: string): string {
  return text.replaceAll(/http:\/\/(127\.0\.0\.1|localhost):4\d{3}/g, url);
}
