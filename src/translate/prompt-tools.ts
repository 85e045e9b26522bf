import type { RenderSpec } from '../dialects/dialect.ts';
import { compileDialect } from '../parsing/compile-dialect.ts';
import type { JsonValue } from '../protocol/json.ts';
import { type Message, type Tool, textOf } from '../protocol/message.ts';
import { describeTool as describeForTemplate } from '../templates/conversation.ts';
import { printLiteralJson } from '../text/literal-json.ts';
import type { KnownDialect } from './model-knowledge.ts';
import type { CallPlan, Plan } from './plan.ts';

/** The conversation with its tools told in our words, where the model's own template is not to tell of them. */
export function tellTools(
  messages: readonly Message[],
  { dialect, calls, mode }: { readonly dialect: KnownDialect; readonly calls: CallPlan; readonly mode: Plan['mode'] },
): readonly Message[] {
  if (mode === 'prompted') return promptTools(messages, dialect, calls);
  return calls.preamble === 'concise' ? describeBriefly(messages, dialect, calls) : messages;
}

/**
 * The conversation for a model that was never taught tools: they are described in the system message, its earlier calls stand in its own turns
 * as it was asked to write them, and results come in a user's turn. Messages of one role in a row become one, as templates want it.
 */
function promptTools(messages: readonly Message[], dialect: KnownDialect, calls: CallPlan): readonly Message[] {
  const { render } = dialect.definition;
  if (!render) throw new Error(`The dialect '${dialect.name}' cannot describe tools in words.`);
  const names = new Map(messages.flatMap((message) => (message.toolCalls ?? []).map((call) => [call.id, call.name] as const)));
  const told = messages.map((message) => tellInWords(message, { render, dialect, calls, names }));
  const spec: RenderSpec = calls.preamble === 'concise' ? { ...render, toolsAs: 'python-signature' } : render;
  const isTold = calls.tools.length > 0 && calls.preamble !== 'none';
  const described = isTold ? addToSystem(told, describeTools(spec, calls)) : told;
  return joinNeighbours(described);
}

interface Telling {
  readonly render: RenderSpec;
  readonly dialect: KnownDialect;
  readonly calls: CallPlan;
  readonly names: ReadonlyMap<string, string>;
}

function tellInWords(message: Message, { render, dialect, calls, names }: Telling): Message {
  if (message.role === 'tool') {
    const name = names.get(message.toolCallId ?? '') ?? message.name ?? 'tool';
    const content = render.result.replace('{name}', () => name).replace('{content}', () => textOf(message));
    return { role: render.resultRole, content };
  }
  if (!message.toolCalls?.length) return message;
  const written = compileDialect(dialect.definition).renderCalls(message.toolCalls.map(asObject), calls.tools) ?? '';
  return { role: 'assistant', content: [textOf(message), written].filter((text) => text !== '').join('\n') };
}

/** Arguments that are no JSON object were written by some model; they are shown under one key rather than refused. */
function asObject<Call extends { readonly argumentsJson: string }>(call: Call): Call {
  try {
    const value: unknown = JSON.parse(call.argumentsJson);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return call;
  } catch {
    // shown as text below
  }
  return { ...call, argumentsJson: JSON.stringify({ arguments: call.argumentsJson }) };
}

/**
 * The conversation with its tools told in a few words, one line a tool, where the official preamble takes too much of a small context. Calls are written as
 * the model knows them: an example shows how.
 */
function describeBriefly(messages: readonly Message[], dialect: KnownDialect, calls: CallPlan): readonly Message[] {
  if (calls.tools.length === 0) return messages;
  const example = { name: 'name', argumentsJson: '{"argument": "value"}' };
  const written = compileDialect(dialect.definition).renderCalls([example], calls.tools) ?? '';
  const lines = calls.tools.map((tool) => describeTool(tool, 'python-signature'));
  const text = ['You can call these functions:', ...lines, 'To call one, write:', written, ...listDemands(calls)].join('\n');
  return addToSystem(messages, text);
}

/** The preamble with the list of tools, one a line. */
export function describeTools({ preamble, toolsAs }: RenderSpec, calls: CallPlan): string {
  return [preamble, '', 'Tools:', ...calls.tools.map((tool) => describeTool(tool, toolsAs)), ...listDemands(calls)].join('\n');
}

function listDemands({ toolChoice, parallel }: CallPlan): readonly string[] {
  const demand =
    typeof toolChoice === 'object'
      ? [`You must call the tool "${toolChoice.name}" now.`]
      : toolChoice === 'required'
        ? ['You must call a tool now.']
        : [];
  return parallel ? demand : [...demand, 'Call at most one tool.'];
}

function describeTool(tool: Tool, style: RenderSpec['toolsAs']): string {
  const { name, description = '', parameters = { type: 'object', properties: {} } } = tool;
  if (style === 'openai-json' || style === 'function-json') {
    const described = describeForTemplate({ ...tool, description, parameters });
    return printLiteralJson(style === 'openai-json' ? described : (described.get('function') ?? described));
  }
  const names = listProperties(parameters);
  return style === 'python-signature'
    ? `def ${name}(${names.map(([key, type]) => `${key}: ${type}`).join(', ')}): ${JSON.stringify(description)}`
    : `// ${description}\ntype ${name} = (_: { ${names.map(([key, type]) => `${key}: ${type}`).join(', ')} }) => any;`;
}

function listProperties(parameters: JsonValue): readonly (readonly [string, string])[] {
  const properties = typeof parameters === 'object' && parameters !== null && 'properties' in parameters ? parameters.properties : {};
  return Object.entries(properties ?? {}).map(([key, schema]) => {
    const type: unknown = typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : undefined;
    return [key, typeof type === 'string' ? type : 'any'] as const;
  });
}

function addToSystem(messages: readonly Message[], text: string): readonly Message[] {
  const [first, ...others] = messages;
  if (first?.role !== 'system' && first?.role !== 'developer') return [{ role: 'system', content: text }, ...messages];
  return [{ ...first, content: `${textOf(first)}\n\n${text}` }, ...others];
}

function joinNeighbours(messages: readonly Message[]): readonly Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last && last.role === message.role && message.role !== 'system') {
      joined[joined.length - 1] = { ...last, content: `${textOf(last)}\n${textOf(message)}` };
    } else joined.push(message);
  }
  return joined;
}
