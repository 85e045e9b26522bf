import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import embedded from '#dist/engines/embedded.js';
import type { Node } from '#dist/gateway/node.js';
import { openNode } from '#dist/gateway/open-node.js';
import type { Engine } from '#dist/protocol/engine.js';
import type { Message } from '#dist/protocol/message.js';
import type { GenerateRequest } from '#dist/protocol/request.js';
import { type ScriptedModelOptions, writeScriptedModel } from '#dist/testing/scripted-gguf.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-scripted-'));
const nodes: Node[] = [];
// a test that failed has closed nothing, and its engine would hold the process
after(async () => {
  await Promise.all(nodes.map((node) => node.close(0)));
  rmSync(folder, { recursive: true });
});

/** A model of a fixed script behind a node: real llama.cpp, real templates. */
export interface ScriptedModel extends Pick<ScriptedModelOptions, 'scripts' | 'controlTokens' | 'pieceBytes'> {
  readonly name: string;
  readonly chatTemplate: string;
  /** `false`: as an engine that cannot be bound. Default true */
  readonly takesGrammars?: boolean;
}

/** Opens a node with one scripted model and waits until it serves. */
export async function openScripted({ name, takesGrammars = true, ...model }: ScriptedModel): Promise<Node> {
  const modelPath = join(folder, `${nodes.length}.gguf`);
  writeScriptedModel(modelPath, { ...model, contextTokens: 8192 });
  const options = { modelPath, modelId: name, slots: 1, gpu: 'off', enginePackage: 'node-llama-cpp', threads: 1 } as const;
  const log = () => undefined;
  const engine = embedded.open(options, { log });
  const upstream = { name: 'a', engine: takesGrammars ? engine : withoutGrammars(engine) };
  const node = openNode({ upstreams: [upstream], queueLimit: 8, queueTimeoutMs: 60_000, log });
  nodes.push(node);
  await node.ready(new AbortController().signal);
  return node;
}

function withoutGrammars(engine: Engine): Engine {
  const { grammars: _, lazyGrammars: __, ...capabilities } = engine.capabilities;
  return {
    capabilities,
    models: (signal) => engine.models(signal),
    state: () => engine.state(),
    stream: (request, signal) => engine.stream(request, signal),
    embed: (model, inputs, signal) => engine.embed(model, inputs, signal),
    tokenize: (model, text, signal) => engine.tokenize(model, text, signal),
    detokenize: (model, tokens, signal) => engine.detokenize(model, tokens, signal),
    close: () => engine.close(),
  };
}

/** A chat request at temperature 0, streamed. */
export function askChat(model: string, messages: readonly Message[], more: Partial<GenerateRequest> = {}): GenerateRequest {
  const drawing = { sampling: { temperature: 0 }, stop: [], stopTokenIds: [], ignoreEos: false, isStreamed: true, n: 1 };
  return { id: 'r', model, input: { type: 'chat', messages }, ...drawing, unknownFields: {}, agent: {}, ...more };
}
