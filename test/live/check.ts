import type { CheckId } from './expected.ts';
import type { Talk } from './talk.ts';

/** One thing that is asked of every engine. A typed refusal that `expected.ts` names is as good as the thing itself. */
export interface Check {
  readonly id: CheckId;
  /** a sentence about what holds */
  readonly name: string;
  readonly run: (talk: Talk) => Promise<void>;
}

/** What was wished did not come, and nobody said that it had: an answer that the limit cut is not looked at. A fault where the engine should have held it. */
export class Unmet extends Error {
  override readonly name = 'Unmet';
}
