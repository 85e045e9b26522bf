/** Whose turn a request is. Filled from headers or body fields; all parts are optional and none is ever a metric label. */
export interface AgentIdentity {
  readonly agent?: string;
  readonly run?: string;
  readonly step?: number;
}
