import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer, type RunningServer, type ServerOptions } from './create-server.ts';
import { createScriptedNode, type Script, type ScriptedNode } from './scripted-node.test.support.ts';

/** A server of the tests with its node, on a free port. */
export interface ScriptedServer extends RunningServer {
  readonly node: ScriptedNode;
  post(path: string, body: unknown, init?: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response>;
}

/** A chat body that every test may send. */
export const hello = { model: 'scripted', messages: [{ role: 'user', content: 'Hi' }] };

/** Starts a server that ends with the test. */
export async function serveScripted(context: TestContext, options: Partial<ServerOptions> = {}, script?: Script): Promise<ScriptedServer> {
  const node = createScriptedNode(script);
  const server = await createServer({ node, port: 0, ...options });
  context.after(() => server.close({ graceMs: 0 }));
  return {
    ...server,
    node,
    post: (path, body, init = {}) =>
      fetch(server.url + path, {
        method: 'POST',
        ...init,
        headers: { 'content-type': 'application/json', ...init.headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** A raw connection that keeps what it received as text. */
export interface RawClient {
  readonly socket: Socket;
  received: string;
  isClosed: boolean;
}

/** Connects without any HTTP client in between. */
export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  const client: RawClient = { socket, received: '', isClosed: false };
  socket.setEncoding('utf8').on('data', (text: string) => {
    client.received += text;
  });
  socket
    .on('error', () => {})
    .on('close', () => {
      client.isClosed = true;
    });
  await new Promise((resolve) => socket.once('connect', resolve));
  return client;
}

/** The bytes of a POST, as a client on this machine would send them. */
export function rawPost(path: string, body: string, headers: Readonly<Record<string, string | number>> = {}): string {
  const all = { host: '127.0.0.1', 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
