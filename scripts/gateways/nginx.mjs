import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installOnce } from '../engines/engine-folder.mjs';
import { runTool } from '../engines/run-tool.mjs';
import { findFreePort } from '../engines/start-server.mjs';
import { startLoggedServer } from './logged-server.mjs';

/** The series of Debian's package; the version that is installed is told by `start`. */
export const release = 'debian-12';
const nextStep =
  'this needs Debian 12 or what is like it, with `apt-get` and `dpkg-deb`, and `apt-get update` done; nothing half-made was kept.';

/** Fetches Debian's package of nginx and unpacks it, once: nothing is installed in the system and no service is started. Gives its folder. */
export async function install({ log }) {
  return installOnce('nginx', release, async (folder) => {
    log('nginx is fetched from Debian, once.');
    await runTool('apt-get', ['download', 'nginx'], { title: 'Fetching nginx', nextStep, cwd: folder });
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
    await runTool('dpkg-deb', ['-x', archive, 'root'], { nextStep, cwd: folder });
    await runTool(programIn(folder), ['-v'], {
      nextStep: 'its libraries are missing: `apt-get install libpcre2-8-0 libssl3 zlib1g libcrypt1`.',
    });
    return { source: `Debian ${archive}` };
  });
}

/** Starts nginx with one worker on loopback in front of `upstreamUrl`; callers must send `key`. Gives `{ url, version, command, stop, output }`. */
export async function start({ upstreamUrl, key, port, log = () => {} }) {
  const program = programIn(await install({ log }));
  const ownPort = port ?? (await findFreePort());
  const home = mkdtempSync(join(tmpdir(), 'rookery-nginx-'));
  mkdirSync(join(home, 'temp'));
  writeFileSync(join(home, 'nginx.conf'), writeConfiguration({ home, port: ownPort, upstream: new URL(upstreamUrl).host, key }));
  const removeHome = () => rmSync(home, { recursive: true, force: true });
  process.once('exit', removeHome);
  try {
    const said = await runTool(program, ['-v'], { nextStep });
    const version = said.trim().replace('nginx version: nginx/', 'nginx ');
    const args = ['-p', home, '-e', 'stderr', '-c', 'nginx.conf'];
    const server = await startLoggedServer({
      name: version,
      command: program,
      args,
      url: `http://127.0.0.1:${ownPort}`,
      healthPath: '/health',
    });
    const stop = async () => {
      const code = await server.stop();
      removeHome();
      process.off('exit', removeHome);
      return code;
    };
    const told = 'nginx -p <folder> -e stderr -c nginx.conf (scripts/gateways/nginx.mjs writes it)';
    return { url: server.url, version, command: told, stop, output: server.output };
  } catch (error) {
    removeHome();
    throw error;
  }
}

function programIn(folder) {
  return join(folder, 'root', 'usr', 'sbin', 'nginx');
}

/** One worker; connections to the upstream are kept; the key is compared; answers are passed on as they come; a line is logged for each request. */
function writeConfiguration({ home, port, upstream, key }) {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path ${join(home, 'temp', kind)};`);
  return `daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;\n' : ''}pid ${join(home, 'nginx.pid')};
error_log stderr warn;
events { worker_connections 8192; }
http {
${temps.join('\n')}
  access_log ${join(home, 'access.log')};
  client_max_body_size 64m;
  client_body_buffer_size 1m;
  keepalive_requests 100000000;
  upstream engine { server ${upstream}; keepalive 512; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /health { return 200; }
    location / {
      if ($http_authorization != "Bearer ${key}") { return 401; }
      proxy_pass http://engine;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 600s;
    }
  }
}
`;
}
