// monitoring: the board by county, the rows behind a figure, the city's totals.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { admit } from './carrier_help.mjs';
import { examine, openClass } from './class_help.mjs';
import { dayPlus, known, refused, today, walk } from './help.mjs';

const now = await today();
const clerk = await desk('jh.clerk');
const period = `from_on=${dayPlus(now, -900)}&to_on=${now}`;
const board = async (login, query = period) => {
  const b = await call('GET', `/v1/monitoring/board?${query}`, { token: (await desk(login)).token });
  return Object.fromEntries(b.indicators.map((i) => [i.code, i]));
};
const county = (indicator, code) => indicator.areas.find((c) => c.area_code === code)?.value ?? 0;
const hire = (f, p, over = {}) => known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true,
  body: { person_id: p.id,
  occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000, ...over } }));
const unemployed = (p) => known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token,
  body: { reason: 'layoff' }, refused: true }));

test('every indicator cites its definition, and its areas are those below the caller’s', async () => {
  const [mine, city] = [await board('jh.first'), await board('city.audit')];
  assert.deepEqual(Object.keys(mine).sort(), Object.keys(city).sort());
  const definitions = Object.fromEntries((await walk('/v1/monitoring/indicators', (await desk('jh.first')).token, 20)).map((d) => [d.code, d]));
  for (const [code, i] of Object.entries(city)) {
    const d = definitions[code];
    assert.equal(i.definition_hash, createHash('sha256').update(d.canonical).digest('hex'), code);
    assert.equal(d.definition_hash, i.definition_hash);
    for (const m of [...d.numerator, ...d.denominator]) assert.ok(d.measures.some((x) => x.code === m.replace('-', '')), m);
    assert.equal(i.areas.length, 14);
    assert.ok(i.hidden === false && (i.value !== null || ['no_data', 'no_base', 'not_imported'].includes(i.reason)), code);
    if (['flow', 'stock'].includes(i.kind)) assert.equal(i.value, i.areas.reduce((sum, c) => sum + c.value, 0), code);
    assert.ok(mine[code].areas.length > 0 && mine[code].areas.every((a) => a.area_code.startsWith('431129')), code);
    if (i.kind === 'flow') assert.equal(mine[code].value, county(i, '431129'), code);
  }
  assert.equal(city.urban_new_employment.target, 59000);
  assert.equal(city.surveyed_unemployment_rate.target, 530);
  assert.equal(city.gig_markets.areas.find((a) => a.area_code === '431129').target, 1);
});

test('hires, re-employment, certificates and created jobs each move their own figure, once', async () => {
  const codes = ['urban_new_employment', 'reemployed_unemployed', 'reemployed_difficult', 'certified', 'startup_jobs'];
  const figures = async () => { const b = await board('jh.first'); return codes.map((c) => b[c].value); };
  const [f, k, s, plain, lost, hard] = await Promise.all([firm(), firm({ kind: 'carrier' }), firm({ kind: 'institution' }),
    person(), person(), person()]);
  const before = await figures();
  await unemployed(lost);
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: clerk.token, refused: true,
    body: { person_id: hard.id, reason: 'layoff', is_difficult: true } }));
  for (const p of [plain, lost, hard]) await hire(f, p);
  await hire(await firm(), plain);	// a second job is no second person
  const c = await known(() => call('POST', '/v1/entrepreneurship/carriers', { token: k.token, refused: true,
    body: { name: '看板孵化基地', kind: 'incubator', area_code: '431129100', capacity: 9 } }));
  await admit(k, c, f);
  const cls = await openClass(s, { title: '看板班', ends_on: now, capacity: 3 });
  const e = await known(() => call('POST', `/v1/training/classes/${cls.id}/enrolments`, { token: plain.token, refused: true }));
  await examine(s, e, 99);
  await call('POST', `/v1/training/enrolments/${e.id}/certificate`, { token: s.token });
  const want = [3, 2, 1, 1, 3].map((n, i) => before[i] + n);
  let last;
  await eventually(async () => { last = await figures(); return last.every((n, i) => n >= want[i]); },
    'the figures move').catch(() => {});
  assert.deepEqual(last, want);
});

