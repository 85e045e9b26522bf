import { readOwnTemplate } from '../own/own-templates.test.support.ts';
import type { FaultName } from './fault.ts';

/** A template with one thing wrong. */
export interface KnownBad {
  readonly name: string;
  /** what is wrong */
  readonly fault: FaultName;
  readonly template: string;
  /** all that a check finds, in its order: `fault`, and what follows from it */
  readonly expect: readonly FaultName[];
}

/** A small template that is right, in ChatML with Hermes' tools: the ground for faults that no template of ours lends itself to. */
export const goodChatml = `{{- bos_token }}
{%- macro text_of(content) %}
    {%- if content is string %}{{ content }}{% elif content %}{{ content | map(attribute='text') | join('\\n') }}{% endif %}
{%- endmacro %}
{%- macro write_call(call) %}
    {{- '\\n<tool_call>\\n{"name": "' ~ call.name ~ '", "arguments": ' }}
    {{- (call.arguments if call.arguments is string else call.arguments | tojson) ~ '}\\n</tool_call>' }}
{%- endmacro %}
{%- if tools %}
    {{- '<|im_start|>system\\nYou may call functions.\\n<tools>\\n' }}
    {%- for tool in tools %}{{ tool | tojson ~ '\\n' }}{% endfor %}
    {{- '</tools><|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- set role = 'system' if message.role == 'developer' else message.role %}
    {{- '<|im_start|>' ~ role ~ '\\n' ~ text_of(message.content) }}
    {%- for call in message.tool_calls or [] %}{{ write_call(call.function) }}{% endfor %}
    {{- '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
`;

type Change = readonly [wrong: RegExp | string, right: string];

/** A template with pieces replaced. Throws where a piece is not there, so that no fault is lost when a template changes. */
function change(source: string, ...changes: readonly Change[]): string {
  return changes.reduce((text, [piece, instead]) => {
    const changed = text.replace(piece, () => instead);
    if (changed === text) throw new Error(`the template has no ${piece}`);
    return changed;
  }, source);
}

const own = (name: string, ...changes: readonly Change[]) => change(readOwnTemplate(name), ...changes);
const chatml = (...changes: readonly Change[]) => change(goodChatml, ...changes);
const onlyOneCall = "{%- if message.tool_calls | length != 1 %}{{ raise_exception('One call at once!') }}{% endif %}";
const lastPrompt = /\{%- if add_generation_prompt %\}[\s\S]*$/;

function bad(name: string, template: string, fault: FaultName, ...more: readonly FaultName[]): KnownBad {
  return { name, fault, template, expect: [fault, ...more] };
}

