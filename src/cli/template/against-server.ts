import { type ErrorCode, GatewayError } from '../../protocol/error.ts';
import type { FoundTemplates } from '../../sources/template-files.ts';
import { compileChatTemplate } from '../../templates/chat-template.ts';
import { conversations } from '../../templates/check/battery.ts';
import type { RenderTemplate } from '../../templates/check/bench.ts';
import { attemptRender, type Outcome } from '../../templates/check/compare.ts';
import { isLiteralList } from '../../templates/conversation.ts';
import { type LiteralJsonObject, parseLiteralJson, printLiteralJson } from '../../text/literal-json.ts';
import type { RunningServer, ServerPrompt } from '../server/running-server.ts';
import type { Way } from '../server/ways.ts';
import { toWireConversation } from '../server/wire-conversation.ts';
import { renderAsIs, renderFitted } from './examine.ts';

/** What came of one conversation. */
export type Comparison =
  /** `refused`: by both; `ids`: the same token ids, though the text that the server shows differs */
  | { readonly conversation: string; readonly verdict: 'equal'; readonly by: 'text' | 'ids' | 'refused' }
  /** the server changes the conversation in these ways first; so changed, the prompts are equal */
  | { readonly conversation: string; readonly verdict: 'explained'; readonly ways: readonly Way[] }
  /** `server` and `ours` part; `ids` where only the tokens do */
  | {
      readonly conversation: string;
      readonly verdict: 'different';
      readonly server: Outcome;
      readonly ours: Outcome;
      readonly ids?: IdParting;
    }
  /** there is nothing to compare */
  | { readonly conversation: string; readonly verdict: 'left-out'; readonly reason: string };

/** Equal texts that are cut into other tokens. */
export interface IdParting {
  readonly server: readonly number[];
  readonly ours: readonly number[];
}

/** What a comparison takes. */
export interface ServerComparison {
  readonly server: RunningServer;
  readonly found: FoundTemplates;
  /** what `strftime_now` shows on our side; asked for each conversation, as the server's clock goes on */
  readonly now: () => Date;
  /** default: the battery of `template check` */
  readonly battery?: ReadonlyMap<string, string>;
}

/**
 * Has a server render a battery of conversations, renders each with our engine, and compares text and, where it tells them, token ids.
 * Throws what the server's being gone or refusing every conversation means.
 */
export async function compareWithServer({ server, found, now, battery = conversations }: ServerComparison): Promise<readonly Comparison[]> {
  const template = compileChatTemplate(found.templates, {});
  const render = server.isFitting ? renderFitted(template) : renderAsIs(found.templates);
  const findObstacle = (wire: LiteralJsonObject) => {
    const isToldInWords = server.isFitting && hasTools(wire) && template.traits(true).tools.variable === undefined;
    return isToldInWords ? 'the template tells no tools, so a Rookery tells them in words of its own' : undefined;
  };
  const comparisons: Comparison[] = [];
  for (const [name, json] of battery) {
    const given = parseLiteralJson(json) as LiteralJsonObject;
    const wire = toWireConversation(given);
    const reason = wire === undefined ? 'no client of its API can say it' : findObstacle(wire);
    if (wire === undefined || reason !== undefined) {
      comparisons.push({ conversation: name, verdict: 'left-out', reason: reason ?? '' });
      continue;
    }
    const asked = server.adapt(wire);
    const told = await attemptServer(server, asked);
    const side: Side = { server, told, now: now(), render: withTokens(render, given, found) };
    comparisons.push(await compareOne(name, asked, side));
  }
  return comparisons;
}

function hasTools(conversation: LiteralJsonObject): boolean {
  const tools = conversation.get('tools');
  return isLiteralList(tools) && tools.length > 0;
}

/** The server's answer and how ours is made. */
interface Side {
  readonly server: RunningServer;
  readonly told: ServerPrompt | { readonly refusal: string };
  readonly now: Date;
  readonly render: RenderTemplate;
}

/** The special tokens of the model; those that nobody told are the battery's. */
function withTokens(render: RenderTemplate, given: LiteralJsonObject, { specialTokens }: FoundTemplates): RenderTemplate {
  const tokens = [...given].filter(([name]) => name.endsWith('_token'));
  return (variables, now) => render(new Map([...tokens, ...Object.entries(specialTokens), ...variables]), now);
}

