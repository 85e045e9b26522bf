import { findCallFault } from '../test/constraint-requests.ts';
import type { TimedAnswer } from './side-by-side-ask.ts';
import type { Conversation } from './side-by-side-conversations.ts';

/**
 * What came of a conversation: a known name and valid arguments; an unknown name or invalid arguments; a call that its limit cut, that stayed in the
 * text or vanished, or none though one was demanded; none where none was demanded; an error in place of the answer.
 */
export type Verdict = 'correct' | 'wrong' | 'lost' | 'none' | 'error';

const looksLikeCall = /<\/?tool_call>|"(arguments|parameters)"\s*:|\{\s*"name"\s*:/;
/** More tokens than an answer without a word has: its end, and white space before it. */
const emptyTokens = 4;

/** Judges an answer by what its caller has of it. */
export function judge({ tools, toolChoice }: Conversation, answer: TimedAnswer): Verdict {
  const { calls, text, finish, error } = answer;
  if (error !== undefined) return 'error';
  if (finish === 'length' && calls.some((call) => !isJson(call.arguments))) return 'lost';
  if (calls.length > 0 && findCallFault(answer, tools) !== undefined) return 'wrong';
  if (looksLikeCall.test(text)) return 'lost';
  if (calls.length > 0) return 'correct';
  const hasVanished = text.trim() === '' && answer.completionTokens > emptyTokens;
  return hasVanished || toolChoice === 'required' ? 'lost' : 'none';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
