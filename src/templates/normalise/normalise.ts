import type { IdSpec } from '../../dialects/dialect.ts';
import { type Conversation, isLiteralObject } from '../conversation.ts';
import type { TemplateTraits } from '../probe/traits.ts';
import { fitCallIds } from './call-ids.ts';
import { dropEmptyCalls, fitArguments, splitCalls, tellCalls } from './calls.ts';
import { fitContents, splitTexts } from './content.ts';
import type { DraftMessage, Fix, StepContext, Wording } from './draft.ts';
import { nameReasoning, nameResults, tellResults } from './results.ts';
import { joinSystems, joinTurns, moveSystem, renameDeveloper } from './roles.ts';
import { fitTools } from './tools.ts';

/** What normalising takes besides the conversation. */
export interface NormaliseOptions {
  readonly traits: TemplateTraits;
  readonly ids?: IdSpec | undefined;
  readonly wording: Wording;
}

/** A conversation that its template can print, and what was changed for that. */
export interface Normalised {
  readonly conversation: Conversation;
  /** in the order of the steps, each once */
  readonly fixes: readonly Fix[];
}

/** The order counts: roles before contents, ids before results find their calls, all of it before turns are joined. */
const steps: readonly ((messages: readonly DraftMessage[], context: StepContext) => readonly DraftMessage[])[] = [
  renameDeveloper,
  joinSystems,
  dropEmptyCalls,
  splitTexts,
  fitContents,
  fitArguments,
  fitCallIds,
  nameResults,
  nameReasoning,
  splitCalls,
  tellCalls,
  tellResults,
  moveSystem,
  joinTurns,
];

/**
 * Changes what a template would refuse, lose or print wrongly, as its traits tell, and nothing else: a conversation that the template takes as it is
 * comes back as it is.
 */
export function normalise(conversation: Conversation, { traits, ids, wording }: NormaliseOptions): Normalised {
  const fixes = new Set<Fix>();
  const hasTools = (conversation.tools?.length ?? 0) > 0;
  const context: StepContext = { traits, hasTools, ids, wording, note: (fix) => fixes.add(fix) };
  const tools = fitTools(conversation.tools, context);
  const given = conversation.messages;
  // a message that is no object is the template's to refuse
  const messages = given.every(isLiteralObject) ? steps.reduce((draft, step) => step(draft, context), given) : given;
  const { variable } = traits.tools;
  const isElsewhere = hasTools && variable !== undefined && variable !== 'tools' && !conversation.variables.has(variable);
  if (isElsewhere) context.note('tools-in-own-variable');
  const variables = isElsewhere && tools ? new Map([...conversation.variables, [variable, tools]]) : conversation.variables;
  return { conversation: { ...conversation, messages, tools, variables }, fixes: [...fixes] };
}
