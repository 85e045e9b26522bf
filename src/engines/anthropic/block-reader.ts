import type { Delta, EngineCallDelta } from '../../protocol/engine.ts';
import type { TurnBlock } from './turn-memory.ts';

/** A block of an answer as it begins, or whole; anything may be missing or null. */
export interface WireBlock {
  readonly type?: string | null;
  readonly text?: string | null;
  readonly thinking?: string | null;
  readonly signature?: string | null;
  readonly data?: string | null;
  readonly id?: string | null;
  readonly name?: string | null;
  /** read again from the text, numbers as they were written */
  readonly input?: unknown;
}

/** A piece of a block. */
export interface WireDelta {
  readonly text?: string | null;
  readonly thinking?: string | null;
  readonly signature?: string | null;
  readonly partial_json?: string | null;
}

/** A block that is open. Those of kinds that are not known are passed over. */
type OpenBlock =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'thinking'; thinking: string; signature: string }
  | { readonly kind: 'call'; readonly number: number; readonly id: string; hasWhole: boolean }
  | { readonly kind: 'answer'; hasWhole: boolean; isEmpty: boolean };

/**
 * Follows the blocks of an answer: text, thoughts, calls, and the input of the one tool that is the answer's text. A call's number counts calls, not blocks.
 * Keeps what the thoughts before a call were, for when the conversation comes back.
 */
export class BlockReader {
  readonly #answerTool: string | undefined;
  readonly #onTurn: (blocks: readonly TurnBlock[]) => void;
  readonly #open = new Map<number, OpenBlock>();
  readonly #turn: TurnBlock[] = [];
  #calls = 0;
  #hasAnswered = false;

  constructor(answerTool: string | undefined, onTurn: (blocks: readonly TurnBlock[]) => void) {
    this.#answerTool = answerTool;
    this.#onTurn = onTurn;
  }

  /** `readInput` gives the JSON text of an input that came with the beginning. */
  start(index: number, block: WireBlock, readInput: () => string | undefined, deltas: Delta[]): void {
    switch (block.type) {
      case 'text':
        this.#open.set(index, { kind: 'text', text: '' });
        break;
      case 'thinking':
        this.#open.set(index, { kind: 'thinking', thinking: '', signature: '' });
        break;
      case 'redacted_thinking':
        this.#turn.push({ type: 'redacted_thinking', data: block.data ?? '' });
        break;
      case 'tool_use':
        this.#startCall(index, block, readInput, deltas);
        return;
      default:
        return;
    }
    this.take(index, { text: block.text ?? null, thinking: block.thinking ?? null, signature: block.signature ?? null }, deltas);
  }

  take(index: number, { text, thinking, signature, partial_json }: WireDelta, deltas: Delta[]): void {
    const block = this.#open.get(index);
    switch (block?.kind) {
      case 'text':
        if (!text) return;
        block.text += text;
        deltas.push({ text });
        break;
      case 'thinking':
        block.thinking += thinking ?? '';
        block.signature += signature ?? '';
        if (thinking) deltas.push({ text: '', reasoning: thinking });
        break;
      case 'call':
        if (partial_json && !block.hasWhole) deltas.push(callDelta({ index: block.number, argumentsText: partial_json }));
        break;
      case 'answer':
        if (!partial_json || block.hasWhole) return;
        block.isEmpty = false;
        deltas.push({ text: partial_json });
        break;
      default:
    }
  }

  stop(index: number, deltas: Delta[]): void {
    const block = this.#open.get(index);
    this.#open.delete(index);
    switch (block?.kind) {
      case 'text':
        this.#turn.push({ type: 'text', text: block.text });
        break;
      case 'thinking':
        this.#turn.push({ type: 'thinking', thinking: block.thinking, signature: block.signature });
        break;
      case 'call':
        this.#turn.push({ type: 'tool_use', id: block.id });
        this.#onTurn(this.#turn);
        break;
      case 'answer':
        // an object without members is streamed as no text at all
        if (block.isEmpty) deltas.push({ text: '{}' });
        break;
      default:
    }
  }

  #startCall(index: number, { id, name }: WireBlock, readInput: () => string | undefined, deltas: Delta[]): void {
    const input = readInput();
    const hasWhole = input !== undefined;
    if (name === this.#answerTool && name !== undefined) {
      // one answer is enough
      if (!this.#hasAnswered) this.#open.set(index, { kind: 'answer', hasWhole, isEmpty: !hasWhole });
      if (hasWhole && !this.#hasAnswered) deltas.push({ text: input });
      this.#hasAnswered = true;
      return;
    }
    const number = this.#calls++;
    this.#open.set(index, { kind: 'call', number, id: id ?? '', hasWhole });
    deltas.push(
      callDelta({
        index: number,
        ...(id ? { id } : {}),
        ...(name ? { name } : {}),
        ...(hasWhole ? { argumentsText: input } : {}),
      }),
    );
  }
}

function callDelta(call: EngineCallDelta): Delta {
  return { text: '', calls: [call] };
}
