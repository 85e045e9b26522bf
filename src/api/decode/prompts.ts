import type { Prompt } from '../../protocol/request.ts';
import { type Decoder, list, text, wrongValue } from './decoder.ts';
import { tokenIds } from './sampling.ts';

const expected = 'a text, a list of texts, a list of token ids, or a list of such lists';

/** One or more prompts, each a text or token ids, in any of the four forms of OpenAI's `prompt` and `input`. */
export function promptList(most: number, leastChars = 0): Decoder<readonly Prompt[]> {
  const oneText = text(leastChars);
  return (value, path) => {
    if (typeof value === 'string') return [oneText(value, path)];
    if (!Array.isArray(value) || value.length === 0) throw wrongValue(path, expected, value);
    if (typeof value[0] === 'number') return [tokenIds(value, path)];
    if (typeof value[0] === 'string') return list(oneText, 1, most)(value, path);
    if (Array.isArray(value[0])) return list(tokenIds, 1, most)(value, path);
    throw wrongValue(path, expected, value);
  };
}
