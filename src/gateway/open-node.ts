import type { EngineContext } from '../engines/engine.ts';
import { engines } from '../engines/index.ts';
import type { Engine, EngineEmbeddings, EngineState, GrammarVerdict, PromptSegment, TextToTokenize } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { AnswerGrammar } from '../translate/compile-grammar.ts';
import { decideRequest, type OperatorFacts } from '../translate/decide.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import { describePlan } from '../translate/plan.ts';
import { prepareRequest } from '../translate/prepare.ts';
import { askAgain } from '../translate/repair.ts';
import { openGrammarCompiler } from '../workers/grammar.ts';
import type { Node, ServedModel, TargetState, Turn, UpstreamLoad } from './node.ts';
import { isNewToolList, measureTools, type ShareQuestion, warnOfShare } from './tool-share.ts';
import { openBatches, type TurnContext } from './turn.ts';
import { findModel, Upstream, type UpstreamModel, type UpstreamSettings } from './upstream.ts';
import { waitMs } from './wait-ms.ts';

type Engines = typeof engines;
type Kind = keyof Engines & string;

/** An upstream to open: the kind of engine, as its file is named, and that engine's options. Or an engine that is open already. */
export type UpstreamOptions =
  | {
      readonly [Name in Kind]: { readonly name: string; readonly engine: Name; readonly options: Parameters<Engines[Name]['open']>[0] };
    }[Kind]
  | { readonly name: string; readonly engine: Engine };

/** What a node is opened with. */
export interface NodeOptions extends UpstreamSettings {
  readonly upstreams: readonly UpstreamOptions[];
  /** where grammars of a user's making (GBNF) are tried for engines that have no trial of their own; absent: such engines take none. Closed with the node */
  readonly trials?: GrammarTrials;
  /** what the operator says of the facts of model families */
  readonly facts?: OperatorFacts;
}

/** Finds out whether a user's grammar may be sent to an engine. */
export interface GrammarTrials {
  try(grammar: string): Promise<GrammarVerdict>;
  close(): void;
}

/** Opens the engines and gives the node at once; models appear as their engines tell them. */
export function openNode(options: NodeOptions): Node {
  const upstreams = options.upstreams.map((each) => openUpstream(each, options));
  for (const upstream of upstreams) {
    upstream.learned.catch((error: Error) =>
      options.log('error', 'upstream-unusable', { upstream: upstream.name, message: error.message }),
    );
  }
  return new Gateway(upstreams, options);
}

function openUpstream(options: UpstreamOptions, node: NodeOptions): Upstream {
  if (typeof options.engine !== 'string') return new Upstream(options.name, 'custom', options.engine, node);
  const { name, engine: kind, options: engineOptions } = options as { name: string; engine: Kind; options: never };
  const log: EngineContext['log'] = (level, event, fields) => node.log(level, event, { upstream: name, ...fields });
  return new Upstream(name, kind, engines[kind].open(engineOptions, { log }), node);
}

/** Different warnings that are logged; a request can make new ones. */
const mostWarnings = 1000;

class Gateway implements Node {
  readonly #upstreams: readonly Upstream[];
  readonly #options: Pick<NodeOptions, 'trials' | 'facts'>;
  readonly #log: EngineContext['log'];
  readonly #compiler = openGrammarCompiler();
  /** warnings of plans that are in the log already */
  readonly #said = new Set<string>();

  constructor(upstreams: readonly Upstream[], options: Pick<NodeOptions, 'trials' | 'facts' | 'log'>) {
    this.#upstreams = upstreams;
    this.#options = options;
    this.#log = options.log;
  }

  models(): readonly ServedModel[] {
    return this.#upstreams.flatMap((upstream) => upstream.models.map((model) => model.served));
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    const learned = this.#upstreams.map((upstream) => upstream.learned);
    const everyAsked = Promise.all(this.#upstreams.map(({ asked }) => asked));
    await Promise.race([Promise.all(learned), everyAsked.then(() => Promise.any(learned)), aborted]);
  }

  states(): Readonly<Record<string, EngineState>> {
    return Object.fromEntries(this.#upstreams.map((upstream) => [upstream.name, upstream.engine.state()]));
  }

  loads(): Readonly<Record<string, UpstreamLoad>> {
    return Object.fromEntries(
      this.#upstreams.map(({ name, admission: { inFlight, waiting }, engine }) => [
        name,
        { inFlight, waiting, slots: engine.capabilities.slots },
      ]),
    );
  }

