import { compileDialect } from '../../parsing/compile-dialect.ts';
import { readTurn } from '../../parsing/read-turn.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { CallState } from '../../protocol/event.ts';
import { failLine, type LineFailure, type LineId } from '../lines/answer-lines.ts';
import { makeCallId } from './call-id.ts';
import { findFormat, type KnownFormats } from './find-format.ts';
import { readId, readLine, readObject } from './read-line.ts';

/** What a line is answered with, its fields in this order. */
export type LineAnswer = ReadAnswer | LineFailure;

interface ReadAnswer {
  readonly id: LineId;
  /** name of the dialect it was read in */
  readonly dialect: string;
  readonly content: string;
  readonly reasoning: string;
  readonly tool_calls: readonly AnswerCall[];
  /** offsets and lengths in UTF-16 units of the joined chunks */
  readonly issues: readonly { readonly code: string; readonly offset: number; readonly length: number }[];
}

interface AnswerCall {
  readonly id: string;
  readonly name: string;
  /** JSON text */
  readonly arguments: string;
  readonly state: CallState;
}

/** Reads the answer that a line holds. `lineNumber` stands in for a missing id where call ids are made. Never throws: a bad line is answered with its error. */
export function answerLine(line: string, lineNumber: number, known: KnownFormats): LineAnswer {
  let id: LineId = null;
  try {
    const fields = readObject(line);
    id = readId(fields);
    const { wish, options, chunks, end } = readLine(fields);
    const format = findFormat(wish, known);
    if (!format) throw new GatewayError('invalid_request', 'Nothing names the format. Give `dialect`, `template` or `model`.');
    const turn = readTurn(compileDialect(format.definition), chunks, { ...options, end });
    const answerId = id === null ? `line ${lineNumber}` : String(id);
    const calls = turn.calls.map((call, index) => ({
      id: call.id || makeCallId(answerId, index),
      name: call.name,
      arguments: call.argumentsJson,
      state: call.state,
    }));
    return { id, dialect: format.name, content: turn.text, reasoning: turn.reasoning, tool_calls: calls, issues: turn.issues };
  } catch (error) {
    return failLine(id, error);
  }
}
