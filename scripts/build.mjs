// `npm run build`: compiles src to dist, always. The packages must be there (`npm ci`, or any command that sets up).
import './steps/require-node.mjs';

import('./steps/build-command.mjs').then(({ build }) => build());
