import type { Tool } from '../../protocol/message.ts';
import type {
  ArgsCodec,
  CallShape,
  CharClass,
  DialectDefinition,
  Example,
  ExampleCall,
  FramedLayout,
  HeaderField,
  IdSpec,
  InlineLayout,
  JsonCall,
  JsonCodec,
  Mark,
  Marker,
  Multiplicity,
  PairsCodec,
  Part,
  Recovery,
  RenderSpec,
  Route,
  SequenceCall,
  Span,
  TaggedCodec,
  TemplateMatch,
  ToolSpan,
} from '../dialect.ts';
import {
  type Check,
  DialectError,
  flag,
  integer,
  json,
  type Keys,
  kinds,
  list,
  object,
  oneOrMore,
  optional,
  readMap,
  text,
  textOr,
  word,
  wrong,
} from './check.ts';

/** Longest marker, in UTF-16 units. */
const mostMarkChars = 128;
const mostExampleChars = 16 * 1024;

const texts = list(text());
const spelling = text(mostMarkChars);

const marker: Check<Marker> = object<Marker>(
  { text: spelling, also: optional(list(spelling)), special: optional(flag), lax: optional(flag) },
  'a marker (a text, or an object with `text`)',
);
const mark: Check<Mark> = textOr(spelling, marker);
/** where a format may do without: the opener of what is always open, a field without a prefix */
const markOrNothing: Check<Mark> = (value, path) => (value === '' ? '' : mark(value, path));

const letters: Check<CharClass> = textOr(
  word('word', 'dotted', 'kebab', 'digits'),
  object(
    { chars: text(256), min: integer(0, 256), max: integer(1, 256) },
    'word, dotted, kebab, digits, or an object with chars, min and max',
  ),
);

const span: Check<Span> = object<Span>({
  open: markOrNothing,
  close: mark,
  opened: optional(word('never', 'detect', 'always')),
  yieldTo: optional(list(mark)),
  trim: optional(word('none', 'edge-newlines', 'whitespace')),
  at: optional(word('turn-start')),
});

const field: Check<HeaderField> = object<HeaderField>({
  field: word('role', 'channel', 'type', 'recipient'),
  after: markOrNothing,
  chars: letters,
});

const recipient = textOr<'none' | 'any', { prefix: string } | { equals: readonly string[] }>(word('none', 'any'), (value, path) =>
  'equals' in readMap(value, path, 'none, any, or an object with `prefix` or `equals`')
    ? object<{ equals: readonly string[] }>({ equals: list(text(), 1) })(value, path)
    : object<{ prefix: string }>({ prefix: text() })(value, path),
);

const route: Check<Route> = object<Route>({
  when: object<Route['when']>({ channel: optional(texts), body: optional(texts), recipient: optional(recipient) }),
  to: word('text', 'reasoning', 'call', 'drop'),
});

const shape: Check<CallShape> = (value, path) => callShape(value, path);
const many: Check<Multiplicity> = object<Multiplicity>({
  parallel: flag,
  how: word('repeat-span', 'repeat-call', 'list', 'new-frame'),
  open: optional(mark),
  close: optional(mark),
  separator: optional(mark),
});

const toolSpan: Check<ToolSpan> = object<ToolSpan>({
  open: optional(mark),
  close: optional(mark),
  bare: optional(word('turn-start', 'line-start', 'anywhere')),
  first: optional(list(spelling, 1)),
  confirm: word('open', 'name', 'known-name'),
  ends: optional(word('close', 'turn')),
  call: optional(shape),
  many: optional(many),
});

const dropped: Check<Mark | Span> = (value, path) =>
  typeof value === 'object' && value !== null && 'open' in value ? span(value, path) : mark(value, path);

const layout = kinds<InlineLayout | FramedLayout, 'kind'>('kind', {
  inline: object<InlineLayout>({
    kind: word('inline'),
    reasoning: optional(oneOrMore(span)),
    tools: oneOrMore(toolSpan),
    wrapText: optional(span),
    drop: optional(list(dropped)),
  }),
  framed: object<FramedLayout>({
    kind: word('framed'),
    frameOpen: mark,
    bodyOpen: list(mark, 1),
    frameClose: list(mark),
    endsAtNextFrame: optional(flag),
    header: list(field, 1),
    routes: list(route, 1),
  }),
});

const typing: Check<TaggedCodec['typing']> = textOr(
  word('schema'),
  object<Exclude<TaggedCodec['typing'], 'schema'>>(
    { attribute: word('string', 'type'), textWhen: list(text(), 1) },
    '"schema", or an object with `attribute`',
  ),
);
const pair: Check<readonly [Mark, Mark]> = (value, path) => {
  if (!Array.isArray(value) || value.length !== 2) throw wrong(path, 'a list of two markers, opener and closer', value);
  return [markOrNothing(value[0], [...path, 0]), mark(value[1], [...path, 1])];
};

