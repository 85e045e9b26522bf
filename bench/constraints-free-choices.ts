/** Something said to an agent that has the five tools, and the tool it asks for; undefined: none is needed. */
export interface FreeChoice {
  readonly words: string;
  readonly tool: string | undefined;
}

const people = ['Mira', 'Tom', 'Lena', 'Jonas', 'Ada', 'Bruno', 'Clara', 'Felix', 'Greta', 'Hugo'];
const places = ['inn', 'mill', 'market', 'forest', 'castle'];
const things = ['lamp', 'horse', 'letter', 'bridge', 'knife', 'bread', 'river', 'crown', 'tower', 'goat'];
const countries = ['France', 'Italy', 'Spain', 'Norway', 'Japan', 'Egypt', 'Peru', 'Canada', 'Greece', 'India'];
const opposites = ['hot', 'big', 'old', 'fast', 'happy', 'dark', 'wet', 'hard', 'rich', 'loud'];

/** What was said before: a small model that was never taught tools calls one only where it has seen how. Nothing is said behind the results. */
export const history = [
  { role: 'system', content: 'You live in a village. Answer in one short sentence, or call a tool where one is needed.' },
  { role: 'user', content: 'What is the capital of Austria?' },
  { role: 'assistant', content: 'The capital of Austria is Vienna.' },
  { role: 'user', content: 'Walk to the mill.' },
  makeCall('call_1', 'move_to', { place: 'mill', is_running: false }),
  { role: 'tool', tool_call_id: 'call_1', content: 'arrived' },
  { role: 'user', content: 'What colour has snow?' },
  { role: 'assistant', content: 'Snow is white.' },
  { role: 'user', content: 'Tell Olga by message that the roof is mended.' },
  makeCall('call_2', 'send_message', { to: 'Olga', text: 'The roof is mended.' }),
  { role: 'tool', tool_call_id: 'call_2', content: 'sent' },
  { role: 'user', content: 'Search your memory for the mayor.' },
  makeCall('call_3', 'search_memory', { query: 'mayor' }),
  { role: 'tool', tool_call_id: 'call_3', content: 'nothing' },
];

/** Ten requests each, no two the same. */
const needing: Readonly<Record<string, readonly ((at: number) => string)[]>> = {
  send_message: [
    (at) => `Send a message to ${people[at]}: the ${things[at]} is found.`,
    (at) => `Let ${people[at]} know by message that we need a ${things[at]}.`,
  ],
  move_to: [
    (at) => `${people[at]} wants you to walk to the ${places[at % 5]} now.`,
    (at) => `Run to the ${places[at % 5]}, ${people[at]} is waiting there.`,
  ],
  set_reminder: [
    (at) => `Remind me on 2026-05-1${at} at noon to look after the ${things[at]}.`,
    (at) => `Set a daily reminder at 0${at}:30 to feed ${people[at]}'s goat.`,
  ],
  search_memory: [
    (at) => `Search your memory for what ${people[at]} said.`,
    (at) => `What did you see of the ${things[at]}? Search your memory.`,
  ],
  create_person: [
    (at) => `Add a new person to the village: ${people[at]}, a smith, ${20 + at} years old.`,
    (at) => `Create a person named ${people[at]} who is afraid of the ${things[at]}.`,
  ],
};

const needingNone: readonly ((at: number) => string)[] = [
  (at) => `What is the capital of ${countries[at]}?`,
  (at) => `In which part of the world is ${countries[at]}?`,
  (at) => `What is the opposite of ${opposites[at]}?`,
  (at) => `How much is ${at + 2} plus ${at + 5}?`,
  (at) => `Is ${at + 3} larger than ${10 - at}?`,
  (at) => `Write one sentence about a ${things[at]}.`,
  (at) => `What is a ${things[at]} made of?`,
  (at) => `Give a word that rhymes with ${opposites[at]}.`,
  (at) => `Good morning! My name is ${people[at]}. How are you?`,
  (at) => `Tell me a joke about a ${things[at]}.`,
];

/** Two hundred requests, each second of which needs no call. */
export const freeChoices: readonly FreeChoice[] = Array.from({ length: 10 }, (_, at) => [
  ...Object.entries(needing).flatMap(([tool, say]) => say.map((words): FreeChoice => ({ tool, words: words(at) }))),
  ...needingNone.map((words): FreeChoice => ({ tool: undefined, words: words(at) })),
])
  .flat()
  .map((_choice, at, all) => all[interleave(at)] as FreeChoice);

/** Of twenty, the first ten need a call: 0, 10, 1, 11 … */
function interleave(at: number): number {
  const inside = at % 20;
  return at - inside + (inside % 2 === 0 ? inside / 2 : 10 + (inside - 1) / 2);
}

function makeCall(id: string, name: string, args: Readonly<Record<string, unknown>>) {
  return { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }] };
}
