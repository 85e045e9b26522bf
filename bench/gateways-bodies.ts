/** Words that hold no mark: what a conversation is filled with. */
const words =
  'the rook hops over wet grass, finds a seed – and calls; others answer "from" the elms\nwhile a small wind moves dry leaves past'.split(
    ' ',
  );
const variants = 16;
const turnWords = 60;

/** The mark of a request stands in its last question and must come back in its answer, and nowhere else: `mark-` and these digits. */
export const markDigits = 14;
const emptyMark = `mark-${'0'.repeat(markDigits)}`;

const tools = [
  {
    type: 'function',
    function: {
      name: 'find_seed',
      description: 'Finds a seed near a place.',
      parameters: { type: 'object', properties: { place: { type: 'string' }, count: { type: 'integer' } }, required: ['place'] },
    },
  },
];
const smallTools = [{ type: 'function', function: { name: 'hop', parameters: { type: 'object' } } }];

/** A request with a mark of its own. */
export interface MarkedBody {
  readonly body: Buffer;
  readonly mark: string;
  readonly isStream: boolean;
}

/** How a request looks. */
export interface BodyShape {
  /** its size */
  readonly bytes: number;
  readonly isStream: boolean;
}

let marked = 0;

/**
 * Makes chat requests of a size, one a call: a conversation of short turns with a tool that may be called, in 16 variants, so that nothing can be kept from
 * one to the next.
 */
export function makeBodies({ bytes, isStream }: BodyShape): () => MarkedBody {
  const templates = Array.from({ length: variants }, (_, variant) => Buffer.from(writeBody(bytes, isStream, variant)));
  return () => {
    const number = ++marked;
    const mark = `mark-${String(number).padStart(markDigits, '0')}`;
    const body = Buffer.from(templates[number % variants] as Buffer);
    body.write(mark, body.indexOf(emptyMark), 'latin1');
    return { body, mark, isStream };
  };
}

/** Makes requests of several shapes in turn. */
export function mixBodies(shapes: readonly BodyShape[]): () => MarkedBody {
  const makers = shapes.map(makeBodies);
  let made = 0;
  return () => (makers[made++ % makers.length] as () => MarkedBody)();
}

/** At least the smallest request there is; else to the byte, but for the last turn's whole characters. */
function writeBody(bytes: number, isStream: boolean, variant: number): string {
  const isSmall = bytes < 1024;
  const turns: { role: string; content: string }[] = [];
  const question = { role: 'user', content: `${emptyMark} ` };
  const write = () =>
    JSON.stringify({ model: 'fake-model', messages: [...turns, question], tools: isSmall ? smallTools : tools, stream: isStream });
  for (let missing = bytes - write().length; !isSmall && missing > 1000; ) {
    const role = turns.length % 2 === 0 ? 'user' : 'assistant';
    const turn = {
      role,
      content: Array.from({ length: turnWords }, (_, at) => words[(at * (1 + variant) + turns.length) % words.length]).join(' '),
    };
    turns.push(turn);
    missing -= Buffer.byteLength(JSON.stringify(turn)) + 1;
  }
  question.content += 'x'.repeat(Math.max(0, bytes - Buffer.byteLength(write())));
  return write();
}
