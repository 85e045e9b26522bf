import { choice, emptyText, sequence, text } from '../build.ts';
import type { Node } from '../ir.ts';

/**
 * A choice whose options begin with equal letters, with those letters said once: an engine then follows one way and not one for each option.
 * The language stays the same; the order of options changes.
 */
export function factorTexts(options: readonly Node[]): Node {
  const groups = new Map<string, Node[]>();
  const others: Node[] = [];
  for (const option of options) {
    const first = firstLetter(option);
    const group = first === undefined ? others : groups.get(first);
    if (group) group.push(option);
    else groups.set(first ?? '', [option]);
  }
  const factored = [...groups.values()].map((group) => (group.length === 1 ? choice(group) : factorGroup(group)));
  return choice([...factored, ...others]);
}

function factorGroup(group: readonly Node[]): Node {
  const texts = group.map(leadingText);
  const shared = sharedStart(texts);
  return sequence([text(shared), factorTexts(group.map((option) => withoutStart(option, shared)))]);
}

function firstLetter(node: Node): string | undefined {
  const letter = leadingText(node).codePointAt(0);
  return letter === undefined ? undefined : String.fromCodePoint(letter);
}

function leadingText(node: Node): string {
  if (node.kind === 'text') return node.text;
  const [first] = node.kind === 'sequence' ? node.items : [];
  return first?.kind === 'text' ? first.text : '';
}

function sharedStart(texts: readonly string[]): string {
  const [first = ''] = texts;
  let end = 0;
  for (const letter of first) {
    if (!texts.every((other) => other.startsWith(letter, end))) break;
    end += letter.length;
  }
  return first.slice(0, end);
}

function withoutStart(node: Node, start: string): Node {
  if (node.kind === 'text') return text(node.text.slice(start.length));
  if (node.kind !== 'sequence') return emptyText;
  const [first, ...others] = node.items;
  return sequence([first?.kind === 'text' ? text(first.text.slice(start.length)) : emptyText, ...others]);
}
