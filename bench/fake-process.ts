import { type FakeEngineOptions, startFakeEngine } from 'rookery/testing';
import { reportSide } from './side-process.ts';
import { openWordTokenizer } from './word-tokenizer.ts';

// The fake engine as a process of its own. Ready-made bytes where the reply allows it: its cost is nobody's business here.
const options = JSON.parse(process.argv[2] ?? '{}') as FakeEngineOptions;
const fake = await startFakeEngine({ tokenizer: openWordTokenizer(), ...options, records: 'none' });
reportSide(fake.origin);
