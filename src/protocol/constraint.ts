import type { JsonValue } from './json.ts';

/** What text is allowed as the answer. */
export type Constraint =
  | { readonly kind: 'json-object' }
  | { readonly kind: 'json-schema'; readonly schema: JsonValue; readonly strict: boolean }
  | { readonly kind: 'regex'; readonly pattern: string }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'grammar'; readonly grammar: string }
  | { readonly kind: 'structural-tag'; readonly tag: JsonValue };
