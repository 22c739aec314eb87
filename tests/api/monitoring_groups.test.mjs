// groups: who belongs to a key group by the registers of jobs, who was helped,
// works and waits; families in which nobody works; beside plain SQL.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call, register } from '../lib/client.mjs';
import { desk, eventually, firm, person, random, someone } from '../lib/city.mjs';
import { idNumber } from '../lib/fake.mjs';
import * as g from './grant.mjs';
import { contact, file, GRADUATES, helped, POVERTY } from './help_fixture.mjs';
import { dayPlus, known, minter, refused, sql, today, walk } from './help.mjs';

const now = await today();
const HERE = '431128', TOWN = '431128001';	// where no other test has members of groups
const mint = minter((await desk('jh.first')).token), stats = (await desk('city.stats')).token;
const clerk = mint({ roles: [`clerk@${HERE}`] }), here = mint({ roles: [`first_review@${HERE}`] });
const city = mint({ roles: ['audit@431100'] }), lst = mint({ roles: ['audit@431103'] });
const GROUPS = '/v1/monitoring/groups';
const get = (path, token = here) => call('GET', path, { token });
const post = (path, body, token = clerk) => call('POST', path, { token, body });
const group = async (code, token = here, q = '') => get(`${GROUPS}/${code}${q}`, token);
after(() => g.at(now));

// Members as the registers have them.
const rosters = {
  graduate: `SELECT person_id FROM jobs.graduate WHERE person_id IS NOT NULL AND graduated_on <= '${now}'`,
  poverty: 'SELECT person_id FROM jobs.poverty_member WHERE person_id IS NOT NULL',
  migrant: "SELECT person_id FROM jobs.labour_record WHERE person_id IS NOT NULL AND employment_state = 'employed_away'",
  difficult: `SELECT person_id FROM jobs.difficulty WHERE cert_no IS NOT NULL AND state = 'recognised'`,
  disabled: `SELECT * FROM (SELECT person_id, county_code FROM jobs.difficulty WHERE state = 'recognised' AND 'disabled' = ANY (kinds) UNION
    SELECT person_id, county_code FROM jobs.group_member WHERE grp = 'disabled' AND person_id IS NOT NULL) AS d WHERE true`,
  veteran: `SELECT person_id FROM jobs.group_member WHERE grp = 'veteran' AND person_id IS NOT NULL`,
  zero_family: `SELECT m.member_id AS person_id FROM jobs.household_member m JOIN jobs.household h ON h.id = m.household_id
    WHERE h.state IN ('recognised', 'placed')`,
  youth: `SELECT u.person_id FROM jobs.unemployment u JOIN jobs.person p ON p.id = u.person_id WHERE u.ended_on IS NULL
    AND p.birth_on <= date '${now}' - interval '16 years' AND p.birth_on > date '${now}' - interval '25 years'`,
};
const county = { graduate: 'county_code', poverty: 'county_code', migrant: 'county_code', difficult: 'county_code',
  disabled: 'county_code', veteran: 'county_code', zero_family: 'h.county_code', youth: 'u.county_code' };
const inCounty = (code, c) => `${rosters[code]} AND ${county[code]} = '${c}'`;
const count = (query) => Number(sql(`SELECT count(DISTINCT person_id) FROM (${query}) AS m`)[0][0]);
const helpedOf = (query) => Number(sql(`SELECT count(DISTINCT person_id) FROM (${query}) AS m WHERE EXISTS (SELECT FROM jobs.help_contact t
  WHERE t.person_id = m.person_id AND t.outcome = 'served' AND t.kind <> 'visit')`)[0][0]);
const worksOf = (query) => Number(sql(`SELECT count(DISTINCT person_id) FROM (${query}) AS m WHERE EXISTS (SELECT FROM jobs.employment e
  WHERE e.person_id = m.person_id AND e.ended_on IS NULL)`)[0][0]);

const settled = (code, n) => eventually(async () => {
  const x = await group(code);
  return x.stock === n && x;
}, `${n} in ${code}`).catch(async () => assert.equal((await group(code)).stock, n, code));

