/** A chat template of the Hermes kind, short: what it costs is measured elsewhere. */
export const chatTemplate = `{%- if tools %}<|im_start|>system
You may call these functions:
<tools>
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
</tools>
Write a call as <tool_call>{"name": ..., "arguments": ...}</tool_call><|im_end|>
{% endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}<|im_start|>user
<tool_response>
{{ message.content }}
</tool_response><|im_end|>
{% else %}<|im_start|>{{ message.role }}
{{ message.content }}
{%- for call in message.tool_calls or [] %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>
{%- endfor %}<|im_end|>
{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

const sentence = 'The market opens at seven, the baker sells bread for three coins, and it will rain before noon as it did yesterday. ';

function makeTool(index: number): object {
  const properties = {
    city: { type: 'string', description: 'The name of the city, in its own language' },
    days: { type: 'integer', description: 'How many days ahead, at most ten' },
    units: { type: 'string', enum: ['metric', 'imperial'], description: 'The units of the answer' },
  };
  const name = index === 0 ? 'get_weather' : `look_up_${index}`;
  const parameters = { type: 'object', properties, required: ['city'] };
  return { type: 'function', function: { name, description: 'Looks up what the market of a city has today.', parameters } };
}

/** All but the last question: nine messages, three of them calls and results, about 2,500 tokens; and five tools. */
export const agentConversation = {
  messages: [
    { role: 'system', content: `You are a villager. ${sentence.repeat(24)}` },
    ...[0, 1].flatMap((turn) => [
      { role: 'user', content: `${sentence.repeat(10)}What now?` },
      { role: 'assistant', content: '', tool_calls: [makeCall(turn)] },
      { role: 'tool', tool_call_id: `call_${turn}`, content: sentence.repeat(9) },
      { role: 'assistant', content: sentence.repeat(4) },
    ]),
  ],
  tools: Array.from({ length: 5 }, (_, index) => makeTool(index)),
  max_tokens: 256,
} as const;

function makeCall(turn: number): object {
  return { id: `call_${turn}`, type: 'function', function: { name: 'get_weather', arguments: `{"city": "Łódź", "days": ${turn}}` } };
}
