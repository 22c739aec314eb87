// The index in memory against the database: random changes, the jobs program
// killed in the middle of them, and no difference in the end. INDEX_LONG=1 makes
// ten thousand.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, random } from '../lib/city.mjs';
import { dayPlus, known, ports, serviceToken, sql, today } from '../api/help.mjs';
import { killWorker, parentOf, sleep, whole } from './strike.mjs';

const CHANGES = process.env.INDEX_LONG === '1' ? 10000 : 300, KILLS = process.env.INDEX_LONG === '1' ? 20 : 3;
const WORDS = ['普工', '电工', '焊工', '缝纫工', '收银员', '厨师', '保洁', '司机', '质检员', '文员'];
const TOWNS = ['431129100', '431103001', '431181120', '431124001', '431102001'];
const CODES = ['6-24-01-00', '6-31-01-03', '4-03-02-05', '4-02-06-01'];
const now = await today();
const strike = killWorker('jobs');

const posting = () => ({ title: `${random.pick(WORDS)}${random.int(1000)}`, occupation_code: random.pick(CODES),
  area_code: random.pick(TOWNS), headcount: 1 + random.int(5), pay_min_cents: 100000, pay_max_cents: 200000 + random.int(800000),
  pay_unit: random.pick(['month', 'day', 'hour', 'piece']), form: random.pick(['full_time', 'part_time', 'gig']) });

const check = () => eventually(async () => {
  const r = await request('POST', '/internal/index/check', { base: `http://127.0.0.1:${ports.jobs}`,
    token: serviceToken(), quiet: true }).catch(() => null);
  return r?.status === 200 && r.json;
}, 'the checker answers', 60000);

// Half through the interface, half as a clock or another process would: the
// index hears of them only by their events.
async function change(f, mine) {
  const roll = random.int(100), v = mine.length > 0 ? random.pick(mine) : null;
  if (roll < 25 || !v) {
    const r = await call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting(), refused: true });
    if (r.status === 201) mine.push(r.json.id);
  } else if (roll < 50)
    await call('POST', `/v1/jobs/vacancies/${v}/${random.pick(['pause', 'reopen', 'close'])}`, { token: f.token, refused: true });
  else
    sql(`UPDATE jobs.vacancy SET ${random.pick([
      `title = '${random.pick(WORDS)}${random.int(1000)}'`,
      `pay_max_cents = pay_max_cents + ${random.int(5000)}`,
      "benefits = '{lodging,meals}'", "description = description || '包住'",
      `expires_on = '${dayPlus(now, -1)}'`, `expires_on = '${dayPlus(now, 30)}'`,
      `lat_e6 = ${25000000 + random.int(900000)}, lng_e6 = ${111000000 + random.int(900000)}`,
    ])} WHERE id IN (SELECT id FROM jobs.vacancy WHERE org_id = '${f.org_id}' ORDER BY random() LIMIT ${1 + random.int(8)})`);
}

test(`${CHANGES} random changes with ${KILLS} kills in between: no difference`, async (t) => {
  await whole();
  // Pairs of characters of a made-up name may stand in another one: this is nobody else's.
  const f = await firm({ name: `核对${randomUUID().slice(0, 8)}索引厂` }), mine = [];
  const parent = parentOf('jobs');
  mine.push((await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting(), refused: true }))).id);
  const struck = new Set(Array.from({ length: KILLS }, (_, i) => Math.floor(CHANGES * (i + 1) / (KILLS + 1))));
  for (let i = 0; i < CHANGES; i += 6) {
    const kill = [0, 1, 2, 3, 4, 5].some((k) => struck.has(i + k));
    const some = Promise.allSettled(Array.from({ length: 6 }, () => change(f, mine)));
    if (kill) { await sleep(random.int(10)); await strike(); }
    await some;
    if (kill && random.int(2) === 0) await whole();
  }
  assert.ok(parentOf('jobs') !== undefined && parent !== undefined);
  await whole();
  const r = await check();
  t.diagnostic(JSON.stringify({ ...r, ids: undefined }));
  assert.equal(r.differences, 0, JSON.stringify(r));
  assert.equal(r.in_database, r.in_index);
  assert.ok(r.in_database > 0);
  const open = sql(`SELECT count(*) FROM jobs.vacancy WHERE state = 'open' AND expires_on >= '${now}'
    AND org_id = '${f.org_id}'`)[0][0];
  const found = await call('GET', `/v1/jobs/vacancies?q=${encodeURIComponent(f.org.name)}&limit=1`);
  assert.equal(found.total, Number(open), 'and the search finds as many');
});

test('what was changed behind its back is a difference, and is named', async () => {
  await whole();
  const f = await firm();
  const v = await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting(), refused: true }));
  assert.equal((await check()).differences, 0);
  sql('ALTER TABLE jobs.vacancy DISABLE TRIGGER vacancy_tell');
  try {
    sql(`UPDATE jobs.vacancy SET title = title || '改' WHERE id = '${v.id}'`);
  } finally {
    sql('ALTER TABLE jobs.vacancy ENABLE TRIGGER vacancy_tell');
  }
  const r = await check();
  assert.deepEqual(r.ids, [v.id]);
  sql(`UPDATE jobs.vacancy SET title = title WHERE id = '${v.id}'`);
  await eventually(async () => (await check()).differences === 0, 'told of, it agrees');
});
