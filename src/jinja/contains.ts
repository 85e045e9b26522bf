import { hashOf, isEqual } from './compare.ts';
import { typeError } from './errors.ts';
import { hasText } from './find-text.ts';
import { isIterable, iterate } from './iterate.ts';
import { DictView, Markup, PyDict, textOf, typeNameOf, Undefined, type Value } from './values.ts';

/** Python's `item in container`. Raises for what holds nothing. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string' || container instanceof Markup) {
    const part = textOf(item);
    if (part === undefined) throw typeError(`'in <string>' requires string as left operand, not ${typeNameOf(item)}`);
    return hasText(textOf(container) ?? '', part);
  }
  if (container instanceof PyDict) return container.entries.has(hashOf(item));
  if (container instanceof DictView && container.typeName === 'dict_keys') return container.dict.entries.has(hashOf(item));
  if (container instanceof Undefined) return false;
  if (!isIterable(container)) throw typeError(`argument of type '${typeNameOf(container)}' is not iterable`);
  for (const one of iterate(container)) if (isEqual(one, item)) return true;
  return false;
}
