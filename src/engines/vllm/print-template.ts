import type { PrintedForms } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { type Ask, readDetokenized, readTokenized } from './wire-answers.ts';

/** What a model's template was seen to print. */
export interface TemplatePrint extends PrintedForms {
  /** tokens of the probe's question with its tool shown and an answer asked for */
  readonly questionTokens: number;
}

/** A name that no template has of its own: where it is printed, tools are shown. */
const probeTool = 'count_rooks_in_elm';

/** The tool that templates are tried with. */
export const probeTools: readonly JsonObject[] = [
  {
    type: 'function',
    function: {
      name: probeTool,
      description: 'Shows how tools are told.',
      parameters: { type: 'object', properties: { tree: { type: 'string' } }, required: ['tree'] },
    },
  },
];

/** The question that templates are tried with. */
export const probeQuestion: readonly JsonObject[] = [{ role: 'user', content: 'Hi' }];

// nine letters and digits: Mistral's templates take no other ids
const callId = 'rookcall1';
const probeConversation: readonly JsonObject[] = [
  ...probeQuestion,
  {
    role: 'assistant',
    content: '',
    tool_calls: [{ id: callId, type: 'function', function: { name: probeTool, arguments: '{"tree": "elm"}' } }],
  },
  { role: 'tool', tool_call_id: callId, content: '3' },
];

/**
 * Finds what a model's template prints, by `/tokenize` and `/detokenize`. The whole conversation is tried first where tools are shown; a template that
 * refuses a past call is asked with the question only. Throws where not even a question can be rendered.
 */
export async function printTemplate(model: string, ask: Ask): Promise<TemplatePrint> {
  const render = async (body: JsonObject) => readTokenized(await ask('/tokenize', { model, ...body })).tokens;
  const spell = async (tokens: readonly number[]) =>
    tokens.length === 0 ? '' : readDetokenized(await ask('/detokenize', { model, tokens }));
  const open = await render({ messages: probeQuestion });
  const closed = await render({ messages: probeQuestion, add_generation_prompt: false });
  const quiet = await tolerate(render({ messages: probeQuestion, chat_template_kwargs: { enable_thinking: false } }));
  const shown = await tolerate(render({ messages: probeQuestion, tools: probeTools }));
  const question = shown && (await spell(shown));
  const isShown = question?.includes(probeTool) === true;
  const whole = isShown
    ? await tolerate(render({ messages: probeConversation, tools: probeTools, add_generation_prompt: false }))
    : undefined;
  const call = whole ? await spell(whole) : question;
  return {
    ...(isShown && call !== undefined ? { call } : {}),
    tail: await spell(restAfter(closed, open)),
    ...(quiet === undefined ? {} : { quietTail: await spell(restAfter(closed, quiet)) }),
    questionTokens: (isShown ? shown : open)?.length ?? 0,
  };
}

/** Undefined where the template refuses the conversation. */
async function tolerate<T>(rendering: Promise<T>): Promise<T | undefined> {
  try {
    return await rendering;
  } catch (error) {
    if (error instanceof GatewayError && (error.code === 'invalid_request' || error.code === 'engine_failed')) return undefined;
    throw error;
  }
}

/** What a rendering goes on with where the other one ends. */
function restAfter(short: readonly number[], long: readonly number[]): readonly number[] {
  const common = long.findIndex((token, index) => token !== short[index]);
  return common === -1 ? [] : long.slice(common);
}
