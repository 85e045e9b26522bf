/** What is watched, and what happens when it stands still. */
export interface StepWatch {
  /** something is being worked on */
  readonly isBusy: () => boolean;
  /** asks the child how many steps it has made; may take for ever */
  readonly countSteps: () => Promise<number>;
  readonly onHang: () => void;
  /** a busy child that makes no step for so long is stuck, milliseconds */
  readonly limitMs: number;
}

/** Looks four times within the limit whether a busy child still makes steps. Returns what ends the watch. */
export function watchSteps({ isBusy, countSteps, onHang, limitMs }: StepWatch): () => void {
  let steps = -1;
  let movedMs = performance.now();
  let isAsking = false;
  const ask = async (): Promise<void> => {
    isAsking = true;
    const counted = await countSteps().catch(() => steps);
    isAsking = false;
    if (counted === steps) return;
    steps = counted;
    movedMs = performance.now();
  };
  const look = (): void => {
    if (!isBusy()) movedMs = performance.now();
    else if (performance.now() - movedMs > limitMs) {
      movedMs = performance.now();
      onHang();
    } else if (!isAsking) void ask();
  };
  const timer = setInterval(look, limitMs / 4);
  timer.unref();
  return () => clearInterval(timer);
}
