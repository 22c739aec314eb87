// registers: veterans and holders of a card of disability, by their bureaus' lists or
// by declarations that an officer confirms; graduates as the roster has them; works on
// halls -- and what monitoring counts of them, beside plain SQL.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call, register } from '../lib/client.mjs';
import { desk, eventually, firm, random, someone } from '../lib/city.mjs';
import { idNumber } from '../lib/fake.mjs';
import * as g from './grant.mjs';
import { contact, file, GRADUATES, helped } from './help_fixture.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const HERE = '431127', TOWN = '431127100';	// where no other test has veterans, graduates or halls
const mint = minter((await desk('jh.first')).token), stats = (await desk('city.stats')).token;
const as = (role, county = HERE, over = {}) => mint({ roles: [`${role}@${county}`], ...over });
const clerk = as('clerk'), first = as('first_review'), recheck = as('recheck'), audit = as('audit');
const MEMBERS = '/v1/jobs/group-members', DECLARED = '/v1/jobs/group-declarations';
const HEADER = 'id_number,name,from_on,to_on,area_code';
const get = (path, token = audit) => call('GET', path, { token });
const post = (path, body, token = first) => call('POST', path, { token, body });
const group = (code, token = audit, q = '') => get(`/v1/monitoring/groups/${code}${q}`, token);
const line = (id, from = '2015-12-01', to = '', area = TOWN) => `${id},赵六,${from},${to},${area}`;
const born = (day = '1985-03-04') => idNumber(random, day);
after(() => g.at(now));

// Of people registered, as the tables of jobs have them.
const members = (grp) => `SELECT person_id FROM jobs.group_member WHERE grp = '${grp}' AND person_id IS NOT NULL AND county_code = '${HERE}'
  AND from_on <= '${now}' AND (to_on IS NULL OR to_on >= '${now}')`;
const disabled = `${members('disabled')} UNION SELECT person_id FROM jobs.difficulty WHERE state = 'recognised' AND 'disabled' = ANY (kinds)
  AND county_code = '${HERE}'`;
const count = (query, where = 'true') => Number(sql(`SELECT count(DISTINCT person_id) FROM (${query}) AS m WHERE ${where}`)[0][0]);
const WAS_HELPED = `EXISTS (SELECT FROM jobs.help_contact t WHERE t.person_id = m.person_id AND t.outcome = 'served' AND t.kind <> 'visit')`;
const WORKS = 'EXISTS (SELECT FROM jobs.employment e WHERE e.person_id = m.person_id AND e.ended_on IS NULL)';
const LATE = `EXISTS (SELECT FROM jobs.help_item i JOIN jobs.help_case k ON k.id = i.case_id AND k.state = 'open'
  WHERE i.person_id = m.person_id AND i.state = 'planned' AND i.due_on < '${dayPlus(now, 3)}')`;
const total = (measure) => Number(sql(`SELECT monitoring.total(monitoring.measure_id('${measure}'), '${HERE}', '', NULL, '${now}')`)[0][0]);
async function reaches(code, want) {
  let x;
  await eventually(async () => {
    x = await group(code);
    return Object.entries(want).every(([k, v]) => x[k] === v);
  }, `${code} ${JSON.stringify(want)}`).catch(() => {});
  assert.deepEqual(Object.fromEntries(Object.keys(want).map((k) => [k, x[k]])), want, code);
  return x;
}

