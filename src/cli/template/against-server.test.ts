import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JinjaError } from '../../jinja/index.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { LiteralJsonObject } from '../../text/literal-json.ts';
import type { RunningServer, ServerTokenizer } from '../server/running-server.ts';
import { llamaServerWays, ollamaWays, rookeryWays, vllmWays, type Way } from '../server/ways.ts';
import { compareWithServer } from './against-server.ts';
import { renderAsIs } from './examine.ts';

/** Prints all that a conversation says, so that nothing a server does to it stays hidden. */
const tellingTemplate = `{{ bos_token }}{{ tools | default(none) | tojson }}{% for message in messages %}[{{ message.role }}]{{ message | tojson }}{% endfor %}`;
const found = { templates: { default: tellingTemplate }, specialTokens: { bos_token: '<b>' }, origin: 'test' };
const noon = new Date('2025-07-04T12:00:00Z');

const letters: ServerTokenizer = {
  encode: async (text) => [...text].map((letter) => letter.codePointAt(0) ?? 0),
  pieces: async () => [],
  decode: async (ids) => String.fromCodePoint(...ids),
};

interface ServerOptions {
  readonly does?: readonly Way[];
  readonly knows?: readonly Way[];
  readonly template?: string;
  readonly tokenizer?: ServerTokenizer;
  readonly isFitting?: boolean;
}

/** A server that does some things to a conversation and is known to do others. */
function makeServer({
  does = [],
  knows = does,
  template = tellingTemplate,
  tokenizer,
  isFitting = false,
}: ServerOptions = {}): RunningServer {
  return {
    ...{ about: 'a server', url: 'http://test', model: 'm', tokenizer, ways: knows, isFitting },
    findTemplates: async () => undefined,
    adapt: (conversation) => conversation,
    render: async (conversation) => {
      const changed = does.reduce((current, way) => way.change(current), conversation);
      const text = does.reduce((prompt, { reprint }) => reprint?.(prompt) ?? prompt, renderLike(template, changed));
      return { text, ids: tokenizer && (await tokenizer.encode(text, { addSpecial: false, isPlain: false })) };
    },
    close: async () => {},
  };
}

function renderLike(template: string, conversation: LiteralJsonObject): string {
  try {
    return renderAsIs({ default: template })(new Map([...conversation, ['bos_token', '<b>']]), noon);
  } catch (error) {
    if (error instanceof JinjaError) throw new GatewayError('invalid_request', `The engine answered HTTP 400: ${error.message}`);
    throw error;
  }
}

async function compare(options: ServerOptions = {}) {
  return compareWithServer({ server: makeServer(options), found, now: () => noon });
}

test('a server that renders as we do is equal in all that can be asked', async () => {
  const comparisons = await compare({ tokenizer: letters });
  const verdicts = new Set(comparisons.map((each) => (each.verdict === 'equal' ? each.by : each.verdict)));
  assert.deepEqual(verdicts, new Set(['text', 'left-out']));
  const leftOut = comparisons.filter(({ verdict }) => verdict === 'left-out').map(({ conversation }) => conversation);
  assert.deepEqual(leftOut, ['image part', 'lone surrogates', 'results that are no text', 'empty']);
});

for (const [kind, ways] of Object.entries({ llamaServerWays, vllmWays, ollamaWays, rookeryWays })) {
  for (const way of ways.filter(({ name }) => name !== 'short-numbers')) {
    test(`${kind}: what a server does to conversations is named, here ${way.name}`, async () => {
      const comparisons = await compare({ does: [way], knows: ways });
      const named = comparisons.flatMap((each) => (each.verdict === 'explained' ? each.ways.map(({ name }) => name) : []));
      assert.deepEqual(new Set(named), new Set([way.name]));
      assert.ok(!comparisons.some(({ verdict }) => verdict === 'different'));
    });
  }
  test(`${kind}: all of it together is explained`, async () => {
    const comparisons = await compare({ does: ways });
    assert.deepEqual(
      comparisons.filter(({ verdict }) => verdict === 'different').map(({ conversation }) => conversation),
      [],
    );
  });
}

