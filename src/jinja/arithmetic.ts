import { charge, chargeJoin, chargeText } from './budget.ts';
import { JinjaError, typeError } from './errors.ts';
import { escapeText } from './escape.ts';
import { formatPercent } from './format.ts';
import { integerOf, Markup, numberOf, PyFloat, PyTuple, toInteger, typeNameOf, Undefined, type Value } from './values.ts';

/** The operators between two values. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Python's binary operators. Raises as Python does; an undefined operand raises that it is undefined. */
export function operate(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '+') return add(left, right);
  if (left instanceof Undefined) throw left.fail();
  if (operator === '%' && (typeof left === 'string' || left instanceof Markup)) return formatText(left, right);
  if (right instanceof Undefined) throw right.fail();
  if (operator === '*') {
    const repeated = repeat(left, right) ?? repeat(right, left);
    if (repeated !== undefined) return repeated;
  }
  return calculate(operator, left, right);
}

/** Python's `+`. */
export function add(left: Value, right: Value): Value {
  if (typeof left === 'string' && typeof right === 'string') return joinTwo(left, right);
  if (left instanceof Undefined) throw left.fail();
  if (right instanceof Undefined) throw right.fail();
  if (left instanceof Markup || right instanceof Markup) return addMarkup(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    chargeText((left.length + right.length) * 16);
    return [...left, ...right];
  }
  if (left instanceof PyTuple && right instanceof PyTuple) {
    chargeText((left.items.length + right.items.length) * 16);
    return new PyTuple([...left.items, ...right.items]);
  }
  if (typeof left === 'string') throw typeError(`can only concatenate str (not "${typeNameOf(right)}") to str`);
  if (Array.isArray(left)) throw typeError(`can only concatenate list (not "${typeNameOf(right)}") to list`);
  return calculate('+', left, right);
}

function joinTwo(left: string, right: string): string {
  chargeJoin(left.length + right.length, Math.max(left.length, right.length));
  return left + right;
}

function addMarkup(left: Value, right: Value): Value {
  const [first, second] = [escapeText(left), escapeText(right)];
  const known = typeof left === 'string' || typeof right === 'string' || (left instanceof Markup && right instanceof Markup);
  if (known) return new Markup(joinTwo(first, second));
  throw typeError(`can only concatenate str (not "${typeNameOf(left instanceof Markup ? right : left)}") to str`);
}

function formatText(left: string | Markup, right: Value): Value {
  if (typeof left === 'string') return formatPercent(left, right);
  return new Markup(formatPercent(left.text, right, escapeText));
}

function repeat(value: Value, times: Value): Value | undefined {
  const isRepeatable = typeof value === 'string' || value instanceof Markup || Array.isArray(value) || value instanceof PyTuple;
  const count = isRepeatable ? integerOf(times) : undefined;
  if (count === undefined) return undefined;
  const most = Number(count);
  if (typeof value === 'string') return repeatText(value, most);
  if (value instanceof Markup) return new Markup(repeatText(value.text, most));
  const items = value instanceof PyTuple ? value.items : (value as Value[]);
  chargeText(items.length * most * 16);
  const repeated: Value[] = [];
  for (let turn = 0; turn < most && items.length > 0; turn++) repeated.push(...items);
  return value instanceof PyTuple ? new PyTuple(repeated) : repeated;
}

function repeatText(text: string, times: number): string {
  if (times <= 0 || text === '') return '';
  chargeText(text.length * times);
  return text.repeat(times);
}

function calculate(operator: BinaryOperator, left: Value, right: Value): Value {
  const [first, second] = [integerOf(left), integerOf(right)];
  if (first !== undefined && second !== undefined) return calculateIntegers(operator, first, second);
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one === undefined || other === undefined) {
    throw typeError(
      `unsupported operand type(s) for ${operator === '**' ? '** or pow()' : operator}: '${typeNameOf(left)}' and '${typeNameOf(right)}'`,
    );
  }
  return new PyFloat(calculateFloats(operator, one, other));
}

function calculateFloats(operator: BinaryOperator, left: number, right: number): number {
  if (right === 0 && (operator === '/' || operator === '//' || operator === '%')) {
    throw typeError(operator === '/' ? 'float division by zero' : operator === '//' ? 'float floor division by zero' : 'float modulo');
  }
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (operator === '/') return left / right;
  if (operator === '//') return floorDivide(left, right);
  if (operator === '%') return floorModulo(left, right);
  return raiseFloat(left, right);
}

function floorModulo(left: number, right: number): number {
  const rest = left % right;
  if (rest === 0) return right < 0 ? -0 : 0;
  return rest < 0 !== right < 0 ? rest + right : rest;
}

