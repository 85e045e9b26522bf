import type { FoundTemplates } from '../../sources/template-files.ts';
import type { LiteralJsonObject } from '../../text/literal-json.ts';
import type { Way } from './ways.ts';

/** A prompt as a server makes it of a conversation. */
export interface ServerPrompt {
  readonly text: string;
  /** the ids that its model is given; undefined where the server does not tell them */
  readonly ids: readonly number[] | undefined;
}

/** A token of a server's tokenizer; `text` is for people, see `showPiece`. */
export interface ServerToken {
  readonly id: number;
  readonly text: string;
}

/** How a text is tokenised. */
export interface ServerEncoding {
  /** what the model wants around a text of its own is added */
  readonly addSpecial: boolean;
  /** spellings of special tokens are plain text */
  readonly isPlain: boolean;
}

/** A server's tokenizer. All of it throws what the server's refusal means. */
export interface ServerTokenizer {
  /** throws `unsupported_feature` for an encoding that the server's API cannot ask for */
  encode(text: string, encoding: ServerEncoding): Promise<readonly number[]>;
  pieces(text: string, encoding: ServerEncoding): Promise<readonly ServerToken[]>;
  decode(ids: readonly number[]): Promise<string>;
}

/** A running server that is asked how it renders conversations and cuts texts. Nothing that is asked generates. */
export interface RunningServer {
  /** its name and, where told, version: `vLLM 0.32.0` */
  readonly about: string;
  readonly url: string;
  readonly model: string;
  /** undefined where its API has none */
  readonly tokenizer: ServerTokenizer | undefined;
  /** what it is known to do with a conversation before its template sees it */
  readonly ways: readonly Way[];
  /** it fits conversations to the template as Rookery does */
  readonly isFitting: boolean;
  /** The template it renders with, where it shows one. */
  findTemplates(): Promise<FoundTemplates | undefined>;
  /** What its API can be asked in place of a conversation; both sides render that. */
  adapt(conversation: LiteralJsonObject): LiteralJsonObject;
  /** The prompt it makes. Throws what its refusal means. */
  render(conversation: LiteralJsonObject): Promise<ServerPrompt>;
  close(): Promise<void>;
}
