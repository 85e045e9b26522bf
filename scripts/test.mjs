// `npm test`: sets up, fetches what the tests need where it may, and runs every test. Words after `--` keep the files whose path holds one.
import './steps/require-node.mjs';

import('./steps/test-command.mjs').then(({ test }) => test(process.argv.slice(2)));
