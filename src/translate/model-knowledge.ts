import { type DialectsByName, detectDialect } from '../dialects/detect/detect-dialect.ts';
import { fitDialect, listSpecialMarkers } from '../dialects/detect/fit-dialect.ts';
import { resolveDialect } from '../dialects/detect/resolve-dialect.ts';
import type { DialectDefinition } from '../dialects/dialect.ts';
import { dialects as builtInDialects } from '../dialects/index.ts';
import { findForModel, type ModelPattern } from '../dialects/validate/model-pattern.ts';
import { findModel } from '../models/match/find-model.ts';
import { parametersOfName } from '../models/match/parameters-of-name.ts';
import type { ModelDefinition } from '../models/model.ts';
import type { EngineModel, PrintedForms, SpecialTokens } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { ToolPreamble } from '../protocol/request.ts';
import { type ChatTemplate, compileChatTemplate } from '../templates/chat-template.ts';
import { chooseTemplate, type NamedTemplates } from '../templates/named-templates.ts';
import { type FactOverrides, overrideFamily, overrideModel } from './fact-overrides.ts';

/** A dialect under its name, fitted to a model's vocabulary. */
export interface KnownDialect {
  readonly name: string;
  readonly definition: DialectDefinition;
  /** control tokens that its markers are */
  readonly specialMarkers: readonly string[];
  /** the model's other control tokens, the longest first; all of them where markers are what turns are made of */
  readonly foreignMarkers: readonly string[];
}

/** The tool-call formats of a node. */
export interface KnownFormats {
  readonly dialects: DialectsByName;
  /** models whose dialect the user has named */
  readonly models: readonly ModelPattern[];
}

const builtIn: KnownFormats = { dialects: builtInDialects, models: [] };

/** What the operator says of a model. */
export interface ModelSettings {
  /** tool-call formats, the user's own among them; default: the built-in ones */
  readonly formats?: KnownFormats;
  /** chat templates in place of the model's own */
  readonly templates?: NamedTemplates;
  /** how tools are told where a request does not say; default `official` */
  readonly toolPreamble?: ToolPreamble;
  /** whether calls that it begins are bound to the tools' names and schemas where a request does not say; default: for models under 7B */
  readonly constrainToolCalls?: boolean;
  /** what the operator knows better of this very model */
  readonly overrides?: FactOverrides;
}

/** What is known of a served model: what its engine tells, what its family is known for, how it writes. Made once for a model. */
export interface ModelKnowledge {
  readonly model: EngineModel;
  readonly family: ModelDefinition | undefined;
  /** how its chat template asks it to write calls; undefined: its template is not given the tools, or asks for a form nobody here knows */
  readonly dialect: KnownDialect | undefined;
  /** how it is asked in words */
  readonly prompted: KnownDialect;
  /** its chat templates; undefined: it has none, or its engine renders by itself */
  readonly template: ChatTemplate | undefined;
  /** what its engine's own template prints; undefined: it cannot be asked */
  readonly printed: PrintedForms | undefined;
  /** how tools are told where a request does not say */
  readonly toolPreamble: ToolPreamble;
  /** calls that it begins are bound where a request does not say */
  readonly constrainsToolCalls: boolean;
  /** what the operator lets it do */
  readonly limits: { readonly takesTools: boolean; readonly outputTokens: number | undefined };
}

/** Models with fewer parameters get calls wrong too often to write them freely. Source: reference/mission.md, row 11. */
const freeFromParameters = 7e9;

/**
 * Finds a model's dialect: by the user's own patterns, else by the markers in its chat template, else by its name if the template takes tools at all.
 * A template without tools leaves `dialect` undefined, whatever the name says: the model would never see them.
 */
export function learnModel(told: EngineModel, settings: ModelSettings = {}): ModelKnowledge {
  const { dialects: among, models } = settings.formats ?? builtIn;
  const { overrides = {} } = settings;
  const model = overrideModel(told, overrides);
  const family = overrideFamily(findModel(overrides.likeModel ?? model.base ?? model.id)?.definition, overrides);
  const templates = settings.templates ?? templatesOf(model);
  const template = templates && openTemplate(templates, model.specialTokens);
  const { printed } = model;
  const named =
    overrides.dialect ?? findForModel(model.id, models) ?? (model.base === undefined ? undefined : findForModel(model.base, models));
  const name = named === undefined ? findName({ template, templates, printed, family, among }) : resolveDialect(named, among);
  const { toolPreamble = settings.toolPreamble ?? 'official', constrainToolCalls = 'auto' } = overrides;
  return {
    ...{ template, printed, model, family, toolPreamble },
    limits: { takesTools: overrides.tools ?? true, outputTokens: overrides.outputTokens },
    dialect: name === undefined ? undefined : makeKnown(name, model, among),
    constrainsToolCalls: constrainToolCalls === 'auto' ? (settings.constrainToolCalls ?? isSmall(model, family)) : constrainToolCalls,
    prompted: makeKnown('envelope', model, { ...builtInDialects, ...among }),
  };
}

/** Where its engine does not tell its size, the name may; else the largest of its family counts. */
function isSmall({ id, base, parameters }: EngineModel, family: ModelDefinition | undefined): boolean {
  const largestB = family?.parametersB?.value[1];
  const known = parameters ?? parametersOfName(base ?? id) ?? (largestB === undefined ? freeFromParameters : largestB * 1e9);
  return known < freeFromParameters;
}

function templatesOf({ chatTemplate, templateVariants }: EngineModel): NamedTemplates | undefined {
  return chatTemplate === undefined ? undefined : { ...templateVariants, default: chatTemplate };
}

function openTemplate(templates: NamedTemplates, specialTokens: SpecialTokens): ChatTemplate {
  const { bos, eos, unknown, padding } = specialTokens;
  const named = { bos_token: bos, eos_token: eos, unk_token: unknown, pad_token: padding };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return compileChatTemplate(templates, Object.fromEntries(given));
}

interface DialectSearch {
  readonly template: ChatTemplate | undefined;
  readonly templates: NamedTemplates | undefined;
  readonly printed: PrintedForms | undefined;
  readonly family: ModelDefinition | undefined;
  readonly among: DialectsByName;
}

/** By what tells of calls: the template's source, or what the engine has printed with its own. */
function findName({ template, templates, printed, family, among }: DialectSearch): string | undefined {
  const source = templates && chooseTemplate(templates, { hasTools: true, hasDocuments: false });
  const shown = template && source !== undefined ? (showsTools(template) ? source : undefined) : printed?.call;
  if (shown === undefined) return undefined;
  return detectDialect(shown, among) ?? (family && resolveDialect(family.dialect.value, among));
}

/** Whether a template tells the model of its tools, found by trying. One that cannot be read tells of nothing; requests are refused when they need it. */
function showsTools(template: ChatTemplate): boolean {
  try {
    return template.traits(true).tools.variable !== undefined;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

function makeKnown(name: string, model: EngineModel, among: DialectsByName): KnownDialect {
  const definition = among[name];
  if (!definition) throw new Error(`There is no dialect '${name}'.`);
  const fitted = fitDialect(definition, model.specialTokens.control);
  const specialMarkers = listSpecialMarkers(fitted);
  const { control } = model.specialTokens;
  const isInline = fitted.layout.kind === 'inline' && specialMarkers.length > 0;
  const foreignMarkers = isInline ? control.filter((spelling) => !specialMarkers.includes(spelling)) : control;
  return { name, definition: fitted, specialMarkers, foreignMarkers };
}
