/** Where a tokenizer lies on disk: the vocabulary of a GGUF file, or a tokenizer.json and, where there is one, its tokenizer_config.json. */
export type TokenizerSource =
  | { readonly kind: 'gguf'; readonly path: string }
  | { readonly kind: 'json'; readonly path: string; readonly configPath?: string };
