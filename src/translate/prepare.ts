import { compileDialect } from '../parsing/compile-dialect.ts';
import type { TurnParser } from '../parsing/turn-parser.ts';
import type { EnginePrompt, EngineRequest } from '../protocol/engine.ts';
import type { GenerateRequest, Prompt } from '../protocol/request.ts';
import type { Fix } from '../templates/normalise/draft.ts';
import { writeAnswerGrammar } from './answer-grammar.ts';
import type { ModelKnowledge } from './model-knowledge.ts';
import type { Plan } from './plan.ts';
import { type RenderContext, renderConversation } from './render-conversation.ts';

/** One answer to generate, the choice it becomes, and how it is read. */
export interface PreparedChoice {
  readonly choice: number;
  readonly request: EngineRequest;
  /** Opens a parser for the answer; undefined where it is plain text. */
  readonly openParser: (() => TurnParser) | undefined;
  readonly plan: Plan;
}

/** The engine's requests of one request. */
export interface Prepared {
  readonly choices: readonly PreparedChoice[];
  /** what was changed in the conversation so that the model's template prints it */
  readonly fixes: readonly Fix[];
}

/**
 * Makes the engine's requests of a planned one: `n` for each prompt, in the order of the choices (prompt by prompt).
 * Choices after the first get seeds that follow the given one, so that they differ and can be repeated.
 */
export function prepareRequest(request: GenerateRequest, context: RenderContext): Prepared {
  const { plan, knowledge } = context;
  const { prompts, fixes } = listPrompts(request, context);
  const choices = prompts.flatMap(({ prompt, openParser, grammar }, promptIndex) =>
    Array.from({ length: request.n }, (_, copy) => ({
      choice: promptIndex * request.n + copy,
      request: toEngineRequest(request, plan, { model: knowledge.model.id, prompt, copy, grammar }),
      openParser,
      plan,
    })),
  );
  return { choices, fixes };
}

interface PreparedPrompt {
  readonly prompt: EnginePrompt;
  readonly openParser: (() => TurnParser) | undefined;
  /** in llama.cpp's notation; undefined: nothing binds the answer */
  readonly grammar: string | undefined;
}

function listPrompts(request: GenerateRequest, context: RenderContext): { prompts: readonly PreparedPrompt[]; fixes: readonly Fix[] } {
  const { input } = request;
  const { plan, knowledge } = context;
  if (input.type === 'prompts') {
    const grammar = writeAnswerGrammar(plan, { tail: '', mayThink: false })?.text;
    return { prompts: input.prompts.map((prompt) => ({ prompt: toRawPrompt(prompt), openParser: undefined, grammar })), fixes: [] };
  }
  if (!plan.dialect) {
    const prompt = { form: 'messages', messages: input.messages } as const;
    return { prompts: [{ prompt, openParser: undefined, grammar: undefined }], fixes: [] };
  }
  const { segments, promptTail, fixes } = renderConversation(request, context);
  const prompt = { form: 'segments', segments, isRendered: true } as const;
  const mayThink = knowledge.family?.reasoning.value.kind === 'span';
  const grammar = writeAnswerGrammar(plan, { tail: promptTail, mayThink })?.text;
  return { prompts: [{ prompt, openParser: makeOpener(plan, knowledge, promptTail), grammar }], fixes };
}

function makeOpener({ dialect, calls }: Plan, { model }: ModelKnowledge, promptTail: string): (() => TurnParser) | undefined {
  if (!dialect) return undefined;
  const compiled = compileDialect(dialect.definition);
  // without control tokens among the markers, text decides
  const hasSpecials = dialect.specialMarkers.length > 0 && model.specialTokens.control.length > 0;
  const tools = calls?.tools ?? noTools;
  const options = { tools, toolChoice: calls?.toolChoice ?? 'none', parallel: calls?.parallel ?? true, promptTail, hasSpecials } as const;
  return () => compiled.openParser(options);
}

const noTools: readonly [] = [];

/** A raw prompt is the caller's own rendering: special tokens in it are meant. */
function toRawPrompt(prompt: Prompt): EnginePrompt {
  if (typeof prompt === 'string') return { form: 'segments', segments: [{ text: prompt, isLiteral: false }], isRendered: false };
  return { form: 'tokens', tokens: prompt };
}

function toEngineRequest(
  request: GenerateRequest,
  plan: Plan,
  { model, prompt, copy, grammar }: Pick<PreparedPrompt, 'prompt' | 'grammar'> & { readonly model: string; readonly copy: number },
): EngineRequest {
  const { id, sampling, maxTokens, stop, stopTokenIds, ignoreEos, isStreamed, topLogprobs, unknownFields } = request;
  return {
    ...{ id, model, prompt, stop, stopTokenIds, ignoreEos, isStreamed, unknownFields },
    keptSpecialTokens: plan.dialect?.specialMarkers ?? [],
    sampling: sampling.seed === undefined || copy === 0 ? sampling : { ...sampling, seed: sampling.seed + copy },
    ...(grammar === undefined ? {} : { grammar }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
  };
}
