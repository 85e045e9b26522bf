// `npm start`: sets up, then becomes `rookery serve` in this same process, so that signals meet the server itself.
import './steps/require-node.mjs';

import('./steps/start-command.mjs').then(({ start }) => start(process.argv.slice(2)));
