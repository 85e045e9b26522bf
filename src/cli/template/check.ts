import { GatewayError } from '../../protocol/error.ts';
import { type FoundTemplates, findTemplates, type TemplatePlaces } from '../../sources/template-files.ts';
import { fetchTemplates, isTemplateUrl } from '../../sources/template-url.ts';
import { conversations } from '../../templates/check/battery.ts';
import { compareTemplates, type Difference } from '../../templates/check/compare.ts';
import { type LiteralJsonObject, parseLiteralJson } from '../../text/literal-json.ts';
import type { Style } from '../output.ts';
import { type Examination, examine, renderAsIs } from './examine.ts';
import { characterCutter, type PromptCutter, showDifferences } from './show-differences.ts';
import { showExamination } from './show-examination.ts';

/** Flags of `rookery template check`. */
export interface CheckFlags {
  readonly against?: string;
  /** a running server whose prompts are compared: `[kind=]address[,key=env:NAME]` */
  readonly server?: string;
  /** of the server's models; default: its only one */
  readonly model?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly cacheDir?: string;
}

/** What checking takes besides the flags. */
export interface CheckSettings {
  readonly places: TemplatePlaces;
  readonly style: Style;
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
  /** cuts prompts into the model's tokens; undefined where no tokenizer lies beside the template */
  readonly openCutter: (reference: string) => Promise<PromptCutter | undefined>;
}

/** A fixed day, so that two templates see the same. */
const checkTime = new Date('2025-07-04T13:05:09Z');

/**
 * Renders a battery of conversations with a model's chat template, tells its faults, and where another is named the first place where their prompts part.
 * Throws `template_faulty` after the report when something fails the check, so that CI stops.
 */
export async function checkTemplate(reference: string, flags: CheckFlags, settings: CheckSettings): Promise<void> {
  const { places, signal, style, write } = settings;
  const find = (each: string) => (isTemplateUrl(each) ? fetchTemplates(each, signal) : findTemplates(each, places));
  const found = await find(reference);
  const other = flags.against === undefined ? undefined : await find(flags.against);
  const examination = examine(found, reference, flags.strict ?? false);
  const differences = other === undefined ? undefined : compare(found, other);
  if (flags.json === true) write(`${JSON.stringify({ ...examination, differences }, undefined, 2)}\n`);
  else {
    write(showExamination(examination, style));
    if (differences && other) {
      const cutter = (await settings.openCutter(reference)) ?? characterCutter;
      write(`\n${await showDifferences(differences, conversations.size, { cutter, style, names: [found.origin, other.origin] })}`);
    }
  }
  throwIfBad(examination, differences ?? []);
}

/** Both render every conversation as it is, with the special tokens of the model under check. */
function compare(found: FoundTemplates, other: FoundTemplates): readonly Difference[] {
  const tokens = Object.keys(found.specialTokens).length > 0 ? found.specialTokens : other.specialTokens;
  const [left, right] = [found, other].map(({ templates }) => renderAsIs(templates));
  const battery = [...conversations].map(([name, json]): [string, LiteralJsonObject] => {
    const given = parseLiteralJson(json) as LiteralJsonObject;
    return [name, new Map([...given, ...Object.entries(tokens)])];
  });
  return left && right ? compareTemplates(left, right, new Map(battery), checkTime) : [];
}

function throwIfBad({ faults, contradictions }: Examination, differences: readonly Difference[]): void {
  const grave = faults.filter(({ isGrave }) => isGrave).length;
  const parts = [
    ...(grave > 0 ? [`${grave} ${grave === 1 ? 'fault' : 'faults'}`] : []),
    ...(contradictions.length > 0 ? [`${contradictions.length} contradictions with what is known of the model`] : []),
    ...(differences.length > 0 ? [`${differences.length} conversations that are rendered differently`] : []),
  ];
  if (parts.length > 0) throw new GatewayError('template_faulty', `The chat template has ${parts.join(', ')}.`);
}
