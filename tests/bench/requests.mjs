// requests.mjs -- the rounds with requests: one row read by key, one row
// written with its event, and the same read through the door.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pgbench, wrk } from './load.mjs';
import { cpuOf, sample, since, tree, treeCpu } from './machine.mjs';
import { KORE_APPLICATION, haproxy, kore } from './peers.mjs';
import { SHORT, interleave, line, middle, note } from './report.mjs';
import { forPgbench, statement } from './sql.mjs';

const OURS = 'yjy jobs';	// application name of the runtime's connections
const bearer = (token) => ({ Authorization: `Bearer ${token}` });
const settle = (ms) => new Promise((done) => setTimeout(done, ms));

// One round of a server: CPU of its process tree and of its backends.
async function served(stack, root, role, application, load) {
  const before = { tree: treeCpu(root), pg: sample(stack.backends(role, application)) };
  const r = await load();
  const cpu = treeCpu(root) - before.tree;
  const pg = since(before.pg, stack.backends(role, application));
  const us = 1e6 / r.requests;
  return { service: cpu * us, pg: pg * us, total: (cpu + pg) * us, rate: r.rate, p99: r.p99_ms };
}

const scripts = (stack, name, variables) => {
  const file = join(stack.run, `${name}.pgbench`);
  writeFileSync(file, forPgbench(statement('jobs', 'vacancy', name), Object.keys(variables)));
  return file;
};

// As many clients as make a transaction cheapest; both are measured.
const cheapest = (got) => ['pgbench4', 'pgbench8']
  .map((name) => ({ name, ...middle(got[name]) })).sort((a, b) => a.total - b.total)[0];

async function pgbenches(stack, options) {
  const both = [4, 8].map((clients) => new Pgbench(stack, { clients, ...options }));
  for (const p of both) await p.calibrate(SHORT ? 2 : 8);
  return { pgbench4: () => both[0].measure(), pgbench8: () => both[1].measure() };
}

function pgbenchLines(name, best) {
  line(`${name}.pgbench_client_us`, best.client, 'us/request');
  line(`${name}.pgbench_server_us`, best.server, 'us/request');
  line(`${name}.pgbench_us`, best.total, 'us/request');
  line(`${name}.pgbench_clients`, Number(best.name.slice(7)), 'n');
  line(`${name}.pgbench_rate`, best.rate, '1/s');
}

function serviceLines(name, ours) {
  line(`${name}.us`, ours.service, 'us/request');
  line(`${name}.pg_us`, ours.pg, 'us/request');
  line(`${name}.total_us`, ours.total, 'us/request');
  line(`${name}.rate`, ours.rate, '1/s');
  line(`${name}.p99`, ours.p99, 'ms');
}

export async function benchGet(stack, { id, token }) {
  note('core.get: one vacancy by key, wrk -t1 -c64; CPU of program and its PostgreSQL backends');
  note('  ours: routing, verified token (cached), limits, scope, metrics, access log');
  note('  pgbench -M prepared and Kore\'s own HTTP + pgsql API: the same statement and role, no more');
  const path = `/v1/jobs/vacancies/${id}`, headers = bearer(token);
  const url = stack.url('jobs') + path;
  const peer = await kore(stack, id);
  const warm = { headers, seconds: 1 };
  await wrk(url, warm);
  await wrk(peer.url, warm);
  const checked = await stack.metric('jobs', 'yjy_auth_checks_total', 'remembered');
  const before = await stack.metric('jobs', 'yjy_http_requests_total', 'vacancy_get');
  const got = await interleave({
    ours: () => served(stack, stack.pid('jobs'), 'jobs_app', OURS, () => wrk(url, { headers })),
    ...await pgbenches(stack, { file: scripts(stack, 'vacancy_get', { id }), variables: { id }, user: 'jobs_app' }),
    kore: () => served(stack, peer.pid, 'jobs_app', KORE_APPLICATION, () => wrk(peer.url, { headers })),
  });
  const served_n = await stack.metric('jobs', 'yjy_http_requests_total', 'vacancy_get') - before;
  const checks = await stack.metric('jobs', 'yjy_auth_checks_total', 'remembered') - checked;
  await peer.stop();

  const ours = middle(got.ours), theirs = middle(got.kore), best = cheapest(got);
  serviceLines('core.get', ours);
  line('core.get.tokens_checked', 100 * checks / served_n, '%');
  pgbenchLines('core.get', best);
  line('core.get.kore_us', theirs.service, 'us/request');
  line('core.get.kore_pg_us', theirs.pg, 'us/request');
  line('core.get.kore_pgsql_us', theirs.total, 'us/request');
  line('core.get.kore_rate', theirs.rate, '1/s');
  line('core.get.cpu_ratio_pgbench', ours.total / best.total, 'ratio');
  line('core.get.cpu_ratio_kore_pgsql', ours.total / theirs.total, 'ratio');
}

