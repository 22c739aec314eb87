// stack.mjs -- the city that is measured: shared/build/stack.sh brings it up
// under $RUN; here are its addresses, processes and database backends.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { run, running } from './load.mjs';

const ROOT = resolve(new URL('../..', import.meta.url).pathname);
const SCRIPT = join(ROOT, 'shared/build/stack.sh');
export const PROGRAMS = ['identity', 'jobs', 'training', 'entrepreneurship', 'subsidies',
  'monitoring', 'gateway'];

export class Stack {
  constructor() {
    this.run = resolve(process.env.RUN);
    this.build = resolve(process.env.BUILD);
    // The limits stay on, with quotas that one caller's load does not reach.
    this.env = { ...process.env, YJY_LIMIT_READ: '100000000', YJY_LIMIT_WRITE: '100000000',
      YJY_LIMIT_CLIENT: '100000000', YJY_LIMIT_ADDRESS: '100000000', YJY_LIMIT_CHANGE: '100000000',
      YJY_LIMIT_SIGN_IN: '1000000', YJY_LIMIT_LOGIN: '1000000' };
  }

  script(verb, { quiet = true } = {}) {
    const done = spawnSync('bash', [SCRIPT, verb],
      { cwd: ROOT, env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    if (!quiet && done.status !== 0)
      throw new Error(`stack.sh ${verb}: ${done.stdout}${done.stderr}`);
  }

  // The same without waiting: resolves when the script has ended.
  start(verb) {
    return run('bash', [SCRIPT, verb], { cwd: ROOT, env: this.env });
  }

  up() {
    this.script('down');
    spawnSync('rm', ['-rf', this.run]);
    this.script('up', { quiet: false });
    this.sockets = this.text('sockets');
    this.postmaster = Number(this.text('pg/postmaster.pid').split('\n')[0]);
    this.ports = Object.fromEntries(this.text('ports').split('\n').map((l) => l.split(' ')));
    process.env.YJY_URL = this.url('gateway');
    process.env.YJY_SIGN_IN = join(this.run, 'secrets/sign-in.json');
    // Vacuum workers would be accounted to whoever is being measured; their
    // work is done here and between rounds instead.
    this.psql('ALTER SYSTEM SET autovacuum_naptime = 86400', 'SELECT pg_reload_conf()',
      'VACUUM ANALYZE');
  }

  down() {
    for (const child of running) child.kill('SIGKILL');
    this.script('down');
  }

  text(name) { return readFileSync(join(this.run, name), 'utf8').trim(); }
  url(name) { return `http://127.0.0.1:${this.ports[name]}`; }
  pid(name) { return Number(this.text(`pid/${name}`)); }
  roots() {
    return [process.pid, this.postmaster, Number(this.text('pid/redis')),
      ...PROGRAMS.map((p) => this.pid(p))];
  }

  psql(...commands) {
    return execFileSync('psql', ['-h', this.sockets, '-U', 'yjy', '-d', 'yjy', '-AtqX',
      '-v', 'ON_ERROR_STOP=1', ...commands.flatMap((sql) => ['-c', sql])], { encoding: 'utf8' }).trim();
  }

  // Process ids of a role's backends whose application name begins so.
  backends(role, application) {
    return this.psql(`SELECT pid FROM pg_stat_activity WHERE usename = '${role}'
      AND starts_with(application_name, '${application}')`).split('\n').filter(Boolean).map(Number);
  }

  async metric(program, name, labels = '') {
    const { text } = await get(`${this.url(program)}/metrics`);
    return text.split('\n').filter((l) => l.startsWith(name) && l.includes(labels))
      .reduce((n, l) => n + Number(l.slice(l.lastIndexOf(' ') + 1)), 0);
  }
}

// Each request on a connection of its own.
export function get(url, timeout = 2000) {
  return new Promise((resolve, reject) => {
    const req = http.get(url, { agent: false, timeout }, (res) => {
      let text = '';
      res.on('data', (d) => { text += d; });
      res.on('end', () => resolve({ status: res.statusCode, text }));
      res.on('error', reject);
    });
    req.on('timeout', () => req.destroy(new Error('timeout')));
    req.on('error', reject);
  });
}
