import type { Delta, EngineEnd, TextToTokenize } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { AnswerText } from './answer-text.ts';
import { type Binding, openCallBinding } from './call-binding.ts';
import { readLogprob } from './logprobs.ts';
import type { RunRequest } from './messages.ts';
import type { NativeModel } from './native.ts';
import { cutPrompt } from './prompt-pieces.ts';
import { RunSampler } from './run-sampler.ts';

/** One answer being generated: its sampler, its text, and why it ends. */
export class Run {
  readonly id: number;
  readonly prompt: readonly number[];
  /** tokens of the prompt that a slot held already */
  reusedTokens = 0;
  /** the drawn token that is not evaluated yet */
  next: number | undefined;
  isAborted = false;
  readonly #native: NativeModel;
  readonly #request: RunRequest;
  readonly #sampler: RunSampler;
  readonly #neutral;
  readonly #text: AnswerText;
  readonly #mostTokens: number;
  /** what may bind the answer later on */
  readonly #binding: Binding | undefined;
  #writtenTokens = 0;

  constructor(native: NativeModel, id: number, request: RunRequest, binding: Binding | undefined = openBinding(request)) {
    this.id = id;
    this.#native = native;
    this.#request = request;
    this.prompt = tokenizePrompt(native, request.prompt);
    this.#mostTokens = checkLength(this.prompt.length, request.maxTokens, native.facts.contextTokens);
    this.#text = new AnswerText(native.bytes, request);
    const grammar = request.grammar === undefined || binding ? undefined : native.openGrammar(request.grammar.text);
    this.#sampler = new RunSampler(native.openSampler(), request.sampling, this.prompt);
    this.#neutral = request.topLogprobs === undefined ? undefined : native.openSampler();
    this.#neutral?.applyConfig({ temperature: 0 });
    if (grammar) this.#sampler.bind(grammar);
    this.#binding = binding;
  }

  /** Draws the next token and adds it to the answer. The end comes with the last delta. */
  async draw(logitIndex: number): Promise<{ delta: Delta; end?: EngineEnd }> {
    const change = this.#text.isWhole ? this.#binding?.next() : undefined;
    if (change) this.#sampler.bind(change === 'free' ? undefined : this.#native.openGrammar(change.grammar));
    const token = await this.#native.context.sampleToken(logitIndex, this.#sampler.sampler);
    if (token < 0) throw new GatewayError('engine_failed', 'No token is possible here: the grammar or logit_bias leaves none.');
    this.#writtenTokens++;
    if (this.#endsWith(token)) return this.#finish({ text: '', tokens: [token] }, 'stop', this.#namedStop(token));
    this.#sampler.accept(token);
    const { delta, stop } = this.#text.push(token, await this.#readLogprob(logitIndex, token));
    this.#binding?.push(delta);
    if (stop !== undefined) return { delta, end: this.end('stop', stop) };
    if (this.#binding?.isComplete) return this.#finish(delta, 'stop');
    if (this.#writtenTokens >= this.#mostTokens) return this.#finish(delta, 'length');
    this.next = token;
    return { delta };
  }

  /** The record that ends it, with what was used so far. */
  end(reason: EngineEnd['reason'], stop?: string | number): EngineEnd {
    const usage = { promptTokens: this.prompt.length, completionTokens: this.#writtenTokens, cachedTokens: this.reusedTokens };
    return stop === undefined ? { reason, usage } : { reason, stop, usage };
  }

  /** Frees the samplers. */
  dispose(): void {
    this.#sampler.dispose();
    this.#neutral?.dispose();
  }

  #endsWith(token: number): boolean {
    if (this.#request.stopTokenIds.includes(token)) return true;
    return !this.#request.ignoreEos && this.#native.model.isEogToken(token);
  }

  #namedStop(token: number): number | undefined {
    return this.#request.stopTokenIds.includes(token) ? token : undefined;
  }

  #finish(last: Delta, reason: 'stop' | 'length', stop?: number): { delta: Delta; end: EngineEnd } {
    const rest = this.#text.end();
    const logprobs = [...(last.logprobs ?? []), ...(rest.logprobs ?? [])];
    const delta = { ...last, text: last.text + rest.text, ...(logprobs.length > 0 ? { logprobs } : {}) };
    return { delta, end: this.end(reason, stop) };
  }

  #readLogprob(logitIndex: number, token: number) {
    if (!this.#neutral) return undefined;
    const { context, bytes } = this.#native;
    return readLogprob({ context, neutral: this.#neutral, bytes, logitIndex, token, top: this.#request.topLogprobs ?? 0 });
  }
}

function openBinding({ grammar }: RunRequest): Binding | undefined {
  return grammar?.lazy && openCallBinding({ ...grammar, lazy: grammar.lazy });
}

/** Token ids of a prompt that is to be answered: at least one, each of this model. */
export function tokenizePrompt(
  native: Pick<NativeModel, 'facts' | 'model' | 'controls' | 'pieces'>,
  prompt: RunRequest['prompt'],
): readonly number[] {
  const isText = 'segments' in prompt;
  const tokens = isText
    ? tokenizeText(native, { segments: prompt.segments, isPrompt: !prompt.isRendered })
    : checkTokens(native, prompt.tokens);
  if (tokens.length === 0)
    throw new GatewayError('invalid_request', 'The prompt is empty: give at least one token of text.', { param: 'prompt' });
  return tokens;
}

/** Token ids of a text. A prompt gets the begin-of-text token where the model wants one and the text does not bring it. */
export function tokenizeText(
  { facts, model, controls, pieces }: Pick<NativeModel, 'facts' | 'model' | 'controls' | 'pieces'>,
  text: TextToTokenize,
): readonly number[] {
  const tokens = cutPrompt(text.segments, controls).flatMap((piece) => pieces.read(piece));
  const begin = model.tokenBos();
  const needsBegin = text.isPrompt && facts.specialTokens.addsBos && begin >= 0 && tokens[0] !== begin;
  return needsBegin ? [begin, ...tokens] : tokens;
}

function checkTokens(native: Pick<NativeModel, 'facts'>, tokens: readonly number[]): readonly number[] {
  const limit = native.facts.vocabularyTokens ?? Number.POSITIVE_INFINITY;
  const wrong = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= limit);
  if (wrong === undefined) return tokens;
  throw new GatewayError('invalid_request', `The prompt holds the token id ${wrong}; ids of this model go from 0 to ${limit - 1}.`, {
    param: 'prompt',
  });
}

/** Most tokens the answer may have. Throws before anything would be cut off. */
function checkLength(promptTokens: number, maxTokens: number | undefined, contextTokens: number): number {
  const wanted = promptTokens + (maxTokens ?? 1);
  if (wanted <= contextTokens) return maxTokens ?? contextTokens - promptTokens;
  const parts =
    maxTokens === undefined
      ? `The prompt has ${promptTokens} tokens`
      : `The prompt has ${promptTokens} tokens and max_tokens asks for ${maxTokens} more`;
  throw new GatewayError(
    'context_length_exceeded',
    `${parts}, the context holds ${contextTokens}. Shorten the prompt, lower max_tokens or serve with a larger --context.`,
    {
      param: 'messages',
    },
  );
}
