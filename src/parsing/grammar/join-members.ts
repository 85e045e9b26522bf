import { choice, emptyText, optional, sequence } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';

/** A member of a list of arguments, as it is written. */
export interface WrittenMember {
  readonly node: Node;
  readonly isRequired: boolean;
}

/** Members in their order, optional ones there or not, with a separator between those that are there. Its size grows with the number of members, squared only in references. */
export function joinMembers(members: readonly WrittenMember[], separator: Node, share: (body: Node) => Node): Node {
  /** what may follow a member that is there */
  let behind: Node = emptyText;
  let from: Node[] = [emptyText];
  for (const { node, isRequired } of members.toReversed()) {
    const begun = sequence([node, behind]);
    from = isRequired ? [begun] : [begun, ...from];
    const next = sequence([separator, node]);
    behind = share(sequence([isRequired ? next : optional(next), behind]));
  }
  return choice(from);
}
