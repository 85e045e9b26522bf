import type { Tool } from '../../protocol/message.ts';
import { splitIntoWords, weighWords } from './tool-words.ts';

/** A text that tools are looked for with, and how much its words count. */
export interface RelevanceQuery {
  readonly text: string;
  readonly weight: number;
}

/** Which tools have a word, and what it is worth there. */
type ToolIndex = ReadonlyMap<string, readonly (readonly [tool: number, worth: number])[]>;

/** How soon more of the same word stops counting, and how much long descriptions are held against a tool. Source: Robertson and Zaragoza 2009, "BM25 and beyond". */
const saturation = 1.2;
const lengthShare = 0.75;

/** Characters of a text that are read from each of its ends. */
const mostCharsAnEnd = 4000;

/**
 * How well each tool fits the texts, by the words they share (BM25); 0 where there is none. A word counts once, with its greatest weight. Of a long text both ends
 * are read. Linear in texts and tools; tools are read once for a list.
 */
export function scoreTools(tools: readonly Tool[], queries: readonly RelevanceQuery[]): readonly number[] {
  const index = indexOf(tools);
  const wanted = new Map<string, number>();
  for (const { text, weight } of queries) {
    for (const word of splitIntoWords(readEnds(text))) wanted.set(word, Math.max(weight, wanted.get(word) ?? 0));
  }
  const scores = tools.map(() => 0);
  for (const [word, weight] of wanted) {
    for (const [tool, worth] of index.get(word) ?? []) scores[tool] = (scores[tool] ?? 0) + weight * worth;
  }
  return scores;
}

function readEnds(text: string): string {
  return text.length <= 2 * mostCharsAnEnd ? text : `${text.slice(0, mostCharsAnEnd)} ${text.slice(-mostCharsAnEnd)}`;
}

/** Thousands of agents send the same list of tools. */
const indexes = new WeakMap<readonly Tool[], ToolIndex>();

function indexOf(tools: readonly Tool[]): ToolIndex {
  let index = indexes.get(tools);
  if (!index) indexes.set(tools, (index = makeIndex(tools)));
  return index;
}

function makeIndex(tools: readonly Tool[]): ToolIndex {
  const documents = tools.map(weighWords);
  const lengths = documents.map((words) => [...words.values()].reduce((sum, weight) => sum + weight, 0));
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, tools.length);
  const found = new Map<string, [number, number][]>();
  for (const [tool, words] of documents.entries()) {
    const penalty = saturation * (1 - lengthShare + (lengthShare * (lengths[tool] ?? 0)) / Math.max(1, meanLength));
    for (const [word, count] of words) {
      const places = found.get(word) ?? [];
      places.push([tool, (count * (saturation + 1)) / (count + penalty)]);
      found.set(word, places);
    }
  }
  // a word that most tools have says little
  const rarity = (places: readonly unknown[]) => Math.log(1 + (tools.length - places.length + 0.5) / (places.length + 0.5));
  return new Map([...found].map(([word, places]) => [word, places.map(([tool, worth]) => [tool, worth * rarity(places)] as const)]));
}
