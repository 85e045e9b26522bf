import { isLiteralList, isLiteralObject, withMembers } from '../../templates/conversation.ts';
import { type LiteralJson, type LiteralJsonObject, LiteralNumber, parseLiteralJson } from '../../text/literal-json.ts';
import { mapCalls, mapMessages } from './wire-conversation.ts';

/** Something that a server does to every conversation before its template sees it. */
export interface Way {
  /** a few words that name it in reports */
  readonly name: string;
  /** what is done, as the end of a sentence that begins with the server's name */
  readonly meaning: string;
  /** The conversation as the template sees it. */
  readonly change: (conversation: LiteralJsonObject) => LiteralJsonObject;
  /** What is done to the rendered prompt, for what no conversation can bring about. */
  readonly reprint?: (prompt: string) => string;
}

const joinParts = ofMessages('joined-parts', 'puts line ends between the text parts of a message', (message) => {
  const content = message.get('content');
  return isLiteralList(content) ? withMembers(message, { content: content.map(textOf).join('\n') }) : message;
});

const fillContent = ofMessages('empty-content', 'gives a message without content an empty text', (message) =>
  (message.get('content') ?? null) === null ? withMembers(message, { content: '' }) : message,
);

const parseArguments = ofMessages('parsed-arguments', 'gives the arguments of calls as objects', (message) =>
  mapCalls(message, (call) => {
    const written = call.get('arguments');
    return typeof written === 'string' ? withMembers(call, { arguments: parseLiteralJson(written) }) : call;
  }),
);

const dropEmptyCalls = ofMessages('dropped-empty-calls', 'leaves out an empty list of calls', (message) => {
  const calls = message.get('tool_calls');
  return isLiteralList(calls) && calls.length === 0 ? withMembers(message, { tool_calls: undefined }) : message;
});

const renameDeveloper = ofMessages('developer-as-system', 'takes the role developer for system', (message) =>
  message.get('role') === 'developer' ? withMembers(message, { role: 'system' }) : message,
);

const spellReasoning = ofMessages('one-reasoning', 'knows thoughts as `reasoning` only, and shows them under both names', (message) => {
  const reasoning = message.get('reasoning');
  return withMembers(message, { reasoning_content: reasoning, thinking: undefined });
});

const keepReasoning = ofMessages('one-reasoning', 'knows thoughts as `reasoning_content` only', (message) =>
  withMembers(message, { reasoning: undefined, thinking: undefined }),
);

const dropNames = ofMessages('dropped-names', 'leaves out names of users and assistants', (message) =>
  message.get('role') === 'tool' ? message : withMembers(message, { name: undefined }),
);

const shortTools = ofTools('short-tools', 'tells name, description and parameters of a tool, nothing else', (tool) =>
  Object.entries({ name: tool.get('name'), description: tool.get('description') ?? '', parameters: tool.get('parameters') ?? new Map() }),
);

const fullTools = ofTools('full-tools', 'tells what a tool does not say as null', (tool) => {
  const { name, description = null, parameters = null } = Object.fromEntries(tool);
  return [['name', name], ['description', description], ['parameters', parameters], ...tool];
});

const joinTurns: Way = {
  name: 'joined-turns',
  meaning: 'makes one message of several in a row with the same role, with an empty line between them',
  change: (conversation) => {
    const joined: LiteralJson[] = [];
    for (const message of mapMessages(conversation.get('messages'), (each) => each)) {
      const last = joined.at(-1);
      const both = isLiteralObject(last) && isLiteralObject(message) ? joinMessages(last, message) : undefined;
      if (both === undefined) joined.push(message);
      else joined[joined.length - 1] = both;
    }
    return withMembers(conversation, { messages: joined });
  },
};

