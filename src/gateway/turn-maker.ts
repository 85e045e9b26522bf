import type { EngineContext } from '../engines/engine.ts';
import type { Engine, GrammarVerdict, PromptSegment } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { EventBatch } from '../protocol/event.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { AnswerGrammar } from '../translate/compile-grammar.ts';
import { type Decision, decideRequest, type OperatorFacts } from '../translate/decide.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import type { ModelKnowledge } from '../translate/model-knowledge.ts';
import { describePlan } from '../translate/plan.ts';
import { prepareRequest } from '../translate/prepare.ts';
import { askAgain } from '../translate/repair.ts';
import { openGrammarCompiler } from '../workers/grammar.ts';
import type { LearnedModel } from './learned-model.ts';
import type { Target } from './routes/target.ts';
import { isNewToolList, measureTools, type ShareQuestion, warnOfShare } from './tool-share.ts';
import { type AnswerFaultListener, type LateFailureListener, openBatches, readWhole, type TurnContext } from './turn.ts';

/** Finds out whether a user's grammar may be sent to an engine. */
export interface GrammarTrials {
  try(grammar: string): Promise<GrammarVerdict>;
  close(): void;
}

/** What all turns of a node share. */
export interface TurnMakerOptions {
  /** where grammars of a user's making (GBNF) are tried for engines that have no trial of their own; absent: such engines take none. Closed with the node */
  readonly trials?: GrammarTrials;
  /** what the operator says of the facts of model families */
  readonly facts?: OperatorFacts;
  readonly log: EngineContext['log'];
}

/** A request as it will be met on one target. */
export interface PlannedTurn {
  readonly decision: Decision;
  /** for the answer's header */
  readonly plan: string;
  /** Asks the engine. Either this is called once, or `readWhole`. */
  readonly open: (listeners: StreamListeners, signal: AbortSignal) => AsyncIterable<EventBatch>;
  /** Asks the engine, and gives its answer once that is whole. Throws what failed. */
  readonly readWhole: (listeners: TurnListeners, signal: AbortSignal) => Promise<readonly EventBatch[]>;
}

/** Who hears of a turn while it runs. */
export type TurnListeners = Pick<TurnContext, 'onAdmitted' | 'onFault'>;

/** The same for one whose events are given as they come. */
export interface StreamListeners extends TurnListeners {
  readonly onLateFailure: LateFailureListener;
}

/** Different warnings that are logged; a request can make new ones. */
const mostWarnings = 1000;

/** Plans requests and prepares them for an engine. */
export class TurnMaker {
  #options: TurnMakerOptions;
  readonly #compiler = openGrammarCompiler();
  /** warnings that are in the log already */
  readonly #said = new Set<string>();

  constructor(options: TurnMakerOptions) {
    this.#options = options;
  }

  /** The operator has thought again of the facts. */
  change({ facts }: Pick<TurnMakerOptions, 'facts'>): void {
    const { facts: _, ...others } = this.#options;
    this.#options = { ...others, ...(facts === undefined ? {} : { facts }) };
  }

  /** Throws what `planRequest` and the model's template throw. */
  make(given: GenerateRequest, target: Target, learned: LearnedModel): PlannedTurn {
    const { upstream } = target;
    const { decision, knowledge } = this.#decide(given, target, learned);
    const { request, plan, acts } = decision;
    if (plan.renderer === 'us' && learned.capabilities.hasTokenizer) this.#measureTools({ request, plan, knowledge }, upstream.engine);
    const context = { plan, knowledge, now: new Date() };
    const { choices, fixes } = prepareRequest(request, context);
    const toContext = ({ onAdmitted, onFault }: TurnListeners): TurnContext => ({
      upstream,
      onAdmitted,
      copies: request.n,
      repairs: target.repairs,
      compile: (job, jobSignal) => this.#compile(upstream.engine, request.model, job, jobSignal),
      repair: (choice, fault) => {
        const again = askAgain({ ...request, n: 1, sampling: choice.request.sampling }, fault);
        const [prepared] = again ? prepareRequest(again, context).choices : [];
        return prepared && { ...prepared, choice: choice.choice };
      },
      onFault: this.#logFaults(request.id, request.model, onFault),
    });
    return {
      decision,
      plan: describePlan(plan, { fixes, acts }),
      open: (listeners, signal) => openBatches({ ...toContext(listeners), onLateFailure: listeners.onLateFailure }, choices, signal),
      readWhole: (listeners, signal) => readWhole(toContext(listeners), choices, signal),
    };
  }

