import type { JsonValue } from '../../protocol/json.ts';
import { type CallSetting, showLoop } from './call-setting.ts';
import { calledTools, makeTool, marks, userTurn } from './marks.ts';
import { compare, judge, type Prober, type Shown } from './prober.ts';
import type { Handling, ToolTraits, ToolVariable, Variation } from './traits.ts';

const otherVariables: readonly ToolVariable[] = ['xml_tools', 'python_tools', 'custom_tools'];

/** Looks at where and how tools are described. */
export function probeTools(setting: CallSetting): ToolTraits {
  const { prober } = setting;
  const handling = judgeTools(prober.show([userTurn], { variables: { tools: calledTools } }), marks.call);
  const variables = [...(handling === 'printed' ? (['tools'] as const) : []), ...findOtherVariables(prober)];
  const absent = prober.show([userTurn], { variables: { tools: undefined } });
  return {
    variable: variables[0],
    variables,
    handling,
    inToolLoop: judge(showLoop(setting), marks.toolDescription, marks.parameter),
    empty: compare(absent, prober.show([userTurn], { variables: { tools: [] } })),
    none: compare(absent, prober.show([userTurn], { variables: { tools: null } })),
    ...compareTools(prober, variables[0] ?? 'tools'),
  };
}

function judgeTools(shown: Shown, name: string): Handling {
  return judge(shown, name, marks.toolDescription, marks.parameter);
}

/** All in one prompt, each with a tool of its own; one after the other where that is refused. */
function findOtherVariables(prober: Prober): readonly ToolVariable[] {
  const given = Object.fromEntries(otherVariables.map((variable) => [variable, [makeTool(`qx1${variable}`)]]));
  const together = prober.show([userTurn], { variables: given });
  return otherVariables.filter((variable) => {
    const shown = together ?? prober.show([userTurn], { variables: { [variable]: given[variable] } });
    return judgeTools(shown, `qx1${variable}`) === 'printed';
  });
}

type ToolVariations = Pick<ToolTraits, 'missingDescription' | 'nullDescription' | 'missingParameters' | 'nullParameters' | 'bareParameter'>;

function compareTools(prober: Prober, variable: ToolVariable): ToolVariations {
  const show = (more: Readonly<Record<string, JsonValue | undefined>>): Shown =>
    prober.show([userTurn], { variables: { [variable]: [makeTool(marks.call, more)] } });
  const vary = (key: string, plain: JsonValue, other: null | undefined): Variation =>
    compare(show({ [key]: plain }), show({ [key]: other }));
  const emptySchema = { type: 'object', properties: {} };
  return {
    missingDescription: vary('description', '', undefined),
    nullDescription: vary('description', '', null),
    missingParameters: vary('parameters', emptySchema, undefined),
    nullParameters: vary('parameters', emptySchema, null),
    bareParameter: compare(
      show({ parameters: schemaOf({ type: 'string', description: '' }) }),
      show({ parameters: schemaOf({ type: 'string' }) }),
    ),
  };
}

function schemaOf(parameter: JsonValue): JsonValue {
  return { type: 'object', properties: { [marks.parameter]: parameter }, required: [marks.parameter] };
}
