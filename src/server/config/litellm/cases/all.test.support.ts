import type { LiteLlmCase } from './case.test.support.ts';
import { firstCases } from './first.test.support.ts';
import { fourthCases } from './fourth.test.support.ts';
import { secondCases } from './second.test.support.ts';
import { thirdCases } from './third.test.support.ts';

/** Twenty files of LiteLLM, and what each becomes. */
export const liteLlmCases: readonly LiteLlmCase[] = [...firstCases, ...secondCases, ...thirdCases, ...fourthCases];
