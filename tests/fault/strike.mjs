// strike.mjs -- ways to break a running city in the middle of its main job,
// and to wait until it is whole again. Programs are started again by their
// own supervisors; PostgreSQL and Redis by us, as an operator's would.
import { spawn } from 'node:child_process';
import diagnostics from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { random } from '../lib/city.mjs';
import { request } from '../lib/client.mjs';
import { RUN, SERVICES, ports, sql } from '../api/help.mjs';

export const PROGRAMS = [...SERVICES, 'gateway'];
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const STACK = fileURLToPath(new URL('../../shared/build/stack.sh', import.meta.url));

// ---- processes ------------------------------------------------------------------

const first = (file) => Number(readFileSync(`${RUN}/${file}`, 'utf8').split('\n')[0]);
export const parentOf = (name) => first(`pid/${name}`);
export const postmasterPid = () => first('pg/postmaster.pid');

function children(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

// Reaped, too: who restarts a server looks for its process id.
function running(pid) {
  try { return process.kill(pid, 0); } catch (error) { return error.code === 'EPERM'; }
}

async function until(probe, what, ms = 30000) {
  const end = Date.now() + ms;
  for (;;) {
    let got;
    try { got = await probe(); } catch { got = false; }
    if (got?.length !== 0 && got) return got;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await sleep(20);
  }
}

export const gone = (pid) => until(() => !running(pid), `process ${pid} is gone`);

// Its one worker; a program that is just starting has none yet.
export const workerOf = (name) => until(() => children(parentOf(name))[0], `${name} has a worker`);

function stack(verb) {
  return new Promise((resolve) => {
    const child = spawn('bash', [STACK, verb], { stdio: 'ignore' });
    child.on('close', (code) => resolve(code === 0));
  });
}

// ---- strikes --------------------------------------------------------------------

async function killNow(pid) {
  process.kill(pid, 'SIGKILL');
  await gone(pid);
}

export const killWorker = (name) => async () => killNow(await workerOf(name));
export const killParent = (name) => async () =>
  killNow(await until(() => running(parentOf(name)) && parentOf(name), `${name} runs`));

// Like a machine that loses power: postmaster and its children at their own pace.
export async function killPostmaster() {
  await killNow(postmasterPid());
  await startPostgres();
}

// While a child of the old one is still there, the new one refuses to start.
export const startPostgres = () =>
  until(async () => await stack('pg-up') && running(postmasterPid()), 'PostgreSQL starts again');

// One session dies under its service: the server throws out everybody else.
export const killBackend = (role) => async () => {
  const sessions = await until(() => children(postmasterPid()).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`postgres: ${role} `)), `${role} has a session`);
  await killNow(random.pick(sessions));
};

export async function killRedis() {
  await killNow(first('pid/redis'));
  await sleep(300);
  await until(async () => await stack('redis-up') && running(first('pid/redis')), 'Redis starts again');
}

// One process for each port: an old worker that lingers would share the requests.
function listeners() {
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((l) => l.trim().split(/\s+/));
  return (name) => lines.filter((l) => l[3] === '0A' && parseInt(l[1].slice(9), 16) === Number(ports[name])).length;
}

// Everything answers: the seven ready, PostgreSQL and Redis behind them.
export function whole() {
  return until(async () => {
    const count = listeners();
    if (PROGRAMS.some((name) => count(name) !== 1)) return false;
    const all = await Promise.all(PROGRAMS.map((name) =>
      request('GET', '/readyz', { base: `http://127.0.0.1:${ports[name]}`, quiet: true })));
    return all.every((r) => r.status === 200) && sql('SELECT 1').length === 1;
  }, 'the city is whole again', 60000);
}

// ---- in the middle of a step ------------------------------------------------------

// Calls fn(n) when this process has sent its n-th request since.
function onRequests(fn) {
  let n = 0;
  const heard = () => fn(++n);
  diagnostics.subscribe('http.client.request.start', heard);
  return () => diagnostics.unsubscribe('http.client.request.start', heard);
}

// `during` of the main job that only counts: {step: requests}.
export function counting(requests) {
  return async (step, run) => {
    requests[step] = 0;
    const stop = onRequests((n) => { requests[step] = n; });
    try { await run(); } finally { stop(); }
  };
}

// `during` of the main job that strikes: plan [{step, after, delay_ms, name, hit}].
// A strike comes `delay_ms` after the step's request number `after` was sent, so
// while it is being served. `done` is told of each: {name, step, in_time}.
export function striking(plan, done = []) {
  return async (step, run) => {
    const mine = plan.filter((s) => s.step === step);
    const hits = [], failed = [];
    let busy = true;
    const strike = (s) => {
      s.begun = true;
      hits.push(sleep(s.delay_ms).then(() => {
        done.push({ name: s.name, step, in_time: busy });
        return s.hit();
      }).catch((error) => failed.push(error)));
    };
    const stop = onRequests((n) => mine.filter((s) => s.after === n && !s.begun).forEach(strike));
    try { await run(); } finally { busy = false; stop(); }
    mine.filter((s) => !s.begun).forEach(strike);	// fewer requests than last time
    await Promise.all(hits);
    if (failed.length > 0) throw failed[0];
  };
}
