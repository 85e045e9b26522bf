import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundEngine } from './recognise-engine.ts';
import { tellLocalEngines, tellWaiting } from './tell-local.ts';

const ollama: FoundEngine = {
  kind: 'ollama',
  baseUrl: 'http://127.0.0.1:11434',
  about: 'Ollama 0.34.0',
  modelIds: ['a', 'b', 'c'],
  state: 'ready',
};
const vllm: FoundEngine = { ...ollama, kind: 'vllm', baseUrl: 'http://127.0.0.1:8000', about: 'vLLM 0.32.0', modelIds: ['m'] };
const closed = { modelIds: [], state: 'needs-key' } as const;

const examples: readonly { readonly what: string; readonly found: readonly FoundEngine[]; readonly told: readonly string[] }[] = [
  {
    what: 'nothing was found',
    found: [],
    told: ['Nothing answers on the default ports of Ollama, vLLM, llama-server and LM Studio: the embedded engine is used.'],
  },
  {
    what: 'one engine is served',
    found: [ollama],
    told: ['Found Ollama 0.34.0 on http://127.0.0.1:11434 with 3 models: a, b, c; nothing is downloaded.'],
  },
  {
    what: 'two are served',
    found: [ollama, vllm],
    told: [
      'Found Ollama 0.34.0 on http://127.0.0.1:11434 with 3 models: a, b, c.',
      'Found vLLM 0.32.0 on http://127.0.0.1:8000 with 1 model: m; nothing is downloaded.',
    ],
  },
  {
    what: 'there are many models, one with commands for the terminal in its name',
    found: [{ ...vllm, modelIds: ['a\u001b[2J', 'b\n', 'c', 'd', 'e', 'f', 'g', 'h'] }],
    told: [
      'Found vLLM 0.32.0 on http://127.0.0.1:8000 with 8 models: a\u{fffd}[2J, b\u{fffd}, c, d, e, f and 2 more; nothing is downloaded.',
    ],
  },
  {
    what: 'Ollama has no model',
    found: [{ ...ollama, modelIds: [], state: 'empty' }],
    told: [
      'Found Ollama 0.34.0 on http://127.0.0.1:11434, but it has no model. Get one with `ollama pull qwen3:1.7b` and start again to serve it.',
      'No engine here can be served as it is: the embedded engine is used.',
    ],
  },
  {
    what: 'a gateway wants a key and another engine is served',
    found: [{ kind: 'openai', baseUrl: 'http://127.0.0.1:8080/v1', about: 'a server', ...closed }, vllm],
    told: [
      'Found vLLM 0.32.0 on http://127.0.0.1:8000 with 1 model: m; nothing is downloaded.',
      "Found a server on http://127.0.0.1:8080/v1, but it asks for a key. To serve it, name the key's variable: --upstream openai=http://127.0.0.1:8080/v1,key=env:NAME",
    ],
  },
  {
    what: 'LM Studio has no model and a llama-server is loading beside an engine that is served',
    found: [
      { kind: 'openai', baseUrl: 'http://127.0.0.1:1234/v1', about: 'LM Studio', modelIds: [], state: 'empty' },
      { kind: 'llama-server', baseUrl: 'http://127.0.0.1:8080', about: 'llama-server', modelIds: [], state: 'loading' },
      vllm,
    ],
    told: [
      'Found vLLM 0.32.0 on http://127.0.0.1:8000 with 1 model: m; nothing is downloaded.',
      'Found LM Studio on http://127.0.0.1:1234/v1, but it has no model. Load one there and start again to serve it.',
      'Found llama-server on http://127.0.0.1:8080, but it is still loading its model. Start again to serve it.',
    ],
  },
];

for (const { what, found, told } of examples) {
  test(`it is said that ${what}`, () => {
    assert.deepEqual(tellLocalEngines(found), told);
  });
}

test('a wait names what it is for and how to do without', () => {
  assert.deepEqual(
    tellWaiting([{ kind: 'llama-server', baseUrl: 'http://127.0.0.1:8080', about: 'llama-server', modelIds: [], state: 'loading' }]),
    ['Found llama-server on http://127.0.0.1:8080; it is loading its model, which is waited for. --embedded does not wait.'],
  );
});