test('graduates and those lifted from poverty come from their rosters, at once or when they register', async () => {
  const [a, b] = [someone({ area_code: TOWN, birth_on: '2003-05-06' }), idNumber(random, '2003-05-06')];
  const p = await register(a);
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, body: { reason: 'graduated' }, refused: true }));
  const before = await group('graduate');
  await file('graduates', [GRADUATES, ...[a.id_number, b].map((i) => `${i},李明,湖南科技学院,电气工程,21,${dayPlus(now, -40)},${TOWN}`)], clerk);
  await file('poverty', [POVERTY, `${a.id_number},赵四,H77001,lifted,${TOWN}`], clerk);
  await settled('graduate', before.stock + 1);
  const q = await register({ ...someone({ area_code: TOWN }), id_number: b });
  const x = await settled('graduate', before.stock + 2);
  assert.equal(x.came, before.came + 2, 'from graduation, this year');
  const [k] = await eventually(async () => {
    const list = (await call('GET', '/v1/jobs/my/help-cases', { token: q.token })).items;
    return list.length === 1 && list;
  }, 'a case');
  await post(`/v1/jobs/help-cases/${k.id}/contacts`, contact());
  await g.hire(await firm(), p, now);
  const y = await eventually(async () => {
    const one = await group('graduate');
    return one.helped === before.helped + 1 && one.employed === before.employed + 1 && one;
  }, 'one helped, one employed');
  assert.equal(y.help_milli, Math.round((1000 * y.helped) / y.stock));
  for (const code of ['graduate', 'poverty', 'youth']) {
    const one = await settled(code, count(inCounty(code, HERE)));
    assert.deepEqual([one.helped, one.employed], [helpedOf(inCounty(code, HERE)), worksOf(inCounty(code, HERE))], code);
  }
  assert.ok(y.areas.some((t) => t.code === TOWN && t.stock >= 2), 'by town');
  const rows = await walk(`${GROUPS}/graduate/rows`, here, 1);
  assert.equal(rows.length, y.stock, 'the rows behind it');
  assert.ok(rows.every((r) => r.county_code === HERE && r.person_id === undefined));
  const all = await group('graduate', city);
  assert.equal(all.areas.reduce((n, t) => n + t.stock, 0), all.stock);
  assert.equal(all.areas.find((t) => t.code === HERE).stock, y.stock);
  assert.equal(Number(sql(`SELECT monitoring.total(monitoring.measure_id('members_graduate'), '${HERE}', '', NULL, '${now}')`)[0][0]), y.stock,
    'the measure counts the same');
});

test('who works away from a village is a migrant worker until found at home', async () => {
  const who = someone({ area_code: TOWN, birth_on: '1985-05-06' }), p = await register(who);
  const before = (await group('migrant')).stock;
  const village = sql(`SELECT code FROM reference.villages WHERE code LIKE '${TOWN}%' AND right(code, 3)::int BETWEEN 200 AND 399 ORDER BY 1 LIMIT 1`)[0][0];
  const body = { id_number: who.id_number, name: who.name, village_code: village, employment_state: 'employed_away', wish: 'none', willing: true };
  const put = (over) => known(() => call('POST', '/v1/jobs/labour-records', { token: clerk, body: { ...body, ...over }, refused: true }));
  await put();
  await settled('migrant', before + 1);
  await put();
  await put({ employment_state: 'farming' });
  await settled('migrant', before);
  assert.equal(count(inCounty('migrant', HERE)), before);
  assert.ok(p.id);
});

