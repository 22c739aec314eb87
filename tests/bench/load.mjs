// load.mjs -- the two load generators: wrk for HTTP, pgbench for PostgreSQL.
import { spawn } from 'node:child_process';
import { alive, childrenOf, reapedBy } from './machine.mjs';
import { SECONDS } from './report.mjs';

export const running = new Set();	// children to end when we are ended

export function run(command, args, { env, input, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args,
      { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '', err = '';
    running.add(child);
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { err += d; });
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      if (code === 0) resolve({ out, err });
      else reject(new Error(`${command} ended with ${code}\n${out}${err}`));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

const CONNECTIONS = 64;
const REAP_MS = 300;		// a backend ends within this after its client
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// One thread, so that half of two processors is left to what is measured.
export async function wrk(url, { headers = {}, script, env, seconds = SECONDS, refused = false,
  connections = CONNECTIONS } = {}) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '--latency'];
  for (const [k, v] of Object.entries(headers)) args.push('-H', `${k}: ${v}`);
  if (script) args.push('-s', script);
  const { out } = await run('wrk', [...args, url], { env });
  const bad = refused ? /Socket errors: (.*)/.exec(out) : /Non-2xx or 3xx responses: (\d+)/.exec(out) ?? /Socket errors: (.*)/.exec(out);
  const requests = Number(/(\d+) requests in/.exec(out)?.[1] ?? 0);
  if (bad || requests === 0) throw new Error(`wrk ${url}: ${bad?.[0] ?? 'no requests'}\n${out}`);
  return { requests, rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]),
    p99_ms: milliseconds(/^\s*99%\s+(\S+)/m.exec(out)[1]) };
}

function milliseconds(text) {
  const [, n, unit] = /^([\d.]+)(us|ms|s)$/.exec(text);
  return Number(n) * { us: 0.001, ms: 1, s: 1000 }[unit];
}

// pgbench as a contender: its own CPU and that of its backends, which the
// postmaster accounts for once they have ended. What a run costs that does a
// single transaction a client (start, connection, preparation) is taken off.
export class Pgbench {
  constructor(stack, { clients, file, variables, options, user }) {
    this.postmaster = stack.postmaster;
    this.args = ['-n', '-M', 'prepared', '-c', String(clients), '-j1', '-f', file];
    for (const [k, v] of Object.entries(variables)) this.args.push('-D', `${k}=${v}`);
    this.args.push('-h', stack.sockets, '-U', user, 'yjy');
    this.env = { PGOPTIONS: options ?? '' };
    this.clients = clients;
    this.start = { client: 0, server: 0 };
  }

  // The program under test may open a connection meanwhile, which stays; one
  // that closed would be accounted to pgbench, so that run is made again.
  async once(args) {
    const before = { own: reapedBy(process.pid), server: reapedBy(this.postmaster),
      children: new Set(childrenOf(this.postmaster)) };
    const { out } = await run('pgbench', [...args, ...this.args], { env: this.env });
    const fresh = childrenOf(this.postmaster).filter((p) => !before.children.has(p));
    for (const until = Date.now() + REAP_MS; Date.now() < until; await sleep(2))
      if (!fresh.some(alive)) break;
    const n = Number(/transactions actually processed: (\d+)/.exec(out)?.[1] ?? 0);
    if (n === 0 || !/failed transactions: 0 /.test(out)) throw new Error(`pgbench\n${out}`);
    if (![...before.children].every(alive)) return this.once(args);
    return { n, rate: Number(/^tps = ([\d.]+)/m.exec(out)[1]),
      client: reapedBy(process.pid) - before.own,
      server: reapedBy(this.postmaster) - before.server };
  }

  async calibrate(times = 8) {
    for (let i = 0; i < times; i++) {
      const r = await this.once(['-t', '1']);
      this.start.client += r.client / times;
      this.start.server += r.server / times;
    }
  }

  async measure() {
    const r = await this.once(['-T', String(SECONDS)]);
    const client = (r.client - this.start.client) / (r.n - this.clients);
    const server = (r.server - this.start.server) / (r.n - this.clients);
    return { client: client * 1e6, server: server * 1e6, total: (client + server) * 1e6, rate: r.rate };
  }
}
