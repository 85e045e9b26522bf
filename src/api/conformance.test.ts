import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/json.ts';
import { createScriptedNode } from '../server/scripted-node.test.support.ts';
import { callWith } from './decode/call.test.support.ts';
import { surfaces } from './index.ts';
import type { GenerateRoute, Surface } from './surface.ts';

const all: readonly (readonly [string, Surface])[] = Object.entries(surfaces);
const node = createScriptedNode();

/** The code a body is refused with; undefined when it decodes or is answered. The examples' model `m` is the scripted one. */
async function refusalOf(surface: Surface, path: string, body: JsonObject): Promise<string | undefined> {
  const route = surface.routes.find((each) => each.path === path && each.method === 'POST');
  assert.ok(route !== undefined, `no POST route ${path}`);
  const named = body.model === 'm' ? { ...body, model: 'scripted' } : body;
  try {
    if (route.kind === 'generate') route.decode(callWith(named, { path }));
    else await route.answer(callWith(named, { path }), node);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

function firstGood(surface: Surface, path: string): JsonObject {
  const example = surface.examples.find((each) => each.path === path && each.refusedWith === undefined);
  assert.ok(example !== undefined, `${path} has no example that passes`);
  return example.body as JsonObject;
}

for (const [name, surface] of all) {
  for (const [index, { path, body, refusedWith }] of surface.examples.entries()) {
    test(`${name}: example ${index + 1} of ${path} is ${refusedWith ?? 'taken'}`, async () => {
      assert.equal(await refusalOf(surface, path, body as JsonObject), refusedWith);
    });
  }

  for (const { path, method } of surface.routes.filter((each) => each.method === 'POST')) {
    test(`${name}: ${method} ${path} refuses what chooses an upstream, and bodies that are no object`, async () => {
      const good = firstGood(surface, path);
      for (const field of ['api_base', 'base_url', 'api_key', 'user_config']) {
        assert.equal(await refusalOf(surface, path, { ...good, [field]: 'x' }), 'forbidden_parameter');
        assert.equal(await refusalOf(surface, path, { ...good, extra_body: { [field]: 'x' } }), 'forbidden_parameter');
        assert.equal(await refusalOf(surface, path, { ...good, [field]: null }), undefined);
      }
      assert.equal(await refusalOf(surface, path, 'text' as unknown as JsonObject), 'invalid_request');
    });

    test(`${name}: ${method} ${path} keeps or refuses a field it does not know, and never drops it`, async () => {
      const body = { ...firstGood(surface, path), model: 'scripted', colour: 'red' };
      const route = surface.routes.find((each) => each.path === path);
      if (route?.kind === 'generate') assert.deepEqual(decode(route, body).request.unknownFields, { colour: 'red' });
      else assert.equal(await refusalOf(surface, path, body), 'unknown_parameter');
    });

    test(`${name}: ${method} ${path} takes null for absent in every field that is not required`, async () => {
      const nulls = Object.fromEntries(
        ['temperature', 'stop', 'tools', 'seed', 'user', 'stream', 'logprobs', 'dimensions', 'suffix'].map((each) => [each, null]),
      );
      assert.equal(await refusalOf(surface, path, { ...nulls, ...firstGood(surface, path) }), undefined);
    });
  }

  test(`${name}: errors are in the surface's shape and name code and field`, () => {
    const text = JSON.stringify(surface.encodeError(new GatewayError('invalid_request', 'Wrong.', { param: 'n' }), 'id-1'));
    for (const part of ['"Wrong."', '"invalid_request"', '"n"']) assert.ok(text.includes(part), text);
  });

  test(`${name}: every route is described, and paths begin with a slash`, () => {
    for (const { path, what } of surface.routes) assert.ok(path.startsWith('/') && what !== '' && !what.includes('\n'), path);
  });
}

test('only health is public', () => {
  const open = all.filter(([, surface]) => surface.routes.some((each) => each.access === 'public'));
  assert.deepEqual(
    open.map(([name]) => name),
    ['health'],
  );
});

test('no two routes have the same method and path', () => {
  const names = all.flatMap(([, surface]) => surface.routes.map(({ method, path }) => `${method} ${path}`));
  assert.equal(new Set(names).size, names.length);
});

function decode(route: GenerateRoute, body: JsonObject) {
  return route.decode(callWith(body, { path: route.path }));
}