test('a bureau’s list is taken row by row, sent again it changes nothing, and no name is in clear', async () => {
  const [a, b] = [born(), born()];
  const rows = [HEADER, line(a), line(b, '2010-12-01', '2020-11-30'), line(a), line(born(), '2015-13-01'), line(born(), dayPlus(now, 1)),
    line(born(), '2015-12-01', '2015-11-30'), line(born(), '2015-12-01', 'x'), line(born(), '2015-12-01', '', '431103')];
  const r = await file('veterans', rows, clerk);
  assert.deepEqual([r.kind, r.rows_read, r.rows_applied, r.rows_matched], ['veterans', 8, 2, 0]);
  assert.deepEqual(r.errors.map((e) => `${e.line} ${e.column} ${e.code}`).sort(), ['4 null field.duplicate', '5 from_on field.format',
    '6 from_on field.date_future', '7 to_on field.date_order', '8 to_on field.format', '9 area_code auth.area']);
  const again = await file('veterans', rows.slice(0, 3), clerk);
  assert.deepEqual([again.rows_applied, again.rows_same], [0, 2]);
  assert.equal((await file('veterans', [HEADER, line(b, '2010-12-01', '2021-11-30')], clerk)).rows_applied, 1, 'put right');
  const list = (await walk(`${MEMBERS}?group=veteran&is_registered=false`, audit, 1, DECLARED)).sort((x, y) => (x.from_on < y.from_on ? -1 : 1));
  assert.deepEqual(list.map((m) => [m.name_masked, m.from_on, m.to_on, m.source]), [['赵*', '2010-12-01', '2021-11-30', 'bureau'],
    ['赵*', '2015-12-01', null, 'bureau']]);
  assert.deepEqual((await get(`${MEMBERS}?group=veteran&is_current=false&area_code=${TOWN}`)).items.map((m) => m.to_on), ['2021-11-30']);
  assert.deepEqual((await get(`${MEMBERS}?county_code=431103`)).items, []);
  const csv = await call('GET', `${MEMBERS}?group=veteran&is_registered=false&format=csv&purpose=${encodeURIComponent('核对名册')}`,
    { token: audit, whole: true });
  assert.equal(csv.text.trim().split('\n').length, 3, 'the same as a file');
  await refused('GET', `${MEMBERS}?format=csv`, { token: audit }, 422, 'request.invalid', 'purpose field.missing');
  const one = await get(`${MEMBERS}/${list[1].id}`);
  assert.equal(one.person_id, null);
  await refused('GET', `${MEMBERS}/${one.id}`, { token: as('audit', '431103') }, 404, 'request.not_found');
  await refused('GET', `${MEMBERS}?group=pilot`, { token: audit }, 422, 'request.invalid', 'group field.choice');
  await refused('GET', MEMBERS, { token: stats }, 403, 'auth.forbidden');
  await refused('POST', '/v1/jobs/rosters/veterans/imports', { token: clerk, raw: 'id_number,name\n' }, 422, 'jobs.roster_file');
  await refused('POST', '/v1/jobs/rosters/veterans/imports', { token: audit, raw: `${HEADER}\n` }, 403, 'auth.forbidden');
});

