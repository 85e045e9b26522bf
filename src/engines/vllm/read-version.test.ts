import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knowsGuidedOnly, readVersion } from './read-version.ts';

test('releases before 0.12 know guided fields only', () => {
  for (const version of ['0.6.3.post1', '0.9.0', '0.11.2', 'v0.11.0rc1', '0.11.1.dev5+gabc']) assert.ok(knowsGuidedOnly(version), version);
  for (const version of ['0.12.0', '0.12.0rc2', '0.32.0', '0.32.0+cpu', '1.0.0', '1.4']) assert.ok(!knowsGuidedOnly(version), version);
});

test('builds without a release number are taken for new', () => {
  for (const version of ['0.1.dev1+g93ee4b5', 'dev', '', undefined]) assert.ok(!knowsGuidedOnly(version), version);
});

test('an answer without a version has none', () => {
  assert.equal(readVersion({ version: '0.32.0' }), '0.32.0');
  for (const answer of [null, 'x', {}, { version: 7 }]) assert.equal(readVersion(answer), undefined);
});
