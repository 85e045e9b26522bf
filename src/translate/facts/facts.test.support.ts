import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findModel } from '../../models/match/find-model.ts';
import type { Message, Tool } from '../../protocol/message.ts';
import type { GenerateRequest } from '../../protocol/request.ts';
import { learnModel } from '../model-knowledge.ts';
import type { FactSettings, FactStep, FactsOf } from './fact-step.ts';

const specialTokens = { addsBos: true, control: [] };

/** What is known of a real family's model; `prompted` models have no dialect, and neither has a name that nobody knows. */
export function knowledgeOf(id: string): FactsOf {
  const model = { id, contextTokens: 4096, specialTokens };
  const family = findModel(id)?.definition;
  const { prompted, dialect } = learnModel(model);
  const isKnown = family !== undefined && family.dialect.value !== 'prompted';
  return { family, model, dialect: isKnown ? prompted : dialect };
}

/** A chat that asks for nothing special. */
export function requestOf(change: Partial<GenerateRequest> = {}, ...messages: readonly Message[]): GenerateRequest {
  const said: readonly Message[] = messages.length > 0 ? messages : [{ role: 'user', content: 'Hi' }];
  return {
    ...{ id: 'r', model: 'm', input: { type: 'chat', messages: said }, sampling: {}, stop: [], stopTokenIds: [] },
    ...{ ignoreEos: false, isStreamed: true, n: 1, unknownFields: {}, agent: {} },
    ...change,
  };
}

/** The messages of a chat. */
export function messagesOf({ input }: GenerateRequest): readonly Message[] {
  assert.equal(input.type, 'chat');
  return input.type === 'chat' ? input.messages : [];
}

/** One step alone, as the list of steps runs it. */
export function runStep(step: FactStep, request: GenerateRequest, knowledge: FactsOf, settings: FactSettings = {}) {
  const acts: string[] = [];
  const warnings: string[] = [];
  const changed = step(request, {
    ...{ knowledge, settings },
    act: (word) => acts.push(word),
    warn: (sentence) => warnings.push(sentence),
  });
  return { request: changed, acts, warnings };
}

/** Tools of names nobody describes. */
export function toolsOf(...names: readonly string[]): readonly Tool[] {
  return names.map((name) => ({ name }));
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('```', 'a\n```\nb', '/think', ''),
);
const toolName = fc.constantFrom('find_nest', 'drop_nut', 'getWeather', 'f');
const callId = fc.constantFrom('a', 'b', 'c', 'd');
const pastCall = fc.record({ id: callId, name: toolName, argumentsJson: fc.oneof(fc.json({ maxDepth: 1 }), text) });

/** Conversations of any order, orderly or not. */
export const anyMessages: fc.Arbitrary<readonly Message[]> = fc.array(
  fc.oneof(
    fc.record({ role: fc.constantFrom('system' as const, 'developer' as const, 'user' as const, 'assistant' as const), content: text }),
    fc.record({ role: fc.constant('user' as const), content: text, name: fc.constantFrom('Ada', 'Bo') }),
    fc.record({ role: fc.constant('assistant' as const), content: fc.option(text), toolCalls: fc.array(pastCall, { maxLength: 3 }) }),
    fc.record({ role: fc.constant('tool' as const), content: text, toolCallId: callId }),
    fc.record({
      role: fc.constantFrom('user' as const, 'tool' as const),
      content: fc.array(
        fc.oneof(
          text.map((each) => ({ type: 'text' as const, text: each })),
          fc.constant({ type: 'image' as const, url: 'data:,' }),
        ),
        { maxLength: 3 },
      ),
    }),
  ),
  { minLength: 1, maxLength: 8 },
);

/** Names of real models, one for each way in which a fact acts. */
export const realModels = [
  ...['mistral:7b', 'hammer2:1.5b', 'llama3.1', 'qwen3:4b', 'gpt-oss:20b', 'smollm2:1.7b', 'smollm2-135m-instruct', 'smollm3:3b'],
  ...['granite-3.3-2b-instruct', 'NVIDIA-Nemotron-Nano-9B-v2', 'Hy3', 'gemma-2-2b-it', 'nobody-knows-it'],
] as const;
