import type { SamplingPolicy } from '../models/model.ts';
import type { ToolPreamble } from '../protocol/request.ts';

/** What the operator knows better than the model's family, its chat template or its engine. Absent: those. */
export interface FactOverrides {
  /** a family of `src/models` whose facts hold, by the name of a model */
  readonly likeModel?: string;
  /** the name of a dialect, of the house or the operator's own; `prompted`: asked in words */
  readonly dialect?: string;
  /** tokens of prompt and answer together */
  readonly contextTokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly sampling?: SamplingPolicy;
  /** false: requests with tools are refused */
  readonly tools?: boolean;
  readonly parallelCalls?: boolean;
  readonly multiTurnTools?: boolean;
  readonly images?: boolean;
  readonly toolSoftCap?: number;
  readonly toolSelection?: number | 'auto' | 'off';
  readonly constrainToolCalls?: boolean | 'auto';
  readonly toolPreamble?: ToolPreamble;
  /** how often a model is asked again for calls that cannot be read, 0 to 5 */
  readonly repairs?: number;
}
