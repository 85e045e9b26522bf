/** A file of LiteLLM, and what it becomes. */
export interface LiteLlmCase {
  readonly what: string;
  /** files by name, the configuration first; each begins with an empty line */
  readonly texts: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** the `rookery.yaml` that says the same */
  readonly becomes: string;
  /** variables that `becomes` names because their secrets stand in the file itself */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
}
