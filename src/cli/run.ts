import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { GatewayError } from '../protocol/error.ts';
import { findNearestName } from '../text/nearest-name.ts';
import type { CommandDefinition } from './commands/command.ts';
import { createStyle, describeFailure } from './output.ts';

/** What a command line runs with. */
export interface ProgramOptions {
  readonly commands: Readonly<Record<string, CommandDefinition>>;
  /** runs when the line names none */
  readonly defaultCommand: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly isColoured: boolean;
}

/** Runs a command line, without the program's own name. Gives the exit code: 0, 1 for a failure, 2 for a wrong line. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<number> {
  try {
    refuseUnknownCommand(args[0], Object.keys(options.commands));
    await createProgram(options).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has printed its message, or the help that was asked for
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    options.writeError(describeFailure(error, createStyle(options.isColoured)));
    return error instanceof GatewayError && error.code === 'bad_usage' ? 2 : 1;
  }
}

function createProgram(options: ProgramOptions): Command {
  const program = new Command('rookery')
    .description('An inference node for multi-agent systems: one OpenAI-compatible endpoint in front of every engine.')
    .version(readVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({ writeOut: options.writeOut, writeErr: options.writeError, getOutHasColors: () => options.isColoured })
    .showHelpAfterError('Run with --help for examples.');
  for (const [name, definition] of Object.entries(options.commands)) {
    const command = program.command(name, { isDefault: name === options.defaultCommand });
    command.copyInheritedSettings(program).summary(definition.summary).description(definition.summary);
    command.addHelpText('after', renderExamples(definition.examples));
    definition.configure(command);
  }
  const shown = options.commands[options.defaultCommand]?.examples ?? [];
  return program.addHelpText('after', `${renderExamples(shown)}\nWithout a command, \`${options.defaultCommand}\` runs.`);
}

function renderExamples(examples: CommandDefinition['examples']): string {
  const width = Math.max(0, ...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, what }) => `  ${line.padEnd(width)}  ${what}`);
  return lines.length === 0 ? '' : `\nExamples:\n${lines.join('\n')}`;
}

/** The default command would take an unknown name for an argument of its own, and say something misleading. */
function refuseUnknownCommand(name: string | undefined, names: readonly string[]): void {
  if (name === undefined || name.startsWith('-') || name === 'help' || names.includes(name)) return;
  const nearest = findNearestName(name, names);
  const hint = nearest === undefined ? `There are: ${names.join(', ')}.` : `Did you mean \`${nearest}\`?`;
  throw new GatewayError('bad_usage', `There is no command "${name.slice(0, 64)}". ${hint}`);
}

function readVersion(): string {
  const { version } = createRequire(import.meta.url)('rookery/package.json') as { version: string };
  return version;
}
