// subsidies.mjs -- everybody judged: `make bench-subsidies`. A made-up city grows
// from size to size; each is scanned under every policy until nothing is new, and
// scanned again; one policy is compared with its conditions written by hand as
// one query; then months of insurance arrive one by one.
import { fork } from 'node:child_process';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { spentBy } from './machine.mjs';
import { line, note, quantile, SHORT } from './report.mjs';
import { Stack } from './stack.mjs';
import { city, DAY, employersOf, KGBZ_BY_HAND } from './subsidies_city.mjs';

const sizes = process.env.BENCH_PEOPLE_SCANNED.split(',').map(Number);
const EVENTS = SHORT ? 5 : 100;
const stack = new Stack();
const name = (n) => (n >= 1e6 ? `${n / 1e6}m` : `${n / 1e3}k`);
const seconds = (since) => (performance.now() - since) / 1000;

const cost = () => ({ db: spentBy([stack.postmaster]), us: spentBy([stack.pid('subsidies')]) });
async function spent(work) {
  const before = cost(), from = performance.now(), got = await work(), after = cost();
  return { got, s: seconds(from), db: after.db - before.db, us: after.us - before.us };
}

async function scan(body) {
  const token = (await desk('city.clerk')).token;
  let s = await call('POST', '/v1/subsidies/scans', { token, body, patience_ms: 60000 });
  while (!['done', 'cancelled'].includes(s.state)) {
    await new Promise((r) => setTimeout(r, 50));
    s = await call('GET', `/v1/subsidies/scans/${s.id}`, { token });
  }
  return s;
}

async function grow(n, from) {
  const began = performance.now();
  for (const text of city(n, from)) stack.psql(text);
  note(`${n} people, ${employersOf(n)} employers written in ${seconds(began).toFixed(0)} s`);
  const policies = Number(stack.psql('SELECT count(DISTINCT code) FROM subsidies.policy_version'));
  // Empty tables fill by the hundred thousand: plans have to follow, as they do where vacuum runs.
  stack.psql('ALTER SYSTEM RESET autovacuum_naptime', 'SELECT pg_reload_conf()');
  const first = await spent(() => scan({}));
  stack.psql('ALTER SYSTEM SET autovacuum_naptime = 86400', 'SELECT pg_reload_conf()');
  stack.psql('VACUUM ANALYZE subsidies.decision', 'VACUUM ANALYZE subsidies.claim', 'VACUUM ANALYZE subsidies.hold', 'CHECKPOINT');
  const again = await spent(() => scan({}));
  const one = await spent(() => scan({ policy_code: 'KGBZ' }));
  const hand = await spent(async () => Number(stack.psql(KGBZ_BY_HAND)));
  const k = name(n), s = again.got;
  note(`${k}: the first scan judged ${first.got.judged} anew and found ${first.got.candidates} claims; ${s.subjects} judgements of ${policies} policies`);
  note(`${k}: the first scan took ${first.db.toFixed(2)} s of PostgreSQL, ${first.us.toFixed(2)} s of the service`);
  note(`${k}: by hand ${hand.got} are eligible by KGBZ; decided ${stack.psql("SELECT count(*) FROM subsidies.decision WHERE policy_code = 'KGBZ' AND verdict = 'eligible' AND superseded_at IS NULL")}`);
  line(`subsidies.scan_first_${k}`, first.s, 's');
  line(`subsidies.scan_${k}`, again.s, 's');
  line(`subsidies.scan.decisions_per_s.${k}`, s.people * policies / again.s, '/s');
  line(`subsidies.scan.judgements_per_s.${k}`, s.subjects / again.s, '/s');
  line(`subsidies.scan.db_share.${k}`, again.db / (again.db + again.us) * 100, '%');
  line(`subsidies.scan.cpu_ratio_sql.${k}`, (one.db + one.us) / hand.db, 'x');
  note(`${k}: CPU ${again.db.toFixed(2)} s in PostgreSQL, ${again.us.toFixed(2)} s in the service; KGBZ alone ${(one.db + one.us).toFixed(2)} s, by hand ${hand.db.toFixed(2)} s`);
  return { n, s: again.s, rate: s.people * policies / again.s, share: again.db / (again.db + again.us) * 100,
    ratio: (one.db + one.us) / hand.db };
}

// From the file accepted to the claim there to be read, looked for every millisecond.
async function events() {
  const token = (await desk('city.clerk')).token, took = [];
  const send = (lines) => request('POST', '/v1/subsidies/imports/insurance_months', { token, headers: { 'content-type': 'text/csv',
    'idempotency-key': `"${crypto.randomUUID()}"` }, raw: ['id_number,uscc,month,pension,unemployment,injury', ...lines].join('\n') });
  const f = await firm();
  const people = [];
  for (let i = 0; i < EVENTS; i++) people.push(await person());
  const hired = await Promise.all(people.map((p) => eventually(async () => {
    const r = await call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: p.id,
      occupation_code: '6-31-01-03', hired_on: '2025-07-07', contract_type: 'fixed', contract_months: 24, wage_cents: 480000 } });
    return r.status === 201 && r.json;
  }, 'hired')));
  await request('POST', '/v1/subsidies/imports/graduates', { token, headers: { 'content-type': 'text/csv', 'idempotency-key': `"${crypto.randomUUID()}"` },
    raw: ['id_number,school,level,full_time,graduated_on', ...people.map((p) => `${p.id_number},永州示例学院,21,1,2025-06-30`)].join('\n') });
  await send(people.flatMap((p) => ['2025-07', '2025-08'].map((m) => `${p.id_number},${f.org.uscc},${m},1,1,1`)));
  await eventually(() => stack.psql('SELECT count(*) FROM subsidies.due') === '0', 'nobody is due', 600000);
  const watch = fork(new URL('subsidies_watch.mjs', import.meta.url), [stack.sockets]);
  await new Promise((r) => watch.once('message', r));
  for (const [i, p] of people.entries()) {
    const seen = new Promise((r) => watch.once('message', r));
    watch.send(hired[i].id);
    const reply = await send([`${p.id_number},${f.org.uscc},2025-09,1,1,1`]);
    const accepted = performance.timeOrigin + performance.now();
    if (reply.status >= 300) throw new Error(reply.text);
    took.push(Math.max(0, (await seen) - accepted));
  }
  watch.disconnect();
  line('subsidies.event_to_candidate.p50', quantile(took, 0.5), 'ms');
  line('subsidies.event_to_candidate.p99', quantile(took, 0.99), 'ms');
}

try {
  stack.up();
  await call('POST', '/v1/identity/sandbox/clock', { token: (await desk('city.system')).token, body: { to_at: `${DAY}T01:00:00Z` }, key: null });
  const table = [];
  for (const [i, n] of sizes.entries()) table.push(await grow(n, i === 0 ? 0 : sizes[i - 1]));
  note('people      seconds  people x policies /s  db %   x SQL');
  for (const r of table)
    note(`${String(r.n).padStart(9)}  ${r.s.toFixed(2).padStart(8)}  ${r.rate.toFixed(0).padStart(20)}  ${r.share.toFixed(1).padStart(5)}  ${r.ratio.toFixed(2).padStart(5)}`);
  await events();
} finally {
  stack.down();
}
