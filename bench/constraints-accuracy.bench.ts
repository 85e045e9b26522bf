import { type Answer, ask } from '../test/constraint-answers.ts';
import { longestJson } from '../test/constraint-lengths.ts';
import { describeTools } from '../test/constraint-tools.ts';
import { type RightAnswer, rightAnswers } from './constraints-right-answers.ts';
import { doAll, requestsEach, share, withProgram } from './constraints-run.ts';
import { type Report, say } from './report.ts';

/** JSON around the arguments, at a token a character. */
const callTokens = 60;

/** How often the real model finds the right arguments, where there is one right answer. */
export default async function accuracy(): Promise<Report> {
  const requests = rightAnswers.slice(0, requestsEach);
  const scores = await withProgram(({ url }) => doAll('one right answer', requests, (request) => compare(url, request)));
  const sum = (read: (score: CallScore) => number, side: 'bound' | 'free') => scores.reduce((total, score) => total + read(score[side]), 0);
  const sides = [
    { name: 'bound by a grammar (the tool is named)', side: 'bound' },
    { name: 'only asked in words', side: 'free' },
  ] as const;
  return {
    title: 'Arguments of calls with one right answer',
    note: `SmolLM2-135M, temperature 0, ${requests.length} requests such as "${rightAnswers[0]?.words}", one tool each. Right: the very value, its type included. A grammar makes a call valid, not clever: this is what is left to the model.`,
    columns: ['', 'calls', 'whole calls right', 'arguments right'],
    rows: sides.map(({ name, side }) => [
      name,
      `${sum((score) => score.calls, side)} of ${requests.length}`,
      share(
        sum((score) => (score.right === score.all ? 1 : 0), side),
        requests.length,
      ),
      share(
        sum((score) => score.right, side),
        sum((score) => score.all, side),
      ),
    ]),
  };
}

type Score = Readonly<Record<'bound' | 'free', CallScore>>;

interface CallScore {
  readonly calls: 0 | 1;
  readonly right: number;
  readonly all: number;
}

async function compare(url: string, request: RightAnswer): Promise<Score> {
  const { tool, words } = request;
  const common = {
    messages: [{ role: 'user', content: `${words}\nCall the tool ${tool.name} now, and write nothing else.` }],
    tools: describeTools([tool]),
    parallel_tool_calls: false,
    max_tokens: longestJson(tool.parameters) + callTokens,
    temperature: 0,
  };
  const bound = await ask(url, { ...common, tool_choice: { type: 'function', function: { name: tool.name } } });
  const free = await ask(url, { ...common, tool_choice: 'auto', constrain_tool_calls: false });
  if (bound.calls.length === 0) say(`no call: ${JSON.stringify({ words, bound })}`);
  return { bound: grade(request, bound), free: grade(request, free) };
}

function grade({ tool, right }: RightAnswer, { calls: [call] }: Answer): CallScore {
  const wanted = Object.entries(right);
  const found = call?.name === tool.name ? readArguments(call.arguments) : undefined;
  if (!found) return { calls: 0, right: 0, all: wanted.length };
  return { calls: 1, right: wanted.filter(([key, value]) => found[key] === value).length, all: wanted.length };
}

function readArguments(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
