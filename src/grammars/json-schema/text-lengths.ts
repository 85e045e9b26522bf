import type { Node } from '../ir.ts';

/** The lengths of the texts of a grammar piece that names no rules, in characters; `most` is Infinity where nothing bounds them. */
export function listLengths(node: Node): { readonly least: number; readonly most: number } {
  switch (node.kind) {
    case 'text': {
      const { length } = Array.from(node.text);
      return { least: length, most: length };
    }
    case 'chars':
      return { least: 1, most: 1 };
    case 'sequence': {
      const items = node.items.map(listLengths);
      return { least: items.reduce((sum, item) => sum + item.least, 0), most: items.reduce((sum, item) => sum + item.most, 0) };
    }
    case 'choice': {
      const options = node.options.map(listLengths);
      return { least: Math.min(...options.map((option) => option.least)), most: Math.max(...options.map((option) => option.most)) };
    }
    case 'repeat': {
      const item = listLengths(node.item);
      const most = node.most ?? Infinity;
      return { least: item.least * node.least, most: item.most === 0 ? 0 : item.most * most };
    }
    default:
      return { least: 0, most: Infinity };
  }
}
