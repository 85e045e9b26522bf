/**
 * `rookery/templates`: renders conversations with chat templates as transformers does, fits them to what a template was seen to do, and checks templates.
 *
 * ```ts
 * import { compileChatTemplate, describeMessage } from 'rookery/templates';
 *
 * const template = compileChatTemplate({ default: source }, { bos_token: '<s>' }); // keep it
 * const messages = [describeMessage({ role: 'user', content: 'Hi' })];
 * const conversation = { messages, tools: undefined, addGenerationPrompt: true, variables: new Map() };
 * const { text } = template.render(conversation, { now: new Date() });
 * console.log(text, template.traits(true).calls.parallel);
 * ```
 */
export { type ChatTemplate, compileChatTemplate, type Fitting, type RenderedPrompt, type RenderOptions } from './chat-template.ts';
export { conversations } from './check/battery.ts';
export { compareTemplates, type Difference, findParting, type Outcome, type Parting } from './check/compare.ts';
export { type Fault, type FaultName, faultMeanings } from './check/fault.ts';
export { findFaults } from './check/find-faults.ts';
export { findContentFormat } from './content-format.ts';
export { type Conversation, describeMessage, describeTool } from './conversation.ts';
export { chooseTemplate, type NamedTemplates } from './named-templates.ts';
export type { Fix, Wording } from './normalise/draft.ts';
export { type OwnTemplate, ownTemplates } from './own/index.ts';
export type { TemplateTraits } from './probe/traits.ts';
export { readTokenizerConfig, type TokenizerConfig } from './tokenizer-config.ts';