/** Templates that carry the faults seen in the wild; each is right but for the one thing. */
export const knownBad: readonly KnownBad[] = [
  bad(
    'ToolACE: "%sr" for "%r" prints city=Parisr',
    own('toolace', [`'"' ~ at.word ~ '"'`, `'%sr' | format(at.word)`]),
    'argument-value-changed',
  ),
  bad(
    'ToolACE: text arguments go letter by letter',
    own('toolace', [
      'write_arguments(arguments if arguments is string else arguments | tojson)',
      "arguments | map('string') | join(', ') ~ arguments[arguments | first]",
    ]),
    'string-arguments-differ',
  ),
  bad('ToolACE: the last lines are lost', own('toolace', [lastPrompt, '']), 'no-generation-prompt'),
  bad('ToolACE: every prompt begins an answer', own('toolace', [lastPrompt, "{{- header('assistant') }}"]), 'generation-prompt-unasked'),
  bad(
    'Llama 3.1: BOS twice',
    own('llama-3-1', ["{{- bos_token ~ header('system')", "{{- '<|begin_of_text|>' ~ bos_token ~ header('system')"]),
    'bos-twice',
  ),
  bad('Llama 3.1: an endif is missing', own('llama-3-1', [/\{%- endif %\}\s*$/, '']), 'does-not-compile'),
  bad(
    "Llama 3.1: arguments as Python's repr",
    own('llama-3-1', ['else arguments | tojson)', 'else arguments | string)']),
    'arguments-not-json',
    'string-arguments-differ',
  ),
  bad(
    'Llama 3.1: an environment without tools',
    own('llama-3-1', ['{%- if functions or builtin_tools %}', '{%- if true %}']),
    'tools-without-tools',
  ),
  bad(
    'Llama 3.1: a line break after the first turn',
    own('llama-3-1', ['{{- system_text ~ eot }}', "{{- system_text ~ eot ~ '\\n' }}"]),
    'turns-parted-unevenly',
  ),
  bad(
    'Llama 3.1: two calls raise',
    own('llama-3-1', ["{{- header('assistant') }}", `${onlyOneCall}{{- header('assistant') }}`]),
    'parallel-calls-refused',
  ),
  bad(
    'Llama 3.1: an empty list of calls raises',
    own('llama-3-1', ['{%- elif message.tool_calls %}', `{%- elif 'tool_calls' in message %}${onlyOneCall}`]),
    'parallel-calls-refused',
    'empty-calls-refused',
  ),
  bad(
    'Llama 3.1: the date stands still',
    own('llama-3-1', [/strftime_now\('[^']*'\) if strftime_now is defined else '[^']*'/, "'24 Aug 2024'"]),
    'date-frozen',
  ),
  bad(
    'Mistral: the system message vanishes after a result',
    own('mistral-7b', ['{%- if loop.index0 == at.last_user %}', '{%- if loop.last %}']),
    'system-lost',
  ),
  bad(
    'Mistral: short ids raise',
    own('mistral-7b', [
      '{%- set arguments =',
      "{%- if id | length != 9 %}{{ raise_exception('Ids have 9 letters!') }}{% endif %}{%- set arguments =",
    ]),
    'short-ids-refused',
  ),
  bad(
    'Mistral: text arguments are encoded twice',
    own('mistral-7b', ['(arguments if arguments is string else arguments | tojson)', '(arguments | tojson)']),
    'string-arguments-differ',
  ),
  bad(
    'Mistral: an empty list of calls raises',
    own('mistral-7b', [
      '{{- eos_token }}',
      "{%- if message.tool_calls == [] %}{{ raise_exception('Roles must alternate!') }}{% endif %}{{- eos_token }}",
    ]),
    'empty-calls-refused',
  ),
  bad('Mistral: content parts crash', own('mistral-7b', [/\{\{- content \| selectattr.*/, "{{- content + '' }}"]), 'content-parts-refused'),
  bad(
    'InternLM2.5: text arguments are encoded twice',
    own('internlm-2-5', ['(arguments if arguments is string else arguments | tojson)', '(arguments | tojson)']),
    'string-arguments-differ',
  ),
  bad(
    'InternLM2.5: an empty list of tools opens a bracket',
    own(
      'internlm-2-5',
      ['{%- if tools and not starts', '{%- if tools is iterable and not starts'],
      ["('[' if loop.first else ', ') ~ ", ''],
      ["open_turn('system name=<|plugin|>')", "open_turn('system name=<|plugin|>') ~ '['"],
      ["{{- ']' ~ im_end }}", "{{- (']' if tools) ~ im_end }}"],
    ),
    'empty-tools-differ',
  ),
  bad(
    'MiniCPM3: text arguments raise',
    own('minicpm-3', [
      'write_python(arguments if arguments is string else arguments | tojson, true)',
      "(arguments | items | map('join', '=') | join(', '))",
    ]),
    'string-arguments-refused',
  ),
  bad(
    'Hermes 3: the tool prompt is always there',
    chatml(['{%- if tools %}', '{%- if true %}'], ['in tools %}', 'in tools or [] %}']),
    'tools-without-tools',
  ),
  bad(
    'Hermes 3: tools: null crashes',
    chatml(['{%- if tools %}', '{%- if tools is defined %}']),
    'null-tools-refused',
    'empty-tools-differ',
  ),
  bad('ChatML: nothing renders', chatml(["~ role ~ '", "+ messages + '"]), 'plain-chat-refused'),
  bad(
    'ChatML: no system message',
    chatml(['{%- set role =', "{%- if message.role == 'system' %}{{ raise_exception('No system!') }}{% endif %}{%- set role ="]),
    'system-refused',
  ),
  bad(
    'ChatML: developers are unknown',
    chatml(['{%- set role =', "{%- if message.role == 'developer' %}{{ raise_exception('Who?') }}{% endif %}{%- set role ="]),
    'developer-refused',
  ),
  bad('ChatML: developers are left out', chatml(['in messages %}', "in messages if message.role != 'developer' %}"]), 'developer-lost'),
  bad('ChatML: calls raise', chatml(["{{- '\\n<tool_call>", "{{- raise_exception('No calls!') }}{{- '\\n<tool_call>"]), 'calls-refused'),
  bad('ChatML: calls are left out', chatml([/\{%- for call in .*/, '']), 'calls-lost'),
  bad(
    'ChatML: arguments have to be text',
    chatml(['(call.arguments if call.arguments is string else call.arguments | tojson)', '(call.arguments + "")']),
    'object-arguments-refused',
  ),
  bad(
    'ChatML: only the first call',
    chatml(['in message.tool_calls or [] %}', 'in (message.tool_calls or [])[:1] %}']),
    'parallel-call-lost',
  ),
  bad(
    'ChatML: an empty list of calls leaves a mark',
    chatml([
      "{{- '<|im_end|>\\n' }}\n{%- endfor",
      "{{- ('<calls/>' if message.tool_calls is defined and not message.tool_calls) ~ '<|im_end|>\\n' }}\n{%- endfor",
    ]),
    'empty-calls-differ',
  ),
  bad(
    'ChatML: results raise',
    chatml(['{%- set role =', "{%- if message.role == 'tool' %}{{ raise_exception('No results!') }}{% endif %}{%- set role ="]),
    'tool-results-refused',
  ),
  bad('ChatML: results are left out', chatml(['in messages %}', "in messages if message.role != 'tool' %}"]), 'tool-result-lost'),
  bad(
    'ChatML: null content raises',
    chatml(['{%- set role =', "{%- if message.content is none %}{{ raise_exception('No text!') }}{% endif %}{%- set role ="]),
    'null-content-refused',
  ),
  bad(
    'ChatML: null content is None',
    chatml(['{% elif content %}', '{% elif content is none %}{{ content }}{% elif content %}']),
    'null-content-printed',
  ),
  bad('ChatML: content parts are code', chatml([/\{\{ content \| map[^}]*\}\}/, '{{ content }}']), 'content-parts-differ'),
];
