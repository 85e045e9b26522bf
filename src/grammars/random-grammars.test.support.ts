import { chars, choice, repeat, rule, sequence, text, token, until } from './build.ts';
import type { Grammar, Node } from './ir.ts';
import type { Random } from './sample.ts';

/** Random numbers that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What a random grammar may hold. */
export interface RandomGrammarOptions {
  readonly hasUntil: boolean;
  /** rules that name themselves and others */
  readonly isRecursive: boolean;
}

/** A small grammar over few letters, so that texts meet it and miss it closely. */
export function randomGrammar(random: Random, options: RandomGrammarOptions): Grammar {
  const names = ['first', 'second-2', 'root'];
  const make = (depth: number): Node => makeNode({ random, options, names }, depth);
  const rules = new Map(names.map((name) => [name, guardRule(name, make(2))] as const));
  return { root: make(3), rules: options.isRecursive ? rules : new Map() };
}

/** A rule that begins with a letter of its own begins with no rule. */
function guardRule(name: string, body: Node): Node {
  return sequence([text(name[0] ?? ''), body]);
}

const letters = 'ab"\\\n]é😀-^[';

function makeNode(
  world: { readonly random: Random; readonly options: RandomGrammarOptions; readonly names: readonly string[] },
  depth: number,
): Node {
  const { random, options, names } = world;
  const draw = (count: number) => Math.floor(random() * count);
  const letter = () => Array.from(letters)[draw(Array.from(letters).length)] ?? 'a';
  const word = () => Array.from({ length: 1 + draw(3) }, letter).join('');
  const code = () => letter().codePointAt(0) ?? 97;
  const several = () => Array.from({ length: 1 + draw(3) }, () => makeNode(world, depth - 1));
  const kind = draw(depth <= 0 ? 5 : 9);
  if (kind === 0) return text(word());
  if (kind === 1) return token(word());
  if (kind === 2) return chars([[code(), code()], [code(), 0x10ffff], ...(random() < 0.5 ? [[32, 127] as const] : [])]);
  if (kind === 3) return options.hasUntil ? until([word(), `${letter()}${letter()}`]) : text(word());
  if (kind === 4) return options.isRecursive ? rule(names[draw(names.length)] ?? 'first') : text(letter());
  if (kind <= 6) return sequence(several());
  if (kind === 7) return choice(several());
  const least = draw(3);
  return repeat(makeNode(world, depth - 1), least, random() < 0.4 ? undefined : least + draw(3));
}

/** A text with one letter left out, doubled, changed or put in. */
export function mutateText(written: string, random: Random): string {
  const parts = Array.from(written);
  const at = Math.floor(random() * (parts.length + 1));
  const other = Array.from(letters)[Math.floor(random() * Array.from(letters).length)] ?? 'a';
  const kind = Math.floor(random() * 4);
  if (kind === 0) parts.splice(at, 1);
  else if (kind === 1) parts.splice(at, 0, parts[at] ?? other);
  else if (kind === 2) parts.splice(at, 1, other);
  else parts.splice(at, 0, other);
  return parts.join('');
}
