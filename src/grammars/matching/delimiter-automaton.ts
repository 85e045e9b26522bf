/** Text so far that holds no delimiter, and how much of one its end may be. State 0 is the start, and where no delimiter has begun. */
export interface DelimiterAutomaton {
  readonly stateCount: number;
  /** code points that delimiters are made of, in order */
  readonly letters: readonly number[];
  /** The state after a code point; undefined where a delimiter would be whole. */
  next(state: number, codePoint: number): number | undefined;
}

interface TrieNode {
  readonly children: Map<number, number>;
  /** a delimiter ends here, or a shorter one within it */
  isWhole: boolean;
  /** the longest proper end of this text that begins a delimiter */
  fallback: number;
}

const made = new Map<string, DelimiterAutomaton>();
const mostKept = 200;

/** The automaton (Aho–Corasick's) of all texts without these delimiters. */
export function automatonOf(delimiters: readonly string[]): DelimiterAutomaton {
  const key = JSON.stringify(delimiters);
  let automaton = made.get(key);
  if (automaton) return automaton;
  if (made.size >= mostKept) made.clear();
  made.set(key, (automaton = makeAutomaton(delimiters)));
  return automaton;
}

function makeAutomaton(delimiters: readonly string[]): DelimiterAutomaton {
  const nodes = makeTrie(delimiters);
  linkFallbacks(nodes);
  const { kept, numberOf } = numberStates(nodes);
  const next = (state: number, codePoint: number): number | undefined => {
    let at = kept[state] ?? 0;
    for (;;) {
      const child = nodes[at]?.children.get(codePoint);
      if (child !== undefined) return numberOf.get(child);
      if (at === 0) return 0;
      at = nodes[at]?.fallback ?? 0;
    }
  };
  const letters = [...new Set(nodes.flatMap(({ children }) => [...children.keys()]))].sort((left, right) => left - right);
  return { stateCount: kept.length, letters, next };
}

function makeTrie(delimiters: readonly string[]): TrieNode[] {
  const nodes: TrieNode[] = [makeNode()];
  for (const delimiter of delimiters) {
    let at = 0;
    for (const letter of delimiter) {
      const codePoint = letter.codePointAt(0) ?? 0;
      let child = nodes[at]?.children.get(codePoint);
      if (child === undefined) {
        child = nodes.push(makeNode()) - 1;
        nodes[at]?.children.set(codePoint, child);
      }
      at = child;
    }
    const last = nodes[at];
    if (last) last.isWhole = true;
  }
  return nodes;
}

function makeNode(): TrieNode {
  return { children: new Map(), isWhole: false, fallback: 0 };
}

/** Breadth first: a node's fallback is shorter than the node, so it is known before. */
function linkFallbacks(nodes: readonly TrieNode[]): void {
  const waiting = [0];
  for (const at of waiting) {
    for (const [letter, child] of nodes[at]?.children ?? []) {
      waiting.push(child);
      const node = nodes[child];
      if (!node || at === 0) continue;
      let shorter = nodes[at]?.fallback ?? 0;
      while (shorter !== 0 && !nodes[shorter]?.children.has(letter)) shorter = nodes[shorter]?.fallback ?? 0;
      node.fallback = nodes[shorter]?.children.get(letter) ?? 0;
      if (nodes[node.fallback]?.isWhole) node.isWhole = true;
    }
  }
}

/** Nodes with no whole delimiter in them are the states, numbered in their order. */
function numberStates(nodes: readonly TrieNode[]): { readonly kept: readonly number[]; readonly numberOf: ReadonlyMap<number, number> } {
  const kept = nodes.flatMap(({ isWhole }, index) => (isWhole ? [] : [index]));
  return { kept, numberOf: new Map(kept.map((node, state) => [node, state])) };
}
