import { choice, emptyText, mapChildren, repeat, rule, sequence, text } from './build.ts';
import type { Grammar, Node } from './ir.ts';
import { writeUntil } from './lowering/write-until.ts';
import { withoutSchemas } from './match.ts';
import type { Place } from './matching/places.ts';
import { type Frame, type Item, Recogniser } from './matching/recogniser.ts';
import { RuleBook } from './regex/rule-book.ts';
import { shareRules } from './share-rules.ts';

/**
 * What may follow a text that has been written: the grammar of all rests. Undefined where the grammar allows no text that begins so.
 * The rest after the empty text is the grammar itself, its schemas written out.
 */
export function derive(grammar: Grammar, written: string): Grammar | undefined {
  const whole = withoutSchemas(grammar);
  if (written === '') return whole;
  const recogniser = new Recogniser(whole);
  if (!recogniser.push(written)) return undefined;
  const { items, rootFrame } = recogniser.readings;
  return new Rest(whole, rootFrame).write(items);
}

class Rest {
  readonly #rules: ReadonlyMap<string, Node>;
  readonly #book = new RuleBook();
  readonly #renamed: ReadonlyMap<string, Node>;
  readonly #rootFrame: Frame;
  readonly #behind = new Map<Frame, Node>();

  constructor({ rules }: Grammar, rootFrame: Frame) {
    this.#rules = rules;
    this.#rootFrame = rootFrame;
    this.#renamed = new Map([...rules.keys()].map((name) => [name, this.#book.reserve(name)]));
  }

  write(items: readonly Item[]): Grammar {
    const root = choice(items.map((item) => this.#writeItem(item)));
    for (const [name, body] of this.#rules) {
      const renamed = this.#renamed.get(name);
      if (renamed?.kind === 'rule') this.#book.define(renamed, this.#rename(body));
    }
    return shareRules({ root, rules: this.#book.rules });
  }

  #writeItem({ place, frame }: Item): Node {
    const parts: Node[] = [];
    for (let at = place; at; at = at.next) parts.push(this.#writePlace(at));
    return sequence([...parts, this.#writeFrame(frame)]);
  }

  /** What follows the end of a rule: a rule of its own, since several ways lead there. */
  #writeFrame(frame: Frame): Node {
    const known = this.#behind.get(frame);
    if (known) return known;
    if (frame === this.#rootFrame) return emptyText;
    const behind = this.#book.reserve('behind');
    this.#behind.set(frame, behind);
    this.#book.define(behind, choice(frame.waiting.map((waiter) => this.#writeItem(waiter))));
    return behind;
  }

  #writePlace({ node, progress }: Place): Node {
    switch (node.kind) {
      case 'text':
        return text(node.text.slice(progress));
      case 'token':
        return progress === 0 ? node : text(node.spelling.slice(progress));
      case 'repeat':
        return repeat(
          this.#rename(node.item),
          Math.max(0, node.least - progress),
          node.most === undefined ? undefined : node.most - progress,
        );
      case 'until':
        return progress === 0 ? node : writeUntil(node, this.#book, { from: progress });
      default:
        return this.#rename(node);
    }
  }

  #rename(node: Node): Node {
    if (node.kind === 'rule') return this.#renamed.get(node.name) ?? rule(node.name);
    return mapChildren(node, (child) => this.#rename(child));
  }
}