  /** The tokens of a conversation as it would be rendered. */
  async tokenize(given: GenerateRequest, target: Target, learned: LearnedModel, signal: AbortSignal): Promise<readonly number[]> {
    const { engine } = target.upstream;
    const { decision, knowledge } = this.#decide(given, target, learned);
    const [prepared] = prepareRequest(decision.request, { plan: decision.plan, knowledge, now: new Date() }).choices;
    if (!prepared) throw new GatewayError('internal_error', 'A conversation has become no request.');
    const { prompt } = prepared.request;
    if (prompt.form === 'segments') return engine.tokenize(knowledge.model.id, { segments: prompt.segments, isPrompt: false }, signal);
    if (engine.tokenizeConversation) return engine.tokenizeConversation(prepared.request, signal);
    const message = `The engine of '${given.model}' renders conversations by itself and does not show them.`;
    throw new GatewayError('unsupported_feature', message, { param: 'model' });
  }

  async close(): Promise<void> {
    this.#options.trials?.close();
    await this.#compiler.close();
  }

  /** Outlives the request, and holds none of it. */
  #logFaults(id: string, model: string, onFault: AnswerFaultListener): AnswerFaultListener {
    return (fault, outcome) => {
      const level = outcome === 'repairing' ? 'info' : 'warn';
      this.#options.log(level, 'answer-fault', { request: id, model, outcome, message: fault.error.message });
      onFault(fault, outcome);
    };
  }

  #decide(given: GenerateRequest, target: Target, learned: LearnedModel): { decision: Decision; knowledge: ModelKnowledge } {
    const knowledge = learned.knowledge(given.chatTemplate);
    const { capabilities } = learned;
    const decision = decideRequest(given, knowledge, { capabilities, facts: { ...this.#options.facts, ...target.facts } });
    this.#warn(given.model, decision.warnings);
    return { decision, knowledge };
  }

  /** The grammar that binds an answer. One of a user's making is tried before the engine gets it. */
  async #compile(engine: Engine, model: string, job: GrammarJob, signal: AbortSignal): Promise<AnswerGrammar> {
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
  #measureTools(question: Omit<ShareQuestion, 'countTokens'>, engine: Engine): void {
    if (!isNewToolList(question)) return;
    const { model } = question.knowledge;
    const never = new AbortController().signal;
    const countTokens = async (segments: readonly PromptSegment[]) =>
      (await engine.tokenize(model.id, { segments, isPrompt: false }, never)).length;
    void measureTools({ ...question, countTokens }).then(
      (share) => {
        this.#options.log('debug', 'tool-share', { model: model.id, ...share });
        const warning = warnOfShare(share);
        if (warning !== undefined) this.#warn(model.id, [warning]);
      },
      // the request itself will say what is wrong with its conversation or engine
      (error: Error) => this.#options.log('debug', 'tool-share', { model: model.id, message: error.message }),
    );
  }

  /** Says each thing about a model once: thousands of agents send the same tools. */
  #warn(model: string, warnings: readonly string[]): void {
    for (const message of warnings) {
      if (this.#said.has(message) || this.#said.size >= mostWarnings) continue;
      this.#said.add(message);
      this.#options.log('warn', 'plan', { model, message });
    }
  }
}
