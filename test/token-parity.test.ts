import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeGguf } from '#dist/testing/gguf-writer.js';
import { createTokenizer, type Tokenizer } from '#dist/tokenizers/tokenizer.js';
import { readTokenizerJson } from '#dist/tokenizers/tokenizer-json.js';
import { readTokenizer } from '#dist/workers/read-tokenizer.js';
import { openLlamaModels } from './llama-source.ts';
import { closeLlama, type LlamaVocabulary, openLlamaVocabulary, type Segment } from './llama-vocabulary.ts';
import { renderBattery, spellings, texts } from './token-battery.ts';
import { describeVocabulary, type TokenizerFiles } from './vocabulary-gguf.ts';

/** A way in which llama.cpp is known to read a text otherwise, with the reason; where it is undone, both read the same. */
interface Difference {
  readonly why: string;
  readonly undo: (segment: Segment) => Segment;
}

function onText(why: string, undo: (text: string) => string): Difference {
  return { why, undo: ({ text, isLiteral }) => ({ text: undo(text), isLiteral }) };
}

const nfc = onText("llama.cpp does not normalise a text, and the model's tokenizer.json asks for NFC", (text) => text.normalize('NFC'));
const nfkc = onText("llama.cpp does not normalise a text, and the model's tokenizer.json asks for NFKC", (text) => text.normalize('NFKC'));
const marks = onText('llama.cpp takes combining marks for no letters where it imitates the words of GPT-4o', (text) =>
  text.replace(/\p{M}/gu, ''),
);
const spaceSigns = onText(
  "GGUF files write spaces into Gemma's tokens of several U+2581, so that sign itself no longer meets them",
  (text) => text.replaceAll('▁', '_'),
);
const longSpaces = onText("llama.cpp cuts long runs of spaces at Gemma's longest token of spaces, before any merge", (text) =>
  text.replace(/ {32,}/g, ' '),
);
const endTag = onText('llama.cpp takes `</s>` for a control token of every vocabulary; in these it is HTML', (text) =>
  text.replaceAll('</s>', ''),
);

/** A published tokenizer.json: how GGUF files name its words, a chat template where it has none, and where llama.cpp differs. */
interface Published {
  readonly pre: string;
  readonly template?: string;
  readonly fromJson?: readonly Difference[];
  readonly fromGguf?: readonly Difference[];
}

const chatMl = 'NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use';
const published: Readonly<Record<string, Published>> = {
  llama3_1: { pre: 'llama-bpe' },
  llama3: { pre: 'llama-bpe' },
  llama2: { pre: 'default', template: 'mistralai-Mistral-Nemo-Instruct-2407' },
  qwen3: { pre: 'qwen2', fromJson: [nfc, endTag], fromGguf: [endTag] },
  gemma3: { pre: 'default', fromJson: [spaceSigns, endTag] },
  gemini: { pre: 'default', fromJson: [spaceSigns, longSpaces, endTag] },
  gptoss: { pre: 'gpt-4o', template: 'openai-gpt-oss-120b', fromJson: [marks], fromGguf: [marks] },
  deepseek_v3: { pre: 'deepseek-v3' },
  gpt4o: { pre: 'gpt-4o', template: chatMl, fromJson: [marks], fromGguf: [marks] },
  // the words of llama3, which merge as these do
  gpt35turbo: { pre: 'dbrx', template: chatMl },
  claude: { pre: 'gpt-2', template: chatMl, fromJson: [nfkc] },
};

/** Vocabularies of llama.cpp's own tests, each with a chat template of its family where one is at hand. */
const bundled: Readonly<Record<string, string>> = {
  aquila: chatMl,
  baichuan: chatMl,
  'command-r': 'CohereForAI-c4ai-command-r-plus-tool_use',
  'deepseek-coder': 'deepseek-ai-DeepSeek-V3.1',
  'deepseek-llm': 'deepseek-ai-DeepSeek-V3.1',
  falcon: chatMl,
  'gemma-4': 'google-gemma-4-31B-it',
  'gpt-2': chatMl,
  'gpt-neox': chatMl,
  'llama-bpe': 'meta-llama-Llama-3.1-8B-Instruct',
  'llama-spm': 'mistralai-Mistral-Nemo-Instruct-2407',
  mpt: chatMl,
  'phi-3': 'microsoft-Phi-3.5-mini-instruct',
  qwen2: 'Qwen-Qwen2.5-7B-Instruct',
  qwen35: 'Qwen3.5-4B',
  refact: chatMl,
  starcoder: chatMl,
};

