/** What the choice needs to know of a slot. */
export interface SlotView {
  readonly index: number;
  /** tokens whose keys and values it holds */
  readonly tokens: readonly number[];
  readonly isBusy: boolean;
  /** the prompt of a busy slot's run: what is still missing of it in `tokens` is being evaluated */
  readonly comingPrompt?: readonly number[] | undefined;
  /** number of the step it was last used in */
  readonly lastUsedStep: number;
}

/** The free slot to take, how many of the prompt's first tokens it holds already, and a busy slot worth copying from first. */
export interface SlotChoice {
  readonly index: number;
  readonly reusedTokens: number;
  readonly copyFrom?: number;
}

/** A copy moves the whole state through memory: it must save at least this many tokens more than the free slots offer. */
const leastCopyGainTokens = 64;

/**
 * The free slot with the longest common prefix; among equals the least recently used, so that other conversations keep theirs.
 * The prompt's last token is never counted: it must be evaluated to know what follows it. Undefined when no slot is free; `wait` when a busy
 * slot is just evaluating much of this prompt, as when many agents with one system prompt ask at once: it is evaluated once and copied.
 */
export function chooseSlot(slots: readonly SlotView[], prompt: readonly number[]): SlotChoice | 'wait' | undefined {
  let best: { slot: SlotView; shared: number } | undefined;
  let busiest: { slot: SlotView; shared: number } | undefined;
  for (const slot of slots) {
    const shared = countSharedTokens(slot.tokens, prompt);
    if (slot.isBusy) {
      if (!busiest || shared > busiest.shared) busiest = { slot, shared };
    } else if (!best || shared > best.shared || (shared === best.shared && slot.lastUsedStep < best.slot.lastUsedStep)) {
      best = { slot, shared };
    }
  }
  if (!best) return undefined;
  const worthWaitingFor = Math.max(best.shared, busiest?.shared ?? 0) + leastCopyGainTokens;
  if (slots.some(({ comingPrompt }) => comingPrompt && countSharedTokens(comingPrompt, prompt) >= worthWaitingFor)) return 'wait';
  if (busiest && busiest.shared >= best.shared + leastCopyGainTokens) {
    const least = leastRecentlyUsed(slots);
    return { index: least.index, reusedTokens: busiest.shared, copyFrom: busiest.slot.index };
  }
  return { index: best.slot.index, reusedTokens: best.shared };
}

function countSharedTokens(held: readonly number[], prompt: readonly number[]): number {
  const most = Math.min(held.length, prompt.length - 1);
  let shared = 0;
  while (shared < most && held[shared] === prompt[shared]) shared++;
  return shared;
}

function leastRecentlyUsed(slots: readonly SlotView[]): SlotView {
  const free = slots.filter((slot) => !slot.isBusy);
  return free.reduce((oldest, slot) => (slot.lastUsedStep < oldest.lastUsedStep ? slot : oldest));
}
