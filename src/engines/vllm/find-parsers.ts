import { GatewayError } from '../../protocol/error.ts';
import { probeQuestion, probeTools, type TemplatePrint } from './print-template.ts';
import { type Ask, fieldsOf } from './wire-answers.ts';

/**
 * Whether the server reads calls by itself (`--tool-call-parser`, or a model whose format is built in). Costs no token: an empty list of allowed tokens
 * is refused too, but later. Throws where the answer tells neither.
 * Source: vLLM 0.32.0, `renderers/online_renderer.py` before `sampling_params.py`.
 */
export async function hasToolParser(model: string, ask: Ask): Promise<boolean> {
  const body = { model, messages: probeQuestion, tools: probeTools, tool_choice: 'auto', max_tokens: 1, allowed_token_ids: [] };
  try {
    await ask('/v1/chat/completions', body);
    return true;
  } catch (error) {
    const message = error instanceof GatewayError && error.code === 'invalid_request' ? error.message : '';
    if (/--tool-call-parser|--enable-auto-tool-choice/.test(message)) return false;
    if (message.includes('allowed_token_ids')) return true;
    throw error;
  }
}

/**
 * Whether a chat answer comes as the model wrote it, after a prompt with the tools in it: two tokens are generated. A reasoning parser takes the
 * thoughts out, and `--exclude-tools-when-tool-choice-none` the tools.
 */
export async function answersRaw(model: string, print: TemplatePrint, ask: Ask): Promise<boolean> {
  const tools = print.call === undefined ? {} : { tools: probeTools, tool_choice: 'none' };
  const answer = fieldsOf(await ask('/v1/chat/completions', { model, messages: probeQuestion, ...tools, max_tokens: 2, temperature: 0 }));
  const promptTokens = fieldsOf(answer.usage).prompt_tokens;
  const [choice] = Array.isArray(answer.choices) ? (answer.choices as readonly unknown[]) : [];
  const { reasoning, reasoning_content } = fieldsOf(fieldsOf(choice).message);
  const isParsed = Boolean(reasoning) || Boolean(reasoning_content);
  return !isParsed && typeof promptTokens === 'number' && promptTokens >= print.questionTokens;
}
