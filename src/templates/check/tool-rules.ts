import { type Bench, quote, quoteDifference, type Rule, report, reportRefusal } from './bench.ts';
import { type Conversation, system, tools, user } from './conversation.ts';
import type { Fault } from './fault.ts';

const withNull: Conversation = { messages: [user], tools: null };

/** Conversations without tools, however a client says so. */
export const toolRules: readonly Rule[] = [
  (bench) => reportRefusal('null-tools-refused', withNull, bench.try(withNull), 'tools: null'),
  findEmptyTools,
  findToolsWithoutTools,
];

function findEmptyTools(bench: Bench): Fault | undefined {
  const none: Conversation = { messages: [user], addGenerationPrompt: true };
  const empty: Conversation = { ...none, tools: [] };
  const [wanted, seen] = [bench.try(none).text, bench.try(empty)];
  if (seen.refusal) return reportRefusal('empty-tools-differ', empty, seen, 'An empty list of tools');
  if (wanted === undefined || wanted === seen.text) return undefined;
  const [expected, found] = quoteDifference(wanted, seen.text);
  return report('empty-tools-differ', empty, `An empty list of tools gives ${found}, none at all gives ${expected}.`);
}

const speaksOfTools = /\b(?:tools?|functions?|ipython)\b/i;

/** A line about tools that stands there with tools and without: what a template prints for tools only, it prints always. */
function findToolsWithoutTools(bench: Bench): Fault | undefined {
  const conversation: Conversation = { messages: [system, user] };
  const [text, withTools] = [bench.try(conversation).text, bench.try({ ...conversation, tools }).text];
  if (text === undefined || withTools === undefined) return undefined;
  const toolLines = new Set(withTools.split('\n').filter((line) => speaksOfTools.test(line)));
  const line = text.split('\n').find((each) => toolLines.has(each));
  return line === undefined
    ? undefined
    : report('tools-without-tools', conversation, `The prompt speaks of tools and there are none: ${quote(line)}.`);
}
