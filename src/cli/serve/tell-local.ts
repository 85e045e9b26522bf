import type { FoundEngine } from './recognise-engine.ts';

/** Names of models in one line before it says how many more there are. */
const mostNames = 6;

/** What `serve` says about the local engines it found: which are served, why others are not, and whether the embedded engine takes their place. */
export function tellLocalEngines(found: readonly FoundEngine[]): readonly string[] {
  const ready = found.filter(({ state }) => state === 'ready');
  const served = ready.map((engine, index) => tellServed(engine) + (index === ready.length - 1 ? '; nothing is downloaded.' : '.'));
  const lines = [...served, ...found.flatMap(tellUnused)];
  if (found.length === 0) {
    return ['Nothing answers on the default ports of Ollama, vLLM, llama-server and LM Studio: the embedded engine is used.'];
  }
  return ready.length > 0 ? lines : [...lines, 'No engine here can be served as it is: the embedded engine is used.'];
}

/** What is said before `serve` waits for engines that are loading their models. */
export function tellWaiting(loading: readonly FoundEngine[]): readonly string[] {
  return loading.map(
    ({ about, baseUrl }) => `Found ${clean(about)} on ${baseUrl}; it is loading its model, which is waited for. --embedded does not wait.`,
  );
}

function tellServed({ about, baseUrl, modelIds }: FoundEngine): string {
  const names = modelIds.slice(0, mostNames).map(clean);
  const more = modelIds.length > mostNames ? ` and ${modelIds.length - mostNames} more` : '';
  const count = `${modelIds.length} ${modelIds.length === 1 ? 'model' : 'models'}`;
  return `Found ${clean(about)} on ${baseUrl} with ${count}: ${names.join(', ')}${more}`;
}

function tellUnused({ kind, state, about, baseUrl }: FoundEngine): readonly string[] {
  const subject = `Found ${clean(about)} on ${baseUrl}`;
  if (state === 'empty') {
    const get = kind === 'ollama' ? 'Get one with `ollama pull qwen3:1.7b`' : 'Load one there';
    return [`${subject}, but it has no model. ${get} and start again to serve it.`];
  }
  if (state === 'needs-key') {
    return [`${subject}, but it asks for a key. To serve it, name the key's variable: --upstream ${kind}=${baseUrl},key=env:NAME`];
  }
  return state === 'loading' ? [`${subject}, but it is still loading its model. Start again to serve it.`] : [];
}

/** Names come from another program; on a terminal its control characters would be commands. */
function clean(text: string): string {
  return text.replace(/\p{C}/gu, '\u{fffd}');
}
