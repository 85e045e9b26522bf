const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const tickMs = 120;
const plainLineMs = 5000;
const quietMs = 2000;

/**
 * Runs `work` and shows that it goes on: a turning line with the seconds on a terminal, else a plain line after 2 s and then every 5 s.
 * Work that ends within 2 s and does not fail leaves no trace. All of it goes to stderr: stdout belongs to the program.
 */
export async function showProgress(title, work, stream = process.stderr) {
  const startMs = Date.now();
  const stop = stream.isTTY ? turn(title, startMs, stream) : tell(title, startMs, stream);
  try {
    const result = await work();
    stop();
    if (Date.now() - startMs >= quietMs) stream.write(`✔ ${title} (${secondsSince(startMs)} s)\n`);
    return result;
  } catch (error) {
    stop();
    throw error;
  }
}

function turn(title, startMs, stream) {
  let tick = 0;
  const timer = setInterval(() => {
    stream.write(`\r\x1b[K${frames[tick++ % frames.length]} ${title} … ${secondsSince(startMs)} s`);
  }, tickMs);
  return () => {
    clearInterval(timer);
    if (tick > 0) stream.write('\r\x1b[K');
  };
}

function tell(title, startMs, stream) {
  const say = () => stream.write(`… ${title} (${secondsSince(startMs)} s)\n`);
  const first = setTimeout(say, quietMs);
  const timer = setInterval(say, plainLineMs);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}

function secondsSince(startMs) {
  return Math.round((Date.now() - startMs) / 1000);
}
