import { Agent, fetch } from 'undici';

/** What a run of agents came to. */
export interface Run {
  readonly turns: number;
  readonly failed: number;
  /** of all prompts together */
  readonly promptTokens: number;
  /** of these, how many the engines had computed before */
  readonly cachedTokens: number;
  readonly seconds: number;
}

/** Where agents ask. */
export interface Asked {
  readonly url: string;
  readonly model: string;
}

const worlds = 4;
export const agents = 16;
export const turns = 4;
export const answerTokens = 24;
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

const trades = ['baker', 'smith', 'ferryman', 'weaver', 'healer', 'hunter', 'potter', 'miller'];
const places = ['market', 'harbour', 'mill', 'chapel', 'orchard', 'bridge', 'quarry', 'tavern'];
const deeds = ['bargains over', 'carries', 'mends', 'hides', 'counts', 'gives away', 'asks for', 'looks for'];
const things = ['grain', 'rope', 'a lantern', 'salt', 'nails', 'two letters', 'a map', 'old coins'];

/**
 * Lets 16 agents of four worlds live for four turns, all at once, each turn of an agent after its last. Agents of a world share a long prompt, which no run of another
 * `salt` shares; their histories grow by what they saw and said.
 */
export async function runAgents(asked: Asked, salt: string): Promise<Run> {
  const sums = { turns: 0, failed: 0, promptTokens: 0, cachedTokens: 0 };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: agents }, (_, agent) => live(asked, { salt, agent, sums })));
  return { ...sums, seconds: (performance.now() - startedMs) / 1000 };
}

interface Life {
  readonly salt: string;
  readonly agent: number;
  readonly sums: { turns: number; failed: number; promptTokens: number; cachedTokens: number };
}

async function live(asked: Asked, { salt, agent, sums }: Life): Promise<void> {
  const messages = [{ role: 'system', content: `${describeWorld(salt, agent % worlds)}\n${describeAgent(agent)}` }];
  for (let turn = 0; turn < turns; turn++) {
    messages.push({ role: 'user', content: describeTurn(agent, turn) });
    const answer = await ask(asked, messages);
    sums.turns += 1;
    if (answer === undefined) sums.failed += 1;
    sums.promptTokens += answer?.promptTokens ?? 0;
    sums.cachedTokens += answer?.cachedTokens ?? 0;
    messages.push({ role: 'assistant', content: answer?.text ?? '' });
  }
}

interface ChatAnswer {
  readonly choices: readonly { readonly message: { readonly content: string | null } }[];
  readonly usage: { readonly prompt_tokens: number; readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null };
}

/** An answer of a fixed length; undefined where there is none. */
async function ask({ url, model }: Asked, messages: readonly object[]) {
  const body = { model, messages, max_tokens: answerTokens, ignore_eos: true, temperature: 0, seed: 7 };
  const response = await fetch(`${url}/v1/chat/completions`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), dispatcher: patient },
  });
  if (!response.ok) {
    process.stderr.write(`  ${response.status}: ${(await response.text()).slice(0, 300)}\n`);
    return undefined;
  }
  const { choices, usage } = (await response.json()) as ChatAnswer;
  const { prompt_tokens: promptTokens, prompt_tokens_details: details } = usage;
  return { text: choices[0]?.message.content ?? '', promptTokens, cachedTokens: details?.cached_tokens ?? 0 };
}

/** About 500 tokens, the same for all agents of a world. */
function describeWorld(salt: string, world: number): string {
  const streets = Array.from({ length: 28 }, (_, at) => {
    const pick = <T>(list: readonly T[], step: number) => list[(at * step + world) % list.length];
    return `The ${pick(trades, 3)} at the ${pick(places, 5)} ${pick(deeds, 7)} ${pick(things, 1)}.`;
  });
  return `Chronicle ${salt}-${world}. You live in a small town. ${streets.join(' ')}`;
}

function describeAgent(agent: number): string {
  return `You are number ${agent}, the ${trades[agent % trades.length]}. You speak in one short sentence and never of yourself as a machine.`;
}

function describeTurn(agent: number, turn: number): string {
  const at = agent * turns + turn;
  return `It is hour ${turn + 6}. At the ${places[at % places.length]} somebody ${deeds[(at * 3) % deeds.length]} ${things[(at * 5) % things.length]}. What do you do?`;
}
