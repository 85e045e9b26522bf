/** A piece of an answer with calls, in the order the model wrote them. */
export type TurnBlock =
  /** `signature` proves that the model wrote it */
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string };

/** A block that only the model can have written. */
export type ThinkingBlock = Extract<TurnBlock, { type: 'thinking' | 'redacted_thinking' }>;

/** Bounds of a memory. */
export interface TurnMemoryOptions {
  /** default 10,000 */
  readonly mostTurns?: number;
  /** characters of all turns together, default 16 Mi */
  readonly mostChars?: number;
}

/** Whether a block is one of thoughts. */
export function isThinking(block: TurnBlock): block is ThinkingBlock {
  return block.type === 'thinking' || block.type === 'redacted_thinking';
}

/**
 * Keeps the thoughts of answers that called tools. The API wants them back, unchanged and in their order, with the results of the calls, but a conversation in
 * OpenAI's words has no place for their signatures: a turn is found again by the id of its first call. What was not used for longest is forgotten first.
 * Source: platform.claude.com, "Thinking in tool and multi-turn workflows", 2026.
 */
export class TurnMemory {
  readonly #mostTurns: number;
  readonly #mostChars: number;
  readonly #turns = new Map<string, { readonly blocks: readonly TurnBlock[]; readonly chars: number }>();
  #chars = 0;

  constructor({ mostTurns = 10_000, mostChars = 16 * 2 ** 20 }: TurnMemoryOptions = {}) {
    this.#mostTurns = mostTurns;
    this.#mostChars = mostChars;
  }

  /** Keeps a turn so far; a longer one with the same first call takes its place. A turn without thoughts or without a call is not kept. */
  remember(model: string, blocks: readonly TurnBlock[]): void {
    const call = blocks.find((block) => block.type === 'tool_use');
    if (!call || !blocks.some(isThinking)) return;
    const key = keyOf(model, call.id);
    this.#forget(key);
    const chars = blocks.reduce((sum, block) => sum + charsOf(block), key.length);
    this.#turns.set(key, { blocks: [...blocks], chars });
    this.#chars += chars;
    for (const oldest of this.#turns.keys()) {
      if (this.#turns.size <= this.#mostTurns && this.#chars <= this.#mostChars) break;
      this.#forget(oldest);
    }
  }

  /** The turn whose first call has this id; undefined where it is not known, or forgotten. */
  recall(model: string, callId: string): readonly TurnBlock[] | undefined {
    const key = keyOf(model, callId);
    const turn = this.#turns.get(key);
    if (!turn) return undefined;
    this.#turns.delete(key);
    this.#turns.set(key, turn);
    return turn.blocks;
  }

  #forget(key: string): void {
    this.#chars -= this.#turns.get(key)?.chars ?? 0;
    this.#turns.delete(key);
  }
}

/** Signatures of one model mean nothing to another. */
function keyOf(model: string, callId: string): string {
  return `${model}\n${callId}`;
}

function charsOf(block: TurnBlock): number {
  switch (block.type) {
    case 'thinking':
      return block.thinking.length + block.signature.length;
    case 'redacted_thinking':
      return block.data.length;
    case 'text':
      return block.text.length;
    default:
      return block.id.length;
  }
}