test('veterans are counted when they register: stock, flow, helped, employed, overdue, as plain SQL has them', async () => {
  const id = born(), before = await group('veteran');
  await file('veterans', [HEADER, line(id, dayPlus(now, -20))], clerk);
  const p = await helped({ area_code: TOWN, id_number: id });
  await reaches('veteran', { stock: before.stock + 1, came: before.came + 1, helped: before.helped, overdue: before.overdue });
  await post(`/v1/jobs/help-cases/${p.case.id}/items`, { kind: 'guidance', title: '退役军人职业指导', due_on: now }, clerk);
  await g.at(dayPlus(now, 3));
  const late = await reaches('veteran', { overdue: before.overdue + 1 });
  assert.equal(late.overdue, count(members('veteran'), LATE));
  const [row] = await walk('/v1/monitoring/groups/veteran/overdue', audit, 5);
  assert.deepEqual([row.case_id, row.due_on, row.days_late], [p.case.id, now, 3]);
  await g.at(now);
  await post(`/v1/jobs/help-cases/${p.case.id}/contacts`, contact(), clerk);
  await g.hire(await firm(), p, now);
  const x = await reaches('veteran', { helped: before.helped + 1, employed: before.employed + 1, overdue: before.overdue });
  assert.deepEqual([x.stock, x.helped, x.employed], [count(members('veteran')), count(members('veteran'), WAS_HELPED),
    count(members('veteran'), WORKS)]);
  assert.equal(x.help_milli, Math.round((1000 * x.helped) / x.stock));
  assert.deepEqual([total('members_veteran'), (await walk('/v1/monitoring/groups/veteran/rows', audit, 2)).length], [x.stock, x.stock]);
  assert.ok((await get('/v1/monitoring/groups', stats)).groups.find((l) => l.code === 'veteran').is_hidden, 'so few');

  const [m] = (await get(`${MEMBERS}?is_registered=true&is_current=true`)).items.filter((y) => y.person_id === p.id);
  const end = `${MEMBERS}/${m.id}/end`, why = { to_on: dayPlus(now, -1), note: '核查后不属于退役军人' };
  await eachMistake('POST', end, first, why, [[{ to_on: dayPlus(now, 1) }, '/to_on field.date_future'], [{ note: undefined }, '/note field.missing'],
    [{ to_on: dayPlus(now, -22) }, '/to_on field.date_order']]);
  await refused('POST', end, { token: as('recheck', '431103'), body: why }, 404, 'request.not_found');
  await refused('POST', end, { token: clerk, body: why }, 403, 'auth.forbidden');
  assert.equal((await post(end, why)).to_on, why.to_on);
  await refused('POST', end, { token: first, body: why }, 409, 'state.wrong');
  assert.equal((await file('veterans', [HEADER, line(id, dayPlus(now, -20))], clerk)).rows_applied, 0, 'no file takes that back');
  await reaches('veteran', { stock: before.stock, went: before.went + 1 });
  assert.equal(total('members_veteran'), before.stock);
  assert.deepEqual((await get(`/v1/jobs/persons/${p.id}/dossier`)).parts.groups.map((y) => [y.group, y.end_note]), [['veteran', why.note]]);
});

