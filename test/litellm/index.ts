export { compare } from './compare.ts';
export { commonDifferences } from './decisions.ts';
export { runScene } from './run-scene.ts';
export { scenes } from './scenes/index.ts';
export { startOurs } from './start-ours.ts';
export { summarise } from './summarise.ts';
