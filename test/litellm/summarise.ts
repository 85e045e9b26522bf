import { type Comparison, startStep } from './compare.ts';
import type { Scene } from './scene.ts';

/** A scene and what the comparison of it came to. */
export interface Result {
  readonly scene: Scene;
  readonly comparison: Comparison;
}

/** A run in the form that docs/litellm-runs.json keeps. */
export interface Summary {
  readonly scenes: readonly {
    readonly name: string;
    readonly what: string;
    readonly steps: number;
    /** places that were compared, and how many of them differ */
    readonly places: number;
    readonly differing: number;
  }[];
  readonly decisions: readonly DecisionSummary[];
}

interface DecisionSummary {
  readonly side: 'start' | 'engines' | 'clients';
  readonly why: string;
  /** where it was met, by names */
  readonly scenes: readonly string[];
}

/** What a run came to: each scene in numbers, each decision with the scenes that it was met in. */
export function summarise(results: readonly Result[]): Summary {
  const decisions = new Map<string, DecisionSummary>();
  for (const { scene, comparison } of results) {
    for (const { why, step, at } of comparison.findings) {
      if (why === undefined) continue;
      const known = decisions.get(why);
      const scenes = [...new Set([...(known?.scenes ?? []), scene.name])];
      decisions.set(why, { side: known?.side ?? sideOf(step, at), why, scenes });
    }
  }
  const scenes = results.map(({ scene, comparison: { places, findings } }) => {
    return { name: scene.name, what: scene.what, steps: scene.steps.length, places, differing: findings.length };
  });
  return { scenes, decisions: [...decisions.values()] };
}

function sideOf(step: string, at: string): DecisionSummary['side'] {
  if (step === startStep) return 'start';
  return at.startsWith('sent') ? 'engines' : 'clients';
}
