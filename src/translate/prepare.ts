import type { DialectDefinition } from '../dialects/dialect.ts';
import { compileDialect } from '../parsing/compile-dialect.ts';
import type { TurnParser } from '../parsing/turn-parser.ts';
import type { EngineGrammar, EnginePrompt, EngineRequest, NativeWishes } from '../protocol/engine.ts';
import type { GenerateRequest, Prompt } from '../protocol/request.ts';
import type { Fix } from '../templates/normalise/draft.ts';
import { keptJson } from '../text/kept-json.ts';
import type { AnswerGrammar } from './compile-grammar.ts';
import { describeGrammar, type GrammarJob } from './grammar-job.ts';
import type { Plan } from './plan.ts';
import { tellTools } from './prompt-tools.ts';
import { type RenderContext, renderConversation } from './render-conversation.ts';

/** One answer to generate, the choice it becomes, and how it is read. */
export interface PreparedChoice {
  readonly choice: number;
  /** without the grammar, which takes time: `bindRequest` adds it */
  readonly request: EngineRequest;
  /** what binds the answer; undefined: nothing does */
  readonly binding: RequestBinding | undefined;
  /** Opens a parser for the answer; undefined where it is plain text. */
  readonly openParser: (() => TurnParser) | undefined;
  readonly plan: Plan;
}

/** What binds an answer, before its grammar is compiled. */
export interface RequestBinding {
  readonly job: GrammarJob;
  /** how regions of calls are found, where only those are bound */
  readonly regions: { readonly promptTail: string; readonly hasSpecials: boolean };
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
  const choices: PreparedChoice[] = [];
  for (const { prompt, openParser, binding } of prompts) {
    for (let copy = 0; copy < request.n; copy++) {
      const asked = toEngineRequest(request, plan, { model: knowledge.model.id, prompt, copy });
      choices.push({ choice: choices.length, request: asked, binding, openParser, plan });
    }
  }
  return { choices, fixes };
}

interface PreparedPrompt {
  readonly prompt: EnginePrompt;
  readonly openParser: (() => TurnParser) | undefined;
  readonly binding: RequestBinding | undefined;
}

/** The engine's request with its grammar; without one where the format's calls cannot be bound once begun, which are looked at when they are whole. */
export function bindRequest({ request, binding }: PreparedChoice, { text, trigger }: AnswerGrammar): EngineRequest {
  if (!binding || (text === '' && binding.job.calls?.start !== 'regions')) return request;
  return { ...request, grammar: toEngineGrammar(binding, text, trigger) };
}

function toEngineGrammar({ job, regions }: RequestBinding, text: string, trigger: string | undefined): EngineGrammar {
  const { dialect, calls, notation } = job;
  if (!dialect || calls?.start !== 'regions') return trigger === undefined ? { notation, text } : { notation, text, trigger };
  const { promptTail, hasSpecials } = regions;
  const data = { dialectJson: keptJson(dialect), toolsJson: keptJson(calls.tools) };
  return { notation, text, lazy: { trigger, ...data, parallel: calls.parallel, promptTail, hasSpecials } };
}

function listPrompts(request: GenerateRequest, context: RenderContext): { prompts: readonly PreparedPrompt[]; fixes: readonly Fix[] } {
  const { input } = request;
  const { plan } = context;
  if (input.type === 'prompts') {
    const binding = bindPlain(plan);
    return { prompts: input.prompts.map((prompt) => ({ prompt: toRawPrompt(prompt), openParser: undefined, binding })), fixes: [] };
  }
  if (plan.renderer === 'engine') return { prompts: [prepareMessages(request, context)], fixes: [] };
  const { segments, promptTail, fixes } = renderConversation(request, context);
  const prompt = { form: 'segments', segments, isRendered: true } as const;
  return { prompts: [{ prompt, ...readAnswer(context, promptTail) }], fixes };
}

