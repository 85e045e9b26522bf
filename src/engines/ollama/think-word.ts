import type { EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { ReasoningEffort } from '../../protocol/request.ts';
import { isLiteralObject } from '../../templates/conversation.ts';
import { type LiteralJson, parseLiteralJson } from '../../text/literal-json.ts';
import type { OllamaModel } from './describe-model.ts';

/** What Ollama is told about thinking; undefined: nothing, the model does as it was made. */
export type ThinkWord = boolean | 'low' | 'medium' | 'high' | 'max' | undefined;

const wordOf: Readonly<Record<ReasoningEffort, ThinkWord>> = {
  none: false,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'max',
  max: 'max',
};

/**
 * Says in Ollama's word how a model is to think: by the variables that chat templates have for it, which are more exact, else by the effort. An effort says
 * nothing to a model that does not think. Throws `unsupported_feature` for variables that Ollama has no word for: its templates take none.
 */
export function chooseThinkWord({ prompt, native }: EngineRequest, { thinks, version }: OllamaModel): ThinkWord {
  const json = prompt.form === 'messages' ? prompt.variablesJson : undefined;
  const variables = json === undefined ? undefined : parseLiteralJson(json);
  let word: ThinkWord = native?.reasoningEffort === undefined ? undefined : wordOf[native.reasoningEffort];
  for (const [name, value] of isLiteralObject(variables) ? variables : []) word = readVariable(name, value, thinks);
  if (!thinks) return undefined;
  return word === 'max' ? version.mostThinking : word;
}

function readVariable(name: string, value: LiteralJson, thinks: boolean): ThinkWord {
  const isSwitch = (name === 'enable_thinking' || name === 'thinking') && typeof value === 'boolean';
  const isLevel = name === 'reasoning_effort' && typeof value === 'string' && Object.hasOwn(wordOf, value);
  const word = isSwitch ? value : isLevel ? wordOf[value as ReasoningEffort] : undefined;
  if (word === false || (word !== undefined && thinks)) return word;
  const why = word === undefined ? 'its templates take no variables but `enable_thinking`' : 'this model does not think there';
  throw new GatewayError('unsupported_feature', `\`chat_template_kwargs.${name}\` has no effect with Ollama: ${why}. Leave it out.`, {
    param: `chat_template_kwargs.${name}`,
  });
}
