import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { type LastWord, lastWordPipe, type TrialLimits, type WatchOrder } from './grammar-trial-messages.ts';

// a thread of the trial process: the main one may be inside llama.cpp for ever, so this one looks at the clock and the memory and ends the process

const everyMs = 20;
let timer: NodeJS.Timeout | undefined;

parentPort?.on('message', (order: WatchOrder) => {
  clearInterval(timer);
  if (order.watch) timer = setInterval(makeCheck(order.limits), everyMs);
});

function makeCheck({ cpuMs, memoryMb }: TrialLimits): () => void {
  const before = process.cpuUsage();
  const rssBefore = process.memoryUsage.rss();
  return () => {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 > cpuMs) end('slow');
    if (process.memoryUsage.rss() - rssBefore > memoryMb * 1024 * 1024) end('large');
  };
}

function end(why: LastWord): void {
  writeSync(lastWordPipe, why);
  // libraries may listen to any other signal, on the thread that is busy
  process.kill(process.pid, 'SIGKILL');
}
