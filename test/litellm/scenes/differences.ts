import type { Difference } from '../scene.ts';

/** Differences that several scenes share, each for the steps it is met in. */

const sampling = ['top_p', 'top_k', 'min_p', 'repetition_penalty', 'presence_penalty', 'frequency_penalty'];
const inBody = (names: readonly string[]) => names.map((name) => `sent.*.body.${name}`);

/** What goes to vLLM beside what was asked for. */
export function saysSampling(steps: readonly string[]): Difference {
  return {
    steps,
    at: inBody(sampling),
    litellm: undefined,
    why: "what nobody said is said to vLLM, by the model's family or as OpenAI has it: vLLM would fill it from the model's generation_config",
  };
}

/** A chat of a model on vLLM whose prompt is made here. */
export function rendersForVllm(steps: readonly string[]): readonly Difference[] {
  return [
    {
      steps,
      at: ['sent.*.path'],
      litellm: '/v1/chat/completions',
      ours: '/v1/completions',
      why: "vLLM renders the model's template (`/tokenize`), the prompt goes to `/v1/completions` and the answer is read here: the same with every start of vLLM",
    },
    { steps, at: inBody(['messages']), ours: undefined, why: 'a prompt of token ids has no messages' },
    {
      steps,
      at: inBody(['prompt', 'skip_special_tokens', 'spaces_between_special_tokens']),
      litellm: undefined,
      why: 'messages have become a prompt of token ids, and the answer is wanted with its marks',
    },
  ];
}

/** A limit that vLLM's `/v1/completions` would set to 16. */
export function saysLimit(steps: readonly string[]): Difference {
  return {
    steps,
    at: ['sent.*.body.max_tokens'],
    litellm: undefined,
    why: '`/v1/completions` would stop after 16 tokens, so what is left of the context is said',
  };
}

/** A temperature of the model's family. */
export function saysTemperature(steps: readonly string[]): Difference {
  return {
    steps,
    at: ['sent.*.body.temperature'],
    litellm: undefined,
    why: "where neither file nor client says a temperature the model's family does, a low one with tools: small models call tools reliably only so",
  };
}

/** A constraint as vLLM reads it since 0.12. */
export function constrainsVllm(steps: readonly string[], theirs: readonly string[]): readonly Difference[] {
  return [
    {
      steps,
      at: [...inBody(theirs), 'sent.*.body.structured_outputs'],
      why: 'every constraint goes to vLLM as one checked `structural_tag`; vLLM 0.12 and later ignore the `guided_*` fields that LiteLLM hands on',
    },
  ];
}

/** Vectors. */
export function makesVectors(steps: readonly string[]): readonly Difference[] {
  return [{ steps, at: ['got.body.data.*.embedding'], why: 'vectors have length 1, whatever the engine; LiteLLM hands on what came' }];
}

/** `"input": "text"` to the engine. */
export function listsInput(steps: readonly string[]): Difference {
  return { steps, at: ['sent.*.body.input'], why: 'the engine always gets a list of inputs; LiteLLM hands on what the client wrote' };
}

/** `encoding_format` to the engine. */
export function asksNumbers(steps: readonly string[]): Difference {
  return {
    steps,
    at: ['sent.*.body.encoding_format'],
    ours: 'float',
    why: 'the engine is asked for numbers, and base64 is made here: some engines know no other form',
  };
}

/** Steps that ask Ollama: by its chat, without a stream, and all. */
interface OllamaSteps {
  readonly chats: readonly string[];
  readonly whole: readonly string[];
  readonly all: readonly string[];
  /** the client says the temperature itself */
  readonly saysTemperature?: boolean;
}

const ollamaOptions = [
  ...['num_predict', 'top_p', 'top_k', 'min_p', 'typical_p', 'repeat_penalty', 'repeat_last_n'],
  ...['presence_penalty', 'frequency_penalty', 'seed', 'num_ctx'],
];

/** How Ollama is asked. */
export function asksOllama({ chats, whole, all, saysTemperature: isSaid = false }: OllamaSteps): readonly Difference[] {
  return [
    {
      steps: chats,
      at: ['sent.*.body.messages.0.images'],
      ...{ litellm: [], ours: undefined },
      why: 'a message without images has no `images`; LiteLLM sends an empty list',
    },
    {
      steps: whole,
      at: ['sent.*.body.stream'],
      ours: true,
      why: 'Ollama is always asked for a stream, which is put together for clients that want none: one way to read, and a client that leaves ends the work',
    },
    {
      steps: all,
      at: ['sent.*.body.truncate', 'sent.*.body.shift'],
      ...{ litellm: undefined, ours: false },
      why: 'Ollama is told not to shorten prompts silently; one that is too long is 400',
    },
    {
      steps: all,
      at: [...ollamaOptions, ...(isSaid ? [] : ['temperature'])].map((name) => `sent.*.body.options.${name}`),
      litellm: undefined,
      why: "what nobody said is said to Ollama, by the model's family or as OpenAI has it: Ollama would fill it from the model's file",
    },
  ];
}

const statusReasons = {
  '401 502': "a key of the operator that the engine refuses is not the client's fault: 502, and the reason is in the log",
  '403 502': "what the engine forbids the operator is not the client's fault: 502, and the reason is in the log",
  '408 503': "an engine's 408 is 503 with `retry-after`: it was not the client that was slow",
  '408 504': 'an engine that says nothing in time is 504; LiteLLM says 408, which is for clients that are slow',
  '413 400': "an engine's 413 is 400, with its words: 413 is for bodies that are too large for the gateway",
  '422 400': "an engine's 422 is 400, with its words: 422 is for answers that do not keep to what was demanded",
  '500 502': "an engine's 500 is the gateway's 502: the gateway itself is well",
  '500 503': 'an engine that is not there is 503 with `retry-after`',
  '504 502': "an engine's 504 is the gateway's 502; 504 is for what the gateway waited for in vain",
} as const;

/** Of keys that are not right. */
export const wrongKeys = 'a wrong key is 401 `invalid_key`; LiteLLM without a database says 400 of every key that it does not know';

/** LiteLLM's status and ours. */
export function changesStatus(steps: readonly string[], change: keyof typeof statusReasons): Difference {
  const [litellm, ours] = change.split(' ').map(Number);
  return { steps, at: ['got.status'], litellm, ours, why: statusReasons[change] };
}

/** What the engine said of the operator's key. */
export function hidesWords(steps: readonly string[]): Difference {
  return {
    steps,
    at: ['got.body.error.message'],
    litellm: "(with the engine's words)",
    why: "the engine's words about the operator's key are in the log, not in the answer",
  };
}

/** What is meant to become as LiteLLM does it. */
export function notYet(difference: Difference): Difference {
  return { ...difference, why: `Not yet: ${difference.why}` };
}