test('what is owed by a day and not given is overdue, until it is given', async () => {
  const p = await helped({ area_code: TOWN, birth_on: '2002-03-04' });
  const before = await eventually(async () => {
    const x = await group('youth');
    return x.stock === count(inCounty('youth', HERE)) && x;
  }, 'known');
  const item = await post(`/v1/jobs/help-cases/${p.case.id}/items`, { kind: 'guidance', title: '职业指导', due_on: now });
  await post(`/v1/jobs/help-cases/${p.case.id}/items`, { kind: 'training', title: '培训信息' });	// no day, never late
  assert.deepEqual((await walk(`${GROUPS}/youth/overdue`, here, 50)).filter((x) => x.case_id === p.case.id), []);
  await g.at(dayPlus(now, 3));
  const late = await eventually(async () => (await walk(`${GROUPS}/youth/overdue`, here, 50)).find((x) => x.id === item.id), 'late');
  assert.deepEqual([late.kind, late.case_id, late.due_on, late.days_late], ['help_item', p.case.id, now, 3]);
  assert.equal((await group('youth', here, `?to_on=${dayPlus(now, 1)}`)).overdue, before.overdue + 1);
  assert.equal((await group('youth', here, `?to_on=${now}`)).overdue, before.overdue, 'not on the day itself');
  assert.deepEqual((await walk(`${GROUPS}/youth/overdue`, lst, 50)).filter((x) => x.id === item.id), []);
  await post(`/v1/jobs/help-cases/${p.case.id}/contacts`, contact({ item_id: item.id, contacted_on: dayPlus(now, 3) }));
  await eventually(async () => !(await walk(`${GROUPS}/youth/overdue`, here, 50)).some((x) => x.id === item.id), 'late no longer');
  assert.equal((await group('youth', here, `?to_on=${dayPlus(now, 2)}`)).overdue, before.overdue + 1, 'it was');
  await g.at(now);
});

test('families in which nobody works: recognised, waiting, overdue, placed', async () => {
  const p = await person({ area_code: TOWN, birth_on: '1980-02-03' });
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, body: { reason: 'layoff' }, refused: true }));
  const before = await get(GROUPS);
  const h = await known(() => call('POST', '/v1/jobs/households', { token: p.token, refused: true, body: {
    address: '江华沱江镇', situation: '全家无业', members: [{ person_id: p.id, relation: 'self' }] } }));
  const first = mint({ roles: ['first_review@' + HERE] }), recheck = mint({ roles: ['recheck@' + HERE] });
  await post('/v1/jobs/register-values', { name: 'household_due_days', county_code: HERE, from_on: now, value: 1, basis: '测试' },
    mint({ roles: ['approve@431100'] }));
  await post(`/v1/jobs/households/${h.id}/visits`, { kind: 'check', visited_on: now, is_met: true, note: '入户属实' });
  await post(`/v1/jobs/households/${h.id}/first-review`, { decision: 'pass', note: '属实' }, first);
  await post(`/v1/jobs/households/${h.id}/recheck`, { decision: 'pass', note: '属实' }, recheck);
  const x = await eventually(async () => {
    const r = await get(GROUPS);
    return r.households.waiting === before.households.waiting + 1 && r;
  }, 'one family more');
  assert.deepEqual([x.households.recognised, x.households.open], [before.households.recognised + 1, before.households.open + 1]);
  assert.equal(x.households.placed_milli, Math.round((1000 * x.households.placed) / x.households.recognised));
  await settled('zero_family', count(inCounty('zero_family', HERE)));
  const due = sql(`SELECT due_on FROM jobs.household WHERE id = '${h.id}'`)[0][0];
  await g.at(dayPlus(due, 2));
  const late = await eventually(async () => (await walk(`${GROUPS}/zero_family/overdue`, here, 50)).find((r) => r.id === h.id), 'overdue');
  assert.deepEqual([late.kind, late.case_id, late.days_late], ['household', null, 2]);
  const y = await get(GROUPS);
  assert.ok(y.households.overdue >= 1 && !y.households.is_cleared);
  await g.hire(await firm(), p, dayPlus(due, 2));
  await eventually(async () => (await get(GROUPS)).households.waiting === y.households.waiting - 1, 'placed');
  const rows = sql(`SELECT count(*) FILTER (WHERE state IN ('recognised', 'placed')), count(*) FILTER (WHERE state = 'recognised')
    FROM jobs.household WHERE county_code = '${HERE}'`)[0].map(Number);
  const z = await get(GROUPS);
  assert.deepEqual([z.households.open, z.households.waiting], rows);
  await g.at(now);
});

