/**
 * `rookery/testing`: what Rookery tests itself with, for your tests too. A fake engine that answers over HTTP what it is told to (faults included),
 * and tiny GGUF models that make a real llama.cpp write an exact text.
 *
 * ```ts
 * const fake = await startFakeEngine({ replies: [{ pieces: ['Hel', 'lo'] }, { fault: { kind: 'cut', afterPieces: 1 } }] });
 * const client = new OpenAI({ baseURL: fake.url, apiKey: 'none' });
 * // … call it, then look at fake.requests and fake.counts()
 * await fake.close();
 *
 * writeScriptedModel('/tmp/weather.gguf', { scripts: 'It is sunny.' });
 * ```
 */
export { type FakeCounts, type FakeEngine, type FakeEngineOptions, startFakeEngine } from './fake-engine.ts';
export type { FakeWait } from './fake-player.ts';
export type { FakeError, FakeFault, FakeReply, FakeRequest, FakeUsage } from './fake-reply.ts';
export { type GgufContent, type GgufTensor, type GgufValue, writeGguf } from './gguf-writer.ts';
export { type Script, type ScriptedModel, type ScriptedModelOptions, writeScriptedModel } from './scripted-gguf.ts';
export { mulberry32, type WideModelOptions, writeWideModel } from './wide-gguf.ts';
