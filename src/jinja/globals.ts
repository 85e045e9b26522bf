import { charge } from './budget.ts';
import { hashOf } from './compare.ts';
import { JinjaError, typeError } from './errors.ts';
import { itemsOf, iterate } from './iterate.ts';
import { requireInteger, requireText } from './method.ts';
import { toText } from './repr.ts';
import { formatTime } from './strftime.ts';
import { type Keywords, Namespace, PyDict, PyFunction, PyInstance, PyRange, type Value } from './values.ts';

const longestRange = 100_000;

function makeRange(args: readonly Value[], keywords: Keywords): Value {
  if (keywords.size > 0) throw typeError('range() takes no keyword arguments');
  if (args.length === 0 || args.length > 3) throw typeError(`range expected 1 to 3 arguments, got ${args.length}`);
  const [first = 0, second, third = 1] = args.map(requireInteger);
  if (third === 0) throw typeError('range() arg 3 must not be zero');
  const range = second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, third);
  if (range.length > longestRange) {
    throw new JinjaError('limit', `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${longestRange}).`);
  }
  return range;
}

function makeDict(args: readonly Value[], keywords: Keywords): PyDict {
  const [source] = args;
  if (args.length > 1) throw typeError(`dict expected at most 1 argument, got ${args.length}`);
  if (source instanceof PyDict) charge(source.size);
  const dict = source instanceof PyDict ? source.copy() : new PyDict();
  if (source !== undefined && !(source instanceof PyDict)) {
    for (const pair of iterate(source)) {
      const items = itemsOf(pair);
      if (items.length !== 2) throw typeError(`dictionary update sequence element has length ${items.length}; 2 is required`);
      dict.set(hashOf(items[0] as Value), items[0] as Value, items[1] as Value);
    }
  }
  for (const [name, value] of keywords) dict.set(name, name, value);
  charge(dict.size);
  return dict;
}

function makeNamespace(args: readonly Value[], keywords: Keywords): Namespace {
  const namespace = new Namespace();
  for (const [key, value] of makeDict(args, keywords).pairs()) namespace.attributes.set(hashOf(key), key, value);
  return namespace;
}

class Cycler extends PyInstance {
  readonly typeName = 'Cycler';
  readonly #items: readonly Value[];
  #at = 0;
  constructor(items: readonly Value[]) {
    super();
    if (items.length === 0) throw typeError('at least one item has to be provided');
    this.#items = items;
  }
  override getAttribute(name: string): Value | undefined {
    if (name === 'current') return this.#items[this.#at];
    if (name === 'items') return [...this.#items];
    if (name === 'pos') return this.#at;
    if (name === 'next') return new PyFunction(name, () => this.#next(), 'method');
    return name === 'reset' ? new PyFunction(name, () => this.#reset(), 'method') : undefined;
  }
  override represent(): string {
    return '<Cycler>';
  }
  #next(): Value {
    const item = this.#items[this.#at] as Value;
    this.#at = (this.#at + 1) % this.#items.length;
    return item;
  }
  #reset(): null {
    this.#at = 0;
    return null;
  }
}

class Joiner extends PyInstance {
  readonly typeName = 'Joiner';
  readonly #separator: Value;
  #isUsed = false;
  constructor(separator: Value) {
    super();
    this.#separator = separator;
  }
  override getAttribute(name: string): Value | undefined {
    return name === 'sep' ? this.#separator : name === 'used' ? this.#isUsed : undefined;
  }
  override represent(): string {
    return '<Joiner>';
  }
  override call(): Value {
    if (this.#isUsed) return this.#separator;
    this.#isUsed = true;
    return '';
  }
}

function raiseException(args: readonly Value[], keywords: Keywords): never {
  const message = args[0] ?? keywords.get('message');
  if (message === undefined || args.length + keywords.size !== 1) throw typeError('raise_exception() takes one message');
  throw new JinjaError('template', toText(message));
}

/** The functions every template has; the clock is the render's. */
export function makeGlobals(now: Date): ReadonlyMap<string, Value> {
  const functions: Readonly<Record<string, PyFunction['call']>> = {
    range: (args, keywords) => makeRange(args, keywords),
    dict: makeDict,
    namespace: makeNamespace,
    cycler: (args) => new Cycler(args),
    joiner: (args, keywords) => new Joiner(args[0] ?? keywords.get('sep') ?? ', '),
    raise_exception: raiseException,
    strftime_now: (args, keywords) => formatTime(now, requireText(args[0] ?? keywords.get('format'))),
    lipsum: () => {
      throw new JinjaError('security', 'lipsum is not available here: its text is random.');
    },
  };
  return new Map(
    Object.entries(functions).map(([name, call]) => [name, new PyFunction(name, call, name === 'raise_exception' ? 'function' : 'type')]),
  );
}

/** The names of the functions every template has. */
export const globalNames: ReadonlySet<string> = new Set(makeGlobals(new Date(0)).keys());