/** Where llama.cpp differs on its own vocabularies. */
const bundledDifferences: Readonly<Record<string, readonly Difference[]>> = { qwen2: [endTag], qwen35: [endTag] };

const tokenizersFolder = fileURLToPath(new URL('../test-tokenizers', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'rookery-token-parity-'));
const llamaModels = openLlamaModels();

after(async () => {
  await closeLlama();
  rmSync(scratch, { recursive: true });
  llamaModels.remove();
});

// what is loaded lives in a test's own variables: all vocabularies at once would take gigabytes
for (const [name, { pre, template, fromJson = [], fromGguf = [] }] of Object.entries(published)) {
  const folder = join(tokenizersFolder, name);
  test(`the tokenizer.json of ${name}`, { skip: skipReason(folder) }, async (context) => {
    const files = readFiles(folder);
    const json = await createTokenizer(readTokenizerJson(files.json as never, files.config as never));
    const path = join(scratch, `${name}.gguf`);
    writeGguf(path, describeVocabulary(files, pre));
    const llama = await openLlamaVocabulary(path, json.vocabularyTokens);
    const source = template === undefined ? String(files.config.chat_template) : readTemplate(template);
    const prompts = renderBattery(source, specialsOf(json));

    await context.test("gives llama.cpp's ids for prompts and texts", () => compare(json, { llama, prompts, differences: fromJson }));
    await context.test("gives llama.cpp's ids where its vocabulary comes from a GGUF file", async () => {
      const tokenizer = await createTokenizer(readTokenizer({ kind: 'gguf', path }));
      compare(tokenizer, { llama, prompts, differences: fromGguf });
      assert.deepEqual([tokenizer.bosId, tokenizer.eosId], [json.bosId, json.eosId]);
    });
    await context.test('lets no control token out of what a user wrote', () => checkInjection(json, prompts));
    await context.test('gives every text back', () => {
      const normalise = [nfc, nfkc].find((difference) => fromJson.includes(difference))?.undo ?? ((segment: Segment) => segment);
      const isInWords = files.json.decoder.type !== 'ByteLevel';
      for (const text of texts) {
        const expected = normalise({ text, isLiteral: true }).text;
        assert.equal(json.decode(json.encode([{ text, isLiteral: true }])), isInWords ? expected.replaceAll('▁', ' ') : expected);
      }
    });
    await llama.close();
    rmSync(path);
  });
}

for (const [name, template] of Object.entries(bundled)) {
  test(`the vocabulary ${name} of llama.cpp is read as llama.cpp reads it`, { skip: llamaModels.missing ?? false }, async () => {
    const path = join(llamaModels.folder ?? '', `ggml-vocab-${name}.gguf`);
    const tokenizer = await createTokenizer(readTokenizer({ kind: 'gguf', path }));
    const llama = await openLlamaVocabulary(path, tokenizer.vocabularyTokens);
    const prompts = renderBattery(readTemplate(template), specialsOf(tokenizer));
    compare(tokenizer, { llama, prompts, differences: bundledDifferences[name] ?? [] });
    checkInjection(tokenizer, prompts);
    assert.deepEqual([tokenizer.bosId, tokenizer.eosId], [llama.bosId, llama.eosId]);
    assert.deepEqual(tokenizer.encode([], { addSpecial: true }), llama.addsBos ? [llama.bosId] : []);
    await llama.close();
  });
}

function skipReason(folder: string): string | false {
  if (llamaModels.missing !== undefined) return llamaModels.missing;
  if (existsSync(folder)) return false;
  return process.env.ROOKERY_TEST_TOKENIZERS_MISSING ?? `${folder} is not here; \`npm test\` fetches it`;
}

function readFiles(folder: string): TokenizerFiles {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as never;
  return { json: read('tokenizer.json'), config: read('tokenizer_config.json') };
}

function readTemplate(name: string): string {
  return readFileSync(join(llamaModels.folder ?? '', 'templates', `${name}.jinja`), 'utf8');
}

