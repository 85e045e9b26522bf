/** Everything that `findFaults` can find, by name, and what it means. */
export const faultMeanings = {
  'does-not-compile': 'the template is no Jinja2',
  'plain-chat-refused': 'it fails on one message of a user',
  'bos-twice': 'the token that begins a sequence is printed more than once',
  'no-generation-prompt': 'the beginning of the answer is missing when it was asked for',
  'generation-prompt-unasked': 'the beginning of an answer is printed when nobody asked for it',
  'turns-parted-unevenly': 'whitespace between two turns is not the same at every turn',
  'date-frozen': 'the day that it prints as today is the same whatever the clock says',
  'system-refused': 'it fails on a system message',
  'system-lost': 'the system message is missing in a later turn',
  'developer-refused': 'it fails on a message of the role developer',
  'developer-lost': 'a message of the role developer is missing',
  'null-tools-refused': 'it fails where tools is null',
  'empty-tools-differ': 'an empty list of tools does not count as none',
  'tools-without-tools': 'it speaks of tools where there are none',
  'calls-refused': 'it fails on an earlier call, arguments as object or as string',
  'calls-lost': 'the arguments of an earlier call are missing',
  'object-arguments-refused': 'it fails on arguments that are an object',
  'arguments-not-json': "arguments are printed as Python's repr of a dict",
  'argument-value-changed': 'letters are added to the value of an argument',
  'string-arguments-refused': 'it fails on arguments that are JSON text',
  'string-arguments-differ': 'arguments as JSON text do not give the prompt of the same arguments as object',
  'parallel-calls-refused': 'it fails on a turn with two calls',
  'parallel-call-lost': 'the second call of a turn is missing',
  'empty-calls-refused': 'it fails on an answer whose list of calls is empty',
  'empty-calls-differ': 'an empty list of calls does not count as none',
  'short-ids-refused': 'it fails on calls whose ids are short',
  'tool-results-refused': 'it fails on the result of a call',
  'tool-result-lost': 'the result of a call is missing',
  'null-content-refused': 'it fails on a call without text (content is null)',
  'null-content-printed': 'a content of null is printed as None',
  'content-parts-refused': 'it fails on content that is a list of parts',
  'content-parts-differ': 'text is missing, or a list is printed as code, where content is a list of parts',
} as const;

/** The name of something that is wrong with a chat template. */
export type FaultName = keyof typeof faultMeanings;

/** Something wrong with a chat template, found by rendering. */
export interface Fault {
  readonly fault: FaultName;
  /** what was seen and what was expected, a sentence for people */
  readonly message: string;
  /** the conversation it was seen with, such as `system, user, assistant calling, tool` */
  readonly example: string;
}
