import { GatewayError } from '../../protocol/error.ts';
import { childrenOf, emptyText } from '../build.ts';
import type { Grammar, Node } from '../ir.ts';
import { complementRanges, type Range } from './ranges.ts';
import { solveCircle } from './solve-rules.ts';

/** A rule that names itself in its middle is put into itself so many times; what needs more is left out. */
const mostUnfolded = 3;
const longest = 200_000;

/**
 * The grammar as a regular expression over the whole text, in the spelling that JavaScript (with `u`), Python and Rust read alike. Rules are put in where they are named; one that names itself
 * in its middle at most three times, so deeper texts are left out. Throws `invalid_request` where that gives more than 200,000 characters, or nothing. For grammars without schemas and `until`.
 */
export function writeRegex({ root, rules }: Grammar): string {
  const written = new RegexWriter(solveCircles(rules, listRules(root))).write(root, 'choice', new Map());
  if (written === undefined) throw refuse(`needs more than ${mostUnfolded} rules in themselves`);
  return written;
}

function refuse(problem: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `The grammar can't be written as a regular expression: it ${problem}. Use an engine that takes grammars, or a simpler schema.`,
  );
}

/** The rules with circles solved where a regular expression can say them. */
function solveCircles(rules: ReadonlyMap<string, Node>, named: ReadonlySet<string>): ReadonlyMap<string, Node> {
  const solved = new Map(rules);
  for (const circle of listCircles(rules)) {
    const bodies = new Map(circle.map((name) => [name, rules.get(name) ?? emptyText]));
    for (const name of circle) {
      // a rule that is named in its circle only is gone once the others are solved
      const body = named.has(name) || isNamedOutside(name, circle, rules) ? solveCircle(bodies, name) : undefined;
      if (body) solved.set(name, body);
    }
  }
  return solved;
}

function isNamedOutside(name: string, circle: readonly string[], rules: ReadonlyMap<string, Node>): boolean {
  return [...rules].some(([other, body]) => !circle.includes(other) && listRules(body).has(name));
}

/** Rules that reach one another (Tarjan's strongly connected components), those of one rule only where it names itself. */
function listCircles(rules: ReadonlyMap<string, Node>): readonly (readonly string[])[] {
  const reach = new Map([...rules].map(([name, body]) => [name, listRules(body)]));
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (name: string): number => {
    order.set(name, order.size);
    let low = order.get(name) ?? 0;
    stack.push(name);
    for (const next of reach.get(name) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, lowest.get(next) ?? order.get(next) ?? 0);
      lowest.set(name, low);
    }
    lowest.set(name, low);
    if (low === order.get(name)) {
      const circle = stack.splice(stack.indexOf(name));
      if (circle.length > 1 || reach.get(name)?.has(name)) circles.push(circle);
    }
    return low;
  };
  for (const name of rules.keys()) if (!order.has(name)) visit(name);
  return circles;
}

function listRules(node: Node): ReadonlySet<string> {
  return node.kind === 'rule' ? new Set([node.name]) : new Set(childrenOf(node).flatMap((child) => [...listRules(child)]));
}

/** What may stand here without a group. */
type Level = 'choice' | 'sequence' | 'single';

class RegexWriter {
  readonly #rules: ReadonlyMap<string, Node>;
  /** of rules that name no rule around them */
  readonly #known = new Map<string, string | undefined>();

  constructor(rules: ReadonlyMap<string, Node>) {
    this.#rules = rules;
  }

  /** `around`: the rules that this stands in, with how often. Undefined: no text. */
  write(node: Node, level: Level, around: ReadonlyMap<string, number>): string | undefined {
    const written = this.#write(node, level, around);
    if (written !== undefined && written.length > longest) throw refuse(`takes more than ${longest} characters`);
    return written;
  }

  #write(node: Node, level: Level, around: ReadonlyMap<string, number>): string | undefined {
    switch (node.kind) {
      case 'text':
        return this.#group(escapeText(node.text), level === 'single' && Array.from(node.text).length !== 1);
      case 'token':
        return this.#group(escapeText(node.spelling), level === 'single');
      case 'chars':
        return writeClass(node.ranges);
      case 'rule':
        return this.#writeRule(node.name, level, around);
      case 'sequence': {
        const items = node.items.map((item) => this.write(item, 'sequence', around));
        return items.includes(undefined) ? undefined : this.#group(items.join(''), level === 'single');
      }
      case 'choice': {
        const options = node.options.map((option) => this.write(option, 'choice', around)).filter((option) => option !== undefined);
        return options.length === 0 ? undefined : this.#group(options.join('|'), level !== 'choice' && options.length > 1);
      }
      case 'repeat': {
        const item = this.write(node.item, 'single', around);
        if (item === undefined) return node.least === 0 ? '' : undefined;
        return this.#group(item + writeCount(node.least, node.most), level === 'single');
      }
      default:
        throw new TypeError(`A ${node.kind} is written out before a regular expression is.`);
    }
  }

  #group(written: string, isNeeded: boolean): string {
    return isNeeded ? `(?:${written})` : written;
  }

  #writeRule(name: string, level: Level, around: ReadonlyMap<string, number>): string | undefined {
    const body = this.#rules.get(name);
    const count = around.get(name) ?? 0;
    if (!body || count >= mostUnfolded) return undefined;
    const key = `${name} ${level}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const written = this.write(body, level, new Map(around).set(name, count + 1));
    // what does not depend on the rules around it is written once
    if (!this.#isRecursive(name)) this.#known.set(key, written);
    return written;
  }

  readonly #recursive = new Map<string, boolean>();

  /** Whether a circle can be reached from the rule. */
  #isRecursive(name: string, around: ReadonlySet<string> = new Set()): boolean {
    if (around.has(name)) return true;
    const known = this.#recursive.get(name);
    if (known !== undefined) return known;
    const body = this.#rules.get(name);
    const inside = new Set(around).add(name);
    const isRecursive = body !== undefined && [...listRules(body)].some((next) => this.#isRecursive(next, inside));
    this.#recursive.set(name, isRecursive);
    return isRecursive;
  }
}

function writeCount(least: number, most: number | undefined): string {
  if (most === undefined) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  if (least === 0 && most === 1) return '?';
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

function writeClass(ranges: readonly Range[]): string {
  const [first] = ranges;
  if (ranges.length === 1 && first && first[0] === first[1]) return escapeLetter(first[0]);
  const others = complementRanges(ranges);
  // any character: `.` leaves out the ends of lines
  if (others.length === 0) return '[\\s\\S]';
  return others.length < ranges.length ? `[^${others.map(writeRange).join('')}]` : `[${ranges.map(writeRange).join('')}]`;
}

function writeRange([from, to]: Range): string {
  const first = escapeLetter(from, classLetters);
  return from === to ? first : `${first}-${escapeLetter(to, classLetters)}`;
}

function escapeText(text: string): string {
  return Array.from(text, (letter) => escapeLetter(letter.codePointAt(0) ?? 0)).join('');
}

const patternLetters = '\\^$.*+?()[]{}|/';
const classLetters = '\\^[]-';

/** Beyond the first 65,536 characters each language has an escape of its own, so those stay themselves. */
function escapeLetter(codePoint: number, special = patternLetters): string {
  const letter = String.fromCodePoint(codePoint);
  if (codePoint > 0xffff) return letter;
  if (codePoint >= 127) return `\\u${codePoint.toString(16).padStart(4, '0')}`;
  if (codePoint < 32) return `\\x${codePoint.toString(16).padStart(2, '0')}`;
  return special.includes(letter) ? `\\${letter}` : letter;
}