/** What templates may print of a tokenizer. */
function specialsOf(tokenizer: Tokenizer): Readonly<Record<string, string>> {
  const nameOf = (id: number | undefined) => tokenizer.specials().find((special) => special.id === id)?.content ?? '';
  return { bos_token: nameOf(tokenizer.bosId), eos_token: nameOf(tokenizer.eosId) };
}

interface Comparison {
  readonly llama: LlamaVocabulary;
  readonly prompts: readonly (readonly Segment[])[];
  readonly differences: readonly Difference[];
}

/** Every prompt and text must give the same ids, or those that the differences explain; each difference must be seen. */
function compare(tokenizer: Tokenizer, { llama, prompts, differences }: Comparison): void {
  assert.ok(prompts.length >= 4, `only ${prompts.length} conversations were rendered`);
  const seen = new Set<Difference>();
  for (const segments of [...prompts, ...prompts.map(asPlain), ...listTexts(tokenizer)]) {
    assert.deepEqual(llama.encode(segments), llama.encodeAfresh(segments), 'chunks that are kept give the ids of the whole text');
    if (isSame(tokenizer, llama, segments)) continue;
    const acting = differences.filter(({ undo }) => segments.some((segment) => undo(segment).text !== segment.text));
    const undone = segments.map((segment) => acting.reduce((changed, { undo }) => undo(changed), segment));
    if (acting.length === 0 || !isSame(tokenizer, llama, undone))
      assert.fail(explain(tokenizer, llama, acting.length === 0 ? segments : undone));
    for (const difference of acting) seen.add(difference);
  }
  for (const difference of differences) assert.ok(seen.has(difference), `no longer seen: ${difference.why}`);
}

/** The prompt as a template alone would have written it. */
function asPlain(segments: readonly Segment[]): readonly Segment[] {
  return [{ text: segments.map(({ text }) => text).join(''), isLiteral: false }];
}

/** The texts as a user and as a template writes them, with control tokens of the vocabulary itself. */
function listTexts(tokenizer: Tokenizer): readonly (readonly Segment[])[] {
  const specials = tokenizer.specials();
  const sample = [...specials.slice(0, 12), ...specials.slice(-12)].map(({ content }) => `a ${content} b${content}\n c`);
  return [...texts, ...sample].flatMap((text) => [[{ text, isLiteral: false }], [{ text, isLiteral: true }]]);
}

function isSame(tokenizer: Tokenizer, llama: LlamaVocabulary, segments: readonly Segment[]): boolean {
  return tokenizer.encode(segments).join() === llama.encode(segments).join();
}

function explain(tokenizer: Tokenizer, llama: LlamaVocabulary, segments: readonly Segment[]): string {
  const ours = tokenizer.encode(segments);
  const theirs = llama.encode(segments);
  const at = Math.max(
    0,
    theirs.findIndex((id, index) => id !== ours[index]),
  );
  const show = (ids: readonly number[]) => ids.slice(Math.max(0, at - 3), at + 6).map((id) => `${id}:${llama.spellingOf(id)}`);
  return `from token ${at} on: ours ${show(ours).join(' ')}, llama.cpp's ${show(theirs).join(' ')}; in ${JSON.stringify(segments).slice(0, 400)}`;
}

/** Control tokens of a prompt are those that it has with other words of the user. */
function checkInjection(tokenizer: Tokenizer, prompts: readonly (readonly Segment[])[]): void {
  const controlsOf = (segments: readonly Segment[]) => tokenizer.encode(segments).filter((id) => tokenizer.isSpecial(id));
  const all = tokenizer
    .specials()
    .map(({ content }) => content)
    .join(' ');
  const unknown = tokenizer.encode([{ text: '\ue123', isLiteral: true }]).filter((id) => tokenizer.isSpecial(id));
  for (const text of [spellings, all, ...texts]) {
    const found = controlsOf([{ text, isLiteral: true }]).filter((id) => !unknown.includes(id));
    assert.deepEqual(found, [], text.slice(0, 200));
  }
  for (const segments of prompts) {
    const harmless = segments.map(({ text, isLiteral }) => ({ text: isLiteral ? 'x' : text, isLiteral }));
    assert.deepEqual(
      controlsOf(segments).filter((id) => !unknown.includes(id)),
      controlsOf(harmless),
    );
  }
}
