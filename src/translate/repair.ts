import type { Message } from '../protocol/message.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { AnswerFault } from './interpret.ts';

/** The request that asks once more: the conversation, what the model wrote, and what is wrong with it. Undefined for prompts that are no conversation. */
export function askAgain(request: GenerateRequest, fault: AnswerFault): GenerateRequest | undefined {
  if (request.input.type !== 'chat') return undefined;
  return { ...request, input: { type: 'chat', messages: [...request.input.messages, ...describeFault(fault)] } };
}

function describeFault({ text, calls, complaint }: AnswerFault): readonly Message[] {
  if (calls.length === 0) {
    const answer: Message = { role: 'assistant', content: text };
    // some templates refuse an empty answer
    return [...(text === '' ? [] : [answer]), { role: 'user', content: complaint }];
  }
  const toolCalls = calls.map(({ id, name, argumentsJson }) => ({ id, name, argumentsJson }));
  const results = calls.map(({ id }): Message => ({ role: 'tool', content: complaint, toolCallId: id }));
  return [{ role: 'assistant', content: text === '' ? null : text, toolCalls }, ...results];
}
