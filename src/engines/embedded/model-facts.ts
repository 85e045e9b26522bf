import type { LlamaModel } from 'node-llama-cpp';
import type { EngineModel, SpecialTokens } from '../../protocol/engine.ts';
import type { AddonModel } from './addon.ts';
import type { ControlTokens } from './control-tokens.ts';

/** Collects what callers may know of a loaded model from its file and its vocabulary. */
export function readModelFacts(source: {
  model: LlamaModel;
  addon: AddonModel;
  controls: ControlTokens;
  id: string;
  contextTokens: number;
}): EngineModel {
  const { model, addon, controls } = source;
  const { general, tokenizer } = model.fileInfo.metadata;
  const vocabulary = tokenizer.ggml.tokens.length;
  const quantisation = readQuantisation(model.typeDescription);
  const chatTemplate = tokenizer.chat_template;
  const templateVariants = readVariants(tokenizer);
  return {
    id: source.id,
    contextTokens: source.contextTokens,
    trainedContextTokens: addon.getTrainContextSize(),
    vocabularyTokens: vocabulary,
    parameters: addon.getTotalParameters(),
    sizeBytes: addon.getModelSize(),
    embeddingLength: addon.getEmbeddingVectorSize(),
    architecture: general.architecture,
    ...(quantisation ? { quantisation } : {}),
    ...(chatTemplate ? { chatTemplate } : {}),
    ...(templateVariants ? { templateVariants } : {}),
    specialTokens: readSpecialTokens(addon, tokenizer.ggml, controls),
  };
}

const variantPrefix = 'chat_template.';

/** `tokenizer.chat_template.tool_use` and its kin, by the last part of their keys. */
function readVariants(tokenizer: object): Readonly<Record<string, string>> | undefined {
  const variants = Object.entries(tokenizer).flatMap(([key, value]: [string, unknown]) =>
    key.startsWith(variantPrefix) && typeof value === 'string' ? [[key.slice(variantPrefix.length), value] as const] : [],
  );
  return variants.length === 0 ? undefined : Object.fromEntries(variants);
}

/** llama.cpp describes a model as `gemma3 270M Q4_K - Medium`: architecture, size, type of the file. */
function readQuantisation(description: string | undefined): string | undefined {
  const type = /^\S+ \S+ (?:mostly |all )?(.+?)(?: \(guessed\))?$/.exec(description ?? '')?.[1];
  return type?.startsWith('unknown') ? undefined : type;
}

function readSpecialTokens(addon: AddonModel, ids: TokenizerIds, controls: ControlTokens): SpecialTokens {
  const spell = (token: number | undefined): string | undefined =>
    token === undefined || token < 0 ? undefined : addon.getTokenString(token);
  const roles = {
    bos: spell(addon.tokenBos()),
    eos: spell(addon.tokenEos()),
    unknown: spell(ids.unknown_token_id),
    padding: spell(ids.padding_token_id),
  };
  return {
    ...Object.fromEntries(Object.entries(roles).filter(([, spelling]) => spelling)),
    addsBos: addon.shouldPrependBosToken(),
    control: controls.spellings,
  };
}

interface TokenizerIds {
  readonly unknown_token_id?: number | undefined;
  readonly padding_token_id?: number | undefined;
}