async function compareOne(conversation: string, asked: LiteralJsonObject, side: Side): Promise<Comparison> {
  const ours = attemptRender(side.render, asked, side.now);
  const match = await matchOutcome(ours, side);
  if (match.by !== undefined) return { conversation, verdict: 'equal', by: match.by };
  if (match.ids && side.server.isFitting && (await isSpelledByCaller(match.ids, asked, side.server)))
    return { conversation, verdict: 'explained', ways: [plainSpecials] };
  const ways = match.ids ? undefined : await explain(asked, side);
  if (ways) return { conversation, verdict: 'explained', ways };
  const server: Outcome = 'refusal' in side.told ? side.told : { text: side.told.text };
  return { conversation, verdict: 'different', server, ours, ...(match.ids ? { ids: match.ids } : {}) };
}

/** Rookery's. It can only be seen in the tokens. */
const plainSpecials: Way = {
  name: 'plain-specials',
  meaning: 'takes special tokens that a caller spells as plain text, so that nobody can forge a turn',
  change: (conversation) => conversation,
};

/** Whether we have a special token more often than the server, and a message spells it. */
async function isSpelledByCaller(
  { server: theirs, ours }: IdParting,
  asked: LiteralJsonObject,
  { tokenizer }: RunningServer,
): Promise<boolean> {
  const messages = printLiteralJson(asked.get('messages') ?? null);
  const countIn = (ids: readonly number[], wanted: number) => ids.filter((id) => id === wanted).length;
  for (const id of new Set(ours)) {
    if (tokenizer === undefined || countIn(ours, id) <= countIn(theirs, id)) continue;
    const spelling = await tokenizer.decode([id]);
    if (/^[<[{].+[>\]}]$/s.test(spelling) && messages.includes(spelling)) return true;
  }
  return false;
}

/** How an outcome of ours equals the server's; `ids` where only the tokens differ. */
interface Match {
  readonly by?: 'text' | 'ids' | 'refused';
  readonly ids?: IdParting;
}

async function matchOutcome(ours: Outcome, { server, told }: Side): Promise<Match> {
  if ('refusal' in ours) return 'refusal' in told ? { by: 'refused' } : {};
  if ('refusal' in told) return {};
  const isSameText = ours.text === told.text;
  if (told.ids === undefined || server.tokenizer === undefined) return isSameText ? { by: 'text' } : {};
  const ids = await server.tokenizer.encode(ours.text, { addSpecial: false, isPlain: false });
  if (ids.length === told.ids.length && ids.every((id, index) => id === told.ids?.[index])) return { by: isSameText ? 'text' : 'ids' };
  return isSameText ? { ids: { server: told.ids, ours: ids } } : {};
}

/** The fewest known ways that make the prompts equal; undefined where none do. */
async function explain(asked: LiteralJsonObject, side: Side): Promise<readonly Way[] | undefined> {
  const subsets = [...listSubsets(listHelpful(side.server.ways, asked))].sort((left, right) => left.length - right.length);
  const seen = new Set<string>();
  for (const ways of subsets) {
    const ours = renderChanged(ways, asked, side);
    const key = JSON.stringify(ours);
    if (seen.has(key)) continue;
    seen.add(key);
    if ((await matchOutcome(ours, side)).by !== undefined) return ways;
  }
  return undefined;
}

function renderChanged(ways: readonly Way[], asked: LiteralJsonObject, { render, now }: Side): Outcome {
  const changed = ways.reduce((conversation, way) => way.change(conversation), asked);
  const ours = attemptRender(render, changed, now);
  return 'refusal' in ours ? ours : { text: ways.reduce((prompt, { reprint }) => reprint?.(prompt) ?? prompt, ours.text) };
}

/** The ways that may change something of a conversation which those before them have changed. */
function listHelpful(ways: readonly Way[], asked: LiteralJsonObject): readonly Way[] {
  let current = asked;
  return ways.filter((way) => {
    const before = printLiteralJson(current);
    current = way.change(current);
    return way.reprint !== undefined || printLiteralJson(current) !== before;
  });
}

/** All subsets but the empty one, each in the order of the list. At most 2^9: there are nine ways. */
function listSubsets(ways: readonly Way[]): readonly (readonly Way[])[] {
  return Array.from({ length: 2 ** ways.length - 1 }, (_, index) => ways.filter((__, place) => ((index + 1) >> place) & 1));
}

const refusalCodes: ReadonlySet<ErrorCode> = new Set(['invalid_request', 'context_length_exceeded', 'engine_failed']);

async function attemptServer(server: RunningServer, asked: LiteralJsonObject): Promise<ServerPrompt | { readonly refusal: string }> {
  try {
    return await server.render(asked);
  } catch (error) {
    if (error instanceof GatewayError && refusalCodes.has(error.code)) return { refusal: error.message };
    throw error;
  }
}
