// Killed in the middle of writing: what was acknowledged is in the audit trail,
// what is in the trail was done, and the chain over it is whole.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { call, request } from '../lib/client.mjs';
import { eventually, firm } from '../lib/city.mjs';
import { RUN, known, ports, sql } from '../api/help.mjs';
import { COUNTY } from './claims.mjs';
import { gone, killBackend, killParent, killPostmaster, killWorker, parentOf, whole } from './strike.mjs';

const LONG = process.env.FAULT_LONG === '1';
const SENT = LONG ? 2000 : 300, WIDE = 16;
const JOBS = `http://127.0.0.1:${ports.jobs}`;
let f;

// One posting is not the copy of another: that would wait for an officer.
const body = () => ({ title: `断电之前${randomBytes(12).toString('hex').replace(/\d/g, (d) => 'ghijklmnop'[d])}`,
  occupation_code: '6-24-01-00', area_code: COUNTY.town, headcount: 1,
  pay_min_cents: 1, pay_max_cents: 2, pay_unit: 'hour', form: 'gig' });

before(async () => {
  await whole();
  f = await firm({ area_code: COUNTY.town });
  await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, refused: true, body: body() }));
});

// Vacancies opened by several at once, half under a key; ids of those that were acknowledged.
async function storm(strike) {
  const done = [];
  let next = 0, struck;
  await Promise.all(Array.from({ length: WIDE }, async () => {
    while (next < SENT) {
      const i = next++;
      if (i === Math.floor(SENT / 3)) struck = strike();
      const headers = i % 2 ? { 'idempotency-key': crypto.randomUUID() } : {};
      const r = await request('POST', '/v1/jobs/vacancies', { base: JOBS, token: f.token, body: body(), headers, quiet: true })
        .catch(() => null);
      if (r?.status === 201) done.push(r.json.id);
      if (r === null) await new Promise((go) => setTimeout(go, 20));
    }
  }));
  await struck;
  await whole();
  return done;
}

function chainHolds() {
  const env = Object.fromEntries(readFileSync(`${RUN}/env`, 'utf8').trim().split('\n').map((l) =>
    [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
  const bin = new URL(`../../${process.env.BUILD ?? '.build/asan'}/bin/yjyctl`, import.meta.url).pathname;
  const r = spawnSync(bin, ['audit-verify', 'jobs'], { encoding: 'utf8', env: { ...process.env, ...env } });
  assert.equal(r.status, 0, r.stdout + r.stderr);
}

const STRIKES = [['its worker', killWorker('jobs')], ['its parent', killParent('jobs')],
  ['a session of its', killBackend('jobs_app')], ['PostgreSQL', killPostmaster]];
for (const [what, strike] of STRIKES)
  test(`killed while it writes: ${what}`, async (t) => {
    const done = await storm(strike);
    assert.ok(done.length > SENT / 4, `${done.length} acknowledged`);
    const rows = new Map(sql(`SELECT object_id, count(*) FROM jobs.audit WHERE route = 'vacancy_open' AND status = 201
      AND org_id = '${f.org_id}' GROUP BY 1`));
    assert.deepEqual(done.filter((id) => rows.get(id) !== '1'), [], 'acknowledged, and not in the trail');
    const made = sql(`SELECT id::text FROM jobs.vacancy WHERE org_id = '${f.org_id}'`).map(([id]) => id);
    assert.deepEqual(made.filter((id) => !rows.has(id)), [], 'done, and not in the trail');
    assert.deepEqual([...rows.keys()].filter((id) => !made.includes(id)), [], 'in the trail, and not done');
    t.diagnostic(`${done.length} of ${SENT} acknowledged, ${made.length} made`);
    await eventually(() => sql(`SELECT (SELECT count(*) FROM jobs.audit) = (SELECT sum(count) FROM jobs.audit_seal)`)[0][0] === 't', 'sealed');
    chainHolds();
  });

// Asked to stop, a program first writes what was read and refused.
test('reads and refusals are written before a program stops', async () => {
  const sent = await Promise.all(Array.from({ length: 40 }, () => request('POST', `/v1/jobs/vacancies/${f.org_id}/close`,
    { base: JOBS, token: f.token, quiet: true })));
  const pid = parentOf('jobs');
  process.kill(pid, 'SIGTERM');
  await gone(pid);
  await whole();
  const ids = sent.filter((r) => r.status === 404).map((r) => `'${r.headers['x-request-id']}'`);
  assert.equal(ids.length, 40);
  assert.equal(sql(`SELECT count(*) FROM jobs.audit WHERE status = 404 AND request_id IN (${ids})`)[0][0], '40');
});
