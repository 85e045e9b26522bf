import { Worker } from 'node:worker_threads';
import type { Grammar } from '../../grammars/ir.ts';
import { sample } from '../../grammars/sample.ts';
import gbnf from '../../grammars/targets/gbnf.ts';
import { readUserGrammar } from '../../grammars/user-grammar/read-user-grammar.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { TrialAnswer, TrialQuestion, TrialSetUp, WatchOrder } from './grammar-trial-messages.ts';

// the code of a trial process: it reads a user's grammar, writes it as we do and lets llama.cpp follow texts that it allows

/** Internals of the pinned version of node-llama-cpp: no type says them. */
interface TrialBindings {
  readonly AddonGrammar: new (
    grammar: string,
    options: { addonExports: TrialBindings; rootRuleName: string },
  ) => { isTextCompatible(text: string): boolean };
}

const { enginePackage, limits } = JSON.parse(process.argv[2] ?? '{}') as TrialSetUp;
const bindings = await loadBindings();
const watch = new Worker(new URL('./grammar-trial-watch.js', import.meta.url), { execArgv: [] });
watch.unref();
watch.once('online', () => send({ type: 'ready' }));

process.on('message', ({ grammar }: TrialQuestion) => {
  tell({ watch: true, limits });
  const answer = tryGrammar(grammar);
  tell({ watch: false });
  send(answer);
});
// a terminal's Ctrl-C reaches the whole group: the parent decides when to end
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

async function loadBindings(): Promise<TrialBindings> {
  const { getLlama } = (await import(enginePackage)) as { getLlama(options: object): Promise<{ _bindings: TrialBindings }> };
  const { _bindings } = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, logLevel: 'disabled' });
  return _bindings;
}

function tell(order: WatchOrder): void {
  watch.postMessage(order);
}

function send(answer: TrialAnswer): void {
  if (process.connected) process.send?.(answer);
}

function tryGrammar(source: string): TrialAnswer {
  try {
    const grammar = readUserGrammar(source);
    const { text } = gbnf.write(grammar);
    const compiled = new bindings.AddonGrammar(text, { addonExports: bindings, rootRuleName: 'root' });
    const missed = drawTexts(grammar).find((allowed) => !compiled.isTextCompatible(allowed));
    if (missed === undefined) return { type: 'passed' };
    return { type: 'refused', reason: `llama.cpp does not take ${JSON.stringify(missed.slice(0, 80))}, which it allows` };
  } catch (thrown) {
    if (thrown instanceof GatewayError) return { type: 'refused', reason: thrown.message };
    return { type: 'refused', reason: `llama.cpp cannot read it (${thrown instanceof Error ? thrown.message : String(thrown)})` };
  }
}

/** Few turns show what is common, many turns show what a repeat of repeats costs. */
const turns = [1, 4, 16, 64, 256] as const;
const textsEach = 4;
const mostChars = 600;

function drawTexts(grammar: Grammar): readonly string[] {
  const random = makeRandom();
  return turns.flatMap((maxRepeat) => Array.from({ length: textsEach }, () => sample(grammar, random, { maxRepeat, maxChars: mostChars })));
}

/** The same for each trial: a linear congruential generator. */
function makeRandom(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
}