test('who declares is confirmed by an officer of the county; a card of disability only with consent', async () => {
  const me = someone({ area_code: TOWN }), p = await register(me), good = { group: 'veteran', from_on: '2016-09-01', proof_note: '退役军人优待证' };
  const declare = (body, token = p.token) => known(() => call('POST', DECLARED, { token, body, refused: true }));
  const before = await group('veteran'), cards = await group('disabled');
  const d = await declare(good);
  assert.deepEqual([d.state, d.county_code, d.case_state], ['declared', HERE, 'accepted']);
  await eachMistake('POST', DECLARED, p.token, good, [[{ group: 'migrant' }, '/group field.choice'], [{ to_on: '2016-08-31' }, '/to_on field.date_order'],
    [{ from_on: dayPlus(now, 1) }, '/from_on field.date_future'], [{ from_on: '1960-01-01' }, '/from_on field.date_order'],
    [{ proof_note: undefined }, '/proof_note field.missing']]);
  await refused('POST', DECLARED, { token: p.token, body: good }, 409, 'state.exists');
  await refused('POST', DECLARED, { token: clerk, body: good }, 403, 'auth.forbidden');
  await refused('POST', DECLARED, { token: p.token, body: { ...good, group: 'disabled' } }, 409, 'jobs.hardship_consent');
  const decide = `${DECLARED}/${d.id}/decision`, own = JSON.parse(Buffer.from(p.token.split('.')[1], 'base64url')).sub;
  for (const [token, body, status, code] of [[as('first_review', HERE, { sub: own }), { decision: 'pass' }, 409, 'jobs.same_hand'],
    [as('recheck', '431103'), { decision: 'pass' }, 404, 'request.not_found'], [clerk, { decision: 'pass' }, 403, 'auth.forbidden']])
    await refused('POST', decide, { token, body }, status, code);
  await refused('POST', decide, { token: first, body: { decision: 'reject' } }, 422, 'request.invalid', '/note field.missing');
  assert.ok((await walk(`${DECLARED}?state=declared&group=veteran&county_code=${HERE}`, audit, 5)).some((x) => x.id === d.id));
  assert.equal((await post(decide, { decision: 'reject', note: '证件不清晰' })).state, 'refused');
  await refused('POST', decide, { token: first, body: { decision: 'pass' } }, 409, 'state.wrong');
  const again = await declare(good);
  assert.equal((await post(`${DECLARED}/${again.id}/decision`, { decision: 'pass' }, recheck)).state, 'confirmed');
  await reaches('veteran', { stock: before.stock + 1 });
  await refused('POST', DECLARED, { token: p.token, body: good }, 409, 'jobs.group_known');
  assert.deepEqual((await walk('/v1/jobs/my/group-declarations', p.token, 1)).map((x) => x.state), ['confirmed', 'refused']);
  assert.deepEqual(sql(`SELECT state FROM jobs.case_file WHERE subject_id IN ('${d.id}', '${again.id}') ORDER BY case_no`).flat().sort(), ['done', 'refused']);
  assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND kind = 'group_declaration_decided'`)[0][0], '2');
  for (const [path, token] of [[DECLARED, p.token], ['/v1/jobs/my/group-declarations', clerk]])
    await refused('GET', path, { token }, 403, 'auth.forbidden');

  // Whoever is on the list of card holders and declares is counted once.
  await call('POST', '/v1/identity/me/consents', { token: p.token, body: { text_version: 1, purpose: 'hardship' } });
  const c = await eventually(async () => {
    const r = await call('POST', DECLARED, { token: p.token, body: { ...good, group: 'disabled', to_on: dayPlus(now, 900) }, refused: true });
    return r.status === 201 && r.json;
  }, 'consent is known');
  await post(`${DECLARED}/${c.id}/decision`, { decision: 'pass' });
  await file('disabled', [HEADER, line(me.id_number, '2016-09-01')], clerk);
  await reaches('disabled', { stock: cards.stock + 1 });
  const recognised = total('members_disabled'), id = randomUUID();
  sql(`INSERT INTO jobs.outbox (type, key, area_code, payload) VALUES ('jobs.group.changed.v1', '${p.id}', '${TOWN}', '{"membership_id":"${id}",
    "person_id":"${p.id}","group":"disabled","register":"difficulty","from_on":"${now}","to_on":null,"county_code":"${HERE}"}')`);
  await eventually(() => total('members_disabled') === recognised + 1, 'recognised, too');
  assert.equal((await group('disabled')).stock, count(disabled));
  assert.equal(total('members_disabled_card'), count(members('disabled')));
  // Erased, they leave nothing that tells who it was.
  sql(`UPDATE jobs.person SET name_masked = '*', id_index = 'erased:' || id WHERE id = '${p.id}'`);
  assert.deepEqual(sql(`SELECT DISTINCT m.name_masked, m.id_index = 'erased:' || m.id, d.name_masked, d.proof_note FROM jobs.group_member m
    JOIN jobs.group_declaration d USING (person_id) WHERE person_id = '${p.id}'`), [['*', 't', '*', '*']]);
});

test('one person registered twice is one veteran', async () => {
  const [a, b] = [someone({ area_code: TOWN }), someone({ area_code: TOWN })], before = await group('veteran');
  await file('veterans', [HEADER, line(a.id_number), line(b.id_number)], clerk);
  const [p, q] = [await register(a), await register(b)];
  await reaches('veteran', { stock: before.stock + 2 });
  sql(`INSERT INTO identity.outbox (type, key, area_code, payload) VALUES ('identity.person.merged.v1', '${p.id}', '${HERE}',
    '{"winner_id":"${p.id}","loser_id":"${q.id}","merge_id":"${NOBODY}","county_code":"${HERE}"}')`);
  await reaches('veteran', { stock: before.stock + 1 });
  sql(`INSERT INTO identity.outbox (type, key, area_code, payload) VALUES ('identity.person.unmerged.v1', '${p.id}', '${HERE}',
    '{"winner_id":"${p.id}","loser_id":"${q.id}","merge_id":"${NOBODY}","county_code":"${HERE}"}')`);
  await reaches('veteran', { stock: before.stock + 2 });
});

