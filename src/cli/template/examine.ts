import { detectDialect } from '../../dialects/detect/detect-dialect.ts';
import { resolveDialect } from '../../dialects/detect/resolve-dialect.ts';
import { dialects } from '../../dialects/index.ts';
import { compileCached, JinjaError } from '../../jinja/index.ts';
import { findModel } from '../../models/match/find-model.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { FoundTemplates } from '../../sources/template-files.ts';
import { type ChatTemplate, compileChatTemplate } from '../../templates/chat-template.ts';
import type { RenderTemplate } from '../../templates/check/bench.ts';
import type { Fault, FaultName } from '../../templates/check/fault.ts';
import { findFaults } from '../../templates/check/find-faults.ts';
import { isLiteralList } from '../../templates/conversation.ts';
import { chooseTemplate, type NamedTemplates } from '../../templates/named-templates.ts';
import type { TemplateTraits } from '../../templates/probe/traits.ts';
import { makeWording } from '../../translate/wording.ts';

/** A fault, and whether Rookery's fitting before rendering hides it from callers. */
export interface JudgedFault extends Fault {
  readonly isMended: boolean;
  /** it fails the check */
  readonly isGrave: boolean;
}

/** What a chat template is and does. */
export interface Examination {
  readonly origin: string;
  readonly names: readonly string[];
  /** the format of calls that its markers ask for */
  readonly dialect: string | undefined;
  /** undefined where the template is no Jinja */
  readonly traits: TemplateTraits | undefined;
  readonly faults: readonly JudgedFault[];
  /** what the template and the facts of its family disagree about */
  readonly contradictions: readonly string[];
}

/**
 * What every server that speaks OpenAI's API sets right before it renders; such a fault is a note where it is mended. All others fail the check: who takes
 * the template as it is would meet them.
 */
const mendable: ReadonlySet<FaultName> = new Set([
  ...(['developer-refused', 'developer-lost', 'system-refused', 'null-tools-refused', 'empty-tools-differ'] as const),
  ...(['string-arguments-refused', 'string-arguments-differ', 'object-arguments-refused', 'parallel-calls-refused'] as const),
  ...(['parallel-call-lost', 'empty-calls-refused', 'empty-calls-differ', 'short-ids-refused', 'null-content-refused'] as const),
  ...(['null-content-printed', 'content-parts-refused', 'content-parts-differ'] as const),
]);

/** Renders a battery with a model's templates, as they are and as Rookery fits conversations to them. `isStrict`: every fault is grave. */
export function examine(found: FoundTemplates, reference: string, isStrict: boolean): Examination {
  const template = compileChatTemplate(found.templates, found.specialTokens);
  const source = chooseTemplate(found.templates, { hasTools: true, hasDocuments: false }) ?? '';
  const dialect = detectDialect(source);
  const raw = findFaults(renderAsIs(found.templates));
  const traits = raw.some(({ fault }) => fault === 'does-not-compile') ? undefined : template.traits(true);
  // a template that never tells of tools was not made for their calls
  const tellsTools = traits?.tools.variable !== undefined;
  const remaining = new Set(findFaults(renderFitted(template)).map(({ fault }) => fault));
  const faults = raw.map((fault): JudgedFault => {
    const isMended = !remaining.has(fault.fault);
    const isMendable = mendable.has(fault.fault) || (fault.fault === 'calls-lost' && !tellsTools);
    return { ...fault, isMended, isGrave: isStrict || !isMended || !isMendable };
  });
  const names = Object.keys(found.templates);
  return { origin: found.origin, names, dialect, traits, faults, contradictions: listContradictions(reference, dialect, traits) };
}

/** Renders variables as they are, with the template that was made for them. */
export function renderAsIs(templates: NamedTemplates): RenderTemplate {
  return (variables, now) => {
    const tools = variables.get('tools');
    const needs = { hasTools: isLiteralList(tools) && tools.length > 0, hasDocuments: variables.has('documents') };
    return compileCached(chooseTemplate(templates, needs) ?? '').render(variables, { now }).text;
  };
}

/** Renders what checks give as the server would. A refusal is the template's own error. */
export function renderFitted(template: ChatTemplate): RenderTemplate {
  const fitting = { wording: makeWording({ definition: dialects.envelope }) };
  return (given, now) => {
    const variables = new Map(given);
    const take = (name: string) => {
      const value = variables.get(name);
      variables.delete(name);
      return value;
    };
    const [messages, tools, begun] = [take('messages'), take('tools'), take('add_generation_prompt')];
    const conversation = {
      messages: isLiteralList(messages) ? messages : [],
      tools: isLiteralList(tools) ? tools : undefined,
      addGenerationPrompt: begun === true,
      variables,
    };
    try {
      return template.render(conversation, { now, fitting }).text;
    } catch (error) {
      throw error instanceof GatewayError && error.cause instanceof JinjaError ? error.cause : error;
    }
  };
}

function listContradictions(reference: string, dialect: string | undefined, traits: TemplateTraits | undefined): readonly string[] {
  const family = findModel(reference);
  if (family === undefined || traits === undefined) return [];
  const known = resolveDialect(family.definition.dialect.value);
  const found: string[] = [];
  if (known !== undefined && dialect !== undefined && known !== dialect) {
    found.push(`models/${family.name} says the dialect is ${known}, the template's markers say ${dialect}`);
  }
  if (family.definition.parallelCalls?.value === true && (traits.calls.parallel === 'first-only' || traits.calls.parallel === 'refused')) {
    found.push(`models/${family.name} says several calls a turn are fine, the template takes one`);
  }
  return found;
}
