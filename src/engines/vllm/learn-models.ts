import type { EngineCapabilities, EngineModel, PrintedForms } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { EngineContext } from '../engine.ts';
import { describeModel } from '../openai/model-list.ts';
import { answersRaw, hasToolParser } from './find-parsers.ts';
import { askedFor, listAsked, readModelCards } from './model-cards.ts';
import { printTemplate, type TemplatePrint } from './print-template.ts';
import { knowsGuidedOnly, readVersion } from './read-version.ts';
import { type Ask, fieldsOf } from './wire-answers.ts';

/** A model, and how a conversation with it is sent when we read the answer. */
export interface LearnedModel {
  readonly model: EngineModel;
  /** the chat route gives the answer as it was written; else the conversation is rendered first and goes to the completions route, where no parser is */
  readonly answersRaw: boolean;
}

/** How the models of a server are found. */
export interface Learning {
  readonly ask: Ask;
  readonly log: EngineContext['log'];
  /** names to serve; default: all that are listed */
  readonly names: readonly string[] | undefined;
  /** default: what the server says */
  readonly contextTokens: number | undefined;
}

/**
 * Asks a server for its models and, once for each set of weights, how it renders and what it reads by itself. Only the list itself has to work: what else
 * cannot be found is logged as `model-probe` or `server-probe`, and the model is served with less. Throws `engine_unavailable` while it is not there.
 */
export async function learnModels(learning: Learning): Promise<readonly LearnedModel[]> {
  const listed = readModelCards(await learning.ask('/v1/models'));
  const cards = listed.filter(({ id }) => learning.names?.includes(id) ?? true);
  for (const name of learning.names ?? []) {
    if (!cards.some(({ id }) => id === name)) learning.log('warn', 'model-missing', { model: name });
  }
  const general = await learnServer(learning);
  const asked = await Promise.all(
    listAsked(cards, listed).map(async (card) => [card, await learnRendering(card.id, general, learning)] as const),
  );
  const byCard = new Map(asked);
  return cards.map((card) => {
    const known = askedFor(card, listed);
    const contextTokens = learning.contextTokens ?? card.contextTokens ?? known.contextTokens;
    const model = { ...describeModel(card.id, contextTokens), ...(card.parent === undefined ? {} : { base: card.parent }) };
    return describe(model, byCard.get(known), general);
  });
}

/** Longest wait for an answer that is asked for only to know a model better. */
const probeTimeoutMs = 20_000;

/** Asks with a time limit: a busy server answers later, or never. */
function probing({ ask }: Learning): Ask {
  return async (path, body) => {
    const limit = AbortSignal.timeout(probeTimeoutMs);
    try {
      return await ask(path, body, limit);
    } catch (error) {
      if (!limit.aborted) throw error;
      throw new GatewayError('engine_failed', `The engine did not answer ${path} within ${probeTimeoutMs / 1000} s.`);
    }
  };
}

/** What holds for all models of a server. */
interface ServerFacts {
  readonly isOld: boolean;
  readonly hasChat: boolean;
  readonly hasEmbeddings: boolean;
}

interface Rendering {
  readonly printed: PrintedForms | undefined;
  readonly hasParser: boolean;
  readonly answersRaw: boolean;
}

async function learnServer(learning: Learning): Promise<ServerFacts> {
  const version = readVersion(await learnOr(undefined, undefined, learning, () => probing(learning)('/version')));
  const routes = fieldsOf(fieldsOf(await learnOr(undefined, undefined, learning, () => probing(learning)('/openapi.json'))).paths);
  const has = (path: string) => Object.keys(routes).length === 0 || path in routes;
  return { isOld: knowsGuidedOnly(version), hasChat: has('/v1/chat/completions'), hasEmbeddings: has('/v1/embeddings') };
}

async function learnRendering(model: string, { hasChat }: ServerFacts, learning: Learning): Promise<Rendering> {
  if (!hasChat) return { printed: undefined, hasParser: false, answersRaw: true };
  const probe = probing(learning);
  const print = await learnOr(undefined, model, learning, () => printTemplate(model, probe));
  const hasParser = await learnOr(undefined, model, learning, () => hasToolParser(model, probe));
  return {
    printed: print && formsOf(print),
    hasParser: hasParser === true,
    answersRaw: await learnDirectness(model, { print, hasParser }, learning),
  };
}

/** Without a rendering there is only the chat route. Else the completions route is right for every server, and chosen unless the other is known to be as good. */
async function learnDirectness(
  model: string,
  { print, hasParser }: { readonly print: TemplatePrint | undefined; readonly hasParser: boolean | undefined },
  learning: Learning,
): Promise<boolean> {
  if (!print) return true;
  if (hasParser !== false) return false;
  return learnOr(false, model, learning, () => answersRaw(model, print, probing(learning)));
}

function formsOf({ questionTokens: _, ...forms }: TemplatePrint): PrintedForms {
  return forms;
}

/** `otherwise` where it cannot be found out. An engine that is gone and a caller who left are errors. */
async function learnOr<T>(otherwise: T, model: string | undefined, { log }: Learning, find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'engine_unavailable' || error.code === 'client_closed') throw error;
    // a proxy in between may keep what is told of the whole server
    if (model === undefined) log('debug', 'server-probe', { message: error.message });
    else log('warn', 'model-probe', { model, message: error.message });
    return otherwise;
  }
}

function describe(model: EngineModel, rendering: Rendering | undefined, { isOld, hasEmbeddings }: ServerFacts): LearnedModel {
  const { printed, hasParser = false, answersRaw: isRaw = false } = rendering ?? {};
  const capabilities: Partial<EngineCapabilities> = {
    hasTools: hasParser,
    hasToolChoice: hasParser,
    hasEmbeddings,
    ...(isOld ? { grammars: 'ebnf' } : {}),
  };
  return { model: { ...model, ...(printed === undefined ? {} : { printed }), capabilities }, answersRaw: isRaw };
}
