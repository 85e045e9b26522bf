import type { JsonObject } from '../../protocol/json.ts';
import { type CallSetting, showLoop } from './call-setting.ts';
import { answerTurn, marks, secondUserTurn, systemTurn, userTurn } from './marks.ts';
import { judge, type Prober } from './prober.ts';
import type { SystemTraits } from './traits.ts';

/** Looks where system texts stay, and where they get lost. */
export function probeSystem(setting: CallSetting): SystemTraits {
  const { prober, variables } = setting;
  const secondSystemTurn: JsonObject = { role: 'system', content: marks.secondSystem };
  return {
    role: judgeSystem(prober),
    alone: judge(prober.show([systemTurn]), marks.system),
    withTools: judge(prober.show([systemTurn, userTurn], { variables }), marks.system),
    inToolLoop: judge(showLoop(setting, { before: [systemTurn] }), marks.system),
    several: judge(prober.show([systemTurn, secondSystemTurn, userTurn]), marks.system, marks.secondSystem),
    later: judge(prober.show([userTurn, answerTurn, systemTurn, secondUserTurn]), marks.system),
    developer: judgeDeveloper(prober),
  };
}

/** Merged: nothing of what opens a user's turn stands between the system text and the user's. */
function judgeSystem(prober: Prober): SystemTraits['role'] {
  const shown = prober.show([systemTurn, userTurn]);
  const handling = judge(shown, marks.system);
  const plain = prober.show([userTurn]);
  if (handling !== 'printed' || shown === undefined || plain === undefined) return handling;
  const between = shown.slice(shown.indexOf(marks.system) + marks.system.length, shown.lastIndexOf(marks.user));
  return commonEnd(between, plain.slice(0, plain.lastIndexOf(marks.user))).trim() === '' ? 'merged' : 'printed';
}

function commonEnd(left: string, right: string): string {
  let length = 0;
  while (length < left.length && left.at(-1 - length) === right.at(-1 - length)) length++;
  return left.slice(left.length - length);
}

const madeUpRole = 'qx1role';

function judgeDeveloper(prober: Prober): SystemTraits['developer'] {
  const showRole = (role: string) => prober.show([{ ...systemTurn, role }, userTurn]);
  const shown = showRole('developer');
  const handling = judge(shown, marks.system);
  if (handling !== 'printed') return handling;
  if (shown === showRole('system')) return 'as-system';
  return shown === showRole(madeUpRole)?.replaceAll(madeUpRole, 'developer') ? 'any-role' : 'own';
}