const codec = kinds<ArgsCodec, 'codec'>('codec', {
  json: object<JsonCodec>({ codec: word('json'), fence: optional(object<{ open: Mark; close: Mark }>({ open: mark, close: mark })) }),
  tagged: object<TaggedCodec>({
    codec: word('tagged'),
    open: mark,
    close: mark,
    pad: optional(object<{ lead: string; trail: string }>({ lead: text(64, true), trail: text(64, true) })),
    typing,
    entities: optional(word('none', 'xml')),
    closeNeeds: optional(list(mark)),
  }),
  pairs: object<PairsCodec>({ codec: word('pairs'), key: pair, value: pair, typing: word('schema'), yieldTo: optional(list(mark)) }),
  kwargs: object({ codec: word('kwargs'), literals: word('python', 'json', 'both') }),
  object: object({ codec: word('object'), keys: word('bare', 'json'), quote: spelling }),
  elements: object({ codec: word('elements'), open: spelling, close: spelling, item: text() }),
});

type Slot = Extract<Part, { readonly slot: string }>;
type SlotOf<Kind> = Extract<Slot, { readonly slot: Kind }>;
const slot = kinds<Slot, 'slot'>('slot', {
  name: object<SlotOf<'name'>>({ slot: word('name'), chars: letters, strip: optional(texts), from: optional(word('recipient')) }),
  id: object<SlotOf<'id'>>({ slot: word('id'), chars: letters, template: optional(text()), optional: optional(flag) }),
  args: object({ slot: word('args'), codec }),
});

const part: Check<Part> = (value, path) => {
  const from = readMap(value, path, 'a part of a call: an object with `lit`, `whitespace` or `slot`');
  if ('slot' in from) return slot(value, path);
  if ('whitespace' in from) return object<{ whitespace: string }>({ whitespace: text(64) })(value, path);
  if ('lit' in from) return object<{ lit: Mark; optional?: boolean }>({ lit: mark, optional: optional(flag) })(value, path);
  throw new DialectError(path, 'a part of a call has the key `lit`, `whitespace` or `slot`.');
};

const callShape = kinds<CallShape, 'kind'>('kind', {
  json: object<JsonCall>({
    kind: word('json'),
    name: texts,
    args: texts,
    id: optional(texts),
    reasoning: optional(texts),
    text: optional(texts),
    list: optional(texts),
    ignored: optional(texts),
    noCall: optional(texts),
    nest: optional(text()),
    nameIsKey: optional(flag),
    argsAsString: optional(flag),
    order: list(word('id', 'name', 'args'), 1),
  }),
  sequence: object<SequenceCall>({ kind: word('sequence'), parts: list(part, 1) }),
});

const ids = kinds<IdSpec, 'style'>('style', {
  own: object({ style: word('own') }),
  alphanumeric: object({ style: word('alphanumeric'), length: integer(1, 64) }),
  template: object({ style: word('template'), template: text(), counts: word('turn', 'history') }),
});

const habit = word('python-literals', 'single-quotes', 'trailing-comma', 'raw-newline', 'bad-escape', 'bare-keys', 'comments');
const recover: Check<Partial<Recovery>> = object<Partial<Recovery>>({
  missingOpen: optional(flag),
  missingClose: optional(word('keep', 'as-text')),
  orphanClose: optional(word('drop', 'text')),
  json: optional(list(habit)),
});

const render: Check<RenderSpec> = object<RenderSpec>({
  preamble: text(mostExampleChars),
  toolsAs: word('openai-json', 'function-json', 'typescript', 'python-signature'),
  result: text(1024),
  resultRole: word('tool', 'user'),
});

const tool: Check<Tool> = object<Omit<Tool, 'parametersJson'>>({
  name: text(),
  description: optional(text(4096, true)),
  parameters: optional(json),
  strict: optional(flag),
});
const exampleCall: Check<ExampleCall> = object<ExampleCall>({
  name: text(),
  arguments: json,
  state: optional(word('complete', 'repaired', 'truncated')),
});
const answer = text(mostExampleChars, true);
const example: Check<Example> = object<Example>({
  written: answer,
  promptTail: optional(answer),
  end: optional(word('stop', 'length')),
  tools: optional(list(tool)),
  text: optional(answer),
  reasoning: optional(answer),
  calls: list(exampleCall),
});

const keys: Keys<DialectDefinition> = {
  aliases: optional(texts),
  about: text(1024),
  match: optional(list(object<TemplateMatch>({ template: list(text(1024), 1), not: optional(list(text(1024))) }))),
  layout,
  call: shape,
  many,
  turn: object<DialectDefinition['turn']>({ stop: texts }),
  ids: optional(ids),
  recover: optional(recover),
  render: optional(render),
  examples: list(example, 1, 256),
};

/** The keys of a definition. */
export const definitionKeys: readonly string[] = Object.keys(keys);

/** A dialect's definition as plain data: every key of `dialect.ts`, and no other. */
export const definition: Check<DialectDefinition> = object<DialectDefinition>(keys);
