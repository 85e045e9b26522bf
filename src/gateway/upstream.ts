import type { Engine, EngineModel } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import { Admission } from '../scheduling/admission.ts';
import { learnModel, type ModelKnowledge, type ModelSettings } from '../translate/model-knowledge.ts';
import type { ServedModel } from './node.ts';

/** A model of one upstream with what is made once for it. */
export interface UpstreamModel {
  readonly served: ServedModel;
  readonly upstream: Upstream;
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
  /** whether requests may bring a chat template; default false: a template is a program */
  readonly trustsRequestTemplates?: boolean;
}

/** Chat templates of requests that are kept ready. */
const mostRequestTemplates = 8;

/** One running engine with its queue and its models. */
export class Upstream {
  readonly name: string;
  readonly engine: Engine;
  readonly admission: Admission;
  /** settles once the engine has told its models, or said that it never will */
  readonly learned: Promise<void>;
  readonly #kind: string;
  readonly #settings: UpstreamSettings;
  #models: readonly UpstreamModel[] = [];

  constructor(name: string, kind: string, engine: Engine, settings: UpstreamSettings) {
    this.name = name;
    this.engine = engine;
    this.#kind = kind;
    this.#settings = settings;
    const { slots } = engine.capabilities;
    // a few more than it has slots for: a freed slot finds its next request there already
    this.admission = new Admission({ inFlight: slots + Math.ceil(slots / 4), ...settings });
    this.learned = this.#learnModels();
  }

  get models(): readonly UpstreamModel[] {
    return this.#models;
  }

  async #learnModels(): Promise<void> {
    const createdMs = Date.now();
    const models = await this.engine.models();
    this.#models = models.map((facts) => this.#describe(facts, createdMs));
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
      served: { id: facts.id, aliases: [], engine: this.#kind, createdMs, facts },
      upstream: this,
      knowledge: (template) => (template === undefined ? (knowledge ??= learnModel(facts, this.#settings)) : learnFor(template)),
    };
  }
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
