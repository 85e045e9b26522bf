import type { JsonValue } from './json.ts';

/** Who speaks. `developer` is OpenAI's newer word for `system`; both are kept as written until a template is chosen. */
export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool';

/** One piece of a message's content. Sounds, films and files are refused while decoding. */
export type ContentPart = TextPart | ImagePart;

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** A picture, for engines that take them. */
export interface ImagePart {
  readonly type: 'image';
  /** a `data:` URL with the picture in it, or an address that the engine itself fetches */
  readonly url: string;
  /** how closely it is looked at, where the engine knows that */
  readonly detail?: 'auto' | 'low' | 'high';
}

/** A call that the assistant made earlier in the conversation. `argumentsJson` is the JSON text, byte for byte as the client sent it. */
export interface PastCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** One message of a conversation. `content` is null where an assistant only called tools. */
export interface Message {
  readonly role: Role;
  readonly content: string | readonly ContentPart[] | null;
  /** the speaker's name, where several share a role */
  readonly name?: string;
  /** the assistant's calls in this message */
  readonly toolCalls?: readonly PastCall[];
  /** on a `tool` message: the call that it answers */
  readonly toolCallId?: string;
  /** the assistant's earlier thoughts, for templates that keep them */
  readonly reasoning?: string;
}

/** A function the model may call. `parameters` is its JSON Schema. Lists of tools that came in the same text are one list: what is made of one may be kept with it. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: JsonValue;
  /** `parameters` as they were written: prompts show `1.0` and the order of keys like "10" as they came */
  readonly parametersJson?: string;
  readonly strict?: boolean;
}

/** Whether, and which, tool must be called. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** All the text of a message, its parts on lines of their own; pictures have none. */
export function textOf({ content }: Pick<Message, 'content'>): string {
  if (typeof content === 'string' || content === null) return content ?? '';
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Whether there are pictures in it. */
export function hasImages({ content }: Pick<Message, 'content'>): boolean {
  return Array.isArray(content) && content.some(({ type }) => type === 'image');
}
