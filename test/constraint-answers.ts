import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Agent, fetch } from 'undici';
import { tinyModel } from './program.ts';

/** On a busy machine the last of many answers takes its time. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

/** What came back for a chat completion, streamed or not. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly AnsweredCall[];
  /** undefined where an error ended it */
  readonly finish: string | undefined;
  /** code and message of the error that came in its place */
  readonly error: string | undefined;
  /** 0 where the server tells none */
  readonly completionTokens: number;
}

/** A call as a client reads it. */
export interface AnsweredCall {
  readonly name: string;
  /** JSON, if all went well */
  readonly arguments: string;
}

/** Sends a chat completion to the tiny model and reads its answer, however long it takes. Throws only where the connection fails. */
export async function ask(url: string, body: Readonly<Record<string, unknown>>): Promise<Answer> {
  const more = body.stream === true ? { stream_options: { include_usage: true } } : {};
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: tinyModel, ...body, ...more }),
    dispatcher: patient,
  });
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return joinPieces(isStream ? readEvents(text) : [JSON.parse(text) as Piece]);
}

interface Piece {
  readonly choices?: readonly { readonly delta?: Written; readonly message?: Written; readonly finish_reason?: string | null }[];
  readonly usage?: { readonly completion_tokens: number } | null;
  readonly error?: { readonly code: string; readonly message: string };
}

interface Written {
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly index?: number; readonly function?: { readonly name?: string; readonly arguments?: string } }[];
}

function readEvents(body: string): readonly Piece[] {
  const events = body.split('\n\n').filter((event) => event.startsWith('data: ') && event !== 'data: [DONE]');
  return events.map((event) => JSON.parse(event.slice('data: '.length)) as Piece);
}

function joinPieces(pieces: readonly Piece[]): Answer {
  let text = '';
  let finish: string | undefined;
  let error: string | undefined;
  let completionTokens = 0;
  const calls: { name: string; arguments: string }[] = [];
  for (const piece of pieces) {
    if (piece.error) error = `${piece.error.code}: ${piece.error.message}`;
    completionTokens = piece.usage?.completion_tokens ?? completionTokens;
    const [choice] = piece.choices ?? [];
    const written = choice?.delta ?? choice?.message;
    text += written?.content ?? '';
    finish = choice?.finish_reason ?? finish;
    for (const [place, { index = place, function: part }] of (written?.tool_calls ?? []).entries()) {
      const call = (calls[index] ??= { name: '', arguments: '' });
      call.name += part?.name ?? '';
      call.arguments += part?.arguments ?? '';
    }
  }
  return { text, calls, finish: error === undefined ? finish : undefined, error, completionTokens };
}

/** Why an answer counts as none: an error, or its token limit; undefined for a finished one. */
export function readVerdict({ error, finish }: Answer): string | undefined {
  if (error !== undefined) return error;
  return finish === 'stop' || finish === 'tool_calls' ? undefined : `it ended with ${finish}`;
}

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const validators = new WeakMap<object, ValidateFunction>();

/** What ajv has against a text that should be JSON of a schema. */
export function findJsonFault(schema: object, text: string): string | undefined {
  const validate = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, validate);
  try {
    return validate(JSON.parse(text)) ? undefined : ajv.errorsText(validate.errors);
  } catch {
    return 'it is not JSON';
  }
}

/** What ajv has against the arguments of a call. */
export function findArgumentFault(parameters: object, call: AnsweredCall): string | undefined {
  const fault = findJsonFault(parameters, call.arguments);
  return fault && `${call.name}: ${fault}`;
}