test('all groups at a glance; those lifted from poverty who work away against 29.7万', async () => {
  const id = idNumber(random, '1990-01-02');
  await file('poverty', [POVERTY, `${id},孙二,H77002,lifted,${TOWN}`], clerk);
  const member = (await call('GET', '/v1/jobs/poverty-members?household_no=H77002', { token: clerk })).items[0];
  const before = (await get(GROUPS, city)).migrants;
  await post(`/v1/jobs/poverty-members/${member.id}/spells`, { place_kind: 'outside_province', place: '广东东莞', employer: '某电子厂',
    from_on: now, income_cents: 520000, source: 'village' });
  const x = await eventually(async () => {
    const r = await get(GROUPS, city);
    return r.migrants.away === before.away + 1 && r;
  }, 'one more away, registered or not');
  assert.deepEqual([x.migrants.target, x.migrants.target_milli], [297000, Math.round((1000 * x.migrants.away) / 297000)]);
  assert.equal(x.migrants.away, Number(sql(`SELECT count(*) FROM jobs.migration_spell WHERE from_on <= '${now}' AND (to_on IS NULL OR to_on >= '${now}')`)[0][0]));
  assert.deepEqual(x.groups.map((r) => r.code), ['graduate', 'migrant', 'poverty', 'difficult', 'zero_family', 'youth', 'veteran', 'disabled']);
  const mine = await get(GROUPS);
  for (const code of Object.keys(rosters))
    assert.equal(mine.groups.find((r) => r.code === code).stock, count(inCounty(code, HERE)), code);
  assert.equal((await get(GROUPS)).migrants.target, null, 'the city’s target is no county’s');
});

test('statisticians see no small numbers and no rows', async () => {
  const x = await get(GROUPS, stats);
  assert.ok(x.groups.every((r) => r.is_hidden || [r.stock, r.helped, r.employed].every((n) => n === undefined || n === 0 || n >= 5)));
  const y = await group('youth', stats);
  assert.ok(y.areas.every((r) => r.is_hidden || r.stock === 0 || r.stock >= 5));
  for (const what of ['overdue', 'rows'])
    await refused('GET', `${GROUPS}/youth/${what}`, { token: stats }, 403, 'auth.forbidden');
});

test('odd questions and the wrong people are refused', async () => {
  for (const path of [`${GROUPS}/students`, `${GROUPS}/students/overdue`, `${GROUPS}/students/rows`]) {
    const r = await refused('GET', path, { token: here }, 422, 'request.invalid', 'group_name field.choice');
    assert.ok(r.json.errors[0].suggestions.some((s) => s.code === 'graduate'), r.text);
  }
  for (const [path, field] of [[`${GROUPS}?from_on=${now}&to_on=${dayPlus(now, -1)}`, 'to_on field.date_order'],
    [`${GROUPS}/youth?from_on=x`, 'from_on field.format'], [`${GROUPS}?area_code=x`, 'area_code field.format'],
    [`${GROUPS}/youth/overdue?cursor=AAAA`, 'cursor field.cursor'], [`${GROUPS}/youth/overdue?area_code=4311`, 'area_code field.format']])
    await refused('GET', path, { token: here }, 422, 'request.invalid', field);
  for (const path of [GROUPS, `${GROUPS}/youth`, `${GROUPS}/youth/overdue`]) {
    const near = await refused('GET', `${path}?area_code=431199`, { token: here }, 400, 'monitoring.area_unknown', 'area_code monitoring.area_unknown');
    assert.ok(near.json.errors[0].suggestions.length > 0);
    for (const area of ['431103', '431100'])
      await refused('GET', `${path}?area_code=${area}`, { token: here }, 403, 'auth.area');
    for (const token of [(await person()).token, clerk])
      await refused('GET', path, { token }, 403, 'auth.forbidden');
  }
  assert.equal((await get(`${GROUPS}?area_code=${TOWN}`)).area_code, TOWN);
  assert.equal((await get(GROUPS, mint({ roles: ['audit@' + TOWN] }))).area_code, TOWN, 'a town’s officer sees the town');
});
