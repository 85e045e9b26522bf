import { Bench, type RenderTemplate, type Rule } from './bench.ts';
import { callRules } from './call-rules.ts';
import { contentRules } from './content-rules.ts';
import type { Fault } from './fault.ts';
import { systemRules } from './system-rules.ts';
import { toolRules } from './tool-rules.ts';
import { firstRules, turnRules } from './turn-rules.ts';

/**
 * Renders a battery of conversations with a chat template and tells what is wrong with it, in the order of the rules; each fault at most once. Nothing is
 * known of the model: what a template prints for one conversation is compared with what it prints for another. Faults are what a caller may meet who gives
 * the template a conversation as clients send it; normalisation before rendering hides many of them.
 * `render` gets the variables and the moment that `strftime_now` shows, and throws `JinjaError` where the template refuses, also for one that does not compile.
 */
export function findFaults(render: RenderTemplate): readonly Fault[] {
  const bench = new Bench(render);
  const first = firstFault(firstRules, bench);
  if (first) return [first];
  const rules = [...turnRules, ...systemRules, ...toolRules, ...callRules, ...contentRules];
  return rules.map((rule) => rule(bench)).filter((fault) => fault !== undefined);
}

function firstFault(rules: readonly Rule[], bench: Bench): Fault | undefined {
  for (const rule of rules) {
    const found = rule(bench);
    if (found) return found;
  }
  return undefined;
}
