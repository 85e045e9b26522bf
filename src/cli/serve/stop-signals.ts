/** Signals that stop a server, with the exit code of each when it ends a process at once. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** A signal that stops a server. */
export type StopSignal = keyof typeof exitCodes;

/** What stopping takes. */
export interface StopOptions {
  /** milliseconds on a clock that never goes back */
  readonly now: () => number;
  /** the first signal has come */
  readonly onFirst: (signal: StopSignal) => void;
  /** a later one has: end at once with this code */
  readonly onForce: (exitCode: number) => void;
}

/** One Ctrl-C under `npm start` arrives twice, a millisecond apart. */
const repeatMs = 500;

/** Tells a first signal from a repeated one (within 500 ms, ignored) and from a later one, which forces the end. */
export function createStopper(options: StopOptions): (signal: StopSignal) => void {
  let firstMs: number | undefined;
  return (signal) => {
    const nowMs = options.now();
    if (firstMs === undefined) {
      firstMs = nowMs;
      options.onFirst(signal);
    } else if (nowMs - firstMs >= repeatMs) options.onForce(exitCodes[signal]);
  };
}

/** Sends this process's stop signals to a stopper; gives the end of that. */
export function listenToSignals(stop: (signal: StopSignal) => void): () => void {
  const names = Object.keys(exitCodes) as StopSignal[];
  for (const name of names) process.on(name, stop);
  return () => {
    for (const name of names) process.off(name, stop);
  };
}
