import { execFile } from 'node:child_process';
import { totalmem } from 'node:os';

/** Free memory of the largest GPU, bytes; 0 when there is none that llama.cpp would use. Asks `nvidia-smi`, at most two seconds. */
export async function findFreeGpuBytes(signal: AbortSignal): Promise<number> {
  // Apple's GPU shares the memory; two thirds of it can be wired
  if (process.platform === 'darwin' && process.arch === 'arm64') return (totalmem() * 2) / 3;
  const question = ['--query-gpu=memory.free', '--format=csv,noheader,nounits'];
  return new Promise((resolve) => {
    execFile('nvidia-smi', question, { timeout: 2000, signal }, (error, stdout) => {
      const megabytes = error ? [] : stdout.split('\n').map(Number).filter(Number.isFinite);
      resolve(Math.max(0, ...megabytes) * 1024 * 1024);
    });
  });
}
