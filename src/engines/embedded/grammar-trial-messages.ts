/** What a trial process starts with. */
export interface TrialSetUp {
  /** what to import: `node-llama-cpp`, or the file URL of a copy in the cache folder */
  readonly enginePackage: string;
  readonly limits: TrialLimits;
}

/** Bounds of one trial. */
export interface TrialLimits {
  /** processor time */
  readonly cpuMs: number;
  /** memory of the process beyond what it has when it begins */
  readonly memoryMb: number;
}

/** Parent to process: a user's grammar. */
export interface TrialQuestion {
  readonly grammar: string;
}

/** Process to parent: it is ready, or how a trial went. */
export type TrialAnswer = { readonly type: 'ready' } | { readonly type: 'passed' } | { readonly type: 'refused'; readonly reason: string };

/** The process to its watching thread. */
export type WatchOrder = { readonly watch: true; readonly limits: TrialLimits } | { readonly watch: false };

/** Why the watching thread ended the process; it says so before. */
export type LastWord = 'slow' | 'large';

/** The pipe for the last word. The main thread, through which messages go, may never come back. */
export const lastWordPipe = 4;
