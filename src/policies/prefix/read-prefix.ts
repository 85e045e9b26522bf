import type { ContentPart, Message, Tool } from '../../protocol/message.ts';
import type { GenerateRequest } from '../../protocol/request.ts';
import type { PrefixBlocks } from '../policy.ts';
import { BlockHasher } from './block-hasher.ts';

/** Blocks of a conversation that are looked at, 256 KiB of text: two that are equal so far are hardly ever worth telling apart. */
const mostBlocks = 1024;

/** Marks between texts, beyond what two characters of a text make. */
const marks = { tool: 0x7fff0001, message: 0x7fff0002, call: 0x7fff0003, image: 0x7fff0004, field: 0x7fff0005 } as const;

/** What of a request decides which prompt the engine sees. */
export type PrefixSource = Pick<GenerateRequest, 'input' | 'tools'>;

/**
 * The blocks of a conversation for a model, by its id and not by the name that the caller used: first the tools, which templates put first, then the messages in order.
 * A turn more adds blocks and changes none. Of several prompts the first counts.
 */
export function readPrefix(model: string, { input, tools }: PrefixSource): PrefixBlocks {
  const hasher = new BlockHasher(mostBlocks);
  hasher.pushText(model);
  for (const tool of tools ?? []) pushTool(hasher, tool);
  if (input.type === 'chat') pushMessages(hasher, input.messages);
  else pushPrompt(hasher, input.prompts[0] ?? '');
  return hasher.end();
}

function pushTool(hasher: BlockHasher, { name, description, parameters, parametersJson }: Tool): void {
  hasher.pushWord(marks.tool);
  pushField(hasher, name);
  pushField(hasher, description);
  if (!hasher.isFull) pushField(hasher, parametersJson ?? JSON.stringify(parameters));
}

function pushMessages(hasher: BlockHasher, messages: readonly Message[]): void {
  for (const message of messages) {
    if (hasher.isFull) return;
    hasher.pushWord(marks.message);
    pushField(hasher, message.role);
    pushField(hasher, message.name);
    pushField(hasher, message.toolCallId);
    pushField(hasher, message.reasoning);
    if (typeof message.content === 'string') pushField(hasher, message.content);
    else for (const part of message.content ?? []) pushPart(hasher, part);
    for (const { name, argumentsJson } of message.toolCalls ?? []) {
      hasher.pushWord(marks.call);
      pushField(hasher, name);
      pushField(hasher, argumentsJson);
    }
  }
}

/** Of a picture, which may be megabytes in a URL, its length and its end are enough. */
function pushPart(hasher: BlockHasher, part: ContentPart): void {
  if (part.type === 'text') pushField(hasher, part.text);
  else {
    hasher.pushWord(marks.image);
    hasher.pushWord(part.url.length);
    hasher.pushText(part.url.slice(-256));
  }
}

function pushField(hasher: BlockHasher, text: string | undefined): void {
  hasher.pushWord(marks.field);
  if (text !== undefined) hasher.pushText(text);
}

function pushPrompt(hasher: BlockHasher, prompt: string | readonly number[]): void {
  hasher.pushWord(marks.message);
  if (typeof prompt === 'string') hasher.pushText(prompt);
  else for (const token of prompt) hasher.pushWord(token);
}
