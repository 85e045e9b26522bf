import type { JsonObject, JsonValue } from '#dist/protocol/json.js';

/** What could be seen of one step from outside: from the engines' side and from the client's. Ids, times and addresses are made alike. */
export interface Observation {
  readonly step: string;
  /** generating requests that engines received: engine by engine in the scene's order, each in order of arrival */
  readonly sent: readonly SentRequest[];
  /** what the client got */
  readonly got: JsonObject;
}

/** A request that an engine received. */
export interface SentRequest {
  /** the engine's address in the scene */
  readonly to: string;
  readonly path: string;
  /** the credential it came with: `none`, or as it was */
  readonly key: string;
  /** headers that the configuration or the client asked for */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue;
}

/** What one gateway did in a scene. */
export interface Sight {
  /** the scene as it was then, see `digestScene` */
  readonly of: string;
  /** false: it refused to start with this file */
  readonly starts: boolean;
  readonly observations: readonly Observation[];
}
