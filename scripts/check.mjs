// `npm run check`: what must hold before a commit, in under two minutes. Stops at the first step that fails.
import './steps/require-node.mjs';

import('./steps/check-command.mjs').then(({ check }) => check());
