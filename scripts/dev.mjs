// `npm run dev`: sets up, then compiles and restarts the server at every change. Arguments go to `rookery serve`.
import './steps/require-node.mjs';

import('./steps/dev-command.mjs').then(({ dev }) => dev(process.argv.slice(2)));
