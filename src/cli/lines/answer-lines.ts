import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { GatewayError } from '../../protocol/error.ts';
import { LineSplitter } from './line-splitter.ts';
import { readChunks } from './read-input.ts';

/** Longest line, in bytes: the rest of a longer one is passed over, and it is answered with an error. */
export const mostLineBytes = 64 * 1024 * 1024;

/** What tells lines apart; null where a line has none. */
export type LineId = string | number | null;

/** What a bad line is answered with. */
export interface LineFailure {
  readonly id: LineId;
  readonly error: string;
}

/**
 * Answers each line with one JSON line, in order, as soon as it is there. One line is in memory at a time, and a reader that is slow stops the reading.
 * Resolves at the end of the input. `answer` does not throw.
 */
export async function answerLines(input: Readable, output: Writable, answer: (line: string, lineNumber: number) => object): Promise<void> {
  const splitter = new LineSplitter(mostLineBytes);
  let lineNumber = 0;
  const write = async (line: string | Error): Promise<void> => {
    lineNumber += 1;
    const result = line instanceof Error ? { id: null, error: line.message } : answer(line, lineNumber);
    if (!output.write(`${JSON.stringify(result)}\n`)) await once(output, 'drain');
  };
  for await (const chunk of readChunks(input)) {
    for (const line of splitter.push(chunk)) await write(line);
  }
  for (const line of splitter.end()) await write(line);
}

/** The answer to a line that failed, under its id where that could be read. */
export function failLine(id: LineId, error: unknown): LineFailure {
  if (error instanceof GatewayError) return { id, error: error.message };
  return { id, error: `A fault of Rookery; please report it with this line: ${error instanceof Error ? error.message : String(error)}` };
}
