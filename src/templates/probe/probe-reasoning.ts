import type { JsonObject } from '../../protocol/json.ts';
import { type CallSetting, showLoop, writeCallTurn } from './call-setting.ts';
import { answerTurn, secondUserTurn, userTurn } from './marks.ts';
import { findOpening } from './probe-prompt.ts';
import { judge, type Prober, type Shown } from './prober.ts';
import type { EffortVariable, ReasoningField, ReasoningTraits, ThinkingToggle } from './traits.ts';

const thoughts: Readonly<Record<ReasoningField, string>> = {
  reasoning_content: 'QX1THOUGHT',
  reasoning: 'QX2THOUGHT',
  thinking: 'QX3THOUGHT',
};
const fields: readonly ReasoningField[] = ['reasoning_content', 'reasoning', 'thinking'];

/** Looks which thoughts stay in the prompt, and for the variables that steer thinking. */
export function probeReasoning(setting: CallSetting): ReasoningTraits {
  const { prober } = setting;
  const toggle = findToggle(prober);
  const thinking = toggle === undefined ? {} : { [toggle.variable]: toggle.on };
  const inline = { ...answerTurn, content: `<think>\n${thoughts.reasoning}\n</think>\n\n${answerTurn.content}` };
  const showAnswer = (answer: JsonObject): Shown => prober.show([userTurn, answer, secondUserTurn], { variables: thinking });
  return {
    inToolLoop: findFields((more) =>
      showLoop(setting, { callTurn: writeCallTurn(setting, more) }, { variables: { ...setting.variables, ...thinking } }),
    ),
    inHistory: findFields((more) => showAnswer({ ...answerTurn, ...more })),
    inline: judge(showAnswer(inline), thoughts.reasoning),
    toggle,
    effort: findEffort(prober, thinking),
  };
}

/** All fields at once; only the first where that is refused. */
function findFields(show: (more: JsonObject) => Shown): readonly ReasoningField[] {
  const shown = show(thoughts) ?? show({ reasoning_content: thoughts.reasoning_content });
  return fields.filter((field) => shown?.includes(thoughts[field]));
}

type Switch = Pick<ThinkingToggle, 'variable' | 'on' | 'off'>;

/** Variables that templates are known to read, in the order in which they are tried. */
const switches: readonly Switch[] = [
  { variable: 'enable_thinking', on: true, off: false },
  { variable: 'thinking', on: true, off: false },
  { variable: 'reasoning', on: true, off: false },
  { variable: 'thinking_mode', on: 'enabled', off: 'disabled' },
  { variable: 'thinking_budget', on: -1, off: 0 },
];

/** All switches at once first: most templates have none. */
function findToggle(prober: Prober): ThinkingToggle | undefined {
  const allOn = Object.fromEntries(switches.map(({ variable, on }) => [variable, on]));
  const allOff = Object.fromEntries(switches.map(({ variable, off }) => [variable, off]));
  if (showWith(prober, allOn) === showWith(prober, allOff)) return undefined;
  const found = switches.find(({ variable, on, off }) => showWith(prober, { [variable]: on }) !== showWith(prober, { [variable]: off }));
  return found && describeToggle(prober, found);
}

function describeToggle(prober: Prober, { variable, on, off }: Switch): ThinkingToggle {
  const absent = showWith(prober, {});
  const isOn = absent === showWith(prober, { [variable]: on });
  const isOff = absent === showWith(prober, { [variable]: off });
  return {
    variable,
    on,
    off,
    preset: isOn ? 'on' : isOff ? 'off' : undefined,
    tails: { absent: findOpening(prober), on: findOpening(prober, { [variable]: on }), off: findOpening(prober, { [variable]: off }) },
  };
}

const effortNames = ['reasoning_effort', 'thinking_effort'] as const;
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'max'] as const;

/** With thinking turned on: some templates look at the effort only then. Both names at once first: most templates have neither. */
function findEffort(prober: Prober, thinking: JsonObject): EffortVariable | undefined {
  const differs = (names: readonly string[]): boolean => {
    const [low, high, max] = ['low', 'high', 'max'].map((effort) =>
      showWith(prober, { ...thinking, ...Object.fromEntries(names.map((name) => [name, effort])) }),
    );
    return low !== high || high !== max;
  };
  if (!differs(effortNames)) return undefined;
  const name = effortNames.find((each) => differs([each]));
  return name && { name, accepted: efforts.filter((effort) => showWith(prober, { ...thinking, [name]: effort }) !== undefined) };
}

function showWith(prober: Prober, variables: JsonObject): Shown {
  return prober.show([userTurn], { variables });
}
