import { z } from 'zod';
import { amount, flag, list, name, section, text, time, whole, words, written } from './leaves.ts';
import { rulesShape } from './routing.ts';

const fieldPath = written(
  /^[A-Za-z_][\w-]*(\[\*\]|\[\d+\])?(\.[A-Za-z_][\w-]*(\[\*\]|\[\d+\])?)*$/,
  'a body field, or a path such as tools[*].function.strict',
);
const dropsExpected = 'true, false, a list of body fields, or a map with `unsupported` and `fields`';
const fieldPaths = list(fieldPath, dropsExpected);
const drops = z.union([flag, fieldPaths, section({ unsupported: flag.optional(), fields: fieldPaths.optional() }, 'Both kinds.')], {
  error: dropsExpected,
});
const defaults = z.record(written(/^[A-Za-z_][\w-]*$/, 'the name of a body field'), z.unknown(), { error: 'a map of body fields' });
const tags = list(name, 'a list of words');
const count = whole(0, 2 ** 40);

const limitsSchema = section(
  {
    requests_per_minute: count.optional(),
    tokens_per_minute: count.optional(),
    parallel: whole(1, 1_000_000).optional().describe('Requests at once.'),
  },
  'Most that the target is given.',
);

const targetSchema = section(
  {
    upstream: name.describe('The name of an upstream of this file.'),
    model: name.optional().describe("The model's name there; default: as it is called here."),
    id: name.optional().describe('Callers may ask for this very target by it.'),
    weight: amount(0, 1_000_000).optional().describe('Share of requests under the policy `weighted`; default 1.'),
    order: whole(0, 1000).optional().describe('Targets of the lowest order are used first; default 0.'),
    tags: tags.optional(),
    limits: limitsSchema.optional(),
    timeout: time.optional(),
    stream_timeout: time.optional(),
    defaults: defaults.optional().describe('Body fields where a request has none of that name, over those of the model.'),
    drop_params: drops.optional(),
    cost: section({ input: amount(0, 1000), output: amount(0, 1000) }, 'Money for each token.').optional(),
    retries: whole(0, 100).optional(),
    cooldown: time.optional(),
    allowed_fails: whole(0, 10_000).optional(),
  },
  'A model on one upstream.',
);

const samplingValues = section(
  {
    temperature: amount(0, 2),
    top_p: amount(0, 1).optional(),
    top_k: whole(-1, 2 ** 31 - 1).optional(),
    repetition_penalty: amount(0, 2).optional(),
  },
  'Sampling where the request says nothing.',
);

const factsSchema = section(
  {
    like: name.optional().describe("The facts of this model's family hold, such as Qwen/Qwen2.5-7B-Instruct."),
    dialect: name.optional().describe('How it writes tool calls: a dialect of `rookery parse --list`, one of your own, or `prompted`.'),
    context: whole(128, 2 ** 24)
      .optional()
      .describe('Tokens of prompt and answer together.'),
    max_input: whole(1, 2 ** 24)
      .optional()
      .describe('Tokens of a prompt.'),
    max_output: whole(1, 2 ** 24)
      .optional()
      .describe('Tokens of an answer.'),
    sampling: section(
      { chat: samplingValues.optional(), tools: samplingValues.optional(), thinking: samplingValues.optional() },
      'Sampling where the request says nothing: in chats, with tools, when it thinks.',
    ).optional(),
    tools: flag.optional().describe('false: requests with tools are refused.'),
    parallel_calls: flag.optional().describe('Whether one turn may hold several calls.'),
    multi_turn_tools: flag.optional().describe("Whether conversations go on after a tool's result."),
    images: flag.optional().describe('Whether it takes pictures.'),
    tool_soft_cap: whole(1, 1024).optional().describe('More tools than this make it choose badly: a warning.'),
    select_tools: z
      .union([whole(1, 1024), words('auto', 'off')], { error: 'a number of tools, auto or off' })
      .optional()
      .describe('It is told of the likeliest tools only: so many, auto or off.'),
    constrain_tool_calls: z
      .union([flag, words('auto')], { error: 'true, false or auto' })
      .optional()
      .describe('Calls are held to the tools and their schemas; auto: for models under 7B.'),
    tool_preamble: words('official', 'concise', 'none').optional().describe('How tools are told.'),
    repairs: whole(0, 5).optional().describe('How often it is asked again for an answer that cannot be read; default 1.'),
    chat_template: text('a template file, or the name of one of ours').optional().describe('A template file, or the name of one of ours.'),
  },
  "What you know better than the model's family, its template or its engine.",
);

/** One model. */
const modelSchema = section(
  {
    targets: list(z.union([name, targetSchema], { error: 'the name of an upstream, or a map with `upstream`' }), 'a list of targets')
      .min(1, { error: 'at least one target' })
      .describe('Where it is served: names of upstreams, or maps with `upstream`.'),
    aliases: list(
      z.union([name, section({ name, hidden: flag.optional() }, 'Another name.')], { error: 'a name, or a map with `name`' }),
      'a list of names',
    )
      .optional()
      .describe('Other names it answers to.'),
    mode: words('chat', 'completion', 'embedding', 'rerank').optional(),
    defaults: defaults.optional().describe('Body fields that a request gets where it has none of that name.'),
    drop_params: drops.optional().describe('true: fields an engine cannot honour are left out; or a list of fields that always are.'),
    tags: tags.optional(),
    groups: tags.optional().describe('Sets of models, by which keys are given rights.'),
    facts: factsSchema.optional(),
    ...rulesShape,
  },
  'A name that callers ask for, and what answers to it.',
);

/** All the models of a file. */
export const modelsSchema = z
  .record(name, modelSchema, { error: 'a map of models, each under its name' })
  .describe('What callers may ask for; `*` in a name stands for any characters.');

/** A model's section that was checked. */
export type ModelSection = z.infer<typeof modelSchema>;

/** A target that was checked. */
export type TargetSection = z.infer<typeof targetSchema>;

/** Facts that were checked. */
export type FactsSection = z.infer<typeof factsSchema>;
