import { setTimeout as wait } from 'node:timers/promises';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { readServerFacts, type ServerFacts } from './model-facts.ts';
import type { AskServer } from './token-lists.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/** What is learned of a server before its first answer. */
export interface LearnedServer {
  readonly facts: ServerFacts;
  readonly vocabulary: Vocabulary;
  readonly hasEmbeddings: boolean;
}

/** Pause before a server that is loading its model is asked again. */
const loadingPauseMs = 250;

/** Asks a server for all of it, once its model is loaded. The vocabulary that was `known` is taken over where the model is still the same. */
export async function learnServer(ask: AskServer, known: LearnedServer | undefined, signal?: AbortSignal): Promise<LearnedServer> {
  const props = await askOnceLoaded(ask, signal);
  const facts = readServerFacts(props, await ask('/v1/models', undefined, signal));
  const { vocabularyTokens: size, identity, bos, eos } = facts;
  const named = [bos, eos].flatMap((spelling) => spelling ?? []);
  const isSame = known?.facts.identity === identity;
  const [vocabulary, hasEmbeddings] = await Promise.all([
    isSame ? known.vocabulary : readVocabulary(ask, { size, named }, signal),
    tryEmbedding(ask, signal),
  ]);
  return { facts, vocabulary, hasEmbeddings };
}

/** While it loads it answers 503 to everything, and is asked again until the signal is aborted. An address where nobody answers is told at once. */
async function askOnceLoaded(ask: AskServer, signal: AbortSignal | undefined): Promise<JsonObject> {
  for (;;) {
    try {
      return await ask('/props', undefined, signal);
    } catch (error) {
      const isLoading = error instanceof GatewayError && error.code === 'engine_unavailable' && error.cause === undefined;
      if (!isLoading) throw error;
    }
    // an abort ends the pause, and is told by the next question
    await wait(loadingPauseMs, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

/** Only a server started for it gives embeddings, and nothing but an answer tells. Others refuse at once. */
async function tryEmbedding(ask: AskServer, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await ask('/v1/embeddings', { input: 'a', encoding_format: 'float' }, signal);
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'client_closed') throw error;
    return false;
  }
}
