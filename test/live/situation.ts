/** Which servers a live run talks to. `scripts/steps/live-command.mjs` sets it in the environment. */
export interface Situation {
  /** address of our server, without `/v1` */
  readonly url: string;
  /** the name under which expectations and results of this run are kept, such as `vllm-parsers` */
  readonly variant: string;
  /** how the engine's work can be seen, and where; `none`: it cannot */
  readonly watch: 'vllm' | 'llama-server' | 'none';
  readonly engineUrl: string | undefined;
  /** requests the engine works on at once */
  readonly slots: number;
  /** tokens of prompt and answer together */
  readonly contextTokens: number;
  /** it runs SmolLM2-135M, whose token ids the checks know */
  readonly isTiny: boolean;
  /** file that gets one line of JSON for each check */
  readonly recordFile: string;
  /** checks whose id holds this word are run; '' for all */
  readonly only: string;
}

export const situation: Situation = readSituation(process.env);

function readSituation(environment: Readonly<Record<string, string | undefined>>): Situation {
  const read = (name: string): string => {
    const value = environment[`ROOKERY_LIVE_${name}`];
    if (value === undefined) throw new Error('The live suite is started by `node scripts/live.mjs <engine>`, which tells it where to ask.');
    return value;
  };
  const watch = read('WATCH');
  if (watch !== 'vllm' && watch !== 'llama-server' && watch !== 'none') throw new Error(`Nobody knows how to watch '${watch}'.`);
  return {
    url: read('URL'),
    variant: read('VARIANT'),
    watch,
    engineUrl: environment.ROOKERY_LIVE_ENGINE_URL,
    slots: Number(read('SLOTS')),
    contextTokens: Number(read('CONTEXT')),
    isTiny: read('IS_TINY') === '1',
    recordFile: read('RECORD'),
    only: environment.ROOKERY_LIVE_ONLY ?? '',
  };
}
