import { findCallSetting } from './call-setting.ts';
import { probeCalls, probeIds } from './probe-calls.ts';
import { probeContent } from './probe-content.ts';
import { probePrompt } from './probe-prompt.ts';
import { probeReasoning } from './probe-reasoning.ts';
import { probeResults, probeTurns } from './probe-results.ts';
import { probeSystem } from './probe-system.ts';
import { probeTools } from './probe-tools.ts';
import { createProber, type RenderTemplate } from './prober.ts';
import type { TemplateTraits } from './traits.ts';

/**
 * Finds out what a chat template does with every kind of input: renders fifty to eighty small conversations of made-up words and looks where the words are.
 * No names of models, no look at the source. A `JinjaError` of `render` is an answer (`refused`); whatever else it throws is thrown. The result is frozen
 * and depends on the template alone.
 */
export function probeTemplate(render: RenderTemplate): TemplateTraits {
  const prober = createProber(render);
  const setting = findCallSetting(prober);
  return freeze({
    content: probeContent(setting),
    system: probeSystem(setting),
    tools: probeTools(setting),
    calls: probeCalls(setting),
    ids: probeIds(setting),
    results: probeResults(setting),
    turns: probeTurns(setting),
    reasoning: probeReasoning(setting),
    prompt: probePrompt(setting),
  });
}

function freeze<Data extends object>(data: Data): Data {
  for (const value of Object.values(data)) if (typeof value === 'object' && value !== null) freeze(value);
  return Object.freeze(data);
}
