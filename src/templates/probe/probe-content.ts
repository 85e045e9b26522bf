import type { JsonValue } from '../../protocol/json.ts';
import { type CallSetting, showLoop, writeResult } from './call-setting.ts';
import { answerTurn, marks, secondUserTurn, systemTurn, userTurn } from './marks.ts';
import { judge, type Shown } from './prober.ts';
import type { ContentRole, ContentTraits, Handling, PartsHandling } from './traits.ts';

const texts: Readonly<Record<ContentRole, string>> = {
  system: marks.system,
  user: marks.user,
  assistant: marks.answer,
  tool: marks.result,
};

/** Gives every role its content as text and as a list of two parts. */
export function probeContent(setting: CallSetting): ContentTraits {
  return {
    string: forEveryRole((role) => judge(showContent(setting, role, texts[role]), texts[role])),
    parts: forEveryRole((role) => judgeParts(setting, role)),
  };
}

function forEveryRole<Judged extends Handling | PartsHandling>(judgeRole: (role: ContentRole) => Judged): Record<ContentRole, Judged> {
  return { system: judgeRole('system'), user: judgeRole('user'), assistant: judgeRole('assistant'), tool: judgeRole('tool') };
}

/** The shortest conversation that has this role, with this content in it. */
function showContent(setting: CallSetting, role: ContentRole, content: JsonValue): Shown {
  const { prober } = setting;
  switch (role) {
    case 'system':
      return prober.show([{ ...systemTurn, content }, userTurn]);
    case 'user':
      return prober.show([{ ...userTurn, content }]);
    case 'assistant':
      return prober.show([userTurn, { ...answerTurn, content }, secondUserTurn]);
    case 'tool':
      return showLoop(setting, { results: [{ ...writeResult(0), content }] });
  }
}

function judgeParts(setting: CallSetting, role: ContentRole): PartsHandling {
  const [first, second] = [`${texts[role]}ONE`, `${texts[role]}TWO`];
  const content = [first, second].map((text) => ({ type: 'text', text }));
  const shown = showContent(setting, role, content);
  const handling = judge(shown, first, second);
  return handling === 'printed' && shownAsList(shown, first) ? 'as-list' : handling;
}

/** Whether the text stands behind its key, in Python's or JSON's quotes. */
function shownAsList(shown: Shown, text: string): boolean {
  return shown !== undefined && [`'text': '${text}`, `"text": "${text}`, `"text":"${text}`].some((written) => shown.includes(written));
}
