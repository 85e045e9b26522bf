/** Longest text that waits for the end of a turn of the event loop. */
const mostWaitingChars = 64 * 1024;

/** Writes lines to a stream of this process, those of one turn of the event loop at once: under load one write serves many requests. What waits when the process ends is written then. */
export function openLineWriter(stream: NodeJS.WritableStream): (line: string) => void {
  let waiting = '';
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    if (text !== '') stream.write(text);
  };
  process.on('exit', flush);
  return (line) => {
    if (waiting === '') setImmediate(flush);
    waiting += line;
    if (waiting.length >= mostWaitingChars) flush();
  };
}
