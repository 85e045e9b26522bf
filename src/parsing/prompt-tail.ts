import type { DialectDefinition, Mark } from '../dialects/dialect.ts';
import type { SpecialRange } from '../text/reader.ts';
import { type Block, type InlineFormat, listOf } from './format.ts';
import type { FramedFormat } from './framed-format.ts';

/** What the prompt's end has opened. */
export interface OpenTail {
  /** the end of the tail, from its opener on: read before the answer */
  readonly text: string;
  readonly specials: readonly SpecialRange[];
  /** the reasoning block it opened; the tail's text is not read again then */
  readonly block: Block | undefined;
  /** it closed a reasoning block: the model is not to think */
  readonly hasClosedBlock?: boolean;
}

const nothing: OpenTail = { text: '', specials: [], block: undefined };

/** What an inline dialect's prompt has opened: the last opener without a closer behind it. A block that is always open is so unless the tail closes it. */
export function readInlineTail(format: InlineFormat, tail: string | undefined): OpenTail {
  const block = tail === undefined ? undefined : findOpenBlock(format, tail);
  if (block) return { ...nothing, block };
  const isClosed = tail !== undefined && format.blocks.some(({ span }) => lastOf(tail, span.close).at >= 0);
  const always = isClosed ? undefined : format.blocks.find(({ span }) => span.opened === 'always');
  if (always) return { ...nothing, block: always };
  return tail === undefined ? nothing : { ...readForcedOpener(format, tail), hasClosedBlock: isClosed };
}

function findOpenBlock(format: InlineFormat, tail: string): Block | undefined {
  let best: { readonly block: Block; readonly at: number } | undefined;
  for (const block of format.blocks) {
    if (block.span.opened === 'never') continue;
    const { at, end } = lastOf(tail, block.span.open);
    if (at >= 0 && lastOf(tail.slice(end), block.span.close).at < 0 && (!best || at > best.at)) best = { block, at };
  }
  return best?.block;
}

/** A call's opener at the very end of the prompt: the answer begins inside the region. */
function readForcedOpener(format: InlineFormat, tail: string): OpenTail {
  const end = tail.trimEnd();
  for (const { open } of format.regions) {
    if (!open) continue;
    const spelling = [open.text, ...(open.also ?? [])].find((text) => text !== '' && end.endsWith(text));
    if (spelling !== undefined) return { text: spelling, specials: [{ offset: 0, length: spelling.length }], block: undefined };
  }
  return nothing;
}

/** A framed dialect's last frame opener and what stands behind it, unless that frame was closed. */
export function readFramedTail(format: FramedFormat, tail: string | undefined): OpenTail {
  const { frameOpen, frameClose, header, bodyOpen } = format.layout;
  const { at } = tail === undefined ? { at: -1 } : lastOf(tail, frameOpen);
  if (tail === undefined || at < 0) return nothing;
  const text = tail.slice(at);
  if (frameClose.some((mark) => lastOf(text, mark).at >= 0)) return nothing;
  const marks = [frameOpen, ...bodyOpen, ...header.map(({ after }) => after)];
  return { text, specials: marks.flatMap((mark) => findAll(text, mark)), block: undefined };
}

function spellings(mark: Mark): readonly string[] {
  const list = typeof mark === 'string' ? [mark] : [mark.text, ...(mark.also ?? [])];
  return list.map((text) => (text.trim() === '' ? text : text.trim())).filter((text) => text !== '');
}

function lastOf(text: string, mark: Mark): { readonly at: number; readonly end: number } {
  let best = { at: -1, end: -1 };
  for (const spelling of spellings(mark)) {
    const at = text.lastIndexOf(spelling);
    if (at > best.at) best = { at, end: at + spelling.length };
  }
  return best;
}

function findAll(text: string, mark: Mark): readonly SpecialRange[] {
  const found: SpecialRange[] = [];
  for (const spelling of spellings(mark)) {
    for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + spelling.length)) {
      found.push({ offset: at, length: spelling.length });
    }
  }
  return found;
}

/** Spellings whose presence at the end of a prompt may mean that something is open: reasoning, a frame, a call. */
export function listTailMarkers({ layout }: DialectDefinition): readonly string[] {
  const marks =
    layout.kind === 'framed'
      ? [layout.frameOpen]
      : [
          ...listOf(layout.reasoning).map((span) => span.open),
          ...listOf(layout.tools).flatMap((span) => (span.open === undefined ? [] : [span.open])),
        ];
  return marks.flatMap(spellings);
}