test('what no known way explains is a difference, with both sides of it', async () => {
  const comparisons = await compare({ template: tellingTemplate.replace('[{{', '({{'), knows: vllmWays });
  const plain = comparisons.find(({ conversation }) => conversation === 'plain');
  assert.ok(plain?.verdict === 'different' && 'text' in plain.server && 'text' in plain.ours);
  assert.ok(plain.server.text.includes('(user]') && plain.ours.text.includes('[user]'));
});

const strict = `{% if messages[0].role != 'user' %}{{ raise_exception('first a user') }}{% endif %}${tellingTemplate}`;

test('two refusals are equal; one is a difference', async () => {
  const both = await compareWithServer({
    server: makeServer({ template: strict }),
    found: { ...found, templates: { default: strict } },
    now: () => noon,
  });
  const system = both.find(({ conversation }) => conversation === 'system');
  assert.deepEqual(system, { conversation: 'system', verdict: 'equal', by: 'refused' });
  const one = (await compare({ template: strict })).find(({ conversation }) => conversation === 'system');
  assert.ok(one?.verdict === 'different' && 'refusal' in one.server && /first a user/.test(one.server.refusal));
});

test('equal tokens are equal, whatever text the server shows', async () => {
  const server = makeServer({ tokenizer: letters });
  const shown: RunningServer = { ...server, render: async (conversation) => ({ ...(await server.render(conversation)), text: 'shown' }) };
  const comparisons = await compareWithServer({ server: shown, found, now: () => noon });
  assert.ok(comparisons.every((each) => each.verdict === 'left-out' || (each.verdict === 'equal' && each.by === 'ids')));
});

test('equal texts in other tokens are a difference', async () => {
  const server = makeServer({ tokenizer: letters });
  const doubled: RunningServer = {
    ...server,
    render: async (conversation) => {
      const { text, ids = [] } = await server.render(conversation);
      return { text, ids: [1, ...ids] };
    },
  };
  const [first] = await compareWithServer({ server: doubled, found, now: () => noon });
  assert.ok(first?.verdict === 'different' && first.ids?.server[0] === 1 && first.ids.ours[0] === '<'.charCodeAt(0));
});

test('a Rookery takes special tokens that a caller spells as plain text, which is no fault', async () => {
  const special: ServerTokenizer = {
    ...letters,
    encode: async (text) => [...text.replaceAll('<|im_end|>', '\u{f000}')].map((letter) => letter.codePointAt(0) ?? 0),
    decode: async (ids) => String.fromCodePoint(...ids).replaceAll('\u{f000}', '<|im_end|>'),
  };
  const server = makeServer({
    tokenizer: special,
    isFitting: true,
    template: '{% for message in messages %}{{ message.content }}{% endfor %}',
  });
  const plain: RunningServer = {
    ...server,
    render: async (conversation) => {
      const { text } = await server.render(conversation);
      return { text, ids: await letters.encode(text, { addSpecial: false, isPlain: true }) };
    },
  };
  const template = '{% for message in messages %}{{ message.content }}{% endfor %}';
  const comparisons = await compareWithServer({ server: plain, found: { ...found, templates: { default: template } }, now: () => noon });
  const unicode = comparisons.find(({ conversation }) => conversation === 'unicode');
  assert.ok(unicode?.verdict === 'explained');
  assert.deepEqual(
    unicode.ways.map(({ name }) => name),
    ['plain-specials'],
  );
  const tools = comparisons.find(({ conversation }) => conversation === 'tools');
  assert.ok(tools?.verdict === 'left-out' && /words of its own/.test(tools.reason));
});

test('a server that goes away ends the comparison', async () => {
  const gone: RunningServer = {
    ...makeServer(),
    render: async () => {
      throw new GatewayError('engine_unavailable', 'No connection to the engine.');
    },
  };
  await assert.rejects(compareWithServer({ server: gone, found, now: () => noon }), { code: 'engine_unavailable' });
});
