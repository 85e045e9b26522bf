import { fieldsOf } from './wire-answers.ts';

/** A model as `GET /v1/models` lists it. */
export interface ModelCard {
  readonly id: string;
  /** where its weights are; names of one model share it */
  readonly root: string;
  /** the model that an adapter (LoRA) belongs to */
  readonly parent: string | undefined;
  readonly contextTokens: number | undefined;
}

/** Reads `GET /v1/models`. Entries without an id are left out. */
export function readModelCards(answer: unknown): readonly ModelCard[] {
  const data = fieldsOf(answer).data;
  return Array.isArray(data) ? data.flatMap((entry) => readCard(fieldsOf(entry))) : [];
}

/** Models that must be asked about so that some are known, of all that are listed: one of each root that is no adapter, and adapters whose model is not listed. */
export function listAsked(wanted: readonly ModelCard[], cards: readonly ModelCard[]): readonly ModelCard[] {
  return [...new Set(wanted.map((card) => askedFor(card, cards)))];
}

/** The card whose answers hold for a model: an adapter renders as its model does. */
export function askedFor(card: ModelCard, cards: readonly ModelCard[]): ModelCard {
  const parent = card.parent === undefined ? undefined : cards.find(({ id }) => id === card.parent);
  const own = parent ?? card;
  return cards.find(({ root, parent: adapted }) => adapted === undefined && own.parent === undefined && root === own.root) ?? own;
}

function readCard({ id, root, parent, max_model_len }: Readonly<Record<string, unknown>>): readonly ModelCard[] {
  if (typeof id !== 'string') return [];
  const contextTokens = typeof max_model_len === 'number' && max_model_len > 0 ? max_model_len : undefined;
  return [
    {
      id,
      root: typeof root === 'string' ? root : id,
      parent: typeof parent === 'string' ? parent : undefined,
      contextTokens,
    },
  ];
}
