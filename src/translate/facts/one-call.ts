import { type FactStep, mayCallTools, sourceOf } from './fact-step.ts';

/** A model that was not made for several calls in a turn makes one, unless the caller asks for several: then it may, and a warning says what to expect. */
export const limitToOneCall: FactStep = (request, { knowledge: { family, model }, act, warn }) => {
  const fact = family?.parallelCalls;
  if (fact?.value !== false || request.parallelToolCalls === false || !mayCallTools(request)) return request;
  const why = `'${model.id}' makes one call a turn (${sourceOf(fact)})`;
  if (request.parallelToolCalls === true) {
    warn(`\`parallel_tool_calls\` is true, but ${why}: several may be lost or wrong. Leave it out to get one at a time.`);
    return request;
  }
  act('one-call');
  warn(`Answers have one call at most, since ${why}. Send \`parallel_tool_calls: true\` to let it try several.`);
  return { ...request, parallelToolCalls: false };
};