test('graduates: followed up, served and employed ÷ the roster, as plain SQL has them', async () => {
  const figure = (what) => get(`/v1/monitoring/indicators/graduate_${what}_rate/figure?area_code=${HERE}&from_on=${now.slice(0, 4)}-01-01&to_on=${now}`);
  const row = (id, school) => `${id},李明,${school},电气工程,21,${dayPlus(now, -30)},${TOWN}`;
  const [a, b, c, d] = Array.from({ length: 4 }, () => born('2003-05-06'));
  await file('graduates', [GRADUATES, ...[a, b, c, d].map((id, i) => row(id, `院校${'甲乙丙丁'[i]}`))], clerk);
  const q = await register({ ...someone({ area_code: TOWN }), id_number: d });	// with a help case
  const list = (await get(`/v1/jobs/graduates?county_code=${HERE}&limit=200`)).items, of = (school) => list.find((x) => x.school === school);
  const follow = (school, body) => post(`/v1/jobs/graduates/${of(school).id}/follow-ups`, { contacted_on: now, ...body });
  await follow('院校甲', { contact_result: 'unreached' });
  await follow('院校乙', { contact_result: 'seeking', is_served: true });
  await follow('院校丙', { contact_result: 'further_study' });
  const [k] = await eventually(async () => {
    const cases = (await call('GET', '/v1/jobs/my/help-cases', { token: q.token })).items;
    return cases.length === 1 && cases;
  }, 'a case');
  await post(`/v1/jobs/help-cases/${k.id}/contacts`, contact(), clerk);
  await g.hire(await firm(), q, now);
  const [n, followed, served, willing, employed] = sql(`SELECT count(*), count(followed_on), count(served_on),
      count(*) FILTER (WHERE is_willing OR employed_on IS NOT NULL), count(employed_on) FROM jobs.graduate
    WHERE county_code = '${HERE}' AND graduated_on BETWEEN '${now.slice(0, 4)}-01-01' AND '${now}'`)[0].map(Number);
  assert.deepEqual([n >= 4, followed >= 3, served >= 2, willing >= 2, employed >= 1], Array(5).fill(true));
  for (const [what, top, bottom] of [['follow', followed, n], ['service', served, n], ['employment', employed, willing]]) {
    const bp = (2 * 10000 * top + bottom) / (2 * bottom);
    await eventually(async () => (await figure(what)).value === Math.floor(bp), what).catch(() => {});
    const x = await figure(what);
    assert.deepEqual([x.numerator, x.denominator, x.value, x.reason], [top, bottom, Math.floor(bp), null], what);
  }
  const rows = await get(`/v1/monitoring/indicators/graduate_follow_rate/rows?area_code=${HERE}&from_on=${now.slice(0, 4)}-01-01&to_on=${now}&limit=200`);
  assert.ok(rows.items.some((r) => r.id === of('院校乙').id), 'opens to the roster');
  const helpedNow = await group('graduate');
  assert.equal(helpedNow.helped, count(`SELECT person_id FROM jobs.graduate WHERE county_code = '${HERE}' AND person_id IS NOT NULL
    AND served_on >= graduated_on`));
});

