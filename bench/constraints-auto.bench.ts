import { type Answer, ask } from '../test/constraint-answers.ts';
import { longestJson } from '../test/constraint-lengths.ts';
import { findCallFault } from '../test/constraint-requests.ts';
import { agentTools, describeTools } from '../test/constraint-tools.ts';
import { type FreeChoice, freeChoices, history } from './constraints-free-choices.ts';
import { doAll, requestsEach, share, withProgram } from './constraints-run.ts';
import { type Report, say } from './report.ts';

/** JSON around the arguments, at a token a character. */
const callTokens = 60;
const maxTokens = Math.max(...agentTools.map(({ parameters }) => longestJson(parameters))) + callTokens;

/** What becomes of calls that the real model is free to make, bound from where a call begins and not bound. */
export default async function auto(): Promise<Report> {
  const requests = freeChoices.slice(0, requestsEach);
  const pairs = await withProgram(({ url }) => doAll('auto', requests, (request) => compare(url, request)));
  return {
    title: 'Calls under `tool_choice: auto`',
    note: `SmolLM2-135M, temperature 0, five tools, ${requests.length} requests, each second of which needs no call, behind a conversation with three calls; several calls allowed in half of them. Bound: the default for models under 7B, a grammar from where a call begins. Not bound: \`constrain_tool_calls: false\`. Invalid: an unknown name, or arguments against the schema. Left in the text: what looks like a call and is none. Bar: no invalid call, and no more unwanted ones than not bound.`,
    columns: [
      '',
      'call needed: called',
      'the right tool',
      'none needed: called',
      'answers with an invalid call',
      'calls left in the text',
      'errors',
      'cut',
    ],
    rows: [
      ['bound', ...summarise(pairs.map(({ request, bound }) => ({ request, answer: bound })))],
      ['not bound', ...summarise(pairs.map(({ request, free }) => ({ request, answer: free })))],
    ],
  };
}

async function compare(url: string, request: FreeChoice, at = freeChoices.indexOf(request)) {
  const body = {
    messages: [...history, { role: 'user', content: request.words }],
    tools: describeTools(agentTools),
    tool_choice: 'auto',
    parallel_tool_calls: at % 4 < 2,
    max_tokens: maxTokens,
    temperature: 0,
  };
  const bound = await ask(url, body);
  const free = await ask(url, { ...body, constrain_tool_calls: false });
  const fault = hasCall(bound) ? findCallFault(bound, agentTools) : bound.error;
  if (fault !== undefined) say(`auto: ${fault}\n    ${JSON.stringify({ words: request.words, bound })}`);
  return { request, bound, free };
}

interface Answered {
  readonly request: FreeChoice;
  readonly answer: Answer;
}

function summarise(answered: readonly Answered[]): readonly (string | number)[] {
  const needing = answered.filter(({ request }) => request.tool !== undefined);
  const needingNone = answered.filter(({ request }) => request.tool === undefined);
  const called = needing.filter(({ answer }) => hasCall(answer));
  const count = (isSo: (answer: Answer) => boolean) => answered.filter(({ answer }) => isSo(answer)).length;
  return [
    share(called.length, needing.length),
    share(called.filter(({ request, answer }) => answer.calls[0]?.name === request.tool).length, needing.length),
    share(needingNone.filter(({ answer }) => hasCall(answer)).length, needingNone.length),
    count((answer) => hasCall(answer) && findCallFault(answer, agentTools) !== undefined),
    count((answer) => /"(arguments|parameters)"\s*:/.test(answer.text)),
    count((answer) => answer.error !== undefined),
    count((answer) => answer.finish === 'length'),
  ];
}

function hasCall({ calls }: Answer): boolean {
  return calls.length > 0;
}
