import { dialects } from '#dist/dialects/index.js';
import { testLaws } from '#dist/dialects/laws/dialect-laws.test.support.js';

const kilobyte = 1024;
const sizes = [64 * kilobyte, 256 * kilobyte, 1024 * kilobyte];

for (const [name, definition] of Object.entries(dialects)) testLaws(name, definition, { texts: 300, roundTrips: 100, sizes });
