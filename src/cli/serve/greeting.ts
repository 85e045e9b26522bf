import type { Style } from '../output.ts';

/** What a server that is ready tells its user. */
export interface GreetingFacts {
  readonly url: string;
  readonly modelId: string;
  /** of the embedded engine; absent where the model is somebody else's */
  readonly contextTokens?: number;
  readonly slots?: number;
  /** further models */
  readonly others?: readonly string[];
  /** it runs inside, or on an engine of the operator's own; default true */
  readonly isOwn?: boolean;
  /** it has a chat template */
  readonly isChat: boolean;
  /** how a shell names the key, such as `$NAME`; absent where none is asked for */
  readonly keyShellText?: string;
}

/** The address, and a line that can be pasted as it is. */
export function renderGreeting(facts: GreetingFacts, style: Style): string {
  const { contextTokens, slots, others = [] } = facts;
  const more = others.length === 0 ? '' : ` and ${others.length === 1 ? others[0] : `${others.length} more models`}`;
  const size = contextTokens === undefined ? '' : `${contextTokens} tokens of context, ${slots} answers at once; `;
  return [
    '',
    `${style.strong('Rookery')} serves ${style.strong(facts.modelId)}${more} on ${style.strong(facts.url)}`,
    style.faint(`${size}OpenAI base URL ${facts.url}/v1`),
    '',
    'Try it:',
    renderCurl(facts),
    '',
    style.faint('Stop with Ctrl-C.'),
    '',
  ].join('\n');
}

const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Tells the weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** A request that works as printed: a chat with a tool, or a completion where the model cannot chat. */
export function renderCurl({
  url,
  modelId,
  isChat,
  keyShellText,
  isOwn = true,
}: Pick<GreetingFacts, 'url' | 'modelId' | 'isChat' | 'keyShellText' | 'isOwn'>): string {
  const path = isChat ? 'chat/completions' : 'completions';
  const input = isChat
    ? { messages: [{ role: 'user', content: 'What is the weather in Rome?' }], tools: [weatherTool] }
    : { prompt: 'Once upon a time' };
  // small models ramble at the usual temperature of 1; some cloud models refuse any
  const cooled = isOwn ? { temperature: 0.2 } : {};
  const body = JSON.stringify({ model: modelId, ...input, max_tokens: isChat ? 96 : 64, ...cooled });
  const key = keyShellText === undefined ? '' : ` -H "Authorization: Bearer ${keyShellText}"`;
  return `curl ${url}/v1/${path} -H 'Content-Type: application/json'${key} -d '${body.replaceAll("'", "'\\''")}'`;
}
