// peers.mjs -- what we are measured against, as servers of their own: Kore's
// own HTTP and pgsql API with the same statement, and HAProxy.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { running } from './load.mjs';
import { get } from './stack.mjs';
import { statement, withNumbers } from './sql.mjs';

export const KORE_APPLICATION = 'bench_kore';

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// `probe` is an address that answers 200, or a function; `log` takes the place of a pipe.
export async function serve(command, args, env, probe, log = 'pipe') {
  const ready = typeof probe === 'function' ? probe : () => get(probe).then((r) => r.status === 200, () => false);
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, 'pipe'] });
  let said = '', ended = false;
  const keep = (d) => { said = (said + d).slice(-4000); };
  child.stdout?.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (e) => { ended = true; said += e.message; });
  child.on('exit', () => { ended = true; running.delete(child); });
  running.add(child);
  for (const until = Date.now() + 10000; ;) {
    if (await ready()) break;
    if (ended || Date.now() > until) throw new Error(`${command} does not serve:\n${said}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return { pid: child.pid, stop: () => new Promise((done) => {
    if (ended) return done();
    child.on('exit', done);
    child.kill('SIGTERM');
    return undefined;
  }) };
}

// Set so that nothing but the work is compared: no access log, no limits, no
// affinity, eight connections as pgbench has, keep-alive as ours.
export async function kore(stack, id) {
  const dir = join(stack.run, 'peers'), port = await freePort();
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'kore.conf'), [
    'workers 1', 'worker_set_affinity 0', 'worker_max_connections 1024',
    'http_request_limit 4000', 'http_request_ms 1000', 'http_keepalive_time 75',
    'http_header_timeout 65', 'http_hsts_enable 0', 'pgsql_conn_max 8',
    `pidfile ${join(dir, 'kore.pid')}`,
    `load ${join(stack.build, 'bench/kore_peer.so')} peer_load`,
    'server main {', `\tbind 127.0.0.1 ${port}`, '\ttls no', '}',
    'domain * {', '\tattach main', '\troute ^/.*$ peer_get', '}', ''].join('\n'));
  const url = `http://127.0.0.1:${port}/v1/jobs/vacancies/${id}`;
  const server = await serve('kore', ['-c', join(dir, 'kore.conf'), '-f', '-n', '-r'], {
    PEER_PG: `host=${stack.sockets} dbname=yjy user=jobs_app gssencmode=disable ` +
      `application_name=${KORE_APPLICATION}`,
    PEER_SQL: withNumbers(statement('jobs', 'vacancy', 'vacancy_get')) }, url);
  return { ...server, url };
}

export async function haproxy(stack, path) {
  const dir = join(stack.run, 'peers'), port = await freePort();
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'haproxy.cfg'), [
    'global', '\tnbthread 1', '\tmaxconn 4000',
    'defaults', '\tmode http', '\toption http-keep-alive', '\thttp-reuse always',
    '\ttimeout connect 5s', '\ttimeout client 75s', '\ttimeout server 75s',
    'frontend door', `\tbind 127.0.0.1:${port}`, '\tdefault_backend jobs',
    'backend jobs', `\tserver jobs 127.0.0.1:${stack.ports.jobs}`, ''].join('\n'));
  const url = `http://127.0.0.1:${port}${path}`;
  const server = await serve('haproxy', ['-db', '-f', join(dir, 'haproxy.cfg')], {}, url);
  return { ...server, url };
}
