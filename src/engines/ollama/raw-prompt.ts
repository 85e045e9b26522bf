import type { DialectDefinition, Mark, Span } from '../../dialects/dialect.ts';
import { dialects } from '../../dialects/index.ts';
import type { EnginePrompt, SpecialTokens } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { breakSpellings } from './break-spellings.ts';

/**
 * The text of a prompt for raw generation. Ollama puts the begin-of-text token before every prompt of a model that wants it, so the one that a chat template wrote is cut.
 * It reads control tokens in any text: in a caller's own words such a spelling is broken by a word joiner behind its first letter, which the model sees.
 */
export function writeRawPrompt(
  { segments, isRendered }: Extract<EnginePrompt, { readonly form: 'segments' }>,
  { bos, addsBos, control }: SpecialTokens,
): string {
  const text = segments.map((segment) => (segment.isLiteral ? breakSpellings(segment.text, control) : segment.text)).join('');
  const isDouble = isRendered && addsBos && bos !== undefined && text.startsWith(bos);
  const prompt = isDouble ? text.slice(bos.length) : text;
  if (prompt !== '') return prompt;
  throw new GatewayError('invalid_request', 'Ollama answers no empty prompt. Send a text.', { param: 'prompt' });
}

/** What closes the thoughts that the end of a prompt has opened; undefined: it has opened none. */
export function findThoughtsCloser(prompt: string): string | undefined {
  const end = prompt.slice(-tailChars).trimEnd();
  return thoughtSpans.find(({ open }) => end.endsWith(open))?.close;
}

/** Characters at a prompt's end in which thoughts may be opened. */
const tailChars = 256;

const thoughtSpans = Object.values(dialects).flatMap(({ layout }: DialectDefinition) => {
  if (layout.kind !== 'inline' || layout.reasoning === undefined) return [];
  const spans: readonly Span[] = 'open' in layout.reasoning ? [layout.reasoning] : layout.reasoning;
  return spans.map(({ open, close }) => ({ open: spellMark(open), close: spellMark(close) })).filter(({ open }) => open !== '');
});

function spellMark(mark: Mark): string {
  return (typeof mark === 'string' ? mark : mark.text).trim();
}
