import type { Conversation, Turn } from './side-by-side-conversations.ts';

/** How a conversation is sent, and what each line of the streamed answer says. */
export interface Wire {
  readonly path: string;
  writeBody(conversation: Conversation, options: BodyOptions): object;
  /** Reads one JSON value of the stream. */
  readPiece(json: unknown): Piece;
}

/** What a body is written with besides its conversation. */
export interface BodyOptions {
  readonly model: string;
  /** tokens of prompt and answer together, where they are told with each request */
  readonly contextTokens: number;
  /** every tool is marked `strict` */
  readonly isStrict: boolean;
}

/** What a part of a stream adds to the answer. */
export interface Piece {
  readonly text?: string | undefined;
  readonly calls?: readonly CallPiece[] | undefined;
  readonly finish?: string | undefined;
  readonly error?: string | undefined;
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number } | undefined;
}

/** A part of a call; `index` tells of which one. */
export interface CallPiece {
  readonly index: number;
  readonly name: string;
  readonly argumentsJson: string;
}

/** Tokens of an answer at most. */
export const maxTokens = 64;
const seed = 7;

/** Chat completions, as OpenAI has them. */
export const openAiWire: Wire = {
  path: '/v1/chat/completions',
  writeBody: ({ turns, tools, toolChoice }, { model, isStrict }) => ({
    model,
    messages: turns.map(writeOpenAiTurn),
    tools: tools.map((tool) => ({ type: 'function', function: isStrict ? { ...tool, strict: true } : tool })),
    ...{ tool_choice: toolChoice, parallel_tool_calls: false },
    ...{ temperature: 0, seed, max_tokens: maxTokens },
    ...{ stream: true, stream_options: { include_usage: true } },
  }),
  readPiece(json) {
    const { choices = [], usage, error } = json as OpenAiChunk;
    const [choice] = choices;
    return {
      text: choice?.delta?.content ?? undefined,
      calls: choice?.delta?.tool_calls?.map(({ index = 0, function: part }) => ({
        ...{ index, name: part?.name ?? '', argumentsJson: part?.arguments ?? '' },
      })),
      finish: choice?.finish_reason ?? undefined,
      error: error ? `${error.code}: ${error.message}` : undefined,
      usage: usage ? { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens } : undefined,
    };
  },
};

/** Ollama's `/api/chat`, which has no `tool_choice`. Nothing of a prompt is cut, and what a model is loaded with stays the same. */
export const ollamaWire: Wire = {
  path: '/api/chat',
  writeBody: ({ turns, tools }, { model, contextTokens }) => ({
    model,
    messages: turns.map(writeOllamaTurn),
    tools: tools.map((tool) => ({ type: 'function', function: tool })),
    options: { temperature: 0, seed, num_predict: maxTokens, num_ctx: contextTokens },
    ...{ stream: true, truncate: false, shift: false, keep_alive: '1h' },
  }),
  readPiece(json) {
    const { message, done_reason: finish, prompt_eval_count, eval_count, error } = json as OllamaLine;
    return {
      text: message?.content,
      calls: message?.tool_calls?.map(({ function: call }, place) => ({
        ...{ index: call.index ?? place, name: call.name, argumentsJson: JSON.stringify(call.arguments) },
      })),
      ...{ finish, error },
      usage: eval_count === undefined ? undefined : { promptTokens: prompt_eval_count ?? 0, completionTokens: eval_count },
    };
  },
};

interface OpenAiChunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly tool_calls?: readonly {
        readonly index?: number;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly error?: { readonly code: string | number; readonly message: string };
}

interface OllamaLine {
  readonly message?: {
    readonly content?: string;
    readonly tool_calls?: readonly { readonly function: { readonly index?: number; readonly name: string; readonly arguments: object } }[];
  };
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
  readonly error?: string;
}

function writeOpenAiTurn(turn: Turn): object {
  switch (turn.kind) {
    case 'said':
      return { role: turn.role, content: turn.words };
    case 'called': {
      const call = { name: turn.name, arguments: JSON.stringify(turn.arguments) };
      return { role: 'assistant', content: null, tool_calls: [{ id: turn.id, type: 'function', function: call }] };
    }
    case 'answered':
      return { role: 'tool', tool_call_id: turn.id, content: turn.words };
    default:
      return turn satisfies never;
  }
}

function writeOllamaTurn(turn: Turn): object {
  switch (turn.kind) {
    case 'said':
      return { role: turn.role, content: turn.words };
    case 'called':
      return { role: 'assistant', content: '', tool_calls: [{ function: { name: turn.name, arguments: turn.arguments } }] };
    case 'answered':
      return { role: 'tool', tool_name: turn.name, content: turn.words };
    default:
      return turn satisfies never;
  }
}
