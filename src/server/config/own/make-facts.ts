import { given } from '../../../api/decode/given.ts';
import { findModel } from '../../../models/match/find-model.ts';
import type { SamplingPolicy, SamplingValues } from '../../../models/model.ts';
import { ownTemplates } from '../../../templates/own/index.ts';
import type { ChatTemplateChoice, ModelFacts } from '../configuration.ts';
import { findPlace, type Path } from '../file/located.ts';
import { addFault, type Reading, readTextFile, resolveFrom } from '../reading.ts';
import type { FactsSection } from '../schema/model.ts';
import { refuseUnknown } from './check-references.ts';

type SamplingSection = NonNullable<NonNullable<FactsSection['sampling']>['chat']>;

/** What the operator says of a model. Its dialect is checked with all of them. */
export async function makeFacts(reading: Reading, section: FactsSection = {}, path: Path): Promise<ModelFacts> {
  const { like, sampling } = section;
  if (like !== undefined && findModel(like) === undefined) {
    addFault(reading, [...path, 'like'], 'no family of models fits this name. Name one that is known, such as Qwen/Qwen2.5-7B-Instruct.');
  }
  const chatTemplate =
    section.chat_template === undefined ? undefined : await chooseTemplate(reading, section.chat_template, [...path, 'chat_template']);
  return given({
    ...{ likeModel: like, dialect: section.dialect, chatTemplate },
    ...{ contextTokens: section.context, inputTokens: section.max_input, outputTokens: section.max_output },
    sampling: sampling && makeSampling(sampling),
    ...{ tools: section.tools, parallelCalls: section.parallel_calls, multiTurnTools: section.multi_turn_tools, images: section.images },
    ...{ toolSoftCap: section.tool_soft_cap, toolSelection: section.select_tools, repairs: section.repairs },
    ...{ constrainToolCalls: section.constrain_tool_calls, toolPreamble: section.tool_preamble },
  });
}

function makeSampling({ chat, tools, thinking }: NonNullable<FactsSection['sampling']>): SamplingPolicy {
  const values = (section: SamplingSection | undefined): SamplingValues | undefined =>
    section && {
      temperature: section.temperature,
      ...given({ topP: section.top_p, topK: section.top_k, repetitionPenalty: section.repetition_penalty }),
    };
  return given({ chat: values(chat), tools: values(tools), thinking: values(thinking) });
}

/** A name with a slash or an ending is a file. */
async function chooseTemplate(reading: Reading, written: string, path: Path): Promise<ChatTemplateChoice | undefined> {
  const names = ownTemplates.map(({ name }) => name);
  if (names.includes(written)) return { kind: 'own', name: written };
  if (!/[/\\]|\.(jinja2?|j2|txt)$/i.test(written)) {
    return refuseUnknown(reading, path, { what: 'chat template of ours', written, known: names });
  }
  const file = resolveFrom(findPlace(reading.located, path), written);
  const text = await readTextFile(reading, file, path);
  return text === undefined ? undefined : { kind: 'file', path: file, text };
}
