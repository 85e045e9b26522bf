/** Conversations as JSON text, by name; every template is rendered with every one of them. */
export const conversations: ReadonlyMap<string, string> = new Map(Object.entries(makeConversations()));

function makeConversations(): Record<string, string> {
  const user = '{"role":"user","content":"What is the weather in Paris?"}';
  const system = '{"role":"system","content":"  You are  helpful.\\n"}';
  const tool = (name: string) =>
    `{"type":"function","function":{"name":"${name}","description":"Gets it \\"now\\" <b>","parameters":{"type":"object","properties":{"city":{"type":"string","description":"A city","enum":["Paris","Zürich"]},"days":{"type":"integer","default":1},"limits":{"type":["number","null"],"items":{"type":"string"}}},"required":["city"]}}}`;
  const tools = `"tools":[${tool('get_weather')},${tool('get_time')}]`;
  const call = (id: string, name: string, args: string) =>
    `{"id":"${id}","type":"function","function":{"name":"${name}","arguments":${args}}}`;
  const object = '{"city":"Paris","days":3,"scale":1.0,"ok":true,"none":null,"10":[1,2.50],"2":"b"}';
  const text = JSON.stringify('{"city": "Paris", "days": 3}');
  const calls = (...list: string[]) => `{"role":"assistant","content":"","tool_calls":[${list.join(',')}]}`;
  const result = (id: string, name: string) => `{"role":"tool","tool_call_id":"${id}","name":"${name}","content":"{\\"temp\\": 21}"}`;
  const make = (messages: readonly string[], rest: readonly string[] = [], prompt = true) =>
    `{${[`"messages":[${messages.join(',')}]`, `"add_generation_prompt":${prompt}`, '"bos_token":"<s>","eos_token":"</s>","unk_token":"<unk>","pad_token":"<pad>"', ...rest].join(',')}}`;
  const answer = '{"role":"assistant","content":" Sunny. "}';
  const first = call('call00001', 'get_weather', object);
  const second = call('call00002', 'get_time', '{"city":"Zürich 😀","deep":{"a":[{"b":9007199254740993}]}}');
  return {
    plain: make([user]),
    system: make([system, user, answer, user]),
    'no prompt': make([system, user, answer], [], false),
    tools: make([user], [tools]),
    'tools and system': make([system, user], [tools]),
    'object arguments': make([user, calls(first)], [tools]),
    'string arguments': make([user, calls(call('call00001', 'get_weather', text))], [tools]),
    'parallel calls': make([user, calls(first, second)], [tools]),
    'tool loop': make([system, user, calls(first), result('call00001', 'get_weather'), answer, user], [tools]),
    'string tool loop': make([user, calls(call('call00001', 'get_weather', text)), result('call00001', 'get_weather')], [tools]),
    'parallel results': make([user, calls(first, second), result('call00001', 'get_weather'), result('call00002', 'get_time')], [tools]),
    'null content': make(
      [user, `{"role":"assistant","content":null,"tool_calls":[${first}]}`, result('call00001', 'get_weather')],
      [tools],
    ),
    'no content': make([user, `{"role":"assistant","tool_calls":[${first}]}`], [tools], false),
    parts: make(['{"role":"user","content":[{"type":"text","text":"Hello "},{"type":"text","text":"there"}]}']),
    'image part': make(['{"role":"user","content":[{"type":"image"},{"type":"text","text":"What?"}]}']),
    reasoning: make([user, '{"role":"assistant","content":"Yes.","reasoning_content":"\\nLet me think.\\n"}', user]),
    'inline thinking': make([user, '{"role":"assistant","content":"<think>\\nHm.\\n</think>\\n\\n Yes."}', user, answer], [], false),
    'thinking off': make([system, user], ['"enable_thinking":false,"thinking":false']),
    'thinking on': make([system, user], ['"enable_thinking":true,"thinking":true,"reasoning_effort":"high"']),
    unicode: make(['{"role":"user","content":"日本語 👩‍👩‍👧 é \\u2028 \\u00a0 it\'s \\"q\\" \\\\ <|im_end|>"}']),
    numbers: make(
      [user, calls(call('call00001', 'f', '{"a":1.0,"b":9007199254740993,"c":1e21,"d":-0.0,"e":1e-7,"f":[],"g":{}}'))],
      [tools],
    ),
    'empty tools': make([user], ['"tools":[]']),
    'null tools': make([user], ['"tools":null,"documents":null']),
    'empty calls': make([user, '{"role":"assistant","content":"Hi","tool_calls":[]}', user]),
    'short ids': make([user, calls(call('1', 'f', '{}')), result('1', 'f')], [tools]),
    developer: make(['{"role":"developer","content":"Be short."}', user]),
    'two users': make([user, user]),
    'two systems': make([system, system, user]),
    'odd spaces': make(['{"role":"user","content":"\\n\\n  a  \\t\\r\\n b\\n"}', '{"role":"assistant","content":"\\n x \\n"}', user]),
    documents: make([user], ['"documents":[{"title":"T","text":"Some text"}]']),
    'schema without descriptions': make(
      [user],
      ['"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]'],
    ),
    'both reasoning fields': make(
      [
        user,
        `{"role":"assistant","content":"Yes.","reasoning":"One.","reasoning_content":"Two.","thinking":"Three.","tool_calls":[${first}]}`,
        user,
      ],
      [tools],
    ),
    'a reasoning field': make([user, '{"role":"assistant","content":"","reasoning":" Hm.\\n"}', user], [], false),
    'lone surrogates': make(['{"role":"user","content":"a\\ud83d b\\ude00 c\\ude00\\ud83d"}', answer, user]),
    'control letters': make(['{"role":"user","content":"\\u0000a\\u0001\\u001f\\u007f\\u0085\\ufeff"}', answer, user], [tools]),
    'long text': make([`{"role":"user","content":"${'All work, kein Spiel 日本 😀.\\n'.repeat(1500)}"}`, answer, user]),
    'unicode keys': make(
      [user, calls(call('call00001', 'погода', '{"ключ":{"日本":[{"é\\ud83d\\ude00":"ß"}],"":0},"a b":"c\\td"}'))],
      [
        '"tools":[{"type":"function","function":{"name":"погода","description":"Wetter für Köln","parameters":{"type":"object","properties":{"ключ":{"type":"object","description":"日本","properties":{"é":{"type":"string"}}}},"required":["ключ"]}}}]',
      ],
    ),
    'strict tools': make(
      [system, user],
      [
        '"tools":[{"type":"function","function":{"name":"f","description":"","strict":true,"parameters":{"type":"object","properties":{"x":{"anyOf":[{"type":"integer"},{"type":"null"}]},"y":{"type":"array","items":{"type":"object","properties":{"z":{"const":1.0}}}}},"required":["x","y"],"additionalProperties":false}}}],"tool_choice":"required"',
      ],
    ),
    'system as parts': make(['{"role":"system","content":[{"type":"text","text":" Be "},{"type":"text","text":"kind. "}]}', user], [tools]),
    names: make([
      '{"role":"user","name":"Ann","content":"Hi"}',
      '{"role":"assistant","name":"Bo","content":"Hello"}',
      '{"role":"user","name":"","content":"Hm"}',
    ]),
    'results that are no text': make(
      [
        user,
        calls(first, second),
        '{"role":"tool","tool_call_id":"call00001","name":"get_weather","content":{"temp":21.0,"10":[]}}',
        '{"role":"tool","tool_call_id":"call00002","content":[{"type":"text","text":"noon"}]}',
      ],
      [tools],
    ),
    empty: make([]),
  };
}
