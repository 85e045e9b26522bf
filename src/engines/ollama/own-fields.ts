import type { EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/** Ollama's own words that a request may bring. */
export interface OwnFields {
  readonly options: JsonObject;
  readonly keep_alive?: JsonValue;
  readonly think?: JsonValue;
}

const ownWords: ReadonlySet<string> = new Set(['options', 'keep_alive', 'think']);

/** Options that a model is loaded with: another value in one request loads it again, for everybody. Source: Ollama 0.34.0, api/types.go, Runner. */
const loadOptions: ReadonlySet<string> = new Set(['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'use_mmap', 'num_thread']);

/**
 * Reads the fields that are nobody else's. Ollama ignores what it does not know, so anything but its own words is refused: `unknown_parameter`.
 * Options that would load the model again are `unsupported_feature`, a wrong type of `options` is `invalid_request`.
 */
export function readOwnFields({ unknownFields }: Pick<EngineRequest, 'unknownFields'>): OwnFields {
  const unknown = Object.keys(unknownFields).filter((name) => !ownWords.has(name));
  if (unknown.length > 0) throw refuseUnknown(unknown);
  const { options, keep_alive, think } = unknownFields;
  return {
    options: readOptions(options),
    ...(keep_alive === undefined || keep_alive === null ? {} : { keep_alive }),
    ...(think === undefined || think === null ? {} : { think }),
  };
}

function readOptions(options: JsonValue | undefined): JsonObject {
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object' || Array.isArray(options)) {
    throw new GatewayError('invalid_request', '`options` must be an object of Ollama options, such as {"mirostat": 1}.', {
      param: 'options',
    });
  }
  for (const [name, value] of Object.entries(options as JsonObject)) checkOption(name, value);
  return options as JsonObject;
}

function checkOption(name: string, value: JsonValue | undefined): void {
  const param = `options.${name}`;
  if (loadOptions.has(name)) {
    const message = `\`${param}\` would load the model again for everybody. The operator sets the context's length; leave it out.`;
    throw new GatewayError('unsupported_feature', message, { param });
  }
  // Ollama answers 500 to a wrong type, as if the fault were its own
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  const isRight =
    name === 'stop' ? isList : name === 'use_mlock' || name === 'numa' ? typeof value === 'boolean' : typeof value === 'number';
  if (isRight || value === null) return;
  const wanted = name === 'stop' ? 'a list of texts' : 'a number';
  throw new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param });
}

function refuseUnknown(names: readonly string[]): GatewayError {
  const list = names.map((name) => `'${name}'`).join(', ');
  const message = `Ollama does not know ${list}, and it would have no effect. Remove it, or check its spelling; \`options\`, \`keep_alive\` and \`think\` are its own words.`;
  return new GatewayError('unknown_parameter', message, { param: names[0] ?? '' });
}
