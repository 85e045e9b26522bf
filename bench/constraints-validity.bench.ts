import { type Answer, ask } from '../test/constraint-answers.ts';
import { type ConstraintKind, type ConstraintRequest, constraintKinds, makeConstraintRequest } from '../test/constraint-requests.ts';
import { doAll, requestsEach, share, withProgram } from './constraints-run.ts';
import { type Report, say } from './report.ts';

/** What became of an answer. */
type Outcome = 'valid' | 'cut' | 'wrong';

interface Judged {
  readonly bound: Outcome;
  readonly free: Outcome;
}

/** How many answers of the real model are finished and as demanded, bound by a grammar and only asked in words. */
export default async function constraints(): Promise<Report> {
  const rows = await withProgram(async ({ url }) => {
    const judged: (string | number)[][] = [];
    for (const kind of constraintKinds) judged.push(...(await measure(url, kind)));
    return judged;
  });
  return {
    title: 'Answers as demanded',
    note: `SmolLM2-135M over HTTP, ${requestsEach} requests of each kind: five wishes, temperature 0 and 1, streamed and not. "In words": the same prompt with the schema, pattern, choices or tools in it, and nothing bound. Schemas and arguments are judged by ajv, patterns by JavaScript. Cut: ended by \`max_tokens\`, which the longest instance fits at a token a character, unless it has none. Bar: 100 % valid where there is a longest instance, and no wrong answer anywhere.`,
    columns: ['demanded', 'answers', 'valid', 'cut', 'wrong', 'in words: valid', 'in words: cut', 'in words: wrong'],
    rows,
  };
}

async function measure(url: string, kind: ConstraintKind): Promise<(string | number)[][]> {
  const requests = Array.from({ length: requestsEach }, (_, at) => makeConstraintRequest(kind, at));
  const judged = await doAll(kind, requests, async (request): Promise<Judged> => {
    const bound = await ask(url, request.bound);
    const free = await ask(url, request.free);
    const outcome = judge(request, bound);
    if (outcome === 'wrong' || (outcome === 'cut' && request.isBounded)) tell(kind, request, bound);
    return { bound: outcome, free: judge(request, free) };
  });
  const rows = [true, false].map((isBounded) =>
    requests.flatMap((request, at) => (request.isBounded === isBounded ? [{ request, ...(judged[at] as Judged) }] : [])),
  );
  return rows.filter((row) => row.length > 0).map((row) => summarise(kind, row));
}

function judge(request: ConstraintRequest, answer: Answer): Outcome {
  if (answer.finish === 'length') return 'cut';
  return request.findFault(answer) === undefined ? 'valid' : 'wrong';
}

function tell(kind: ConstraintKind, request: ConstraintRequest, answer: Answer): void {
  say(`${kind}, ${request.wish}: ${request.findFault(answer)}\n    ${JSON.stringify({ body: request.bound, answer })}`);
}

function summarise(kind: ConstraintKind, judged: readonly (Judged & { readonly request: ConstraintRequest })[]): (string | number)[] {
  const wishes = [...new Set(judged.map(({ request }) => request.wish))].join(', ');
  const hasEnd = judged.every(({ request }) => request.isBounded);
  const shares = (side: 'bound' | 'free') =>
    (['valid', 'cut', 'wrong'] as const).map((outcome) => share(judged.filter((each) => each[side] === outcome).length, judged.length));
  return [`${kind}${hasEnd ? '' : ' without a longest instance'} (${wishes})`, judged.length, ...shares('bound'), ...shares('free')];
}
