import { Connection } from '../../engines/http/connection.ts';
import { GatewayError } from '../../protocol/error.ts';

import { type LiteralJson, LiteralNumber, printLiteralJson } from '../../text/literal-json.ts';

/** Where a server is and what of it is asked. */
export interface ServerTarget {
  /** address without the path of an API */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly about: string;
  readonly model: string;
  /** aborted when the caller leaves: whatever is asked then throws */
  readonly signal: AbortSignal;
}

/** Fields of an answer. */
export type AnswerFields = Readonly<Record<string, unknown>>;

/** A connection for questions with JSON answers. */
export interface Asker {
  get(path: string): Promise<AnswerFields>;
  /** `body` keeps its numbers as they are written */
  post(path: string, body: Readonly<Record<string, LiteralJson>> | ReadonlyMap<string, LiteralJson>): Promise<AnswerFields>;
  close(): Promise<void>;
}

/** Opens no connection yet. Both questions throw what the server's refusal means. */
export function openAsker({ url, apiKey, signal }: ServerTarget): Asker {
  const options = { baseUrl: url, ...(apiKey === undefined ? {} : { apiKey }) };
  // what it would log is thrown here
  const connection = new Connection(options, { log: () => {} });
  const read = (answer: unknown) => (typeof answer === 'object' && answer !== null ? (answer as AnswerFields) : {});
  return {
    get: async (path) => read(await connection.ask({ method: 'GET', path }, signal)),
    post: async (path, given) => {
      const body = printLiteralJson(new Map(given instanceof Map ? given : Object.entries(given)));
      return read(await connection.ask({ method: 'POST', path, body }, signal));
    },
    close: () => connection.close(),
  };
}

/** A field that must be a text. Throws `engine_failed`. */
export function textField(answer: AnswerFields, field: string, path: string): string {
  const text = answer[field];
  if (typeof text === 'string') return text;
  throw new GatewayError('engine_failed', `The server answered ${path} without a text in \`${field}\`.`);
}

/** A field that must be a list. Throws `engine_failed`. */
export function listField(answer: AnswerFields, field: string, path: string): readonly unknown[] {
  const list = answer[field];
  if (Array.isArray(list)) return list;
  throw new GatewayError('engine_failed', `The server answered ${path} without a list in \`${field}\`.`);
}

/** A field that must be token ids. Throws `engine_failed`. */
export function idsField(answer: AnswerFields, field: string, path: string): readonly number[] {
  const list = listField(answer, field, path);
  if (list.every((id): id is number => typeof id === 'number')) return list;
  throw new GatewayError('engine_failed', `The server answered ${path} with something other than token ids in \`${field}\`.`);
}

/** Ids as literal JSON. */
export function toLiteralIds(ids: readonly number[]): LiteralJson {
  return ids.map((id) => new LiteralNumber(String(id)));
}
