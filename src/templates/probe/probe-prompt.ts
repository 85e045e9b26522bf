import { type CallSetting, showLoop } from './call-setting.ts';
import { answerTurn, marks, specialTokens, userTurn } from './marks.ts';
import { afterCommonStart, type Prober, type ShowOptions } from './prober.ts';
import type { PromptTraits } from './traits.ts';

/** Looks at both ends of the prompt, and whether time changes it. */
export function probePrompt(setting: CallSetting): PromptTraits {
  const { prober } = setting;
  const plain = prober.show([userTurn]) ?? '';
  const unprompted = prober.show([userTurn], { hasGenerationPrompt: false }) ?? '';
  return {
    bosCount: plain.split(specialTokens.bos_token).length - 1,
    opening: findOpening(prober),
    openingAfterResult: findOpeningAfterResult(setting),
    closing: afterCommonStart(unprompted, plain),
    answerEnding: findAnswerEnding(prober),
    clock: findClock(setting),
  };
}

/** What the generation prompt is behind a user's message. The shorter prompt is not always the start of the longer one. */
export function findOpening(prober: Prober, variables: NonNullable<ShowOptions['variables']> = {}): string {
  const prompted = prober.show([userTurn], { variables }) ?? '';
  return afterCommonStart(prompted, prober.show([userTurn], { variables, hasGenerationPrompt: false }) ?? '');
}

function findOpeningAfterResult(setting: CallSetting): string | undefined {
  const unprompted = showLoop(setting, {}, { hasGenerationPrompt: false });
  const prompted = showLoop(setting);
  return prompted === undefined || unprompted === undefined ? undefined : afterCommonStart(prompted, unprompted);
}

function findAnswerEnding(prober: Prober): string | undefined {
  const shown = prober.show([userTurn, answerTurn], { hasGenerationPrompt: false });
  const at = shown?.lastIndexOf(marks.answer) ?? -1;
  return at === -1 ? undefined : shown?.slice(at + marks.answer.length);
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** An hour sooner or an hour later may be another day in some time zone, never both. */
function findClock({ prober, variables }: CallSetting): PromptTraits['clock'] {
  const showLater = (laterMs: number) => prober.show([userTurn], { variables, laterMs });
  const now = showLater(0);
  if (showLater(400 * dayMs + hourMs) === now) return 'unused';
  return showLater(hourMs) !== now && showLater(-hourMs) !== now ? 'hour' : 'day';
}