  targets(): readonly TargetState[] {
    return this.#upstreams.flatMap(({ name, models }) =>
      models.map(({ served }) => ({ model: served.id, upstream: name, health: { state: 'healthy', restsForMs: 0 } as const })),
    );
  }

  generate(given: GenerateRequest, signal: AbortSignal): Turn {
    const { upstream, capabilities, knowledge: learn } = this.#find(given.model);
    const knowledge = learn(given.chatTemplate);
    const { request, plan, acts, warnings } = decideRequest(given, knowledge, { capabilities, ...this.#options });
    this.#warn(request.model, warnings);
    if (plan.renderer === 'us' && capabilities.hasTokenizer) this.#measureTools({ request, plan, knowledge }, upstream);
    const context = { plan, knowledge, now: new Date() };
    const { choices, fixes } = prepareRequest(request, context);
    const turn: TurnContext = {
      upstream,
      copies: request.n,
      compile: (job, jobSignal) => this.#compile(upstream, request.model, job, jobSignal),
      repair: (choice, fault) => {
        const again = askAgain({ ...request, n: 1, sampling: choice.request.sampling }, fault);
        const [prepared] = again ? prepareRequest(again, context).choices : [];
        return prepared && { ...prepared, choice: choice.choice };
      },
      onFault: ({ error }, outcome) =>
        this.#log(outcome === 'repairing' ? 'info' : 'warn', 'answer-fault', {
          request: request.id,
          model: request.model,
          outcome,
          message: error.message,
        }),
    };
    const report = { model: request.model, mode: plan.mode, attempts: [], faults: { repairing: 0, given: 0, refused: 0 } };
    return { report, plan: describePlan(plan, { fixes, acts }), batches: openBatches(turn, choices, signal) };
  }

  /** The grammar that binds an answer. One of a user's making is tried before the engine gets it. */
  async #compile({ engine }: Upstream, model: string, job: GrammarJob, signal: AbortSignal): Promise<AnswerGrammar> {
    const grammar = await this.#compiler.compile(job, signal);
    this.#warn(
      model,
      grammar.unenforced.map(({ path, keyword, reason }) => `${path}: \`${keyword}\` is only checked afterwards: ${reason}.`),
    );
    const { constraint } = job;
    if (constraint?.kind === 'grammar') await this.#tryGrammar(engine, constraint.grammar);
    if (constraint?.kind === 'structural-tag') {
      const tried = job.notation === 'gbnf' ? grammar : await this.#compiler.compile({ ...job, notation: 'gbnf' }, signal);
      await this.#tryGrammar(engine, tried.text);
    }
    return grammar;
  }

  async #tryGrammar(engine: Engine, grammar: string): Promise<void> {
    const verdict = await (engine.tryGrammar ? engine.tryGrammar(grammar) : this.#options.trials?.try(grammar));
    if (!verdict) throw new GatewayError('unsupported_feature', 'This engine takes no grammars of your own.', { param: 'grammar' });
    if (!verdict.isSafe) throw new GatewayError('invalid_request', `The grammar cannot be used: ${verdict.reason}`, { param: 'grammar' });
  }

  /** Tells once for each list of tools what it costs; nobody waits for it. */
  #measureTools(question: Omit<ShareQuestion, 'countTokens'>, { engine }: Upstream): void {
    if (!isNewToolList(question)) return;
    const { model } = question.knowledge;
    const never = new AbortController().signal;
    const countTokens = async (segments: readonly PromptSegment[]) =>
      (await engine.tokenize(model.id, { segments, isPrompt: false }, never)).length;
    void measureTools({ ...question, countTokens }).then(
      (share) => {
        this.#log('debug', 'tool-share', { model: model.id, ...share });
        const warning = warnOfShare(share);
        if (warning !== undefined) this.#warn(model.id, [warning]);
      },
      // the request itself will say what is wrong with its conversation or engine
      (error: Error) => this.#log('debug', 'tool-share', { model: model.id, message: error.message }),
    );
  }

  /** Says each thing about a model once: thousands of agents send the same tools. */
  #warn(model: string, warnings: readonly string[]): void {
    for (const message of warnings) {
      if (this.#said.has(message) || this.#said.size >= mostWarnings) continue;
      this.#said.add(message);
      this.#log('warn', 'plan', { model, message });
    }
  }

  async embed(model: string, inputs: readonly (string | readonly number[])[], signal: AbortSignal): Promise<EngineEmbeddings> {
    const { upstream, served, capabilities } = this.#find(model);
    if (!capabilities.hasEmbeddings) throw unsupported(`The engine of '${model}' gives no embeddings.`);
    const place = await upstream.admission.admit(signal);
    try {
      return await upstream.engine.embed(served.facts.id, inputs, signal);
    } finally {
      place.release();
    }
  }

  tokenize(model: string, text: TextToTokenize, signal: AbortSignal): Promise<readonly number[]> {
    const { upstream, served } = this.#findTokenizer(model);
    return upstream.engine.tokenize(served.facts.id, text, signal);
  }

  async tokenizeConversation(given: GenerateRequest, signal: AbortSignal): Promise<readonly number[]> {
    const { capabilities, upstream, knowledge: learn } = this.#findTokenizer(given.model);
    const { engine } = upstream;
    const knowledge = learn(given.chatTemplate);
    const { request, plan } = decideRequest(given, knowledge, { capabilities, ...this.#options });
    const [prepared] = prepareRequest(request, { plan, knowledge, now: new Date() }).choices;
    if (!prepared) throw new GatewayError('internal_error', 'A conversation has become no request.');
    const { prompt } = prepared.request;
    if (prompt.form === 'segments') return engine.tokenize(knowledge.model.id, { segments: prompt.segments, isPrompt: false }, signal);
    if (engine.tokenizeConversation) return engine.tokenizeConversation(prepared.request, signal);
    throw unsupported(`The engine of '${given.model}' renders conversations by itself and does not show them.`);
  }

  detokenize(model: string, tokens: readonly number[], signal: AbortSignal): Promise<string> {
    const { upstream, served } = this.#findTokenizer(model);
    return upstream.engine.detokenize(served.facts.id, tokens, signal);
  }

  async close(graceMs: number): Promise<void> {
    const drained = Promise.all(this.#upstreams.map((upstream) => upstream.admission.close()));
    const limit = new AbortController();
    await Promise.race([drained, waitMs(graceMs, limit.signal)]);
    limit.abort();
    this.#options.trials?.close();
    await Promise.all([this.#compiler.close(), ...this.#upstreams.map((upstream) => upstream.close())]);
  }

  #find(name: string): UpstreamModel {
    return findModel(this.#upstreams, name);
  }

  #findTokenizer(name: string): UpstreamModel {
    const found = this.#find(name);
    if (found.capabilities.hasTokenizer) return found;
    throw unsupported(`The engine of '${name}' shows no tokenizer.`);
  }
}

function unsupported(message: string): GatewayError {
  return new GatewayError('unsupported_feature', message, { param: 'model' });
}