/** Undefined for messages that stay two: of different roles, and those with more than a text. */
function joinMessages(first: LiteralJsonObject, second: LiteralJsonObject): LiteralJsonObject | undefined {
  const [text, more] = [first.get('content'), second.get('content')];
  const isSimple =
    first.get('role') === second.get('role') && first.get('role') !== 'tool' && !first.has('tool_calls') && !second.has('tool_calls');
  return isSimple && typeof text === 'string' && typeof more === 'string'
    ? withMembers(first, { content: `${text}\n\n${more}` })
    : undefined;
}

const orderedTools = ofTools('ordered-tools', 'tells name, description, parameters and strict of a tool, in this order', (tool) =>
  ['name', 'description', 'parameters', 'strict'].map((name) => [name, tool.get(name)]),
);

/** Source: llama.cpp b11434, asked on 2026-11-21: 1.0 is printed as 1, 1e-7 as 1e-07, -0.0 as -0. */
const shortNumbers: Way = {
  name: 'short-numbers',
  meaning: 'prints 1.0 as 1 and -0.0 as -0',
  change: (conversation) => mapNumbers(conversation, ({ written }) => shorten(written)) as LiteralJsonObject,
  // for Python an integer has no minus zero
  reprint: (prompt) => prompt.replaceAll(': -0.0', ': -0'),
};

/** What llama-server does to a conversation. Source: b11434, its `/apply-template` asked on 2026-11-21. */
export const llamaServerWays: readonly Way[] = [
  ...[parseArguments, shortNumbers, joinParts, fillContent, shortTools, renameDeveloper],
  ...[dropEmptyCalls, keepReasoning, dropNames],
];

/** What vLLM does to a conversation. Source: vLLM 0.32.0, `renderers/chat_utils.py`, and its `/tokenize` asked on 2026-11-21. */
export const vllmWays: readonly Way[] = [
  ...[parseArguments, joinParts, fillContent, fullTools, renameDeveloper],
  ...[dropEmptyCalls, spellReasoning],
];

/** What Ollama does to a conversation besides what its API asks of callers. Source: Ollama 0.34.0. */
export const ollamaWays: readonly Way[] = [
  ...[parseArguments, fillContent, renameDeveloper, dropEmptyCalls, dropNames, shortTools],
  joinTurns,
];

/** What a Rookery does to a conversation besides fitting it to the template. */
export const rookeryWays: readonly Way[] = [orderedTools];

function ofMessages(name: string, meaning: string, change: (message: LiteralJsonObject) => LiteralJsonObject): Way {
  return {
    ...{ name, meaning },
    change: (conversation) => withMembers(conversation, { messages: mapMessages(conversation.get('messages'), change) }),
  };
}

function ofTools(
  name: string,
  meaning: string,
  list: (tool: LiteralJsonObject) => readonly (readonly [string, LiteralJson | undefined])[],
): Way {
  const change = (tool: LiteralJson): LiteralJson => {
    const named = isLiteralObject(tool) ? tool.get('function') : undefined;
    if (!isLiteralObject(tool) || !isLiteralObject(named)) return tool;
    return withMembers(tool, { function: withMembers(new Map(), Object.fromEntries(list(named))) });
  };
  return {
    ...{ name, meaning },
    change: (conversation) => {
      const tools = conversation.get('tools');
      return isLiteralList(tools) ? withMembers(conversation, { tools: tools.map(change) }) : conversation;
    },
  };
}

function textOf(part: LiteralJson): string {
  const text = isLiteralObject(part) ? part.get('text') : undefined;
  return typeof text === 'string' ? text : '';
}

function mapNumbers(value: LiteralJson, change: (number: LiteralNumber) => LiteralNumber): LiteralJson {
  if (value instanceof LiteralNumber) return change(value);
  if (isLiteralObject(value)) return new Map([...value].map(([key, item]) => [key, mapNumbers(item, change)]));
  return isLiteralList(value) ? value.map((item) => mapNumbers(item, change)) : value;
}

function shorten(written: string): LiteralNumber {
  const number = Number(written);
  const isWhole = /[.eE]/.test(written) && Number.isSafeInteger(number) && !Object.is(number, -0);
  return new LiteralNumber(isWhole ? String(number) : written);
}
