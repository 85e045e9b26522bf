import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { type LearnedModel, learnModels } from './learn-models.ts';

/** How a pretended server was started. */
interface Server {
  readonly version?: string;
  readonly routes?: readonly string[];
  /** `shows`: prints tools and calls; `question-only`: refuses past calls; `refuses`: refuses tools; `hides`: ignores them */
  readonly template?: 'shows' | 'question-only' | 'refuses' | 'hides';
  readonly hasParser?: boolean;
  readonly hasReasoningParser?: boolean;
  readonly excludesTools?: boolean;
  /** routes that fail, with their error */
  readonly failing?: Readonly<Record<string, GatewayError>>;
  readonly cards?: readonly object[];
}

const refused = (message: string) => new GatewayError('invalid_request', `The engine answered HTTP 400: ${message}`);

/** Token = character code. */
function pretend(server: Server) {
  const asked: string[] = [];
  const ask = async (path: string, body: JsonObject = {}): Promise<unknown> => {
    asked.push(path);
    const failure = server.failing?.[path];
    if (failure) throw failure;
    if (path === '/v1/models') return { data: server.cards ?? [{ id: 'm', root: 'm', max_model_len: 64 }] };
    if (path === '/version') return { version: server.version ?? '0.32.0' };
    if (path === '/openapi.json')
      return { paths: Object.fromEntries((server.routes ?? ['/v1/chat/completions']).map((route) => [route, {}])) };
    if (path === '/tokenize') return { tokens: [...render(server, body)].map((letter) => letter.charCodeAt(0)), max_model_len: 64 };
    if (path === '/detokenize') return { prompt: String.fromCharCode(...(body.tokens as number[])) };
    return chat(server, body);
  };
  return { ask, asked };
}

function render(
  { template = 'shows' }: Server,
  { messages, tools, add_generation_prompt = true, chat_template_kwargs }: JsonObject,
): string {
  const turns = messages as unknown as readonly { role: string; content: string; tool_calls?: unknown }[];
  if (tools !== undefined && template === 'refuses') throw refused('no tools, please');
  if (template === 'question-only' && turns.some(({ role }) => role === 'tool')) throw refused('no results, please');
  const shown = tools !== undefined && template !== 'hides' ? `[TOOLS]${JSON.stringify(tools)}` : '';
  const told = turns.map(({ role, content, tool_calls }) => `<${role}>${content}${tool_calls ? `CALL${JSON.stringify(tool_calls)}` : ''}`);
  const isQuiet = (chat_template_kwargs as { enable_thinking?: boolean } | undefined)?.enable_thinking === false;
  return `${shown}${told.join('')}${add_generation_prompt ? `<assistant>${isQuiet ? '<think></think>' : '<think>'}` : ''}`;
}

function chat(server: Server, body: JsonObject): object {
  if (body.tool_choice === 'auto' && !server.hasParser) {
    throw refused('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set');
  }
  if (body.allowed_token_ids) throw refused('allowed_token_ids is not None and empty!');
  const { tools, ...rest } = body;
  const prompt = render(server, server.excludesTools ? rest : { ...rest, ...(tools === undefined ? {} : { tools }) });
  const message = server.hasReasoningParser ? { content: null, reasoning: 'Hm' } : { content: 'Hm', reasoning: null };
  return { choices: [{ message }], usage: { prompt_tokens: prompt.length } };
}

async function learn(server: Server, names?: readonly string[]) {
  const { ask, asked } = pretend(server);
  const lines: string[] = [];
  const log = (level: string, event: string, fields: object = {}) => void lines.push(`${level} ${event} ${JSON.stringify(fields)}`);
  const models = await learnModels({ ask, log, names, contextTokens: undefined });
  return { models, first: models[0] as LearnedModel, lines, asked };
}

const plain = { hasTools: false, hasToolChoice: false, hasEmbeddings: false };

test('a server without parsers answers as the model wrote, and its template is printed', async () => {
  const { first, lines } = await learn({});
  assert.ok(first.answersRaw);
  assert.equal(first.model.contextTokens, 64);
  assert.deepEqual(first.model.capabilities, plain);
  const { call, tail, quietTail } = first.model.printed ?? {};
  assert.match(call ?? '', /^\[TOOLS\].*<user>Hi<assistant>CALL.*<tool>3$/);
  assert.deepEqual([tail, quietTail], ['<assistant><think>', '<assistant><think></think>']);
  assert.deepEqual(lines, []);
});

