import type { Command } from 'commander';

/** One command of `rookery`. The name of the file is its name. */
export interface CommandDefinition {
  /** one line for the list of commands */
  readonly summary: string;
  /** command lines that work as printed; shown by `--help` */
  readonly examples: readonly { readonly line: string; readonly what: string }[];
  /** Adds arguments, options and the action. Heavy parts are imported inside the action, so that `--help` stays fast. */
  readonly configure: (command: Command) => void;
}

/** Names the type of a command's definition; the file's default export. */
export function defineCommand(definition: CommandDefinition): CommandDefinition {
  return definition;
}
