// A reporter for `node --test`: one JSON line for each test that began, ended or was skipped, for the summary of scripts/test.mjs.
export default async function* record(source) {
  for await (const { type, data } of source) {
    const line = lineOf(type, data);
    if (line !== undefined) yield `${JSON.stringify(line)}\n`;
  }
}

function lineOf(type, data) {
  const where = { name: data?.name, file: data?.file, nesting: data?.nesting };
  if (type === 'test:dequeue') return { kind: 'begin', ...where };
  if (type !== 'test:pass' && type !== 'test:fail') return undefined;
  const skip = data.skip ?? data.todo;
  const reason = typeof skip === 'string' && skip !== '' ? skip : 'no reason given';
  const isSuite = data.details?.type === 'suite';
  return {
    kind: 'end',
    ...where,
    passed: type === 'test:pass',
    isSuite,
    ...(skip === undefined || skip === false ? {} : { skipped: reason }),
  };
}