/** A conversation that the engine renders. Its template shows the tools where we read the calls; where they are told in words they are part of the messages. */
function prepareMessages({ input, templateVariablesJson: variablesJson }: GenerateRequest, context: RenderContext): PreparedPrompt {
  const { plan, knowledge } = context;
  const { calls, dialect, mode } = plan;
  const { messages, written } = input.type === 'chat' ? input : noMessages;
  const told = dialect && calls ? tellTools(messages, { dialect, calls, mode }) : messages;
  const isShown = mode === 'raw-chat' && calls && calls.tools.length > 0 && calls.preamble === 'official';
  const prompt: EnginePrompt = {
    form: 'messages',
    messages: told,
    ...(written?.messages === told ? { messagesJson: written.json } : {}),
    ...(isShown ? { shownTools: calls.tools } : {}),
    ...(variablesJson === undefined ? {} : { variablesJson }),
  };
  return { prompt, ...readAnswer(context, tailOf(knowledge, variablesJson)) };
}

const noMessages = { messages: [], written: undefined } as const;

/** What the engine's template opens behind the conversation. */
function tailOf({ printed }: RenderContext['knowledge'], variablesJson: string | undefined): string {
  const isQuiet = variablesJson !== undefined && /"enable_thinking"\s*:\s*false/.test(variablesJson);
  return (isQuiet ? printed?.quietTail : undefined) ?? printed?.tail ?? '';
}

/** How an answer behind a prompt is read, and what binds it. */
function readAnswer({ plan, knowledge }: RenderContext, promptTail: string): Pick<PreparedPrompt, 'openParser' | 'binding'> {
  if (!plan.dialect) return { openParser: undefined, binding: bindPlain(plan) };
  const { definition, specialMarkers } = plan.dialect;
  const compiled = compileDialect(definition);
  // without control tokens among the markers, text decides
  const hasSpecials = specialMarkers.length > 0 && knowledge.model.specialTokens.control.length > 0;
  const { tools = noTools, toolChoice = 'none', parallel = true } = plan.calls ?? {};
  const options = { tools, toolChoice, parallel, promptTail, hasSpecials } as const;
  const opened = compiled.whatPromptOpened(promptTail);
  const mayThink = thinks(definition, knowledge) && opened !== 'closed-reasoning';
  const job = describeGrammar(plan, { opened, mayThink });
  return { openParser: () => compiled.openParser(options), binding: job && { job, regions: { promptTail, hasSpecials } } };
}

/** What binds an answer that is read as it stands. */
function bindPlain(plan: Plan): RequestBinding | undefined {
  const job = describeGrammar(plan, { opened: 'nothing', mayThink: false });
  return job && { job, regions: { promptTail: '', hasSpecials: false } };
}

/** Frames are for thoughts too, whatever the family is known for. */
function thinks({ layout }: DialectDefinition, { family }: RenderContext['knowledge']): boolean {
  return layout.kind === 'framed' || family?.reasoning.value.kind === 'span';
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
  { model, prompt, copy }: { readonly model: string; readonly prompt: EnginePrompt; readonly copy: number },
): EngineRequest {
  const native = nativeWishes(request, plan);
  const { id, sampling, maxTokens, stop, stopTokenIds, ignoreEos, isStreamed, topLogprobs, unknownFields } = request;
  const made: { -readonly [Field in keyof EngineRequest]: EngineRequest[Field] } = {
    id,
    model,
    prompt,
    stop,
    stopTokenIds,
    ignoreEos,
    unknownFields,
    isStreamed,
    keptSpecialTokens: plan.dialect?.specialMarkers ?? [],
    sampling: sampling.seed === undefined || copy === 0 ? sampling : { ...sampling, seed: sampling.seed + copy },
  };
  if (Object.keys(native).length > 0) made.native = native;
  if (mayBeStopped(plan)) made.mayBeStopped = true;
  if (maxTokens !== undefined) made.maxTokens = maxTokens;
  if (topLogprobs !== undefined) made.topLogprobs = topLogprobs;
  return made;
}

/** We read the calls, and none is wanted after the first. */
function mayBeStopped({ dialect, calls }: Plan): boolean {
  return dialect !== undefined && calls !== undefined && (!calls.parallel || typeof calls.toolChoice === 'object');
}

function nativeWishes({ reasoningEffort }: GenerateRequest, { mode, renderer, calls, binding }: Plan): NativeWishes {
  const hasTools = mode === 'native' && calls !== undefined && calls.tools.length > 0;
  return {
    ...(hasTools ? { tools: calls.tools, toolChoice: calls.toolChoice, parallelToolCalls: calls.parallel } : {}),
    ...(renderer === 'engine' && reasoningEffort !== undefined ? { reasoningEffort } : {}),
    ...(binding?.by === 'engine' ? { constraint: binding.constraint } : {}),
  };
}
