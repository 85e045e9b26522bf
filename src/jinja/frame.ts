import { chargeText, checkLength } from './budget.ts';
import type { Value } from './values.ts';

/** What a render shares: input, clock, output and the place of what runs now. */
export interface Render {
  readonly resolve: (name: string) => Value | undefined;
  readonly now: Date;
  /** offset in the source of the expression that runs, for errors */
  at: number;
  readonly output: Output;
  readonly generationSpans: GenerationSpan[];
}

/** A part of the output that a `generation` tag printed, in UTF-16 units. */
export interface GenerationSpan {
  readonly start: number;
  readonly end: number;
}

/** The variables of one running function. */
export class Frame {
  readonly slots: (Value | undefined)[];
  readonly parent: Frame | undefined;
  readonly render: Render;
  constructor(count: number, parent: Frame | undefined, render: Render) {
    this.slots = new Array<Value | undefined>(count).fill(undefined);
    this.parent = parent;
    this.render = render;
  }
}

/** Text that is being printed. */
export class Output {
  text = '';
  print(text: string): void {
    this.text += text;
    chargeText(text.length);
    checkLength(this.text.length);
  }
}

/** Gives an expression's value. */
export type Evaluate = (frame: Frame) => Value;

/** How a statement ended: 0 go on, 1 `break`, 2 `continue`. */
export type Ending = 0 | 1 | 2;

/** Runs a statement. */
export type Execute = (frame: Frame, output: Output) => Ending;
