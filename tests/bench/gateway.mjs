// gateway.mjs -- what the door costs, beside Debian's HAProxy in the same run:
// `make bench-gateway` (BENCH_SHORT=1: one round of a second each;
// BENCH_ONLY=cpu,bad,latency,idle,refused,login: these alone). CPU is user +
// system of all of the contender's processes, per request; medians of rounds
// that take turns; ratios only between figures of this one run.
import { rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { Door, HEADERS, PATH } from './door.mjs';
import { run, running, wrk } from './load.mjs';
import { benchLogin } from './login.mjs';
import { memoryOf, treeCpu } from './machine.mjs';
import { ROUNDS, SECONDS, SHORT, interleave, line, median, middle, note } from './report.mjs';

const TOKENS = 10000, BAD = 30000, RATE = 2000, IDLE = 5000;
const script = new URL('tokens.lua', import.meta.url).pathname;
const dir = resolve(process.env.RUN, 'door');
const only = process.env.BENCH_ONLY?.split(',');
const wanted = (section) => !only || only.includes(section);
const door = new Door();
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const POST = { BENCH_METHOD: 'POST', BENCH_BODY: JSON.stringify({ text: 'a'.repeat(1024 - 11) }) };

function tokenFile(name, signer, n) {
  const file = join(dir, `${name}.tokens`);
  writeFileSync(file, `${Array.from({ length: n }, () => signer.token()).join('\n')}\n`);
  return file;
}

async function cost(server, options) {
  const before = treeCpu(server.pid), r = await wrk(server.url, { headers: HEADERS, script, ...options });
  return { us: (treeCpu(server.pid) - before) * 1e6 / r.requests, rate: r.rate };
}

function conditions() {
  note(`${ROUNDS} round(s) of ${SECONDS} s, interleaved, medians; wrk -t1 -c64; ${cpus().length} processors, ${cpus()[0].model}`);
  note(`upstream of both: an HAProxy that answers at once with 400 bytes (keep-alive); CPU of the proxies alone`);
  note('gateway: as it ships: strict framing, one canonical path, internal and hop-by-hop headers dropped, X-Request-Id,');
  note('  traceparent and X-Forwarded-For written, limit by caller, access log to a file, metrics, revocations heard live');
  note('HAProxy 2.6, nbthread 1: keep-alive both sides, http-reuse always; no log, no limits, no header changes;');
  note('  with tokens: one Authorization, alg, exp, iss, aud and jwt_verify; it remembers no token');
}

async function cpu() {
  const [one, rs, es] = [tokenFile('one', door.rs, 1), tokenFile('rs', door.rs, TOKENS), tokenFile('es', door.es, TOKENS)];
  const gateway = await door.gateway(), forgetful = await door.gateway({ YJY_TOKEN_CACHE: '0' });
  const plain = await door.haproxy('plain'), hrs = await door.haproxy('rs', door.rs), hes = await door.haproxy('es', door.es);
  for (const file of [one, rs, es])
    for (let n = 0; n < 2 * TOKENS;)
      n += (await wrk(gateway.url, { headers: HEADERS, script, env: { BENCH_TOKENS: file }, seconds: 1 })).requests;
  const load = (server, tokens, more = {}) => () => cost(server, { env: { ...(tokens ? { BENCH_TOKENS: tokens } : {}), ...more } });
  for (const [kind, more] of [['', {}], ['post_', POST]]) {
    const got = await interleave({
      plain: load(gateway, null, more), haproxy: load(plain, null, more),
      rs256_one: load(gateway, one, more), rs256_seen: load(gateway, rs, more), es256_seen: load(gateway, es, more),
      ...(kind ? {} : { rs256_first: load(forgetful, rs), es256_first: load(forgetful, es),
        haproxy_rs256: load(hrs, rs), haproxy_es256: load(hes, es) }),
    });
    const us = Object.fromEntries(Object.entries(got).map(([k, v]) => [k, middle(v).us]));
    for (const [k, v] of Object.entries(us)) line(`gateway.${kind}${k}.us`, v, 'us/request');
    line(`gateway.${kind}plain.cpu_ratio_haproxy`, us.plain / us.haproxy, 'ratio');
    for (const k of ['rs256_one', 'rs256_seen', 'es256_seen'])
      line(`gateway.${kind}${k}.cpu_ratio_haproxy_plain`, us[k] / us.haproxy, 'ratio');
    if (kind) continue;
    line('gateway.rs256_first.cpu_ratio_haproxy_rs256', us.rs256_first / us.haproxy_rs256, 'ratio');
    line('gateway.es256_first.cpu_ratio_haproxy_es256', us.es256_first / us.haproxy_es256, 'ratio');
  }
  for (const s of [forgetful, hrs, hes]) await s.stop();
  return { gateway, plain, rs };
}

// Sound but for some bytes within the signature; each from an address of its own, or
// the door would stop looking at them after 300.
async function bad() {
  note(`gateway.bad_signature: RS256, ${BAD} addresses in turn (one address is refused unread after 300 a minute)`);
  const good = door.rs.token(), file = join(dir, 'bad.tokens');
  const spoil = (i) => good.slice(0, -40) + Buffer.from(String(100000000 + i)).toString('base64url') + good.slice(-28);
  writeFileSync(file, `${Array.from({ length: BAD }, (_, i) => spoil(i)).join('\n')}\n`);
  const gateway = await door.gateway({ YJY_PROXIES: '127.0.0.1' }), haproxy = await door.haproxy('bad', door.rs);
  const env = { BENCH_TOKENS: file, BENCH_SPREAD: '1' };
  const got = await interleave({ ours: () => cost(gateway, { env, refused: true }), haproxy: () => cost(haproxy, { env, refused: true }) });
  line('gateway.bad_signature.us', middle(got.ours).us, 'us/request');
  line('gateway.bad_signature.haproxy_us', middle(got.haproxy).us, 'us/request');
  line('gateway.bad_signature.cpu_ratio_haproxy', middle(got.ours).us / middle(got.haproxy).us, 'ratio');
  await gateway.stop();
  await haproxy.stop();
}

export function requestText(headers) {
  return `GET ${PATH} HTTP/1.1\r\nHost: bench\r\n${Object.entries(headers).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`;
}

export async function pace(port, text, seconds = SHORT ? 2 : 5, rate = RATE) {
  const tool = resolve(process.env.BUILD, 'bench/pace');
  const { out } = await run(tool, [port, rate, seconds, 64].map(String), { input: text });
  const [n, p50, p99, max, wrong] = out.trim().split(' ').map(Number);
  if (wrong > 0) throw new Error(`pace: ${wrong} of ${n} went wrong`);
  return { p50, p99, max };
}

async function latency({ gateway, plain }) {
  note(`gateway.added: ${RATE} requests/s from an open-loop generator, timed from when each was due; less the same straight`);
  note('  to the upstream; our requests carry a verified RS256 token, HAProxy\'s none');
  const bare = requestText(HEADERS), known = requestText({ ...HEADERS, Authorization: `Bearer ${door.rs.token()}` });
  await pace(gateway.port, known, 1);
  const m = Object.fromEntries(Object.entries(await interleave({ direct: () => pace(door.origin.port, bare),
    ours: () => pace(gateway.port, known), haproxy: () => pace(plain.port, bare) })).map(([k, v]) => [k, middle(v)]));
  for (const [who, f] of Object.entries(m)) {
    line(`gateway.latency.${who}_p50`, f.p50, 'us');
    line(`gateway.latency.${who}_p99`, f.p99, 'us');
  }
  for (const q of ['p50', 'p99']) {
    const ours = m.ours[q] - m.direct[q], theirs = m.haproxy[q] - m.direct[q];
    line(`gateway.added_${q}`, ours, 'us');
    line(`gateway.added_${q}_haproxy`, theirs, 'us');
    line(`gateway.added_${q}_ratio_haproxy`, Math.max(ours, 1) / Math.max(theirs, 1), 'ratio');
  }
}

// Connections that asked once and wait; memory is RSS of all processes.
async function idle({ gateway, plain }) {
  for (const [who, server] of [['', gateway], ['haproxy_', plain]]) {
    await sleep(3000);	// a program gives back what only starting needed
    const before = memoryOf(server.pid).rss, open = [];
    for (let i = 0; i < IDLE; i += 100)
      open.push(...await Promise.all(Array.from({ length: 100 }, () => new Promise((done, fail) => {
        const s = net.connect(server.port, '127.0.0.1', () => s.write(requestText(HEADERS)));
        s.once('data', () => done(s));
        s.on('error', fail);
      }))));
    await sleep(1000);
    line(`gateway.${who}idle_bytes_per_connection`, (memoryOf(server.pid).rss - before) * 1024 * 1024 / IDLE, 'bytes');
    open.forEach((s) => s.destroy());
    await sleep(500);
  }
}

async function refused({ gateway }) {
  const took = [];
  for (let i = 0; i < 50; i++) {
    const begun = performance.now();
    const r = await fetch(gateway.url.replace('/v1/jobs/', '/v1/training/'));
    await r.text();
    took.push(performance.now() - begun);
    if (![502, 503].includes(r.status)) throw new Error(`a dead upstream answers ${r.status}`);
  }
  line('gateway.upstream_refused', median(took.slice(5)), 'ms');
}

async function main() {
  rmSync(dir, { recursive: true, force: true });
  const t0 = Date.now();
  if (!only || only.some((s) => s !== 'login')) {
    conditions();
    await door.up(dir, process.env.BUILD);
    const pair = wanted('cpu') ? await cpu() : { gateway: await door.gateway(), plain: await door.haproxy('plain') };
    if (wanted('bad')) await bad();
    if (wanted('latency')) await latency(pair);
    if (wanted('idle')) await idle({ gateway: await door.gateway(), plain: await door.haproxy('idle') });
    if (wanted('refused')) await refused(pair);
    await door.down();
  }
  if (wanted('login')) await benchLogin(pace, requestText);
  note(`${Math.round((Date.now() - t0) / 1000)} s`);
}

async function end(code) {
  await door.down().catch(() => {});
  for (const child of running) child.kill('SIGKILL');
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130));
main().then(() => end(0), (error) => { console.error(error.stack); end(1); });
