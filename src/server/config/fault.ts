/** A place in a file; both counts begin at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something that is wrong, or is left aside, and where. */
export interface Fault {
  readonly place: Place;
  /** the keys down to it: `models.qwen.targets[0]`; empty for a file as a whole */
  readonly path: string;
  readonly problem: string;
}

/** Faults of one reading, in the order of the files. */
export interface FaultList {
  readonly faults: readonly Fault[];
  readonly add: (fault: Fault) => void;
}

/** One place has one fault: what follows from the first is not said. */
export function createFaultList(): FaultList {
  const faults: Fault[] = [];
  const add = (fault: Fault): void => {
    if (!faults.some(({ place, path }) => comparePlaces(place, fault.place) === 0 && path === fault.path)) faults.push(fault);
  };
  return { faults, add };
}

/** `file:line:column: path: problem` */
export function renderFault({ place: { file, line, column }, path, problem }: Fault): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${problem}`;
}

/** At most `most` of them, one a line, and how many there are besides. */
export function renderFaults(faults: readonly Fault[], most = 20): string {
  const lines = faults.slice(0, most).map(renderFault);
  return [...lines, ...(faults.length > most ? [`and ${faults.length - most} more.`] : [])].join('\n');
}

/** For sorting: by file in the order of `files`, then by line and column. */
export function comparePlaces(first: Place, second: Place, files: readonly string[] = []): number {
  if (first.file !== second.file) return files.indexOf(first.file) - files.indexOf(second.file) || (first.file < second.file ? -1 : 1);
  return first.line - second.line || first.column - second.column;
}

/** `models.qwen.targets[0]`; a key that is no plain word stands in brackets: `models["a b"]`. */
export function showPath(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step.slice(0, 80))}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
