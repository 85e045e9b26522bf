import type { FramedLayout, HeaderField, Mark, Route } from '../../dialects/dialect.ts';
import { emptyText, optional, repeat, sequence, text, until } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import { factorTexts } from '../../grammars/lowering/factor-texts.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { Tool } from '../../protocol/message.ts';
import { listSpellings, spellMark } from '../take-mark.ts';
import { type CallRequest, eitherOf, noCalls, type WrittenCalls } from './call-grammar.ts';
import { writeMark } from './mark-node.ts';
import { writeCall } from './write-call.ts';

const mostFrames = 16;

/** Calls, or an answer's text, as frames: a header that tells what it is, and a body. */
export function writeFrames(request: CallRequest, layout: FramedLayout): WrittenCalls {
  return new FrameWriting(request, layout).write();
}

class FrameWriting {
  readonly #request: CallRequest;
  readonly #layout: FramedLayout;
  readonly #ends: readonly Mark[];

  constructor(request: CallRequest, layout: FramedLayout) {
    this.#request = request;
    this.#layout = layout;
    this.#ends = [layout.frameOpen, ...layout.frameClose, ...request.options.dialect.turn.stop].filter(
      (mark) => spellMark(mark).trim() !== '',
    );
  }

  write(): WrittenCalls {
    const { tools, options } = this.#request;
    // behind the frame's opener and the role, where a prompt may already stand
    const calls = tools.length > 0 || options.text === undefined ? this.#writeCalls() : noCalls;
    const answer = options.text && this.#writeTextFrame(options.text);
    const first = options.frameStart === 'header' ? emptyText : this.#writeOpener();
    const thoughts = options.mode === 'lazy' ? emptyText : this.#writeReasoning(this.#writeOpener());
    return {
      node: sequence([...this.#join(first, thoughts), eitherOf(calls.node, answer)]),
      triggers: listSpellings([this.#layout.frameOpen]),
      leftOut: calls.leftOut,
    };
  }

  #writeCalls(): WrittenCalls {
    const { tools, options, isParallel, writing } = this.#request;
    const calls = tools.map((tool) => this.#writeCallFrame(tool));
    const written = calls.filter((call) => call !== undefined);
    const leftOut = tools.filter((_, index) => calls[index] === undefined).map(({ name }) => name);
    if (written.length === 0) throw new GatewayError('invalid_request', 'None of the tools can be called in this format.');
    const call = writing.share('call', factorTexts(written));
    const most = isParallel && options.mode !== 'lazy' ? mostFrames : 1;
    const others = repeat(writing.share('next-call', sequence([this.#writeOpener(), call])), 0, most - 1);
    return { node: sequence([call, others]), triggers: [], leftOut };
  }

  /** The frame of an answer's text, without its closer: the model ends there. */
  #writeTextFrame(body: Node): Node | undefined {
    const route = this.#layout.routes.find(({ to, when }) => to === 'text' && Object.keys(when).length > 0);
    return route && sequence([...this.#writeHead(route), body]);
  }

  /** Thoughts in frames before the first call; an open one has its header in the prompt. */
  #join(first: Node, thoughts: Node): readonly Node[] {
    if (this.#request.options.reasoning === 'open') return [thoughts, this.#writeOpener()];
    return [first, thoughts];
  }

  #writeOpener(): Node {
    const role = this.#layout.header.find(({ field }) => field === 'role');
    return sequence([writeMark(this.#layout.frameOpen), role ? sequence([writeMark(role.after), text('assistant')]) : emptyText]);
  }

  #writeCallFrame(tool: Tool): Node | undefined {
    const route = this.#layout.routes.find(({ to }) => to === 'call');
    if (!route) return undefined;
    const { options, writing } = this.#request;
    const inner = writeCall(options.dialect.call, { writing, tool, ends: this.#ends });
    if (!inner) return undefined;
    const { recipient, body } = route.when;
    const prefix = typeof recipient === 'object' && 'prefix' in recipient ? recipient.prefix : '';
    const header = this.#writeHeader(route, body ? undefined : prefix + tool.name);
    return sequence([...header, text(body?.[0] ?? spellMark(this.#layout.bodyOpen[0] ?? '')), inner, this.#writeClose('call')]);
  }

  /** The fields behind the role. */
  #writeHeader({ when }: Route, recipient: string | undefined): readonly Node[] {
    return this.#layout.header.flatMap(({ field, after }: HeaderField) => {
      if (field === 'recipient' && recipient !== undefined) return [writeMark(after), text(recipient)];
      return field === 'channel' && when.channel?.[0] !== undefined ? [writeMark(after), text(when.channel[0])] : [];
    });
  }

  /** Bodies of thoughts end with the first closer, calls with the last. */
  #writeClose(of: 'call' | 'reasoning'): Node {
    if (this.#layout.endsAtNextFrame === true) return emptyText;
    return writeMark(this.#layout.frameClose.at(of === 'call' ? -1 : 0) ?? '');
  }

  #writeReasoning(opener: Node): Node {
    const { reasoning = 'none' } = this.#request.options;
    const route = this.#layout.routes.find(({ to }) => to === 'reasoning');
    if (reasoning === 'none' || !route) return emptyText;
    const body = sequence([until(listSpellings(this.#ends)), this.#writeClose('reasoning')]);
    if (reasoning === 'open') return body;
    return optional(sequence([...this.#writeHead(route), body, opener]));
  }

  /** The header of a frame that is no call, and the opener of its body. */
  #writeHead(route: Route): readonly Node[] {
    const { recipient, body } = route.when;
    const name = typeof recipient === 'object' && 'equals' in recipient ? recipient.equals[0] : undefined;
    return [...this.#writeHeader(route, name), text(body?.[0] ?? spellMark(this.#layout.bodyOpen[0] ?? ''))];
  }
}