test('works on a hall have a day, moved by another hand with a reason, and are late after it until accepted', async () => {
  const place = (kind) => post('/v1/jobs/places', { kind, name: `${kind}一处`, address: '县城一号', area_code: TOWN, lat_e6: 25300000, lng_e6: 112000000 }, clerk);
  const hall = await place('hall'), market = await place('gig_market'), WORKS_ = '/v1/jobs/hall-works';
  const at = `/v1/jobs/places/${hall.id}/works`, good = { title: '智能大厅改造', due_on: dayPlus(now, 5), reason: '合同约定工期' };
  await eachMistake('POST', at, first, good, [[{ due_on: dayPlus(now, -1) }, '/due_on field.date_past'], [{ reason: undefined }, '/reason field.missing'],
    [{ title: '厅' }, '/title field.too_short']]);
  await refused('POST', `/v1/jobs/places/${(await place('station')).id}/works`, { token: first, body: good }, 409, 'jobs.hall_kind');
  await refused('POST', at, { token: as('first_review', '431103'), body: good }, 404, 'request.not_found');
  await refused('POST', at, { token: audit, body: good }, 403, 'auth.forbidden');
  const w = await post(at, good), m = await post(`/v1/jobs/places/${market.id}/works`, { ...good, due_on: dayPlus(now, 3) });
  assert.deepEqual([w.state, w.due_on, w.first_due_on, w.days_late, w.dues.length], ['running', good.due_on, good.due_on, 0, 1]);
  await refused('POST', at, { token: first, body: good }, 409, 'state.exists');
  const late = async (token = as('finance')) => (await get('/v1/monitoring/funds/late', token)).items.filter((x) => x.kind === 'hall_work');
  const later = { due_on: dayPlus(now, 8), reason: '雨季停工' };
  await refused('POST', `${WORKS_}/${w.id}/due`, { token: first, body: later }, 409, 'jobs.same_hand');
  await refused('POST', `${WORKS_}/${w.id}/due`, { token: recheck, body: { ...later, due_on: dayPlus(now, -2) } }, 422, 'request.invalid', '/due_on field.date_past');
  await refused('POST', `${WORKS_}/${w.id}/due`, { token: as('recheck', '431103'), body: later }, 404, 'request.not_found');
  const moved = await post(`${WORKS_}/${w.id}/due`, later, recheck);
  assert.deepEqual([moved.due_on, moved.first_due_on, moved.dues.map((x) => x.reason)], [later.due_on, good.due_on, [good.reason, later.reason]]);
  await refused('POST', `${WORKS_}/${m.id}/drop`, { token: first, body: { reason: '另行选址' } }, 409, 'jobs.same_hand');
  await refused('POST', `${WORKS_}/${m.id}/drop`, { token: recheck, body: {} }, 422, 'request.invalid', '/reason field.missing');
  assert.deepEqual(await late(), []);
  await g.at(dayPlus(now, 10));
  let rows;
  await eventually(async () => (rows = await late()).length === 2, 'both are late');
  assert.deepEqual(rows.map((x) => [x.id, x.place_id, x.due_on, x.days_late, x.county_code]).sort(), [[w.id, hall.id, later.due_on, 2, HERE],
    [m.id, market.id, dayPlus(now, 3), 7, HERE]].sort());
  assert.deepEqual(rows.map((x) => x.id).sort(), sql(`SELECT id FROM jobs.hall_work WHERE state = 'running' AND county_code = '${HERE}'
    AND due_on < '${dayPlus(now, 10)}' ORDER BY 1`).flat());
  assert.deepEqual((await walk(`${WORKS_}?is_late=true`, audit, 1)).map((x) => x.days_late), [7, 2]);
  assert.ok((await late(as('finance', '431103'))).every((x) => x.county_code === '431103'));
  await post(`${WORKS_}/${m.id}/drop`, { reason: '另行选址' }, recheck);
  await post(`/v1/jobs/places/${hall.id}/move`, { state: 'building' });
  await post(`/v1/jobs/places/${hall.id}/accept`, { note: '现场核实' }, as('approve'));
  const done = await get(`${WORKS_}/${w.id}`);
  assert.deepEqual([done.state, done.ended_on, done.days_late], ['done', dayPlus(now, 10), 2]);
  await eventually(async () => (await late()).length === 0, 'what is done or dropped is not late');
  await refused('POST', `${WORKS_}/${w.id}/due`, { token: recheck, body: { ...later, due_on: dayPlus(now, 20) } }, 409, 'state.wrong');
  await refused('POST', `${WORKS_}/${w.id}/drop`, { token: recheck, body: { reason: '另行选址' } }, 409, 'state.wrong');
  await refused('GET', `${WORKS_}/${w.id}`, { token: as('audit', '431103') }, 404, 'request.not_found');
  await refused('GET', `${WORKS_}?state=x`, { token: audit }, 422, 'request.invalid', 'state field.choice');
  await g.at(now);
});
