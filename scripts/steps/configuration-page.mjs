const mark = '<!-- keys: generated from src/server/config/schema by scripts/generate-docs.mjs -->';

/** docs/configuration.md: what people wrote up to the mark, and after it every key of the schema. */
export function renderConfigurationPage(page, schema) {
  const written = page.slice(0, page.indexOf(mark) + mark.length);
  const sections = Object.entries(schema.properties).map(([name, property]) => renderSection(name, property));
  return `${[written, ...sections].join('\n\n')}\n`;
}

function renderSection(name, property) {
  const rows = listKeys(property, '').map(({ path, kind, what }) => `| \`${path || name}\` | ${kind} | ${cell(what)} |`);
  return [
    `### \`${name}\``,
    '',
    ...(property.description ? [cell(property.description), ''] : []),
    '| key | takes | what |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Each key once: those of alternatives that share it are told where it comes first. */
function listKeys(property, path, seen = new Set()) {
  const shapes = property.anyOf ?? property.oneOf ?? [property];
  const maps = shapes.flatMap((shape) =>
    shape.properties ? [shape] : shape.items ? listShapes(shape.items) : listShapes(shape.additionalProperties),
  );
  const inner = maps.flatMap((shape) => Object.entries(shape.properties));
  if (inner.length === 0) return path === '' ? [{ path, kind: kindOf(property), what: property.description ?? '' }] : [];
  return inner.flatMap(([name, value]) => {
    const own = path === '' ? name : `${path}.${name}`;
    if (seen.has(own)) return [];
    seen.add(own);
    const same = inner.filter(([other]) => other === name).map(([, other]) => kindOf(other));
    const kind = 'const' in value ? [...new Set(same)].join(', ') : kindOf(value);
    return [{ path: own, kind, what: value.description ?? '' }, ...listKeys(value, own, seen)];
  });
}

function listShapes(schema) {
  if (typeof schema !== 'object' || schema === null) return [];
  return (schema.anyOf ?? schema.oneOf ?? [schema]).filter((shape) => shape.properties);
}

function kindOf({ type, anyOf, oneOf, enum: words, const: word, items, properties }) {
  if (words) return words.map((each) => `\`${each}\``).join(', ');
  if (word !== undefined) return `\`${word}\``;
  const shapes = anyOf ?? oneOf;
  if (shapes) return [...new Set(shapes.map(kindOf))].join(' or ');
  if (type === 'array') return `list${items?.type === 'string' ? ' of texts' : ''}`;
  if (type === 'object') return properties ? 'section' : 'map';
  return { string: 'text', integer: 'number', number: 'number', boolean: 'true or false' }[type] ?? 'any';
}

function cell(words) {
  return words.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
