import type { JsonObject } from '../../protocol/json.ts';
import { type CallSetting, showCallOnly, showLoop, writeCall, writeCallsTurn, writeCallTurn, writeResult } from './call-setting.ts';
import { answerTurn, callIds, marks, secondUserTurn, userTurn } from './marks.ts';
import { compare, judge, type Shown } from './prober.ts';
import type { CallTraits, IdTraits, Variation } from './traits.ts';

/** Looks at what becomes of earlier calls, at the content beside them, and at empty lists of calls. */
export function probeCalls(setting: CallSetting): CallTraits {
  const { content: _, ...withoutContent } = writeCallTurn(setting);
  const withText = showLoop(setting, { callTurn: { ...withoutContent, content: '' } });
  const compareContent = (callTurn: JsonObject): Variation => compare(withText, showLoop(setting, { callTurn }));
  return {
    handling: judgeCall(setting),
    names: findNames(setting),
    arguments: setting.arguments,
    parallel: judgeParallel(setting),
    contentBeside: judgeContentBeside(setting),
    emptyContent: setting.emptyContent,
    nullContent: compareContent({ ...withoutContent, content: null }),
    absentContent: compareContent(withoutContent),
    emptyList: compareList(setting, { tool_calls: [] }),
    nullList: compareList(setting, { tool_calls: null }),
  };
}

function judgeCall(setting: CallSetting): CallTraits['handling'] {
  const shown = showCallOnly(setting) ?? showLoop(setting);
  const handling = judge(shown, marks.argument, marks.value);
  return handling !== 'printed' || showsName(setting, shown) || shown?.includes(callIds[0]) === true ? handling : 'dropped';
}

function findNames(setting: CallSetting): CallTraits['names'] {
  const shown = showCallOnly(setting) ?? showLoop(setting);
  return shown?.includes(callIds[0]) === true && !showsName(setting, shown) ? 'id' : 'name';
}

/** Whether a call's name is there more often than the tools' descriptions have it. */
function showsName(setting: CallSetting, shown: Shown): boolean {
  const described = setting.prober.show([userTurn], { variables: setting.variables });
  return countNames(shown) > countNames(described);
}

function countNames(shown: Shown): number {
  return (shown ?? '').split(marks.call).length - 1;
}

function judgeContentBeside(setting: CallSetting): CallTraits['contentBeside'] {
  const shown = showLoop(setting, { callTurn: writeCallTurn(setting, { content: marks.answer }) });
  const handling = judge(shown, marks.answer);
  return handling === 'printed' && judge(shown, marks.value) === 'dropped' ? 'instead' : handling;
}

function judgeParallel(setting: CallSetting): CallTraits['parallel'] {
  const shown = showParallelLoop(setting) ?? showCallOnly(setting, writeParallelTurn(setting));
  if (judge(shown, marks.value, marks.secondValue) !== 'dropped') return judge(shown);
  return judge(shown, marks.value) === 'printed' ? 'first-only' : 'dropped';
}

/** A message with two calls, and their results. */
export function showParallelLoop(setting: CallSetting): Shown {
  return showLoop(setting, { callTurn: writeParallelTurn(setting), results: [writeResult(0), writeResult(1)] });
}

function writeParallelTurn(setting: CallSetting): JsonObject {
  return writeCallsTurn(setting, [writeCall(setting, 0), writeCall(setting, 1)]);
}

function compareList({ prober }: CallSetting, more: JsonObject): Variation {
  const show = (answer: JsonObject): Shown => prober.show([userTurn, answer, secondUserTurn]);
  return compare(show(answerTurn), show({ ...answerTurn, ...more }));
}

const shortId = 'q7';
const longId = 'call_qx1idhead012345tail9z';

/** Tries ids of other lengths, and looks what is shown of them. */
export function probeIds(setting: CallSetting): IdTraits {
  const withId = (id: string): Shown =>
    showLoop(setting, { callTurn: writeCallsTurn(setting, [writeCall(setting, 0, id)]), results: [writeResult(0, id)] });
  const nine = showLoop(setting);
  const long = withId(longId);
  const takesShort = nine === undefined || withId(shortId) !== undefined;
  const takesLong = nine === undefined || long !== undefined;
  return { shape: nameShape(takesShort, takesLong), shown: long === undefined ? findId(nine, callIds[0]) : findId(long, longId) };
}

function nameShape(takesShort: boolean, takesLong: boolean): IdTraits['shape'] {
  if (takesShort) return takesLong ? 'any' : 'at-most-nine';
  return takesLong ? 'at-least-nine' : 'exactly-nine';
}

function findId(shown: Shown, id: string): IdTraits['shown'] {
  if (shown?.includes(id)) return 'whole';
  return shown?.includes(id.slice(-9)) ? 'last-nine' : 'no';
}
