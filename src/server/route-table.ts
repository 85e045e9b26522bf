import { encodeOpenAiError } from '../api/encode/error.ts';
import type { AnswerRoute, GenerateRoute, Surface } from '../api/surface.ts';
import { GatewayError } from '../protocol/error.ts';
import type { ForwardRoute } from './pass-through.ts';
import type { TextAnswer } from './send-text.ts';

/** A route of the server's own that answers with a text. */
export interface TextRoute extends Omit<AnswerRoute, 'kind' | 'answer'> {
  readonly kind: 'text';
  readonly answer: () => Promise<TextAnswer>;
}

/** Every kind of route. */
export type Route = AnswerRoute | GenerateRoute | OwnRoute;

/** Routes of the server's own. */
export type OwnRoute = TextRoute | ForwardRoute;

/** A route with the surface that writes its errors. */
export interface FoundRoute {
  readonly route: Route;
  readonly encodeError: Surface['encodeError'];
  /** what stood in the place of the `*` */
  readonly tail: string;
}

/** Routes by path. */
export interface RouteTable {
  /** The route of a request. Throws `not_found`, or `method_not_allowed` with the methods that there are. HEAD finds GET. */
  find(method: string, path: string): FoundRoute;
  /** methods of a path, for the `Allow` header; empty where there is no such path */
  methods(path: string): readonly string[];
  /** every route once, for `GET /` */
  readonly list: readonly Route[];
}

/** The routes of all surfaces, the server's own, and `GET /`, which lists them. Those under `/v1` are found without it too. Throws when two claim one path. */
export function createRouteTable(surfaces: readonly Surface[], own: readonly OwnRoute[]): RouteTable {
  const fixed = new Map<string, Map<string, FoundRoute>>();
  const tails = new Map<string, Map<string, FoundRoute>>();
  const list: Route[] = [];
  const add = (route: Route, encodeError: Surface['encodeError']): void => {
    const isOpen = route.path.endsWith('/*');
    const key = isOpen ? route.path.slice(0, -1) : route.path;
    const byPath = isOpen ? tails : fixed;
    const byMethod = byPath.get(key) ?? new Map<string, FoundRoute>();
    if (byMethod.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`);
    byPath.set(key, byMethod.set(route.method, { route, encodeError, tail: '' }));
    list.push(route);
  };
  add(listRoute(list), encodeOpenAiError);
  for (const surface of surfaces) for (const route of surface.routes) add(route, surface.encodeError);
  for (const route of own) add(route, encodeOpenAiError);

  const byMethodUnder = (path: string): { byMethod: Map<string, FoundRoute>; tail: string } | undefined => {
    const byMethod = fixed.get(path);
    if (byMethod !== undefined) return { byMethod, tail: '' };
    for (const [prefix, open] of tails) {
      if (path.length > prefix.length && path.startsWith(prefix)) return { byMethod: open, tail: path.slice(prefix.length) };
    }
    return undefined;
  };
  // clients of LiteLLM, whose base address has no `/v1`
  const byMethodAt = (path: string) => byMethodUnder(path) ?? byMethodUnder(`/v1${path}`);
  const methods = (path: string): readonly string[] => {
    const names = [...(byMethodAt(path)?.byMethod.keys() ?? [])];
    return names.includes('GET') ? [...names, 'HEAD'] : names;
  };
  const find = (method: string, path: string): FoundRoute => {
    const at = byMethodAt(path);
    if (at === undefined) throw new GatewayError('not_found', 'There is no such path here. `GET /` lists the routes.');
    const found = at.byMethod.get(method === 'HEAD' ? 'GET' : method);
    if (found === undefined) throw new GatewayError('method_not_allowed', `This path takes ${methods(path).join(', ')}.`);
    return at.tail === '' ? found : { ...found, tail: decodeTail(at.tail) };
  };
  return { find, methods, list };
}

function listRoute(list: readonly Route[]): AnswerRoute {
  const describe = ({ method, path, what }: Route): object => ({ method, path, what });
  return {
    ...{ kind: 'answer', method: 'GET', path: '/', access: 'public', what: 'this list' },
    answer: () => ({ body: { name: 'rookery', routes: list.map(describe) } }),
  };
}

function decodeTail(tail: string): string {
  try {
    return decodeURIComponent(tail);
  } catch (cause) {
    throw new GatewayError('not_found', 'The path is not validly percent-encoded.', { cause });
  }
}