// What the relay still has to move is not left to the next round.
async function relayed(stack) {
  while (stack.psql('SELECT EXISTS (SELECT FROM jobs.outbox)') === 't') await settle(50);
  stack.psql('VACUUM ANALYZE jobs.outbox, jobs.vacancy, jobs.event_log, jobs.idempotency');
}

async function posted(stack, url, env) {
  const relay = sample(stack.backends('jobs_system', OURS)), first = treeCpu(stack.pid('jobs'));
  let requests;
  const r = await served(stack, stack.pid('jobs'), 'jobs_app', OURS, async () => {
    const w = await wrk(url, { script: new URL('post.lua', import.meta.url).pathname, env });
    requests = w.requests;
    return w;
  });
  while (stack.psql('SELECT EXISTS (SELECT FROM jobs.outbox)') === 't') await settle(50);
  const after = treeCpu(stack.pid('jobs')) - first;
  return { ...r, drained: after * 1e6 / requests,
    relay: since(relay, stack.backends('jobs_system', OURS)) * 1e6 / requests };
}

export async function benchPost(stack, { token, org, body, county, now }) {
  note('core.post: a vacancy and its event in one transaction, fsync and synchronous_commit on');
  note('  ours: as core.get, with body decoding, checks and, during the round, the relay\'s half in the program');
  note('  pgbench: the same statement, arguments, role and scope; keyed: each under an Idempotency-Key');
  const url = `${stack.url('jobs')}/v1/jobs/vacancies`;
  const env = { BENCH_TOKEN: token, BENCH_BODY: JSON.stringify(body) };
  // The scope as the runtime sends it: person|org|actor|areas|action|instant|trace.
  const scope = `|${org}|||jobs.vacancy.open|${now}|`.replace(/[\\ ]/g, '\\$&');
  const variables = { ...body, org, county_code: county };
  const bench = await pgbenches(stack, { file: scripts(stack, 'vacancy_open', variables), user: 'jobs_app',
    options: `-c app.scope=${scope}`, variables });
  await posted(stack, url, env);
  const got = await interleave({ ours: () => posted(stack, url, env), ...bench,
    keyed: () => posted(stack, url, { ...env, BENCH_KEYS: '1' }) }, () => relayed(stack));

  const ours = middle(got.ours), keyed = middle(got.keyed), best = cheapest(got);
  serviceLines('core.post', ours);
  line('core.post.us_until_relayed', ours.drained, 'us/request');
  line('core.post.relay_pg_us', ours.relay, 'us/request');
  line('core.post.keyed_us', keyed.service, 'us/request');
  line('core.post.keyed_pg_us', keyed.pg, 'us/request');
  pgbenchLines('core.post', best);
  line('core.post.cpu_ratio_pgbench', ours.total / best.total, 'ratio');
  line('core.post.keyed_cpu_ratio_pgbench', keyed.total / best.total, 'ratio');
}

// A proxy is its busiest process; parents only watch.
async function proxied(root, load) {
  const before = new Map(tree(root).map((p) => [p.pid, p.cpu]));
  const r = await load();
  const cpu = Math.max(...[...before].map(([pid, was]) => cpuOf(pid) - was));
  return { us: cpu * 1e6 / r.requests, rate: r.rate, p99: r.p99_ms };
}

export async function benchGateway(stack, { id, token }) {
  note('core.gateway_seen: the same read through a proxy to the same program; CPU of the proxy alone');
  note('  gateway: token verified (cached), routing, limits, internal headers, metrics, access log');
  note('  HAProxy: one thread, plain forwarding, keep-alive both sides, no token, no log, no limits');
  const path = `/v1/jobs/vacancies/${id}`, headers = bearer(token);
  const url = stack.url('gateway') + path;
  const peer = await haproxy(stack, path);
  for (const u of [url, peer.url]) await wrk(u, { headers, seconds: 1 });
  const got = await interleave({
    ours: () => proxied(stack.pid('gateway'), () => wrk(url, { headers })),
    haproxy: () => proxied(peer.pid, () => wrk(peer.url, { headers })),
  });
  await peer.stop();
  const ours = middle(got.ours), theirs = middle(got.haproxy);
  line('core.gateway_seen.us', ours.us, 'us/request');
  line('core.gateway_seen.rate', ours.rate, '1/s');
  line('core.gateway_seen.p99', ours.p99, 'ms');
  line('core.gateway_seen.haproxy_us', theirs.us, 'us/request');
  line('core.gateway_seen.haproxy_rate', theirs.rate, '1/s');
  line('core.gateway_seen.haproxy_p99', theirs.p99, 'ms');
  line('core.gateway_seen.cpu_ratio_haproxy_plain', ours.us / theirs.us, 'ratio');
}
