import type { LiteralJson } from '../../text/literal-json.ts';
import { isLiteralObject, withMembers } from '../conversation.ts';
import type { Variation } from '../probe/traits.ts';
import type { StepContext } from './draft.ts';

/** Tools as the template can print them: no empty list, and a description and parameters where it fails without. */
export function fitTools(tools: readonly LiteralJson[] | undefined, { traits, note }: StepContext): readonly LiteralJson[] | undefined {
  if (tools === undefined) {
    if (!harms(traits.tools.none)) return undefined;
    note('no-tools-as-empty-list');
    return [];
  }
  if (tools.length === 0) {
    if (traits.tools.empty === 'same' || harms(traits.tools.none)) return tools;
    note('empty-tools-left-out');
    return undefined;
  }
  const isBad = (given: LiteralJson | undefined, missing: Variation, nothing: Variation): boolean =>
    (given === undefined && harms(missing)) || (given === null && harms(nothing));
  return tools.map((tool) => {
    const described = isLiteralObject(tool) ? tool.get('function') : undefined;
    if (!isLiteralObject(tool) || !isLiteralObject(described)) return tool;
    const filled: Record<string, LiteralJson> = {};
    if (isBad(described.get('description'), traits.tools.missingDescription, traits.tools.nullDescription)) filled.description = '';
    const parameters = described.get('parameters');
    if (isBad(parameters, traits.tools.missingParameters, traits.tools.nullParameters)) filled.parameters = noParameters;
    else if (parameters && harms(traits.tools.bareParameter)) {
      const whole = describeAll(parameters);
      if (whole !== parameters) filled.parameters = whole;
    }
    if (Object.keys(filled).length === 0) return tool;
    note('tools-filled');
    return withMembers(tool, { function: withMembers(described, filled) });
  });
}

/** The same schema where every property has a description. */
function describeAll(schema: LiteralJson): LiteralJson {
  const properties = isLiteralObject(schema) ? schema.get('properties') : undefined;
  if (!isLiteralObject(schema) || !isLiteralObject(properties)) return schema;
  let hasChanged = false;
  const described = new Map(
    [...properties].map(([name, property]) => {
      const inner = describeAll(property);
      const whole = isLiteralObject(inner) && !inner.has('description') ? withMembers(inner, { description: '' }) : inner;
      hasChanged ||= whole !== property;
      return [name, whole];
    }),
  );
  return hasChanged ? withMembers(schema, { properties: described }) : schema;
}

/** A prompt that only reads differently is the template's own way to show what is missing. */
function harms(variation: Variation): boolean {
  return variation === 'refused' || variation === 'prints-none';
}

const noParameters: LiteralJson = new Map<string, LiteralJson>([
  ['type', 'object'],
  ['properties', new Map()],
]);
