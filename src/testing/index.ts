/**
 * `rookery/testing`: what Rookery tests itself with, for your tests too. A fake engine that answers over HTTP what it is told to (faults included)
 * with the face of OpenAI, vLLM, Ollama, llama-server or Anthropic, and tiny GGUF models that make a real llama.cpp write an exact text.
 *
 * ```ts
 * const fake = await startFakeEngine({ replies: [{ pieces: ['Hel', 'lo'] }, { fault: { kind: 'cut', afterPieces: 1 } }] });
 * const client = new OpenAI({ baseURL: fake.url, apiKey: 'none' });
 * // … call it, then look at fake.requests (bodies and headers), fake.departures (clients that left) and fake.counts()
 * await fake.close();
 *
 * const ollama = await startFakeEngine({ face: 'ollama', models: ['tiny'], replies: { toolCalls: [{ name: 'f', argumentPieces: ['{"x":1}'] }] } });
 * await fetch(`${ollama.origin}/api/chat`, { method: 'POST', body: '{"model":"tiny","messages":[{"role":"user","content":"Hi"}]}' });
 *
 * writeScriptedModel('/tmp/weather.gguf', { scripts: 'It is sunny.' });
 * ```
 */
export { type FakeCounts, type FakeDeparture, type FakeEngine, startFakeEngine } from './fake-engine.ts';
export type { FakeBody } from './fake-face.ts';
export type { FakeFaceName } from './fake-faces.ts';
export type { FakeEngineOptions } from './fake-options.ts';
export type { FakeWait } from './fake-player.ts';
export type { FakeError, FakeFault, FakeReply, FakeRequest, FakeToolCall, FakeUsage, FakeUsagePlace } from './fake-reply.ts';
export { byteTokenizer, type FakeTokenizer } from './fake-tokenizer.ts';
export { type GgufContent, type GgufTensor, type GgufValue, writeGguf } from './gguf-writer.ts';
export { type Script, type ScriptedModel, type ScriptedModelOptions, writeScriptedModel } from './scripted-gguf.ts';
export { mulberry32, type WideModelOptions, writeWideModel } from './wide-gguf.ts';
