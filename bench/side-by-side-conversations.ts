import { mulberry32 } from 'rookery/testing';
import type { AgentTool } from '../test/constraint-tools.ts';
import { makeVillageTools, type VillageTool } from './side-by-side-tools.ts';

/** A part of a conversation, whatever API it is sent by. */
export type Turn =
  | { readonly kind: 'said'; readonly role: 'system' | 'user'; readonly words: string }
  | { readonly kind: 'called'; readonly id: string; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
  | { readonly kind: 'answered'; readonly id: string; readonly name: string; readonly words: string };

/** A conversation whose last words ask for one call. */
export interface Conversation {
  readonly turns: readonly Turn[];
  /** three to five */
  readonly tools: readonly AgentTool[];
  readonly toolChoice: 'auto' | 'required';
  /** name of the tool that the last words ask for */
  readonly rightTool: string;
}

const system = 'You live in a village. Do what you are asked by calling one tool.';

/**
 * Conversation number `at`, the same in every run. Every second demands a call; one or two calls and their results are behind it, since a model that
 * was never taught tools calls one only where it has seen how. Tools, their bounds and what is asked for differ from one to the next.
 */
export function makeConversation(at: number): Conversation {
  const random = mulberry32(at + 1);
  const known = shuffle(makeVillageTools(random), random).slice(0, 3 + (at % 3));
  const asked = pick(known, random);
  const past = shuffle(known, random).slice(0, 1 + (Math.floor(at / 2) % 2));
  return {
    tools: known.map(({ tool }) => tool),
    turns: [
      { kind: 'said', role: 'system', words: system },
      ...past.flatMap((each, place) => recall(each, `call_${place + 1}`)),
      { kind: 'said', role: 'user', words: asked.wish().words },
    ],
    toolChoice: at % 2 === 0 ? 'auto' : 'required',
    rightTool: asked.tool.name,
  };
}

function recall({ tool: { name }, wish, result }: VillageTool, id: string): readonly Turn[] {
  const { words, arguments: given } = wish();
  return [
    { kind: 'said', role: 'user', words },
    { kind: 'called', id, name, arguments: given },
    { kind: 'answered', id, name, words: result },
  ];
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

function shuffle<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
