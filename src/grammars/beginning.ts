import type { Grammar, Node } from './ir.ts';

/** Rules in one another that are followed. */
const deepest = 64;

/** The longest text with which everything begins that the grammar allows; `""` where two of its texts differ from the first letter on. */
export function commonBeginning({ root, rules }: Grammar): string {
  return beginningOf(root, rules, 0).text;
}

interface Beginning {
  readonly text: string;
  /** it is all that the node allows */
  readonly isWhole: boolean;
}

const nothing: Beginning = { text: '', isWhole: false };

function beginningOf(node: Node, rules: Grammar['rules'], depth: number): Beginning {
  switch (node.kind) {
    case 'text':
      return { text: node.text, isWhole: true };
    case 'token':
      return { text: node.spelling, isWhole: true };
    case 'sequence':
      return joinBeginnings(node.items, rules, depth);
    case 'choice':
      return node.options.map((option) => beginningOf(option, rules, depth)).reduce(shareBeginning);
    case 'repeat':
      return node.least === 0 ? nothing : { ...beginningOf(node.item, rules, depth), isWhole: false };
    case 'rule': {
      const body = depth < deepest ? rules.get(node.name) : undefined;
      return body ? beginningOf(body, rules, depth + 1) : nothing;
    }
    case 'chars':
    case 'until':
    case 'json':
      return nothing;
    default:
      return node satisfies never;
  }
}

function joinBeginnings(items: readonly Node[], rules: Grammar['rules'], depth: number): Beginning {
  let text = '';
  for (const item of items) {
    const next = beginningOf(item, rules, depth);
    text += next.text;
    if (!next.isWhole) return { text, isWhole: false };
  }
  return { text, isWhole: true };
}

function shareBeginning(left: Beginning, right: Beginning): Beginning {
  if (left.text === right.text) return { text: left.text, isWhole: left.isWhole && right.isWhole };
  let length = 0;
  while (length < left.text.length && left.text[length] === right.text[length]) length++;
  return { text: left.text.slice(0, length), isWhole: false };
}
