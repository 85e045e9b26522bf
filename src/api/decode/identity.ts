import type { AgentIdentity } from '../../protocol/agent.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ApiCall } from '../surface.ts';
import { optional, text } from './decoder.ts';
import { given } from './given.ts';

/** Headers that name the agent, its run and its step, the strongest first. All are optional. */
const headerNames = {
  agent: ['x-rookery-agent', 'x-agent-id', 'x-session-id'],
  run: ['x-rookery-run', 'x-run-id'],
  step: ['x-rookery-step', 'x-step'],
} as const;

const mostChars = 256;

/**
 * Whose turn it is: from headers, else the body's `user`. Names have at most 256 characters.
 * Throws `invalid_request` for a longer one or a step that is not a whole number.
 */
export function readIdentity(headers: ApiCall['headers'], body: JsonObject): AgentIdentity {
  const step = readHeader(headers, headerNames.step);
  if (step !== undefined && !/^\d{1,15}$/.test(step.value)) {
    throw new GatewayError('invalid_request', `The header \`${step.name}\` must be a whole number of at most 15 digits.`, {
      param: step.name,
    });
  }
  return given({
    agent: readHeader(headers, headerNames.agent)?.value ?? optional(body, 'user', text(0, mostChars)),
    run: readHeader(headers, headerNames.run)?.value,
    step: step === undefined ? undefined : Number(step.value),
  });
}

function readHeader(headers: ApiCall['headers'], names: readonly string[]): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = headers[name];
    if (typeof value !== 'string' || value === '') continue;
    if (value.length > mostChars)
      throw new GatewayError('invalid_request', `The header \`${name}\` has more than ${mostChars} characters.`, { param: name });
    return { name, value };
  }
  return undefined;
}
