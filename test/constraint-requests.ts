import { type Answer, findArgumentFault, findJsonFault, readVerdict } from './constraint-answers.ts';
import { longestJson, longestMatch } from './constraint-lengths.ts';
import { choiceWishes, patternWishes, schemaWishes, situations } from './constraint-schemas.ts';
import { type AgentTool, agentTools, describeTools } from './constraint-tools.ts';

/** What is demanded of an answer. */
export const constraintKinds = ['json_schema', 'regex', 'choice', 'required call', 'named call'] as const;
export type ConstraintKind = (typeof constraintKinds)[number];

/** A request whose answer must have an exact form, and the same request that only asks for it in words. */
export interface ConstraintRequest {
  /** which of the kind's wishes it is */
  readonly wish: string;
  /** body of the chat completion that binds the answer, without the model */
  readonly bound: Readonly<Record<string, unknown>>;
  /** the same words, binding nothing */
  readonly free: Readonly<Record<string, unknown>>;
  /** the longest instance, at a token a character, fits `max_tokens` */
  readonly isBounded: boolean;
  /** What of a finished answer is not as demanded; undefined where nothing is. */
  findFault(answer: Answer): string | undefined;
}

/** Tokens for what has no longest instance. */
const unboundedTokens = 240;
/** Tokens for the shortest forms: enough for a sentence where the answer is free. */
const leastTokens = 32;
/** JSON around a call's arguments, its name included, at a token a character. */
const callTokens = 60;

/**
 * Request number `at` of a kind. Twenty in a row are each of the five wishes at temperature 0 and 1, streamed and not; the next twenty are about
 * another situation.
 */
export function makeConstraintRequest(kind: ConstraintKind, at: number): ConstraintRequest {
  const situation = situations[Math.floor(at / 20) % situations.length] ?? '';
  const how = { temperature: at % 2, stream: at % 4 > 1, seed: at };
  return kind === 'required call' || kind === 'named call'
    ? makeCallRequest({ kind, tool: pick(agentTools, at), situation, how })
    : makeTextRequest(describeText(kind, at), situation, how);
}

interface TextDemand {
  readonly wish: string;
  readonly ask: string;
  readonly form: string;
  readonly constraint: Readonly<Record<string, unknown>>;
  readonly longest: number;
  findFault(text: string): string | undefined;
}

function describeText(kind: 'json_schema' | 'regex' | 'choice', at: number): TextDemand {
  if (kind === 'json_schema') {
    const { name, ask, form } = pick(schemaWishes, at);
    return {
      ...{ wish: name, ask, longest: longestJson(form) },
      form: `Answer with JSON that matches this schema, and nothing else: ${JSON.stringify(form)}`,
      constraint: {
        response_format: { type: 'json_schema', json_schema: { name: name.replaceAll(' ', '_'), schema: form, strict: true } },
      },
      findFault: (text) => findJsonFault(form, text),
    };
  }
  if (kind === 'regex') {
    const { name, ask, form } = pick(patternWishes, at);
    const pattern = new RegExp(`^(?:${form})$`, 'u');
    return {
      ...{ wish: name, ask, longest: longestMatch(form) },
      form: `Answer with a text that matches the regular expression ${form} and nothing else.`,
      constraint: { structured_outputs: { regex: form } },
      findFault: (text) => (pattern.test(text) ? undefined : 'it does not match the pattern'),
    };
  }
  const { name, ask, form } = pick(choiceWishes, at);
  return {
    ...{ wish: name, ask, longest: Math.max(...form.map((option) => Buffer.byteLength(option))) },
    form: `Answer with exactly one of these, and nothing else: ${form.join(' | ')}`,
    constraint: { structured_outputs: { choice: form } },
    findFault: (text) => (form.includes(text) ? undefined : 'it is none of the choices'),
  };
}

function makeTextRequest(demand: TextDemand, situation: string, how: Readonly<Record<string, unknown>>): ConstraintRequest {
  const isBounded = Number.isFinite(demand.longest);
  const messages = [
    { role: 'system', content: demand.form },
    { role: 'user', content: `${situation}\n${demand.ask}` },
  ];
  // one more for the token that ends the answer
  const free = { messages, max_tokens: isBounded ? Math.max(demand.longest + 1, leastTokens) : unboundedTokens, ...how };
  return {
    ...{ wish: demand.wish, isBounded, free },
    bound: { ...free, ...demand.constraint },
    findFault: (answer) => readVerdict(answer) ?? (answer.calls.length > 0 ? 'it is a call' : demand.findFault(answer.text)),
  };
}

interface CallDemand {
  readonly kind: 'required call' | 'named call';
  /** the tool that the words ask for */
  readonly tool: AgentTool;
  readonly situation: string;
  readonly how: Readonly<Record<string, unknown>>;
}

function makeCallRequest({ kind, tool, situation, how }: CallDemand): ConstraintRequest {
  const isNamed = kind === 'named call';
  const offered = isNamed ? [tool] : agentTools;
  const longest = Math.max(...offered.map(({ parameters }) => longestJson(parameters)));
  const plea = `${tool.description.replace(/s\b/, '')}: call ${isNamed ? `the tool ${tool.name}` : 'one of the tools'} now, and write nothing else.`;
  const common = {
    messages: [{ role: 'user', content: `${situation}\n${plea}` }],
    tools: describeTools(offered),
    parallel_tool_calls: false,
    max_tokens: longest + callTokens,
    ...how,
  };
  return {
    ...{ wish: tool.name, isBounded: Number.isFinite(longest) },
    bound: { ...common, tool_choice: isNamed ? { type: 'function', function: { name: tool.name } } : 'required' },
    free: { ...common, tool_choice: 'auto', constrain_tool_calls: false },
    findFault: (answer) => readVerdict(answer) ?? findCallFault(answer, offered),
  };
}

/** What is wrong with the calls of an answer, which must have at least one. */
export function findCallFault({ calls }: Answer, tools: readonly AgentTool[]): string | undefined {
  if (calls.length === 0) return 'it has no call';
  for (const call of calls) {
    const tool = tools.find(({ name }) => name === call.name);
    const fault = tool ? findArgumentFault(tool.parameters, call) : `there is no tool '${call.name}'`;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[], at: number): Item {
  return items[at % items.length] as Item;
}
