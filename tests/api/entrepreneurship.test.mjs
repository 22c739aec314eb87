// entrepreneurship: carriers, the firms in them, the jobs those create.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { admit, describing, hire, keeper, leave, offer, open, read, terms } from './carrier_help.mjs';
import { dayPlus, eachMistake, isProblem, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const filing = describing;

test('a carrier is registered, a firm admitted, its hire counted, and it leaves again', async () => {
  const [k, f, p, q] = await Promise.all([keeper(), firm(), person(), person()]);
  const c = await open(k);
  assert.deepEqual([c.tenant_count, c.job_count, c.county_code], [0, 0, '431129']);
  await hire(f, p, { hired_on: dayPlus(now, -1) });	// before it was a tenant: not the carrier's doing
  const t = await admit(k, c, f);
  assert.deepEqual([t.state, t.admitted_on, t.left_on, t.org_name], ['offered', now, null, f.org.name]);
  assert.equal((await read(c)).tenant_count, 1);
  const e = await hire(f, q);
  await eventually(async () => (await read(c)).job_count === 1, 'the hire is counted');
  const jobs = await walk('/v1/entrepreneurship/jobs', (await desk('jh.first')).token, 50);
  const mine = jobs.filter((j) => j.carrier_id === c.id);
  assert.deepEqual(mine.map((j) => [j.employment_id, j.person_id, j.tenant_id]), [[e.id, q.id, t.id]]);
  assert.equal((await leave(k, t)).left_on, now);
  await refused('POST', `/v1/entrepreneurship/tenants/${t.id}/leave`, { token: k.token, body: {} }, 409, 'state.wrong');
  assert.deepEqual(await read(c).then((r) => [r.tenant_count, r.job_count]), [0, 1]);
  const list = (query) => call('GET', `/v1/entrepreneurship/carriers/${c.id}/tenants${query}`, { token: k.token });
  assert.equal((await list('?is_open=true')).items.length, 0);
  assert.deepEqual((await list('')).items.map((x) => x.id), [t.id]);
});

test('hires since the day of admission count whichever is heard of first, and bind the day of leaving', async () => {
  const [k, f, early, late] = await Promise.all([keeper(), firm(), person(), person()]);
  const c = await open(k);
  await hire(f, early, { hired_on: dayPlus(now, -3) });
  await eventually(() => Number(sql(`SELECT count(*) FROM entrepreneurship.hire WHERE org_id = '${f.org_id}'`)[0][0]) === 1, 'the hire is heard of');
  const t = await admit(k, c, f, { admitted_on: dayPlus(now, -5) });
  assert.equal((await read(c)).job_count, 1, 'counted by the admission itself');
  await hire(f, late, { hired_on: dayPlus(now, -2) });
  await eventually(async () => (await read(c)).job_count === 2, 'counted by the event');
  await refused('POST', `/v1/entrepreneurship/tenants/${t.id}/leave`, { token: k.token, body: { left_on: dayPlus(now, -3), reason: 'closed' } },
    409, 'entrepreneurship.jobs_after');
  await leave(k, t, { left_on: dayPlus(now, -2) });
  await hire(f, await person());	// after it left
  await eventually(() => Number(sql(`SELECT count(*) FROM entrepreneurship.hire WHERE org_id = '${f.org_id}'`)[0][0]) === 3, 'all hires are heard of');
  assert.equal((await read(c)).job_count, 2);
  const again = await admit(k, await open(k), f, { admitted_on: now });
  assert.notEqual(again.id, t.id);
});

test('every mistake in a form is named', async () => {
  const [k, f] = await Promise.all([keeper(), firm()]);
  const c = await open(k);
  await eachMistake('POST', '/v1/entrepreneurship/carriers', k.token, filing(), [
    [{ name: '园' }, '/name field.too_short'], [{ name: '园'.repeat(61) }, '/name field.too_long'],
    [{ kind: 'office' }, '/kind field.choice'], [{ area_code: '431100' }, '/area_code field.area_code'],
    [{ area_code: '4311' }, '/area_code field.area_code'], [{ capacity: 0 }, '/capacity field.too_small'],
    [{ capacity: -1 }, '/capacity field.too_small'], [{ capacity: 10001 }, '/capacity field.too_large'],
    [{ capacity: '20' }, '/capacity field.type'], [{ job_count: 5 }, '/job_count field.unknown'],
  ]);
  await refused('POST', '/v1/entrepreneurship/carriers', { token: k.token, body: filing({ name: c.name }) }, 409,
    'state.exists');
  await refused('POST', '/v1/entrepreneurship/carriers', { token: f.token, body: filing() }, 403, 'auth.forbidden');
  await refused('POST', '/v1/entrepreneurship/carriers', { body: filing() }, 401, 'auth.token_missing');
  const path = `/v1/entrepreneurship/carriers/${c.id}/tenants`, good = { org_id: f.org_id, ...terms(now) };
  await eachMistake('POST', path, k.token, good, [
    [{ org_id: undefined }, '/org_id field.missing'], [{ org_id: 'x' }, '/org_id field.format'],
    [{ org_id: '00000000-0000-0000-0000-000000000000' }, '/org_id field.format'],
    [{ admitted_on: dayPlus(now, 1) }, '/admitted_on field.date_future'], [{ admitted_on: '1/1/2026' },
      '/admitted_on field.format'],
    [{ left_on: now }, '/left_on field.unknown'], [{ to_on: now }, '/to_on field.date_order'],
    [{ area_m2: 0 }, '/area_m2 field.too_small'], [{ rent_cents: -1 }, '/rent_cents field.too_small'],
    [{ relief_kind: 'half' }, '/relief_kind field.choice'], [{ established_on: dayPlus(now, 1) }, '/established_on field.date_future']]);
  await refused('POST', path, { token: k.token, body: { ...good, org_id: NOBODY } }, 409, 'entrepreneurship.org_unknown');
  await refused('POST', `/v1/entrepreneurship/carriers/${NOBODY}/tenants`, { token: k.token, body: good },
    404, 'request.not_found');
  const en = await request('POST', path, { token: k.token, body: { ...good, org_id: NOBODY }, headers: { 'accept-language': 'en' } });
  assert.equal(en.json.title, 'The organisation is not registered, or not known here yet');
});

test('a carrier never holds more firms than it has places, nor a firm two carriers', async () => {
  const k = await keeper();
  const small = await open(k, { capacity: 1 }), wide = await open(k);
  const firms = await Promise.all([1, 2, 3, 4, 5].map(() => firm()));
  const past = await Promise.all(firms.map((f) => admit(k, wide, f, { admitted_on: dayPlus(now, -9) })));
  for (const t of past) await leave(k, t, { left_on: dayPlus(now, -1) });
  const into = (c, f) => call('POST', `/v1/entrepreneurship/carriers/${c.id}/tenants`,
    { token: k.token, body: { org_id: f.org_id, ...terms(now) }, refused: true });
  const tries = await Promise.all(firms.map((f) => into(small, f)));
  assert.equal(tries.filter((r) => r.status === 201).length, 1, tries.map((r) => r.text).join('\n'));
  for (const r of tries.filter((x) => x.status !== 201)) isProblem(r, 409, 'entrepreneurship.carrier_full');
  const winner = firms[tries.findIndex((r) => r.status === 201)];
  isProblem(await into(wide, winner), 409, 'entrepreneurship.tenant_exists');
  const loser = firms[tries.findIndex((r) => r.status !== 201)];
  const twice = await Promise.all([1, 2, 3, 4].map(() => into(wide, loser)));
  assert.equal(twice.filter((r) => r.status === 201).length, 1);
  for (const r of twice.filter((x) => x.status !== 201)) isProblem(r, 409, 'entrepreneurship.tenant_exists');
  assert.deepEqual(await Promise.all([small, wide].map(async (c) => (await read(c)).tenant_count)), [1, 1]);
});

test('the same admission sent again is the same admission', async () => {
  const [k, f] = await Promise.all([keeper(), firm()]);
  const c = await open(k);
  const key = randomUUID();
  const t = await eventually(async () => {
    const r = await call('POST', `/v1/entrepreneurship/carriers/${c.id}/tenants`, { token: k.token, key,
      body: { org_id: f.org_id, ...terms(now) }, refused: true });
    return r.status === 201 && r.json;	// an earlier refusal is not remembered
  }, 'the firm is known');
  const again = await call('POST', `/v1/entrepreneurship/carriers/${c.id}/tenants`, { token: k.token, key,
    body: { org_id: f.org_id, ...terms(now) }, whole: true });
  assert.equal(again.headers['idempotency-replayed'], 'true');
  assert.deepEqual(again.json, t);
  await refused('POST', `/v1/entrepreneurship/carriers/${c.id}/tenants`, { token: k.token, key, body: { org_id: NOBODY, ...terms(now) } },
    422, 'idempotency.reused');
});

test("another's carrier and tenants are out of reach", async () => {
  const [k, other, f] = await Promise.all([keeper(), keeper(), firm()]);
  const c = await open(k);
  await open(other);
  const t = await admit(k, c, f);
  await refused('POST', `/v1/entrepreneurship/carriers/${c.id}/tenants`, { token: other.token,
    body: { org_id: f.org_id, ...terms(now) } }, 404, 'request.not_found');
  await refused('POST', `/v1/entrepreneurship/tenants/${t.id}/leave`, { token: other.token, body: {} }, 404,
    'request.not_found');
  await refused('POST', `/v1/entrepreneurship/tenants/${t.id}/leave`, { token: f.token, body: {} }, 403, 'auth.forbidden');
  assert.deepEqual((await call('GET', `/v1/entrepreneurship/carriers/${c.id}/tenants`, { token: other.token })).items, []);
  await refused('GET', `/v1/entrepreneurship/carriers/${c.id}/tenants`, { token: f.token }, 403, 'auth.forbidden');
  for (const [body, field] of [[{ left_on: dayPlus(now, 1) }, '/left_on field.date_future'],
    [{ left_on: dayPlus(now, -1), reason: 'moved' }, '/left_on field.date_order'], [{}, '/reason field.missing'],
    [{ reason: 'other' }, '/reason field.choice'], [{ left_on: 'now' }, '/left_on field.format']])
    await refused('POST', `/v1/entrepreneurship/tenants/${t.id}/leave`, { token: k.token, body }, 422,
      'request.invalid', field);
  assert.equal(sql(`SELECT left_on IS NULL FROM entrepreneurship.tenant WHERE id = '${t.id}'`)[0][0], 't');
});

test('carriers are found by anybody, tenants and jobs by the officers of their county', async () => {
  const k = await keeper();
  const here = await open(k), there = await open(k, { area_code: '431103001', kind: 'return_home_park' });
  const firms = await Promise.all([1, 2, 3, 4].map(() => firm()));
  for (const [i, f] of firms.entries()) await admit(k, i % 2 ? there : here, f);
  const p = await person();
  for (const f of firms) await hire(f, p);
  await eventually(async () => (await read(here)).job_count === 2 && (await read(there)).job_count === 2,
    'four jobs are counted');
  const ids = async (query) => (await walk(`/v1/entrepreneurship/carriers?${query}`, undefined, 50)).map((c) => c.id);
  assert.ok((await ids('area_code=431129100')).includes(here.id));
  assert.ok(!(await ids('area_code=431129')).includes(there.id));
  assert.ok((await ids('kind=return_home_park')).includes(there.id));
  assert.deepEqual((await walk('/v1/entrepreneurship/org/carriers', k.token, 1, '/v1/entrepreneurship/carriers'))
    .map((c) => c.id), [there.id, here.id]);
  await refused('GET', '/v1/entrepreneurship/org/carriers', { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/entrepreneurship/carriers?kind=x', {}, 422, 'request.invalid', 'kind field.choice');
  await refused('GET', `/v1/entrepreneurship/carriers/${NOBODY}`, {}, 404, 'request.not_found');
  const [jh, lst, city] = [await desk('jh.first'), await desk('lst.first'), await desk('city.audit')];
  for (const [path, other] of [['/v1/entrepreneurship/tenants', '/v1/entrepreneurship/jobs'],
    ['/v1/entrepreneurship/jobs', '/v1/entrepreneurship/tenants']]) {
    const mine = await walk(path, jh.token, 1, other);
    assert.ok(mine.length >= 2 && mine.every((r) => r.county_code === '431129'));
    const theirs = await walk(path, lst.token, 2);
    assert.ok(theirs.length >= 2 && theirs.every((r) => r.county_code === '431103'));
    assert.equal((await walk(path, city.token, 200)).length, mine.length + theirs.length);
    assert.deepEqual((await call('GET', `${path}?county_code=431103`, { token: jh.token })).items, []);
    await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
    await refused('GET', path, { token: k.token }, 403, 'auth.forbidden');
    await refused('GET', `${path}?county_code=431`, { token: jh.token }, 422, 'request.invalid', 'county_code field.area_code');
  }
  assert.ok((await walk('/v1/entrepreneurship/tenants?is_open=false', city.token, 50)).every((t) => t.left_on !== null));
  assert.deepEqual((await call('GET', `/v1/entrepreneurship/jobs?hired_from=${dayPlus(now, 1)}`,
    { token: city.token })).items, []);
  await refused('GET', '/v1/entrepreneurship/jobs?hired_to=x', { token: jh.token }, 422, 'request.invalid',
    'hired_to field.format');
});
