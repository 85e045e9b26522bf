import { GatewayError } from '../../protocol/error.ts';
import type { LiteralJson } from '../../text/literal-json.ts';
import { isLiteralList, isLiteralObject, withMembers } from '../conversation.ts';
import type { ContentRole } from '../probe/traits.ts';
import { callsOf, type DraftMessage, roleOf, type StepContext, textOf } from './draft.ts';

/** Where a template prints a text beside calls in their place, the text gets a turn of its own. */
export function splitTexts(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  if (traits.calls.contentBeside !== 'instead') return messages;
  return messages.flatMap((message) => {
    const text = textOf(message.get('content'));
    if (text === '' || callsOf(message).length === 0) return [message];
    note('text-in-a-turn-of-its-own');
    return [withMembers(message, { tool_calls: undefined }), withMembers(message, { content: null })];
  });
}

/** Gives every message its content in the form that the template prints: text or parts, and nothing rather than `None`. */
export function fitContents(messages: readonly DraftMessage[], context: StepContext): readonly DraftMessage[] {
  return messages.map((message) => {
    const content = message.get('content');
    if (content === null || content === undefined) return fitMissing(message, context);
    if (isLiteralList(content)) return fitParts(message, content, context);
    if (content === '' && callsOf(message).length > 0 && context.traits.calls.emptyContent === 'null')
      return emptyContent(message, context);
    if (typeof content === 'string' && needsParts(message, context)) {
      context.note('text-as-parts');
      return withMembers(message, { content: [partOf(content)] });
    }
    return message;
  });
}

function needsParts(message: DraftMessage, { traits }: StepContext): boolean {
  const role = contentRoleOf(message);
  return traits.content.string[role] !== 'printed' && traits.content.parts[role] === 'printed';
}

/** Roles of other names are treated as the user's. */
function contentRoleOf(message: DraftMessage): ContentRole {
  const role = roleOf(message);
  if (role === 'developer') return 'system';
  return role === 'system' || role === 'assistant' || role === 'tool' ? role : 'user';
}

function partOf(text: string): LiteralJson {
  return new Map([
    ['type', 'text'],
    ['text', text],
  ]);
}

function emptyContent(message: DraftMessage, { note }: StepContext): DraftMessage {
  note('null-content');
  return withMembers(message, { content: null });
}

/** Without a text: nothing beside calls where the template copes with that, else an empty text. */
function fitMissing(message: DraftMessage, { traits, note }: StepContext): DraftMessage {
  const hasCalls = callsOf(message).length > 0;
  const asItIs = message.has('content') ? traits.calls.nullContent : traits.calls.absentContent;
  if (hasCalls && (asItIs === 'same' || asItIs === 'differs') && (message.has('content') || traits.calls.emptyContent === 'text')) {
    return message;
  }
  note('null-content');
  return withMembers(message, { content: hasCalls && traits.calls.emptyContent === 'null' ? null : '' });
}

function fitParts(message: DraftMessage, parts: readonly LiteralJson[], { traits, note }: StepContext): DraftMessage {
  if (traits.content.parts[contentRoleOf(message)] === 'printed') return message;
  const odd = parts.find((part) => isLiteralObject(part) && typeof part.get('text') !== 'string');
  if (isLiteralObject(odd)) throw refusePart(odd.get('type'));
  note('parts-joined');
  return withMembers(message, { content: textOf(parts) });
}

function refusePart(type: LiteralJson | undefined): GatewayError {
  const what = typeof type === 'string' ? `"${type.slice(0, 64)}"` : 'without a text';
  return new GatewayError('unsupported_feature', `The model's chat template takes texts only, and a message has a part ${what}.`, {
    param: 'messages',
  });
}
