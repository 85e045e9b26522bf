import { withMembers } from '../conversation.ts';
import type { SystemTraits } from '../probe/traits.ts';
import { callsOf, type DraftMessage, roleOf, type StepContext, textOf } from './draft.ts';

/** `developer` is OpenAI's newer word for `system`; few templates know it. */
export function renameDeveloper(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  const { developer } = traits.system;
  if (developer === 'own' || developer === 'as-system' || !messages.some((message) => roleOf(message) === 'developer')) return messages;
  note('developer-as-system');
  return messages.map((message) => (roleOf(message) === 'developer' ? withMembers(message, { role: 'system' }) : message));
}

/** Several system messages, or one that is not the first, become one at the beginning. Source: vLLM 0.11, which joins with an empty line. */
export function joinSystems(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  const systems = messages.filter((message) => roleOf(message) === 'system');
  if (systems.length === 0 || (systems.length === 1 && messages[0] === systems[0])) return messages;
  const areFirst = systems.every((system, index) => messages[index] === system);
  if ((areFirst ? traits.system.several : traits.system.later) === 'printed') return messages;
  note('systems-joined');
  const [first] = systems;
  const content = systems.map((message) => textOf(message.get('content'))).join('\n\n');
  const others = messages.filter((message) => roleOf(message) !== 'system');
  return first === undefined ? messages : [withMembers(first, { content }), ...others];
}

/** Where a template refuses or loses the system message, its text goes to the beginning of the first user turn. */
export function moveSystem(messages: readonly DraftMessage[], { traits, hasTools, note }: StepContext): readonly DraftMessage[] {
  const [system, ...others] = messages;
  if (system === undefined || roleOf(system) !== 'system' || !losesSystem(messages, traits.system, hasTools)) return messages;
  note('system-in-user-turn');
  const text = textOf(system.get('content'));
  const at = others.findIndex((message) => roleOf(message) === 'user');
  const user = others[at];
  if (user === undefined) return [withMembers(system, { role: 'user' }), ...others];
  const told = withMembers(user, { content: [text, textOf(user.get('content'))].filter((each) => each !== '').join('\n\n') });
  return others.map((message, index) => (index === at ? told : message));
}

function makeTurn(role: string, content: string): DraftMessage {
  return new Map([
    ['role', role],
    ['content', content],
  ]);
}

function losesSystem(messages: readonly DraftMessage[], traits: SystemTraits, hasTools: boolean): boolean {
  const last = messages.at(-1);
  const isInLoop = last !== undefined && roleOf(last) === 'tool';
  const handling = [
    traits.role,
    ...(messages.length === 1 ? [traits.alone] : []),
    ...(hasTools ? [traits.withTools] : []),
    ...(isInLoop ? [traits.inToolLoop] : []),
  ];
  return handling.some((each) => each === 'refused' || each === 'dropped');
}

/** Where turns must alternate, neighbours of one speaker become one turn, and an answer without a question gets an empty one. */
export function joinTurns(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  const { usersInRow, assistantsInRow, assistantFirst, userAfterResult } = traits.turns;
  if ([usersInRow, assistantsInRow, assistantFirst, userAfterResult].every((each) => each === 'printed')) return messages;
  const joins = (role: string): boolean => (role === 'user' ? usersInRow : assistantsInRow) !== 'printed';
  const joined: DraftMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const speaker = last === undefined ? '' : roleOf(last);
    const isSame =
      speaker === roleOf(message) && (speaker === 'user' || (speaker === 'assistant' && callsOf(last ?? message).length === 0));
    if (last !== undefined && isSame && joins(speaker)) {
      note('turns-joined');
      joined[joined.length - 1] = withMembers(message, { content: `${textOf(last.get('content'))}\n\n${textOf(message.get('content'))}` });
    } else if (assistantFirst !== 'printed' && (speaker === '' || speaker === 'system') && roleOf(message) === 'assistant') {
      note('turns-joined');
      joined.push(makeTurn('user', ''), message);
    } else if (userAfterResult !== 'printed' && speaker === 'tool' && roleOf(message) === 'user') {
      note('turns-joined');
      // a blank: Ministral 3 refuses an answer of nothing
      joined.push(makeTurn('assistant', ' '), message);
    } else joined.push(message);
  }
  return joined;
}
