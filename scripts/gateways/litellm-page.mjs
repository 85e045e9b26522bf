const begin = '<!-- generated from docs/litellm-runs.json by `npm run test:litellm -- --write`; do not edit -->';
const end = '<!-- end of the generated part -->';

/** Of differences that are met in more configurations their number is told. */
const mostNamed = 6;

/** The page with the tables of a run between its markers; the rest is written by hand and stays. */
export function renderLiteLlmPage(text, runs) {
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`docs/litellm.md has lost its markers: ${begin} and ${end}`);
  return `${text.slice(0, before)}${begin}\n${renderRuns(runs)}\n${text.slice(after)}`;
}

function renderRuns({ litellm, recorded, rookery, node, scenes, decisions }) {
  const places = sum(scenes.map((scene) => scene.places));
  const differing = sum(scenes.map((scene) => scene.differing));
  return [
    `LiteLLM ${litellm} (seen on ${recorded}) and Rookery ${rookery} on Node ${node.replace('v', '')}: ${scenes.length} configurations, ${sum(scenes.map(({ steps }) => steps))} steps,`,
    `${places} places compared, ${places - differing} the same, ${differing} different, for ${decisions.length} reasons.`,
    '',
    '### The configurations',
    '',
    '| configuration | what it is about | steps | places | different |',
    '|---|---|---|---|---|',
    ...scenes.map(({ name, what, steps, places: count, differing: some }) => row([`\`${name}\``, what, steps, count, some])),
    ...renderTable('### What is still to come', decisions.filter(isToCome), scenes.length),
    ...Object.entries(titles).flatMap(([side, title]) => {
      const own = decisions.filter((decision) => decision.side === side && !isToCome(decision));
      return renderTable(title, own, scenes.length);
    }),
  ].join('\n');
}

const titles = {
  start: '### What differs at the start',
  engines: '### What differs in what engines get',
  clients: '### What differs in what clients see',
};

function isToCome({ why }) {
  return why.startsWith('Not yet: ');
}

function renderTable(title, decisions, sceneCount) {
  if (decisions.length === 0) return [];
  const lines = decisions.map(({ why, scenes }) => row([why.replace('Not yet: ', ''), nameScenes(scenes, sceneCount)]));
  return ['', title, '', '| difference and reason | seen in |', '|---|---|', ...lines];
}

function nameScenes(names, count) {
  return names.length > mostNamed ? `${names.length} of ${count}` : names.map((name) => `\`${name}\``).join(', ');
}

function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
