import { GatewayError } from '../../protocol/error.ts';

/** A schema that can't be used. `pointer` is the JSON pointer of the place; the code is `invalid_request`. */
export function makeSchemaError(pointer: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `The schema can't be used: ${problem}, at ${describePlace(pointer)}.`);
}

function describePlace(pointer: string): string {
  const shown = pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer;
  return shown === '' ? 'its top' : shown;
}

/** One more step of a JSON pointer. */
export function extendPointer(pointer: string, ...steps: readonly (string | number)[]): string {
  return [pointer, ...steps.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}