test('a figure opens to its rows, page by page, and to none of another county', async () => {
  const f = await firm();
  for (const p of await Promise.all([person(), person(), person()])) await hire(f, p);
  const token = (await desk('jh.first')).token;
  const path = `/v1/monitoring/indicators/urban_new_employment/rows?${period}`;
  await eventually(async () => (await walk(path, token, 100)).filter((r) => r.org_id === f.org_id).length === 3, 'three rows');
  const rows = await walk(path, token, 7, '/v1/jobs/employments');
  assert.ok(rows.length > 7);
  assert.ok(rows.every((r, i) => r.county_code === '431129' && (i === 0 || r.on <= rows[i - 1].on)));
  await refused('GET', `${path}&county_code=431103`, { token }, 403, 'auth.area');
  const city = (await desk('city.audit')).token;
  const all = await walk(path, city, 200);
  assert.equal((await walk(`${path}&county_code=431129`, city, 200)).length, rows.length);
  assert.ok(all.length > rows.length);
  const { urban_new_employment: employed, startup_jobs: startups } = await board('city.audit');
  assert.equal(all.reduce((n, r) => n + r.value, 0), employed.value);
  assert.equal((await walk(`/v1/monitoring/indicators/startup_jobs/rows?${period}`, city, 50)).length, startups.value);
});

test('anybody sees the city’s totals, and nothing smaller', async () => {
  const before = await call('GET', '/v1/monitoring/live');
  assert.equal(before.from_on, `${now.slice(0, 4)}-01-01`);
  await hire(await firm(), await person());
  await eventually(async () => (await call('GET', '/v1/monitoring/live')).hired === before.hired + 1, 'the total moves');
  assert.doesNotMatch(JSON.stringify(before), /county|person|org/);
});

test('odd periods, odd questions and the wrong people are refused', async () => {
  const { token } = await desk('jh.first');
  for (const path of ['/v1/monitoring/board', '/v1/monitoring/indicators/certified/rows', '/v1/monitoring/live']) {
    for (const [query, field] of [[`from_on=${now}&to_on=${dayPlus(now, -1)}`, 'to_on field.date_order'],
      ['from_on=2025', 'from_on field.format'],
      ['to_on=2025-02-30', 'to_on field.format'], ['county=431129', 'county field.unknown']])
      await refused('GET', `${path}?${query}`, { token }, 422, 'request.invalid', field);
  }
  const none = await refused('GET', '/v1/monitoring/indicators/urban_employment/rows', { token }, 400,
    'monitoring.indicator_unknown', 'indicator_name monitoring.indicator_unknown');
  assert.equal(none.json.errors[0].suggestions[0].code, 'urban_new_employment');
  const near = await refused('GET', '/v1/monitoring/indicators/certified/rows?county_code=431199', { token }, 422, 'request.invalid',
    'county_code field.area_code');
  assert.ok(near.json.errors[0].suggestions.some((s) => /^4311/.test(s.code)), near.text);
  await refused('GET', '/v1/monitoring/indicators/certified/rows?cursor=AAAA', { token }, 422, 'request.invalid',
    'cursor field.cursor');
  const p = await person();
  for (const path of ['/v1/monitoring/board', '/v1/monitoring/indicators/certified/rows']) {
    await refused('GET', path, {}, 401, 'auth.token_missing');
    await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
    await refused('GET', path, { token: (await firm()).token }, 403, 'auth.forbidden');
    await refused('GET', path, { token: clerk.token }, 403, 'auth.forbidden');
  }
  await refused('GET', '/v1/monitoring/indicators/certified/rows', { token: (await desk('city.stats')).token }, 403,
    'auth.forbidden');
  const en = await request('GET', '/v1/monitoring/board', { headers: { 'accept-language': 'en' } });
  assert.equal(en.json.title, 'A token is required');
});
