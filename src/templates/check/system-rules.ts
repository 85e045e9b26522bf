import { type Bench, type Rule, report, reportRefusal } from './bench.ts';
import {
  assistant,
  type Conversation,
  ids,
  makeCall,
  makeCalling,
  makeResult,
  marks,
  secondUser,
  system,
  tools,
  user,
} from './conversation.ts';
import type { Fault } from './fault.ts';

const plain: Conversation = { messages: [system, user] };
const loop = [makeCalling([makeCall(ids[0], marks.value)]), makeResult(ids[0])];

/** A system message stays at every turn of a conversation; developer is its other name. */
export const systemRules: readonly Rule[] = [
  (bench) => reportRefusal('system-refused', plain, bench.try(plain), 'A system message'),
  findLostSystem,
  (bench) => reportRefusal('developer-refused', byDeveloper, bench.try(byDeveloper), 'A message of the role developer'),
  (bench) => reportLost(bench, 'developer-lost', byDeveloper, 'The text of the role developer'),
];

const byDeveloper: Conversation = { messages: [{ role: 'developer', content: marks.system }, user] };

function findLostSystem(bench: Bench): Fault | undefined {
  const conversations: readonly Conversation[] = [
    plain,
    { messages: [system, user, assistant, secondUser] },
    { messages: [system, user, ...loop], tools },
    { messages: [system, user, ...loop, assistant, secondUser], tools },
  ];
  for (const conversation of conversations) {
    const found = reportLost(bench, 'system-lost', conversation, 'The system message');
    if (found) return found;
  }
  return undefined;
}

function reportLost(bench: Bench, fault: 'system-lost' | 'developer-lost', conversation: Conversation, what: string): Fault | undefined {
  const { text } = bench.try(conversation);
  return text === undefined || text.includes(marks.system) ? undefined : report(fault, conversation, `${what} is not in the prompt.`);
}
