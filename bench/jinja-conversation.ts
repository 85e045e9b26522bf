/** A common request as JSON text: 20 messages with calls and their results, 10 tools. */
export function makeConversation(): string {
  const messages: object[] = [{ role: 'system', content: 'You are a helpful assistant. Today you look after a warehouse.' }];
  for (let turn = 0; turn < 4; turn++) messages.push(...makeTurn(turn));
  messages.push({ role: 'user', content: 'Thanks. What is left to do in Łódź and Zürich?' }, answer, {
    role: 'user',
    content: 'Go on, then.',
  });
  const tools = Array.from({ length: 10 }, (_, index) => makeTool(index));
  return JSON.stringify({ messages, tools, add_generation_prompt: true, bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' });
}

const answer = { role: 'assistant', content: 'Two orders wait for a truck; one more is not paid for.' };

function makeTurn(turn: number): readonly object[] {
  const id = `call0000${turn}`;
  const call = {
    id,
    type: 'function',
    function: { name: `tool_${turn}`, arguments: { city: 'Łódź', days: turn, exact: true, tags: ['a', 'b'] } },
  };
  return [
    { role: 'user', content: `Please look at order ${turn} and say "yes" if it has left.\nIf not, say why.` },
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', tool_call_id: id, name: `tool_${turn}`, content: `{"order": ${turn}, "state": "packed", "weight": 12.5}` },
    { role: 'assistant', content: `Order ${turn} is packed but has not left: the truck comes tomorrow at nine.` },
  ];
}

function makeTool(index: number): object {
  const properties = {
    city: { type: 'string', description: 'Where to look', enum: ['Łódź', 'Zürich', 'Paris'] },
    days: { type: 'integer', description: 'How many days ahead' },
    exact: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
  };
  const parameters = { type: 'object', properties, required: ['city'] };
  return {
    type: 'function',
    function: { name: `tool_${index}`, description: `Looks up things of kind ${index} in the warehouse.`, parameters },
  };
}
