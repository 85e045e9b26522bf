#!/usr/bin/env node
import { commands } from './commands/index.ts';
import { hasColours } from './output.ts';
import { runProgram } from './run.ts';

// a reader such as `head` that has seen enough is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runProgram(process.argv.slice(2), {
  commands,
  defaultCommand: 'serve',
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  isColoured: hasColours(process.stderr, process.env),
});
