import type { DialectDefinition } from '../dialects/dialect.ts';
import type { TurnEvent } from '../protocol/event.ts';
import { type ReadingRun, type SpecialRange, startReading } from '../text/reader.ts';
import { compileInline, type InlineFormat, readRecovery } from './format.ts';
import { compileFramed, type FramedFormat } from './framed-format.ts';
import { readFramed } from './framed-layout.ts';
import { readInline } from './inline-layout.ts';
import { type OpenTail, readFramedTail, readInlineTail } from './prompt-tail.ts';
import { renderCalls } from './render-calls.ts';
import { nameTools, type ToolNames } from './tool-names.ts';
import { Turn, type TurnRules } from './turn.ts';
import type { CompiledDialect, OpenedByPrompt, OpenRegion, ParseOptions, TurnEnd, TurnParser } from './turn-parser.ts';

type Format = InlineFormat | FramedFormat;

const compiled = new WeakMap<DialectDefinition, CompiledDialect>();

/** Makes a dialect ready, once for a definition: the same definition gives the same object. */
export function compileDialect(definition: DialectDefinition): CompiledDialect {
  let dialect = compiled.get(definition);
  if (!dialect) compiled.set(definition, (dialect = compile(definition)));
  return dialect;
}

function compile(definition: DialectDefinition): CompiledDialect {
  const { layout } = definition;
  const format: Format = layout.kind === 'inline' ? compileInline(definition, layout) : compileFramed(definition, layout);
  const rules = new RuleBook(definition);
  return {
    openParser: (options) => new Parser(format, options, rules.rulesFor(options)),
    whatPromptOpened: (promptTail) => describeTail(format, readTail(format, promptTail)),
    renderCalls: (calls, tools = []) => renderCalls(definition, calls, nameTools(tools)),
  };
}

function readTail(format: Format, promptTail: string | undefined): OpenTail {
  return 'blocks' in format ? readInlineTail(format, promptTail) : readFramedTail(format, promptTail);
}

function describeTail(format: Format, { text, block, hasClosedBlock }: OpenTail): OpenedByPrompt {
  if (block) return 'reasoning';
  if (text === '') return hasClosedBlock ? 'closed-reasoning' : 'nothing';
  return 'blocks' in format ? 'calls' : 'header';
}

class Parser implements TurnParser {
  readonly #run: ReadingRun<void>;
  readonly #turn: Turn;
  #isEnded = false;

  constructor(format: Format, options: ParseOptions, rules: TurnRules) {
    const tail = readTail(format, options.promptTail);
    const start = { tailChars: tail.text.length, hasLines: 'blocks' in format && format.hasLines };
    const mayCall = options.toolChoice !== 'none';
    let turn: Turn | undefined;
    this.#run = startReading((reader) => {
      turn = new Turn(reader, rules, start);
      return 'blocks' in format
        ? readInline({ turn, format, mayCall, openBlock: tail.block })
        : readFramed({ turn, format, mayCall, isInHeader: tail.text !== '' });
    }, options.hasSpecials === true);
    if (!turn) throw new Error('A reading began without its turn.');
    this.#turn = turn;
    if (tail.text === '') return;
    this.#run.push(tail.text, tail.specials);
    turn.take();
  }

  push(chunk: string, specials?: readonly SpecialRange[]): readonly TurnEvent[] {
    if (!this.#isEnded) this.#run.push(chunk, specials);
    return this.#turn.take();
  }

  end(reason: TurnEnd): readonly TurnEvent[] {
    if (this.#isEnded) return [];
    this.#isEnded = true;
    this.#turn.isLimited = reason !== 'stop';
    this.#run.end();
    return this.#turn.take();
  }

  get heldBackChars(): number {
    return this.#run.heldBackChars;
  }

  get steps(): number {
    return this.#run.steps;
  }

  get isSatisfied(): boolean {
    return this.#turn.isSatisfied;
  }

  get openRegion(): OpenRegion | undefined {
    return this.#turn.openRegion;
  }
}

/** Rules of the same options are one object: thousands of parsers share it. */
class RuleBook {
  readonly #habits: ReadonlySet<string>;
  readonly #rules = new WeakMap<ToolNames, Map<string, TurnRules>>();

  constructor(definition: DialectDefinition) {
    this.#habits = new Set<string>(readRecovery(definition).json);
  }

  rulesFor(options: ParseOptions): TurnRules {
    const names = nameTools(options.tools);
    const { unknownTool = 'forward', coerce = 'lossless', reasoning = 'separate' } = options;
    const parallel = options.parallel !== false && typeof options.toolChoice !== 'object';
    const key = `${unknownTool} ${coerce} ${reasoning} ${parallel}`;
    let made = this.#rules.get(names);
    if (!made) this.#rules.set(names, (made = new Map()));
    let rules = made.get(key);
    if (!rules) made.set(key, (rules = { names, parallel, unknownTool, coerce, reasoning, habits: this.#habits }));
    return rules;
  }
}
