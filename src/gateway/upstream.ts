import type { EngineContext } from '../engines/engine.ts';
import type { Engine, EngineCapabilities, EngineModel } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import { Admission } from '../scheduling/admission.ts';
import { learnModel, type ModelKnowledge, type ModelSettings } from '../translate/model-knowledge.ts';
import type { ServedModel } from './node.ts';
import { waitMs } from './wait-ms.ts';

/** A model of one upstream with what is made once for it. */
export interface UpstreamModel {
  readonly served: ServedModel;
  readonly upstream: Upstream;
  /** what its engine can do with it */
  readonly capabilities: EngineCapabilities;
  /** What is known of it, found at the first use. A request may bring a chat template of its own where the operator trusts those. */
  readonly knowledge: (requestTemplate?: string) => ModelKnowledge;
}

/** Bounds of an upstream's queue, as the operator sets them. */
export interface QueueOptions {
  readonly queueLimit: number;
  readonly queueTimeoutMs: number;
}

/** What an upstream is opened with besides its engine. */
export interface UpstreamSettings extends QueueOptions, ModelSettings {
  readonly log: EngineContext['log'];
  /** whether requests may bring a chat template; default false: a template is a program */
  readonly trustsRequestTemplates?: boolean;
}

/** Pauses before an engine that is not there is asked again. */
const pausesMs = [250, 500, 1000, 2000];
const longestPauseMs = 4000;

/** Chat templates of requests that are kept ready. */
const mostRequestTemplates = 8;

/** One running engine with its queue and its models. */
export class Upstream {
  readonly name: string;
  readonly engine: Engine;
  readonly admission: Admission;
  /** resolves once the engine has told its models; rejects when it says that it never will, or at the end */
  readonly learned: Promise<void>;
  /** resolves after its first answer, whatever that was */
  readonly asked: Promise<void>;
  readonly #kind: string;
  readonly #settings: UpstreamSettings;
  readonly #end = new AbortController();
  #models: readonly UpstreamModel[] = [];

  constructor(name: string, kind: string, engine: Engine, settings: UpstreamSettings) {
    this.name = name;
    this.engine = engine;
    this.#kind = kind;
    this.#settings = settings;
    this.admission = new Admission({ inFlight: placesFor(engine.capabilities.slots), ...settings });
    const { asked, learned } = this.#learnModels();
    this.asked = asked;
    this.learned = learned;
  }

  get models(): readonly UpstreamModel[] {
    return this.#models;
  }

  /** Lets what is in flight end, then ends the engine. */
  async close(): Promise<void> {
    this.#end.abort(new GatewayError('shutting_down', `The engine '${this.name}' is being closed.`));
    await this.engine.close();
  }

  /** An engine that is not there yet is asked again: it may start later than we do. */
  #learnModels(): { readonly asked: Promise<void>; readonly learned: Promise<void> } {
    let told = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      told = resolve;
    });
    const learn = async (): Promise<void> => {
      for (let count = 0; ; count++) {
        try {
          const models = await this.engine.models(this.#end.signal);
          const createdMs = Date.now();
          this.#models = models.map((facts) => this.#describe(facts, createdMs));
          this.admission.resize(placesFor(Math.max(1, ...this.#models.map(({ capabilities }) => capabilities.slots))));
          return;
        } catch (error) {
          if (this.#end.signal.aborted || !(error instanceof GatewayError) || error.code !== 'engine_unavailable') throw error;
          if (count === 0) this.#settings.log('warn', 'upstream-awaited', { upstream: this.name, message: error.message });
        }
        told();
        await waitMs(pausesMs[count] ?? longestPauseMs, this.#end.signal);
      }
    };
    return { asked, learned: learn().finally(told) };
  }

  #describe(facts: EngineModel, createdMs: number): UpstreamModel {
    let knowledge: ModelKnowledge | undefined;
    const byTemplate = new Map<string, ModelKnowledge>();
    const learnFor = (template: string): ModelKnowledge => {
      if (this.#settings.trustsRequestTemplates !== true) throw refuseTemplate();
      const known = byTemplate.get(template) ?? learnModel(facts, { ...this.#settings, templates: { default: template } });
      byTemplate.delete(template);
      byTemplate.set(template, known);
      const [oldest] = byTemplate.keys();
      if (byTemplate.size > mostRequestTemplates && oldest !== undefined) byTemplate.delete(oldest);
      return known;
    };
    return {
      served: { id: facts.id, aliases: facts.aliases ?? [], engine: this.#kind, createdMs, facts },
      upstream: this,
      capabilities: { ...this.engine.capabilities, ...facts.capabilities },
      knowledge: (template) => (template === undefined ? (knowledge ??= learnModel(facts, this.#settings)) : learnFor(template)),
    };
  }
}

/** A few more than it has slots for: a freed slot finds its next request there already. */
function placesFor(slots: number): number {
  return slots + Math.ceil(slots / 4);
}

/** The model that answers to a name. Throws `engine_unavailable` while some upstream has not told its models, else `model_not_found`. */
export function findModel(upstreams: readonly Upstream[], name: string): UpstreamModel {
  const known = upstreams.flatMap((upstream) => upstream.models);
  const found = known.find(({ served }) => served.id === name || served.aliases.includes(name));
  if (found) return found;
  const starting = upstreams.find((upstream) => upstream.models.length === 0);
  if (starting) throw notReady(starting);
  const names = known.map(({ served }) => `'${served.id}'`).join(', ');
  throw new GatewayError('model_not_found', `No model is called '${name}' here. Served: ${names || 'none'}.`, { param: 'model' });
}

function refuseTemplate(): GatewayError {
  return new GatewayError(
    'unsupported_feature',
    "`chat_template` may not come from a client here: the model's own template is used. The operator may allow it with --trust-request-chat-template.",
    { param: 'chat_template' },
  );
}

function notReady(upstream: Upstream): GatewayError {
  const { status, reason } = upstream.engine.state();
  const why = reason ? `: ${reason}` : '';
  if (status === 'down') return new GatewayError('engine_unavailable', `The engine '${upstream.name}' is gone${why}`);
  return new GatewayError('engine_unavailable', `The engine '${upstream.name}' is not ready yet${why}. Retry shortly.`, {
    retryAfterSeconds: 2,
  });
}