test('parsers of tools or of thoughts, and tools that are left out, make a server render first', async () => {
  const withParser = await learn({ hasParser: true });
  assert.deepEqual(withParser.first.model.capabilities, { ...plain, hasTools: true, hasToolChoice: true });
  const others = await Promise.all([learn({ hasReasoningParser: true }), learn({ excludesTools: true })]);
  for (const { first } of [withParser, ...others]) {
    assert.equal(first.answersRaw, false);
    assert.match(first.model.printed?.call ?? '', /CALL/);
  }
});

test('a template that refuses past calls is tried with a question only', async () => {
  const { first } = await learn({ template: 'question-only' });
  assert.match(first.model.printed?.call ?? '', /^\[TOOLS\].*<user>Hi<assistant><think>$/);
});

test('a template that refuses or hides tools prints no call', async () => {
  for (const template of ['refuses', 'hides'] as const) {
    const { first } = await learn({ template });
    assert.equal(first.model.printed?.call, undefined);
    assert.equal(first.model.printed?.tail, '<assistant><think>');
    assert.ok(first.answersRaw);
  }
});

test('an old version is bound by EBNF', async () => {
  assert.equal((await learn({ version: '0.10.2' })).first.model.capabilities?.grammars, 'ebnf');
});

test('a server without a chat route is not asked to chat', async () => {
  const { first, asked } = await learn({ routes: ['/v1/embeddings'] });
  assert.deepEqual(first.model.capabilities, { ...plain, hasEmbeddings: true });
  assert.deepEqual(asked, ['/v1/models', '/version', '/openapi.json']);
});

test('what cannot be found out is logged, and the model is served with less', async () => {
  const broken = new GatewayError('engine_failed', 'broken');
  const blind = await learn({ failing: { '/tokenize': broken, '/version': broken, '/openapi.json': broken } });
  assert.equal(blind.first.model.printed, undefined);
  assert.ok(blind.first.answersRaw, 'without /tokenize there is only the chat route');
  assert.equal(blind.first.model.capabilities?.hasEmbeddings, true);
  assert.deepEqual(blind.lines, [
    'debug server-probe {"message":"broken"}',
    'debug server-probe {"message":"broken"}',
    'warn model-probe {"model":"m","message":"broken"}',
  ]);
  const silent = await learn({ failing: { '/v1/chat/completions': broken } });
  assert.equal(silent.first.answersRaw, false);
  assert.deepEqual(silent.lines, ['warn model-probe {"model":"m","message":"broken"}']);
  assert.deepEqual(silent.first.model.capabilities, plain);
});

test('an engine that is gone, a list that is refused and a caller who left are errors', async () => {
  const failures = [
    ['/v1/models', 'engine_failed'],
    ['/tokenize', 'engine_unavailable'],
    ['/version', 'client_closed'],
  ] as const;
  for (const [path, code] of failures) {
    await assert.rejects(
      learn({ failing: { [path]: new GatewayError(code, 'x') } }),
      (error) => error instanceof GatewayError && error.code === code,
    );
  }
});

test('names of one model and its adapters are learned once, and only named models are served', async () => {
  const cards = [
    { id: 'a', root: 'w', parent: null, max_model_len: 64 },
    { id: 'b', root: 'w', parent: null, max_model_len: 32 },
    { id: 'lora', root: 'l', parent: 'a' },
  ];
  const { models, asked } = await learn({ cards });
  assert.deepEqual(
    models.map(({ model }) => [model.id, model.contextTokens, model.printed?.tail]),
    [
      ['a', 64, '<assistant><think>'],
      ['b', 32, '<assistant><think>'],
      ['lora', 64, '<assistant><think>'],
    ],
  );
  assert.equal(asked.filter((path) => path === '/v1/chat/completions').length, 2);
  const { models: named, lines } = await learn({ cards }, ['b', 'gone']);
  assert.deepEqual(
    named.map(({ model }) => model.id),
    ['b'],
  );
  assert.deepEqual(lines, ['warn model-missing {"model":"gone"}']);
});
