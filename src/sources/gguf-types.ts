/** Numbers of the types of GGUF metadata values. Source: ggml, docs/gguf.md. */
export const gguf = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

/** Bytes of a value of each type that has a fixed size. */
export const valueBytes: ReadonlyMap<number, number> = new Map([
  [gguf.uint8, 1],
  [gguf.int8, 1],
  [gguf.uint16, 2],
  [gguf.int16, 2],
  [gguf.uint32, 4],
  [gguf.int32, 4],
  [gguf.float32, 4],
  [gguf.bool, 1],
  [gguf.uint64, 8],
  [gguf.int64, 8],
  [gguf.float64, 8],
]);

/** Numbers in a block, and bytes of a block, of each type of tensor. Source: ggml, ggml-common.h and the type traits of ggml.c. */
export const tensorBlocks: ReadonlyMap<number, { readonly numbers: number; readonly bytes: number }> = new Map(
  (
    [
      // F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q8_1
      [0, 1, 4],
      [1, 1, 2],
      [2, 32, 18],
      [3, 32, 20],
      [6, 32, 22],
      [7, 32, 24],
      [8, 32, 34],
      [9, 32, 36],
      // Q2_K to Q6_K
      [10, 256, 84],
      [11, 256, 110],
      [12, 256, 144],
      [13, 256, 176],
      [14, 256, 210],
      // IQ2_XXS, IQ2_XS, IQ3_XXS, IQ1_S, IQ4_NL, IQ3_S, IQ2_S, IQ4_XS
      [16, 256, 66],
      [17, 256, 74],
      [18, 256, 98],
      [19, 256, 50],
      [20, 32, 18],
      [21, 256, 110],
      [22, 256, 82],
      [23, 256, 136],
      // I8, I16, I32, I64, F64, IQ1_M, BF16
      [24, 1, 1],
      [25, 1, 2],
      [26, 1, 4],
      [27, 1, 8],
      [28, 1, 8],
      [29, 256, 56],
      [30, 1, 2],
    ] as const
  ).map(([type, numbers, bytes]) => [type, { numbers, bytes }]),
);

/** Names of `general.file_type`. Source: llama.cpp, enum llama_ftype in include/llama.h. */
export const fileTypeNames: ReadonlyMap<number, string> = new Map([
  [0, 'F32'],
  [1, 'F16'],
  [2, 'Q4_0'],
  [3, 'Q4_1'],
  [7, 'Q8_0'],
  [8, 'Q5_0'],
  [9, 'Q5_1'],
  [10, 'Q2_K'],
  [11, 'Q3_K_S'],
  [12, 'Q3_K_M'],
  [13, 'Q3_K_L'],
  [14, 'Q4_K_S'],
  [15, 'Q4_K_M'],
  [16, 'Q5_K_S'],
  [17, 'Q5_K_M'],
  [18, 'Q6_K'],
  [19, 'IQ2_XXS'],
  [20, 'IQ2_XS'],
  [21, 'Q2_K_S'],
  [22, 'IQ3_XS'],
  [23, 'IQ3_XXS'],
  [24, 'IQ1_S'],
  [25, 'IQ4_NL'],
  [26, 'IQ3_S'],
  [27, 'IQ3_M'],
  [28, 'IQ2_S'],
  [29, 'IQ2_M'],
  [30, 'IQ4_XS'],
  [31, 'IQ1_M'],
  [32, 'BF16'],
]);
