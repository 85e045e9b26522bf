import { openGrammarTrials } from '../../engines/embedded/grammar-trial.ts';
import type { GrammarTrials } from '../../gateway/turn-maker.ts';
import { type EnginePackageOptions, locateEnginePackage } from '../../sources/engine-package.ts';

/** The trial runs in llama.cpp, which is looked for at the first grammar and never fetched for it; where there is none, no such grammar is taken. */
export function openTrials(fetching: Omit<EnginePackageOptions, 'usesGpu' | 'mayInstall'>): GrammarTrials {
  let opened: Promise<ReturnType<typeof openGrammarTrials> | undefined> | undefined;
  const open = async () => {
    try {
      return openGrammarTrials({ enginePackage: await locateEnginePackage({ ...fetching, usesGpu: false, mayInstall: false }) });
    } catch {
      return undefined;
    }
  };
  return {
    async try(grammar) {
      const trials = await (opened ??= open());
      return trials ? trials.try(grammar) : { isSafe: false, reason: missing };
    },
    close: () => void opened?.then((trials) => trials?.close()),
  };
}

const missing =
  'grammars of your own are tried in llama.cpp first, which is not installed here; the operator gets it with `rookery serve --tiny`. Schemas, patterns and choices need no trial.';
