/**
 * A step that failed in a way a person can mend. `message` says what happened, `nextStep` what to do,
 * `output` is the end of what the failed program printed ('' for nothing).
 */
export class StepFailure extends Error {
  constructor(message, nextStep, output = '') {
    super(message);
    this.name = 'StepFailure';
    this.nextStep = nextStep;
    this.output = output;
  }
}

/** Prints a failure as a person needs it and sets the exit code; anything but a StepFailure keeps its stack. */
export function reportFailure(error) {
  process.exitCode = 1;
  if (!(error instanceof StepFailure)) {
    process.stderr.write(`\n${error?.stack ?? error}\n`);
    return;
  }
  const output = error.output === '' ? '' : `\n${error.output.replace(/^/gm, '  ')}\n`;
  process.stderr.write(`\n✖ ${error.message}\n${output}\nNext step: ${error.nextStep}\n\n`);
}

/** A failure of the file system in a person's words; other errors come back as they are. */
export function explainFileError(error, doing) {
  const words = {
    ENOSPC: ['The disk is full', 'free some room (about 400 MB is enough) and run the command again.'],
    EDQUOT: ['Your disk quota is used up', 'free some room (about 400 MB is enough) and run the command again.'],
    EACCES: ['A file may not be written', 'make the checkout yours (`sudo chown -R "$USER" .`) and run the command again.'],
    EPERM: ['A file may not be written', 'make the checkout yours (`sudo chown -R "$USER" .`) and run the command again.'],
    EROFS: ['The checkout lies on a read-only file system', 'copy it to a place that can be written and run the command there.'],
  }[error?.code];
  return words === undefined ? error : new StepFailure(`${words[0]} (${doing}): ${error.message}`, words[1]);
}
