import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSelfHosted } from './is-self-hosted.ts';

const near = [
  ...[
    'http://127.0.0.1:8000/v1',
    'http://localhost:8000',
    'http://[::1]:8000',
    'http://10.0.0.7',
    'http://192.168.1.5',
    'http://172.16.0.1',
  ],
  ...[
    'http://172.31.255.1',
    'http://169.254.3.4',
    'http://100.101.102.103',
    'http://0.0.0.0:8000',
    'http://[fd12:3456::1]:8000',
    'http://[fe80::1]',
    'http://gpu-1:8000',
    'http://GPU-1.local',
  ],
  ...[
    'http://vllm.models.svc',
    'http://vllm.models.svc.cluster.local:8000',
    'http://host.docker.internal:11434',
    'http://box.lan',
    'http://a.home.arpa',
  ],
];
const far = [
  ...[
    'https://api.openai.com/v1',
    'https://api.groq.com/openai/v1',
    'http://172.32.0.1',
    'http://11.0.0.1',
    'http://100.128.0.1',
    'http://8.8.8.8',
    'http://[2001:db8::1]',
  ],
  ...['https://local.example.com', 'https://svc.example.org', 'https://127.0.0.1.example.com', 'https://10.example.com'],
];

for (const [addresses, isOwn] of [
  [near, true],
  [far, false],
] as const) {
  test(`an OpenAI-compatible API at such an address is ${isOwn ? "the operator's own engine" : 'a cloud'}`, () => {
    for (const address of addresses) assert.equal(isSelfHosted({ kind: 'openai', address }), isOwn, address);
  });
}

test('engines of other kinds are the operator’s own wherever they are, and Anthropic’s API never is', () => {
  for (const kind of ['vllm', 'ollama', 'llama-server', 'embedded', 'custom']) {
    assert.equal(isSelfHosted({ kind, address: 'https://gpu.example.com' }), true, kind);
  }
  assert.equal(isSelfHosted({ kind: 'embedded', address: undefined }), true);
  assert.equal(isSelfHosted({ kind: 'anthropic', address: 'http://127.0.0.1:9' }), false);
});
