import { type CallSetting, showLoop, writeResult } from './call-setting.ts';
import { answerTurn, marks, secondUserTurn, userTurn } from './marks.ts';
import { showParallelLoop } from './probe-calls.ts';
import { compare, judge, type Shown } from './prober.ts';
import type { ResultTraits, TurnTraits } from './traits.ts';

/** Looks at what becomes of the results of calls. */
export function probeResults(setting: CallSetting): ResultTraits {
  const one = showLoop(setting);
  const two = showParallelLoop(setting);
  const { name, ...nameless } = writeResult(0);
  return {
    handling: judge(one, marks.result),
    several: two === undefined ? judge(one, marks.result) : judge(two, marks.result, marks.secondResult),
    between: findBetween(one),
    missingName: compare(one, showLoop(setting, { results: [nameless] })),
  };
}

function findBetween(loop: Shown): string {
  const start = loop?.lastIndexOf(marks.value) ?? -1;
  const end = loop?.indexOf(marks.result) ?? -1;
  return loop === undefined || start === -1 || end < start ? '' : loop.slice(start + marks.value.length, end);
}

/** Tries orders of messages that chat templates like to refuse. */
export function probeTurns(setting: CallSetting): TurnTraits {
  const { prober } = setting;
  const secondAnswerTurn = { ...answerTurn, content: marks.secondAnswer };
  return {
    usersInRow: judge(prober.show([userTurn, secondUserTurn]), marks.user, marks.secondUser),
    assistantsInRow: judge(prober.show([userTurn, answerTurn, secondAnswerTurn, secondUserTurn]), marks.answer, marks.secondAnswer),
    assistantFirst: judge(prober.show([answerTurn, userTurn]), marks.answer, marks.user),
    userAfterResult: judge(showLoop(setting, { after: [secondUserTurn] }), marks.result, marks.secondUser),
    answerAfterResult: judge(showLoop(setting, { after: [answerTurn, secondUserTurn] }), marks.result, marks.answer, marks.secondUser),
  };
}
