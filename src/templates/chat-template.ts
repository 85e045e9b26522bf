import type { IdSpec } from '../dialects/dialect.ts';
import { compileCached, JinjaError, type Template, type Value } from '../jinja/index.ts';
import { GatewayError } from '../protocol/error.ts';
import type { LiteralJson } from '../text/literal-json.ts';
import type { Conversation } from './conversation.ts';
import { chooseTemplate, type NamedTemplates } from './named-templates.ts';
import type { Fix, Wording } from './normalise/draft.ts';
import { normalise } from './normalise/normalise.ts';
import { probeTemplate } from './probe/probe-template.ts';
import type { TemplateTraits } from './probe/traits.ts';
import type { SpecialTokenVariables } from './tokenizer-config.ts';

/** How a conversation is rendered. */
export interface RenderOptions {
  /** what `strftime_now` shows */
  readonly now: Date;
  /** how the conversation is made to fit the template; undefined: it is rendered as it is */
  readonly fitting?: Fitting | undefined;
  /** default 16 Mi */
  readonly maxOutputChars?: number;
}

/** What fitting a conversation takes besides the template's own traits. */
export interface Fitting {
  /** the ids that the model's tool-call format wants */
  readonly ids?: IdSpec | undefined;
  readonly wording: Wording;
}

/** A rendered conversation. */
export interface RenderedPrompt {
  readonly text: string;
  /** what was changed so that the template prints it */
  readonly fixes: readonly Fix[];
}

/** A model's compiled chat templates. */
export interface ChatTemplate {
  /** The exact prompt. Throws `template_failed` with the template's own words when it refuses the conversation. */
  render(conversation: Conversation, options: RenderOptions): RenderedPrompt;
  /** What the template for requests with or without tools does with every kind of input; found by trying, once. */
  traits(hasTools: boolean): TemplateTraits;
}

/** Names that no variable may have: they are the conversation's own, or functions that templates call. */
const reservedNames = new Set([
  'messages',
  'tools',
  'add_generation_prompt',
  'raise_exception',
  'strftime_now',
  'chat_template',
  'tokenize',
]);

/**
 * Compiles a model's chat templates, each at its first use. Throws `template_failed`, then, when a source is no template, or when there is none for
 * a conversation.
 */
export function compileChatTemplate(templates: NamedTemplates, specialTokens: SpecialTokenVariables): ChatTemplate {
  const choose = (hasTools: boolean, hasDocuments: boolean): Template => {
    const source = chooseTemplate(templates, { hasTools, hasDocuments });
    if (source === undefined) throw fail('is missing', 'it has none for a conversation like this.');
    return attempt('cannot be read', () => compileCached(source));
  };
  return {
    traits: (hasTools) => traitsOf(choose(hasTools, false)),
    render: (conversation, { now, fitting, ...limits }) => {
      const hasTools = (conversation.tools?.length ?? 0) > 0;
      const template = choose(hasTools, conversation.variables.has('documents'));
      const fitted = fitting ? normalise(conversation, { ...fitting, traits: traitsOf(template) }) : { conversation, fixes: [] };
      const text = attempt('refuses this conversation', () =>
        template.render(listVariables(fitted.conversation, specialTokens), { now, ...limits }),
      ).text;
      const once = fitting ? dropSecondBegin(text, specialTokens.bos_token) : text;
      return { text: once, fixes: once === text ? fitted.fixes : [...fitted.fixes, 'one-begin-token'] };
    },
  };
}

function listVariables(conversation: Conversation, specialTokens: SpecialTokenVariables): ReadonlyMap<string, LiteralJson | Value> {
  const { messages, tools, addGenerationPrompt, variables } = conversation;
  const given = new Map<string, LiteralJson | Value>([['documents', null], ...Object.entries(specialTokens)]);
  for (const [name, value] of variables) {
    if (reservedNames.has(name)) throw refuseVariable(name);
    given.set(name, value);
  }
  return given
    .set('messages', messages)
    .set('tools', tools ?? null)
    .set('add_generation_prompt', addGenerationPrompt);
}

function refuseVariable(name: string): GatewayError {
  const message = `A template variable may not be called \`${name}\`: the conversation itself, or a function of templates, has that name.`;
  return new GatewayError('invalid_request', message, { param: 'chat_template_kwargs' });
}

/** A prompt begins once: templates that print the begin token twice were in circulation. */
function dropSecondBegin(text: string, begin: string | undefined): string {
  let kept = text;
  while (begin && kept.startsWith(begin) && kept.startsWith(begin, begin.length)) kept = kept.slice(begin.length);
  return kept;
}

const traitsByTemplate = new WeakMap<Template, TemplateTraits>();

function traitsOf(template: Template): TemplateTraits {
  let traits = traitsByTemplate.get(template);
  if (!traits) {
    traits = probeTemplate((variables, now) => renderProbe(template, variables, now));
    traitsByTemplate.set(template, traits);
  }
  return traits;
}

/** What a probe takes is far less than what a conversation may; a template that never ends is found out by the first. */
const probeSteps = 200_000;

function renderProbe(template: Template, variables: ReadonlyMap<string, LiteralJson>, now: Date): string {
  try {
    return template.render(variables, { now, maxSteps: probeSteps, maxOutputChars: 1024 * 1024 }).text;
  } catch (cause) {
    if (cause instanceof JinjaError && cause.kind === 'limit') throw fail('takes too much', cause.message, cause);
    throw cause;
  }
}

function attempt<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof JinjaError) throw fail(what, cause.message, cause);
    throw cause;
  }
}

function fail(what: string, words: string, cause?: JinjaError): GatewayError {
  return new GatewayError('template_failed', `The model's chat template ${what}: ${words}`, { cause, param: 'messages' });
}
