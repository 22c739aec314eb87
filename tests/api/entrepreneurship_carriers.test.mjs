// entrepreneurship: how a carrier describes itself, is recognised, checked and
// let go; contracts, applications, rent given up; heads month by month.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { admit, answer, describing, hire, keeper, leave, offer, open, read, recognise, terms } from './carrier_help.mjs';
import { importFile } from './grant.mjs';
import { pdf, png } from './files_help.mjs';
import { dayPlus, eachMistake, isProblem, logged, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const HERE = '431127', TOWN = '431127100', AWAY = '431128';
const now = await today();
const mint = minter((await person()).token);
const as = (role, area = HERE, sub = randomUUID()) => mint({ roles: [`${role}@${area}`], sub });
const E = '/v1/entrepreneurship';
const post = (path, token, body, over) => call('POST', `${E}/${path}`, { token, body, ...over });
const get = (path, token) => call('GET', `${E}/${path}`, { token });
const no = (path, token, body, status, code, ...fields) => refused('POST', `${E}/${path}`, { token, body }, status, code, ...fields);
const told = (type, key) => logged('entrepreneurship', `type = 'entrepreneurship.${type}' AND key = '${key}'`).map(([p]) => JSON.parse(p));
const park = (k, over) => open(k, { kind: 'return_home_park', area_code: TOWN, ...over });
const upload = (path, token, raw, slot, name) => call('POST', `${E}/${path}?slot=${slot}&name=${encodeURIComponent(name)}`,
  { token, raw, headers: { 'content-type': 'application/octet-stream' } });
const here = { area_code: TOWN };

test('a carrier says what it is, each version kept; a phone in full is for few, the nearest comes first', async () => {
  const [k, other] = await Promise.all([keeper(here), keeper(here)]);
  const at = (lng, over) => park(k, { lat_e6: 25370000, lng_e6: lng, floor_m2: 3000, services: '工商代办、创业培训', premises: 'rented',
    premises_until: dayPlus(now, 900), licence_no: 'LS-2024-08', licence_on: '2024-05-01', office_line: '0746-2210000', contact_phone: '13874612345', ...over });
  const near = await at(112190000), far = await at(112290000, { capacity: 1 });
  assert.deepEqual([near.phone_shown, near.places_left, near.version, near.tier], ['138****2345', 20, 1, null]);
  const list = await get('carriers/nearest?lat=25.37&lon=112.19&limit=200');
  const [a, b] = [near, far].map((c) => list.items.findIndex((x) => x.id === c.id));
  assert.ok(a >= 0 && a < b && list.items[a].metres === 0);
  assert.ok(Math.abs(list.items[b].metres - 10047) < 60, `${list.items[b].metres} m`);
  const pages = await walk(`${E}/carriers/nearest?lat=25.37&lon=112.19&has_places=true`, undefined, 1, `${E}/carriers`);
  assert.ok(pages.every((c, i) => i === 0 || c.metres >= pages[i - 1].metres));
  for (const [q, field] of [['lat=25.37', 'lon field.missing'], ['lat=91&lon=112', 'lat field.too_large'], ['lat=25&lon=1e2', 'lon field.format']])
    await refused('GET', `${E}/carriers/nearest?${q}`, {}, 422, 'request.invalid', field);
  const said = { name: near.name, capacity: 30, services: '工商代办' };
  const next = await post(`carriers/${near.id}/changes`, k.token, said);
  assert.deepEqual([next.version, next.capacity, next.floor_m2, next.phone_shown], [2, 30, null, '138****2345']);
  const versions = (await get(`carriers/${near.id}/versions`, k.token)).items;
  assert.deepEqual(versions.map((v) => [v.no, v.said.capacity, v.said.floor_m2]), [[2, 30, null], [1, 20, 3000]]);
  assert.deepEqual((await get(`carriers/${near.id}/versions`, other.token)).items, []);
  assert.equal((await get(`carriers/${near.id}/versions`, as('audit'))).items.length, 2);
  assert.throws(() => sql(`SET ROLE entrepreneurship_app; UPDATE entrepreneurship.carrier SET tier = 'city', recognised_on = now()`), /permission denied/);
  assert.equal((await get(`carriers/${near.id}/contact`, k.token)).phone, '13874612345');
  assert.equal((await get(`carriers/${near.id}/contact`, as('clerk'))).phone, '13874612345');
  for (const token of [other.token, as('clerk', AWAY)])
    await refused('GET', `${E}/carriers/${near.id}/contact`, { token }, 404, 'request.not_found');
  assert.ok(!sql(`SELECT phone_sealed FROM entrepreneurship.carrier_contact WHERE carrier_id = '${near.id}'`)[0][0].includes('1387461'));
  await no(`carriers/${near.id}/changes`, other.token, said, 404, 'request.not_found');
  await no(`carriers/${near.id}/changes`, k.token, { ...said, name: far.name }, 409, 'state.exists');
  await eachMistake('POST', `${E}/carriers/${near.id}/changes`, k.token, said, [[{ capacity: undefined }, '/capacity field.missing'],
    [{ lat_e6: 25370000 }, '/lng_e6 field.missing'], [{ contact_phone: '0746-221' }, '/contact_phone field.phone'],
    [{ premises: 'bought' }, '/premises field.choice'], [{ kind: 'incubator' }, '/kind field.unknown']]);
});

test('recognised by two officers, of the city by the whole city; its photos are then everybody’s', async () => {
  const k = await keeper(here), c = await park(k);
  const raw = png();
  const photo = await upload(`carriers/${c.id}/photos`, k.token, raw, 'carrier_photo', '大门.png');
  isProblem(await call('POST', `${E}/carriers/${c.id}/photos?slot=other&name=x`, { token: k.token, raw, refused: true,
    headers: { 'content-type': 'image/png' } }), 422, 'request.invalid', 'slot field.choice');
  assert.deepEqual((await get(`carriers/${c.id}/photos`)).items, []);
  await refused('GET', `${E}/carrier-photos/${photo.id}`, {}, 404, 'request.not_found');
  await refused('GET', `${E}/carrier-files/${photo.id}`, { token: as('clerk', AWAY) }, 404, 'request.not_found');
  const bytes = await request('GET', `${E}/carrier-files/${photo.id}`, { token: as('clerk') });
  assert.equal(bytes.status, 200);
  await no(`carriers/${c.id}/recognitions`, k.token, { tier: 'village', reason: '条件具备' }, 422, 'request.invalid', '/tier field.choice');
  await no(`carriers/${NOBODY}/recognitions`, k.token, { tier: 'city', reason: '条件具备' }, 404, 'request.not_found');
  const r = await post(`carriers/${c.id}/recognitions`, k.token, { tier: 'city', reason: '条件具备' });
  assert.deepEqual([r.state, r.case_state], ['asked', 'accepted']);
  await no(`carriers/${c.id}/recognitions`, k.token, { tier: 'city', reason: '再次申请' }, 409, 'state.exists');
  const hand = randomUUID();
  await no(`recognitions/${r.id}/decide`, as('approve', '431100'), { pass: true, document: '永人社发' }, 409, 'state.wrong');
  await no(`recognitions/${r.id}/check`, as('first_review', AWAY), { pass: true }, 404, 'request.not_found');
  assert.equal((await post(`recognitions/${r.id}/check`, as('first_review', HERE, hand), { pass: true })).state, 'checked');
  await no(`recognitions/${r.id}/decide`, as('approve', '431100', hand), { pass: true, document: '永人社发' }, 409, 'entrepreneurship.same_hand');
  await no(`recognitions/${r.id}/decide`, as('approve'), { pass: true, document: '永人社发' }, 403, 'auth.area');
  await no(`recognitions/${r.id}/decide`, as('approve', '431100'), { pass: true }, 422, 'request.invalid', '/document field.missing');
  const done = await post(`recognitions/${r.id}/decide`, as('approve', '431100'), { pass: true, document: '永人社发〔2025〕3号' });
  assert.equal(done.state, 'recognised');
  assert.throws(() => sql(`UPDATE entrepreneurship.recognition SET decided_by = checked_by WHERE id = '${r.id}'`), /hands_check/);
  assert.deepEqual(await read(c).then((x) => [x.tier, x.recognised_on]), ['city', now]);
  assert.equal(told('carrier.recognised.v1', c.id)[0].tier, 'city');
  assert.ok((await walk(`${E}/carriers?tier=city&area_code=${HERE}`, undefined, 50)).some((x) => x.id === c.id));
  assert.deepEqual((await get(`carriers/${c.id}/photos`)).items.map((x) => x.id), [photo.id]);
  const seen = await request('GET', `${E}/carrier-photos/${photo.id}`);
  assert.equal(seen.status, 200, seen.text);
  const back = await post(`carriers/${c.id}/recognitions`, k.token, { tier: 'county', reason: '县级认定' });
  assert.equal((await post(`recognitions/${back.id}/check`, as('clerk'), { pass: false, note: '材料不齐' })).state, 'returned');
  const mine = (await get('recognitions', k.token)).items;
  assert.deepEqual(mine.map((x) => [x.tier, x.state]), [['county', 'returned'], ['city', 'recognised']]);
  assert.ok((await walk(`${E}/recognitions?state=recognised`, as('audit'), 50)).some((x) => x.id === r.id));
  await refused('GET', `${E}/recognitions`, { token: (await firm()).token }, 403, 'auth.forbidden');
});

test('a firm asks, the carrier offers a contract, the firm confirms; only then its hires count', async () => {
  const [k, f, p, g] = await Promise.all([keeper(here), firm(here), person(), firm()]);
  const c = await park(k, { floor_m2: 100, capacity: 3 });
  await hire(f, p);
  const wish = { project: '竹木工艺品', area_m2: 60, established_on: dayPlus(now, -400), is_graduate: true, is_veteran: true };
  await eachMistake('POST', `${E}/carriers/${c.id}/admissions`, f.token, wish, [[{ project: undefined }, '/project field.missing'],
    [{ established_on: dayPlus(now, 1) }, '/established_on field.date_future'], [{ area_m2: 0 }, '/area_m2 field.too_small']]);
  const a = await post(`carriers/${c.id}/admissions`, f.token, wish);
  assert.deepEqual([a.state, a.groups, a.case_state], ['submitted', ['graduate', 'veteran'], 'accepted']);
  await no(`carriers/${c.id}/admissions`, f.token, wish, 409, 'state.exists');
  await no(`carriers/${NOBODY}/admissions`, f.token, wish, 404, 'request.not_found');
  await no(`admissions/${a.id}/refuse`, k.token, {}, 422, 'request.invalid', '/note field.missing');
  const t = await offer(k, c, f, { is_returned_worker: true });
  assert.deepEqual([t.state, t.is_new_firm, t.groups, t.contract.state, t.case_state], ['offered', true, ['graduate', 'returned_worker', 'veteran'], 'offered', 'accepted']);
  assert.deepEqual((await get('admissions', f.token)).items.map((x) => [x.id, x.state, x.tenant_id]), [[a.id, 'accepted', t.id]]);
  await no(`admissions/${a.id}/refuse`, k.token, { note: '已无空位' }, 409, 'state.wrong');
  await no(`admissions/${a.id}/withdraw`, f.token, undefined, 409, 'state.wrong');
  assert.deepEqual(await read(c).then((x) => [x.tenant_count, x.job_count, x.places_left]), [1, 0, 2]);
  await no(`contracts/${t.contract.id}/answer`, g.token, { agree: true }, 404, 'request.not_found');
  await no(`contracts/${t.contract.id}/answer`, k.token, { agree: true }, 403, 'auth.forbidden');
  await no(`contracts/${t.contract.id}/answer`, f.token, {}, 422, 'request.invalid', '/agree field.missing');
  await no(`tenants/${t.id}/contracts`, k.token, terms(now), 409, 'state.wrong');
  assert.equal((await answer(f, t.contract)).state, 'confirmed');
  await no(`contracts/${t.contract.id}/answer`, f.token, { agree: false }, 409, 'state.wrong');
  await eventually(async () => (await read(c)).job_count === 1, 'the hire counts now');
  assert.deepEqual((await get('org/tenancies', f.token)).items.map((x) => [x.id, x.state]), [[t.id, 'in']]);
  await refused('GET', `${E}/org/tenancies`, { token: k.token }, 403, 'auth.forbidden');
  assert.throws(() => sql(`SET ROLE entrepreneurship_app; UPDATE entrepreneurship.contract SET rent_cents = 1`), /permission denied/);
  // A second firm: too large for the floor; offered less, it declines, and the place is free.
  await no(`carriers/${c.id}/tenants`, k.token, { org_id: g.org_id, ...terms(now, { area_m2: 50 }) }, 409, 'entrepreneurship.floor_full');
  const u = await offer(k, c, g, { area_m2: 40 });
  assert.equal((await answer(g, u.contract, false, '租金偏高')).state, 'declined');
  assert.deepEqual(await read(c).then((x) => x.tenant_count), 1);
  const again = await offer(k, c, g, { area_m2: 40 });
  assert.equal((await leave(k, again)).state, 'declined', 'an offer taken back');
  const b = await post(`carriers/${c.id}/admissions`, g.token, { project: '电商' });
  assert.equal((await post(`admissions/${b.id}/refuse`, k.token, { note: '行业不符' })).state, 'refused');
  const b2 = await post(`carriers/${c.id}/admissions`, g.token, { project: '电商' });
  assert.equal((await post(`admissions/${b2.id}/withdraw`, g.token)).state, 'withdrawn');
  await no(`carriers/${c.id}/tenants`, k.token, { org_id: k.org_id, ...terms(now) }, 409, 'entrepreneurship.own_tenant');
});

test('a contract is renewed after the last, runs out in sight, and ends with the tenancy', async () => {
  const [k, f] = await Promise.all([keeper(here), firm(here)]);
  const c = await park(k);
  const t = await admit(k, c, f, { to_on: dayPlus(now, 20) });
  const soon = async (days, token = k.token) => (await get(`contracts?ends_within=${days}&carrier_id=${c.id}`, token)).items.map((x) => x.id);
  assert.deepEqual([await soon(19), await soon(20), await soon(30, as('clerk')), await soon(30, as('clerk', AWAY))],
    [[], [t.contract.id], [t.contract.id], []]);
  const bad = (over, status, code, ...fields) => no(`tenants/${t.id}/contracts`, k.token, terms(now, over), status, code, ...fields);
  await bad({ from_on: now }, 409, 'entrepreneurship.contract_overlap');
  await bad({ to_on: dayPlus(now, 15) }, 422, 'request.invalid', '/to_on field.date_order');
  await bad({ relief_kind: 'percent', relief_months: 3, relief_value: 120 }, 409, 'entrepreneurship.relief_terms');
  await bad({ relief_months: 3 }, 409, 'entrepreneurship.relief_terms');
  const n = await post(`tenants/${t.id}/contracts`, k.token, terms(now));
  assert.deepEqual([n.no, n.from_on, n.state], [2, dayPlus(now, 21), 'offered']);
  await bad({}, 409, 'entrepreneurship.contract_waits');
  await no(`tenants/${NOBODY}/contracts`, k.token, terms(now), 404, 'request.not_found');
  assert.deepEqual(await soon(30), []);
  await answer(f, n);
  const gone = await leave(k, t, { reason: 'closed', note: '停业' });
  assert.deepEqual([gone.state, gone.leave_reason, gone.contract.state], ['left', 'closed', 'ended']);
  assert.deepEqual((await get('contracts', f.token)).items.map((x) => [x.no, x.state]), [[2, 'ended'], [1, 'ended']]);
  assert.equal(told('tenant.left.v1', t.id)[0].reason, 'closed');
  await refused('GET', `${E}/contracts?ends_within=400`, { token: k.token }, 422, 'request.invalid', 'ends_within field.too_large');
});

test('rent given up: within the contract, proved, checked by the county; what is paid back is the city’s to set', async () => {
  const [k, f] = await Promise.all([keeper(here), firm(here)]);
  const c = await park(k);
  const month = `${now.slice(0, 7)}-01`, before = `${dayPlus(month, -1).slice(0, 7)}-01`, long = `${dayPlus(before, -1).slice(0, 7)}-01`;
  const t = await admit(k, c, f, { admitted_on: long, rent_cents: 100001, relief_kind: 'percent', relief_months: 2, relief_value: 50 });
  const give = (over) => ({ month, cents: 50000, ...over });
  await eachMistake('POST', `${E}/tenants/${t.id}/reliefs`, k.token, give(), [[{ month: `${now.slice(0, 7)}-02` }, '/month field.format'],
    [{ cents: 0 }, '/cents field.too_small'], [{ month: `${Number(now.slice(0, 4)) + 1}-${long.slice(5)}` }, '/month field.date_future']]);
  await no(`tenants/${t.id}/reliefs`, k.token, give({ cents: 50001 }), 409, 'entrepreneurship.relief_above');
  await no(`tenants/${t.id}/reliefs`, k.token, give({ month: '2020-01-01' }), 409, 'entrepreneurship.relief_none');
  await no(`tenants/${t.id}/reliefs`, (await keeper()).token, give(), 404, 'request.not_found');
  const r = await post(`tenants/${t.id}/reliefs`, k.token, give());
  await no(`tenants/${t.id}/reliefs`, k.token, give(), 409, 'state.exists');
  const check = (token, body = { pass: true }) => [`reliefs/${r.id}/check`, token, body];
  await no(...check(as('first_review')), 409, 'entrepreneurship.relief_proof');
  const raw = pdf(1);
  await upload(`reliefs/${r.id}/files`, k.token, raw, 'proof', '减免协议.pdf');
  isProblem(await call('POST', `${E}/reliefs/${r.id}/files?slot=x&name=x`, { token: k.token, raw, refused: true,
    headers: { 'content-type': 'application/pdf' } }), 422, 'request.invalid', 'slot field.choice');
  await no(...check(as('first_review', AWAY)), 404, 'request.not_found');
  await no(...check(k.token), 403, 'auth.forbidden');
  const done = await post(...check(as('first_review')));
  assert.deepEqual([done.state, done.files.length, done.files[0].submitted], ['checked', 1, true]);
  assert.equal(told('rent.relieved.v1', r.id)[0].cents, 50000);
  await no(...check(as('first_review')), 409, 'state.wrong');
  const q = await post(`tenants/${t.id}/reliefs`, k.token, give({ month: before, cents: 30000 }));
  await no(`tenants/${t.id}/reliefs`, k.token, give({ month: long }), 409, 'entrepreneurship.relief_spent');
  assert.equal((await post(`reliefs/${q.id}/check`, as('clerk'), { pass: false, note: '凭证不符' })).state, 'returned');
  await post(`tenants/${t.id}/reliefs`, k.token, give({ month: before, cents: 20000 }));
  const sums = (await get(`carriers/${c.id}/relief-sums`, k.token)).items;
  assert.deepEqual(sums.map((x) => [x.month, x.firms, x.given_cents, x.checked_cents]), [[month, 1, 50000, 50000], [before, 1, 20000, 0]]);
  assert.deepEqual((await get(`carriers/${c.id}/relief-sums`, as('clerk', AWAY))).items, []);
  assert.equal((await get(`reliefs?tenant_id=${t.id}`, f.token)).items.length, 3);
  await refused('GET', `${E}/reliefs?month=x`, { token: f.token }, 422, 'request.invalid', 'month field.format');
  const refund = `carriers/${c.id}/relief-refund?year=${now.slice(0, 4)}`;
  await refused('GET', `${E}/${refund}`, { token: k.token }, 409, 'entrepreneurship.relief_unset');
  await no('relief-rules', as('approve'), { percent: 33, basis: '市级文件' }, 403, 'auth.area');
  await no('relief-rules', as('approve', '431100'), { percent: 101, basis: '市级文件' }, 422, 'request.invalid', '/percent field.too_large');
  await post('relief-rules', as('approve', '431100'), { percent: 33, basis: '市级文件（测试）' });
  assert.deepEqual(await get(refund, k.token).then((x) => [x.checked_cents, x.refund_cents]), [50000, 16500]);
});

test('heads month by month follow hires, corrections and ends, and the insured follow the data', async () => {
  const [k, f, ...people] = await Promise.all([keeper(here), firm(here), person(), person(), person()]);
  const c = await park(k);
  const first = '2025-02-01';
  const t = await admit(k, c, f, { admitted_on: '2025-02-10', to_on: '2030-01-31' });
  const early = await hire(f, people[0], { hired_on: '2025-02-05' });	// before it was in
  const kept = await hire(f, people[1], { hired_on: '2025-02-20' });
  await hire(f, people[2], { hired_on: '2025-03-03' });
  await call('POST', `/v1/jobs/employments/${kept.id}/end`, { token: f.token, body: { ended_on: '2025-03-20', reason: 'resigned' } });
  const months = async (token = k.token) => (await get(`tenants/${t.id}/months?to_on=2025-03-31`, token)).items.map((m) => [m.month, m.hires, m.leavers, m.heads]);
  await eventually(async () => (await months())[1]?.[2] === 1, 'the end is heard of');
  assert.deepEqual(await months(), [[first, 1, 0, 2], ['2025-03-01', 1, 1, 2]]);
  assert.equal((await read(c)).job_count, 2);
  // The first hire turns out to be of a later day: it counts after all, once.
  await call('POST', `/v1/jobs/employments/${early.id}/correct`, { token: as('first_review'), refused: true,
    body: { hired_on: '2025-02-12', reason: '登记日期有误' } }).then((x) => x.status < 300 || assert.fail(x.text));
  await eventually(async () => (await read(c)).job_count === 3, 'the corrected hire counts');
  assert.deepEqual(await months(f.token), [[first, 2, 0, 2], ['2025-03-01', 1, 1, 2]]);
  await call('POST', `/v1/jobs/employments/${early.id}/correct`, { token: as('first_review'), body: { hired_on: '2025-02-06', reason: '再次更正' } });
  await eventually(async () => (await read(c)).job_count === 2, 'and no longer');
  assert.equal(told('job.withdrawn.v1', early.id).length, 1);
  await eventually(() => sql(`SELECT count(*) FROM monitoring.fact WHERE kind = 'startup_job' AND NOT is_dropped AND org_id = '${f.org_id}'`)[0][0] === '2', 'the board follows');
  await importFile('insurance_months', `id_number,uscc,month,pension,unemployment,injury\n${people.slice(0, 2).map((p) =>
    `${p.id_number},${f.org.uscc},2025-02,1,1,1`).join('\n')}\n${people[2].id_number},${f.org.uscc},2025-03,0,0,1\n`);
  const insured = async () => (await get(`carriers/${c.id}/months?to_on=2025-03-31`, k.token)).items.map((m) => m.insured);
  await eventually(async () => (await insured())[0] === 2, 'the insured are told');
  assert.deepEqual(await insured(), [2, 1]);
  await importFile('insurance_months', `id_number,uscc,month,pension,unemployment,injury\n${people[0].id_number},${f.org.uscc},2025-02,0,0,0\n`);
  await eventually(async () => (await insured())[0] === 1, 'a month said anew');
  assert.deepEqual((await get(`tenants/${t.id}/months`, as('clerk', AWAY))).items, []);
  assert.ok((await get(`tenants/${t.id}/months`, as('clerk'))).items.length >= 2);
  assert.deepEqual((await get(`carriers/${c.id}/months`, (await keeper()).token)).items, []);
  for (const path of [`tenants/${t.id}/months`, `carriers/${c.id}/months`])
    await refused('GET', `${E}/${path}?from_on=x`, { token: k.token }, 422, 'request.invalid', 'from_on field.format');
});

test('a yearly check rests on the register; what fails it is let go by another, its firms told', async () => {
  const [k, f, late] = await Promise.all([keeper(here), firm(here), firm(here)]);
  const c = await park(k), year = Number(now.slice(0, 4));
  await admit(k, c, f);
  const known_ = await get(`carriers/${c.id}/year?year=${year}`, k.token);
  assert.deepEqual([known_.admitted, known_.tenants, known_.jobs, known_.relief_cents], [1, 1, 0, 0]);
  await refused('GET', `${E}/carriers/${c.id}/year?year=${year}`, { token: as('clerk', AWAY) }, 404, 'request.not_found');
  const checker = randomUUID(), body = { year, met: false, note: '服务未落实' };
  await no(`carriers/${c.id}/checks`, as('recheck'), body, 404, 'request.not_found');	// not recognised yet
  await recognise(as, k, c);
  await no(`carriers/${c.id}/exit`, as('approve'), { reason: '不合格' }, 409, 'entrepreneurship.exit_unfounded');
  await no(`carriers/${c.id}/checks`, as('recheck'), { year }, 422, 'request.invalid', '/met field.missing', '/note field.missing');
  const k1 = await call('POST', `${E}/carriers/${c.id}/checks`, { token: mint({ roles: [`recheck@${HERE}`, `approve@${HERE}`], sub: checker }), body });
  assert.equal(k1.known.tenants, 1);
  await no(`carriers/${c.id}/checks`, as('recheck'), body, 409, 'state.exists');
  assert.deepEqual((await get(`carriers/${c.id}/checks`, k.token)).items.map((x) => [x.year, x.met]), [[year, false]]);
  assert.deepEqual((await get(`carriers/${c.id}/checks`, as('audit', AWAY))).items, []);
  await no(`carriers/${c.id}/exit`, as('approve', HERE, checker), { reason: '不合格' }, 409, 'entrepreneurship.same_hand');
  await no(`carriers/${c.id}/exit`, as('approve', AWAY), { reason: '不合格' }, 404, 'request.not_found');
  const gone = await post(`carriers/${c.id}/exit`, as('approve'), { reason: '年度检查不合格' });
  assert.deepEqual([gone.state, gone.tier], ['closed', null]);
  assert.deepEqual(told('carrier.exited.v1', c.id).map((x) => x.tier), ['county']);
  await no(`carriers/${c.id}/exit`, as('approve'), { reason: '不合格' }, 409, 'state.wrong');
  await no(`carriers/${c.id}/tenants`, k.token, { org_id: late.org_id, ...terms(now) }, 409, 'entrepreneurship.carrier_closed');
  await no(`carriers/${c.id}/recognitions`, k.token, { tier: 'county', reason: '再次申请' }, 409, 'entrepreneurship.carrier_closed');
  assert.equal(sql(`SELECT count(*) FROM entrepreneurship.message WHERE org_id = '${f.org_id}' AND kind = 'carrier'`)[0][0], '1');
});