function floorDivide(left: number, right: number): number {
  const rest = floorModulo(left, right);
  const quotient = (left - rest) / right;
  if (quotient === 0) return left / right < 0 ? -0 : 0;
  const floored = Math.floor(quotient);
  return quotient - floored > 0.5 ? floored + 1 : floored;
}

function raiseFloat(left: number, right: number): number {
  if (left === 0 && right < 0) throw typeError('0.0 cannot be raised to a negative power');
  if (left < 0 && Number.isFinite(left) && Number.isFinite(right) && !Number.isInteger(right)) {
    throw new JinjaError('type', 'A negative number to a broken power is a complex number, which templates do not have here.');
  }
  if (left === 1 || (left === -1 && !Number.isFinite(right))) return 1;
  const raised = left ** right;
  if (!Number.isFinite(raised) && Number.isFinite(left) && Number.isFinite(right)) throw typeError("(34, 'Numerical result out of range')");
  return raised;
}

function calculateIntegers(operator: BinaryOperator, left: number | bigint, right: number | bigint): Value {
  if (operator === '/') return divideIntegers(left, right);
  if (operator === '**') return raiseInteger(left, right);
  if (Number(right) === 0 && (operator === '//' || operator === '%')) {
    throw typeError(operator === '//' ? 'integer division or modulo by zero' : 'integer modulo by zero');
  }
  if (typeof left === 'number' && typeof right === 'number') {
    const result = calculateSmall(operator, left, right);
    if (Number.isSafeInteger(result)) return result + 0;
  }
  return toInteger(calculateLarge(operator, BigInt(left), BigInt(right)));
}

function calculateSmall(operator: BinaryOperator, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  const rest = floorModulo(left, right);
  return operator === '%' ? rest : (left - rest) / right;
}

function calculateLarge(operator: BinaryOperator, left: bigint, right: bigint): bigint {
  chargeDigits(left, right);
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  let quotient = left / right;
  if (quotient * right !== left && left < 0n !== right < 0n) quotient -= 1n;
  return operator === '//' ? quotient : left - quotient * right;
}

function divideIntegers(left: number | bigint, right: number | bigint): Value {
  if (Number(right) === 0) throw typeError('division by zero');
  const quotient = typeof left === 'number' && typeof right === 'number' ? left / right : divideExactly(BigInt(left), BigInt(right));
  if (!Number.isFinite(quotient)) throw typeError('integer division result too large for a float');
  return new PyFloat(quotient);
}

/** The float nearest to a quotient: enough bits of it, the lowest telling whether there are more, rounded once. */
function divideExactly(left: bigint, right: bigint): number {
  const [top, bottom] = [left < 0n ? -left : left, right < 0n ? -right : right];
  chargeDigits(top, bottom);
  const shift = Math.max(0, 70 + 4 * (countDigits(bottom) - countDigits(top)));
  const scaled = top << BigInt(shift);
  const quotient = scaled / bottom;
  const size = Number(quotient | (quotient * bottom === scaled ? 0n : 1n)) / 2 ** shift;
  return left < 0n === right < 0n ? size : -size;
}

const mostDigits = 10_000;

/** Long multiplication and division take the digits of one number for each of the other's. */
function chargeDigits(left: bigint, right: bigint): void {
  charge((countDigits(left) * countDigits(right)) / 16384);
}

function countDigits(value: bigint): number {
  const length = value.toString(16).length;
  if (length > mostDigits) throw new JinjaError('limit', `The template makes a number of more than ${mostDigits} hexadecimal digits.`);
  return length;
}

function raiseInteger(left: number | bigint, right: number | bigint): Value {
  if (right < 0) {
    if (Number(left) === 0) throw typeError('0.0 cannot be raised to a negative power');
    return new PyFloat(Number(left) ** Number(right));
  }
  const small = Number(left) ** Number(right);
  if (Number.isSafeInteger(small) && typeof left === 'number') return small + 0;
  if (countDigits(BigInt(left)) * Number(right) > mostDigits) {
    throw new JinjaError('limit', `The template makes a number of more than ${mostDigits} hexadecimal digits.`);
  }
  const raised = BigInt(left) ** BigInt(right);
  chargeDigits(raised, raised);
  return toInteger(raised);
}

/** Python's unary `-` and `+`. */
export function applySign(operator: '-' | '+', value: Value): Value {
  if (value instanceof Undefined) throw value.fail();
  const integer = integerOf(value);
  if (integer !== undefined) return operator === '+' ? integer : typeof integer === 'bigint' ? toInteger(-integer) : 0 - integer;
  if (value instanceof PyFloat) return operator === '+' ? value : new PyFloat(-value.value);
  throw typeError(`bad operand type for unary ${operator}: '${typeNameOf(value)}'`);
}
