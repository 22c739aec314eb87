// training, 高技能人才培训载体 and 工作室: called, entered by who the data say may, reviewed by
// others, named, accepted by two, kept in a register -- and every step refused once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { bankReply } from '../e2e/steps.mjs';
import { enrol, licensed, openClass, school, turn } from './class_help.mjs';
import { fetched, pdf } from './files_help.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const HERE = '431126', TOWN = '431126001', CITY = '431100', AT = '/v1/training';
const citizen = await person({ area_code: TOWN });
const mint = minter(citizen.token);
const officer = (role, area = CITY, sub = randomUUID()) => mint({ roles: [`${role}@${area}`], sub });
const author = officer('first_review'), chair = officer('recheck'), boss = officer('approve'), clerk = officer('clerk');
const [one, two] = [officer('first_review', HERE), officer('recheck', HERE)];
const post = (path, token, body, over = {}) => call('POST', `${AT}/${path}`, { token, body, ...over });
const no = (path, token, body, ...over) => refused('POST', `${AT}/${path}`, { token, body }, ...over);
const get = (path, token) => call('GET', `${AT}/${path}`, { token });
const ungot = (path, token, ...over) => refused('GET', `${AT}/${path}`, { token }, ...over);
const messages = async (who) => (await call('GET', '/v1/messages?limit=200', { token: who.token })).items.map((m) => m.title);
const known = (...orgs) => eventually(() => sql(`SELECT count(*) FROM training.org WHERE id IN (${orgs.map((o) => `'${o.org_id}'`)})`)[0][0] === String(orgs.length), 'known');
const stateOf = (round, state) => eventually(() => sql(`SELECT state FROM training.round WHERE id = '${round.id}'`)[0][0] === state, state);
const hand = (e, who, slot, status = 201) => request('POST', `${AT}/round-entries/${e.id}/files?slot=${slot}&name=a.pdf`, { token: who.token, raw: pdf(),
  headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `"${randomUUID()}"` } }).then((r) => { assert.equal(r.status, status, r.text); return r; });

await g.at(g.NOW);
test.afterEach(() => g.at(g.NOW));
const CHECKLIST = { items: [{ code: 'S1', title: '场地和设备到位' }, { code: 'S2', title: '带徒制度健全' }], basis: '市人社局验收办法' };
const definition = (over = {}) => ({ policy_code: 'DSGZ', title: `工作室评选${randomUUID().slice(0, 8)}`, year: 2024, entrants: 'org', quota: 1,
  opens_on: g.NOW, closes_on: '2025-10-22', reviewers: 3, requires: [{ code: 'institution' }, { code: 'trained_last_year' }],
  criteria: [{ code: 'A1', title: '高级工以上取证', max_points: 40, by: 'data', measure: 'skilled', bands: [{ from_value: 1, points_milli: 40000 }] },
    { code: 'B1', title: '技艺传承', max_points: 60, by: 'reviewers' }], tie_last: 'lot', notice_working_days: 5, ...over });
const statements = [{ code: 'B1', text: '三代传承，有省级技术能手两名' }];

// A licensed school with somebody trained, and certified at the third level, in 2024.
async function master(level = 3) {
  const [s, p] = await Promise.all([school({ area_code: TOWN }), person({ area_code: TOWN })]);
  await licensed(s);
  const cls = await openClass(s, { area_code: TOWN, level });
  const e = await enrol(p, cls);
  await turn(s, cls, 'start');
  await turn(s, cls, 'complete');
  sql(`UPDATE training.enrolment SET completed_on = '2024-12-20' WHERE id = '${e.id}'`);
  return s;
}

// What subsidies makes of the award: found, confirmed by the school, through three hands, made public, paid.
async function paid(s) {
  const sub = (path, token, body = {}) => call('POST', `/v1/subsidies/${path}`, { token, body });
  const claim = await eventually(async () => (await g.claims(s, 'notified'))[0], 'a claim for the award');
  assert.deepEqual([claim.policy_code, claim.amount_cents, claim.subject_kind], ['DSGZ', 10_000_000, 'award']);
  await sub('allotments', officer('fiscal'), { line_code: 'DSGZ', county_code: HERE, amount_cents: 20_000_000 });
  assert.equal((await g.confirm(s)).confirmed, 1);
  for (const [step, token] of [['first-review', one], ['recheck', two], ['approve', boss]])
    await sub(`claims/${step}`, token, { claim_ids: [claim.id], decision: 'pass' });
  await sub('notices', boss, { claim_ids: [claim.id] });
  await g.at('2025-11-10');
  const b = await sub('payment-batches', officer('finance', HERE), { policy_code: 'DSGZ', county_code: HERE });
  const path = `payment-batches/${b.id}`;
  await sub(`${path}/release`, officer('fiscal', HERE), { release_no: `CZ${b.batch_no}` });
  for (const verb of ['sign', 'sign', 'send']) await sub(`${path}/${verb}`, officer('finance', HERE));
  const file = await call('GET', `/v1/subsidies/${path}/file`, { token: officer('finance', HERE) });
  await call('POST', `/v1/subsidies/${path}/reply`, { token: officer('finance', HERE), headers: { 'content-type': 'text/csv' },
    raw: bankReply(file, null, '2025-11-10T10:00:00+08:00') });
  assert.equal((await call('GET', `/v1/subsidies/claims/${claim.id}`, { token: s.token })).state, 'paid');
}

test('from the call to a studio in the register: reviewed by others, named, accepted by two, told to subsidies', async () => {
  const [s, raw] = [await master(), await firm({ area_code: TOWN })];
  await known(s, raw);
  // The call: words that training knows, by two people.
  await no('rounds', author, definition({ requires: [{ code: 'no_arrears' }] }), 422, 'selection.cannot_judge');
  await no('rounds', author, definition({ policy_code: 'FXCY' }), 422, 'selection.round_policy');
  const d = await post('rounds', author, definition());
  await no(`rounds/${d.id}/definition`, author, definition({ quota: 0 }), 422, 'request.invalid', '/quota field.too_small');
  const v = await post(`rounds/${d.id}/definition`, author, definition({ title: d.title }));
  await no(`rounds/${d.id}/publish`, officer('approve', HERE), { version: v.version }, 404, 'request.not_found');
  const round = await post(`rounds/${d.id}/publish`, boss, { version: v.version });
  assert.ok((await walk(`${AT}/rounds?open=true`, undefined, 5)).some((x) => x.id === round.id));
  assert.equal((await get(`rounds/${round.id}`)).definition.criteria.length, 2);
  assert.ok((await get('rounds/work', chair)).items.length > 0);

  // Who may enter, the data say.
  const check = await get(`rounds/${round.id}/check`, raw.token);
  assert.deepEqual(check.checks.map((x) => [x.code, x.met]), [['institution', false], ['trained_last_year', false]]);
  assert.deepEqual((await get(`rounds/${round.id}/check`, s.token)).checks.map((x) => x.met), [true, true]);
  await no(`rounds/${round.id}/entries`, raw.token, { statements }, 409, 'selection.entry_unfit');
  const e = await post(`rounds/${round.id}/entries`, s.token, { statements });
  assert.match(e.case_no, /^TR/);
  await no(`rounds/${round.id}/entries`, s.token, { statements }, 409, 'state.exists');
  isProblem(await hand(e, s, 'Z9', 422), 422, 'request.invalid', 'slot field.choice');
  await hand(e, s, 'B1');
  const [paper] = (await get(`round-entries/${e.id}`, s.token)).files;
  assert.equal((await fetched(`${AT}/selection-files/${paper.id}`, one)).status, 200, 'who reviews reads it');
  await ungot(`selection-files/${paper.id}`, raw.token, 404, 'request.not_found');
  await ungot(`round-entries/${e.id}`, raw.token, 404, 'request.not_found');
  const t = await master();
  await known(t);
  const gone = await post(`rounds/${round.id}/entries`, t.token, { statements });
  await no(`round-entries/${gone.id}/withdraw`, s.token, {}, 404, 'request.not_found');
  assert.equal((await post(`round-entries/${gone.id}/withdraw`, t.token, {})).state, 'withdrawn');
  assert.deepEqual((await get(`round-entries?round_id=${round.id}`, s.token)).items.map((x) => x.id), [e.id]);
  await g.at('2025-10-23');
  await stateOf(round, 'closed');
  isProblem(await hand(e, s, 'B1', 409), 409, 'selection.round_closed');

  // Reviewers, one of the entrant's own unit among them, who is never drawn.
  await no('experts', chair, { name: '外部专家', field: '机电' }, 422, 'request.invalid', '/phone field.missing', '/unit field.missing');
  const expert = await post('experts', chair, { name: `专家${randomUUID().slice(0, 6)}`, field: '机电', unit: '某技师学院', phone: '13800138000' });
  assert.ok((await walk(`${AT}/experts`, chair, 50)).some((x) => x.id === expert.id));
  const who = new Map();
  const seat = async (body, sub = randomUUID()) => {
    const m = await post(`rounds/${round.id}/reviewers`, chair, { officer_id: sub, name: '评委', unit: '市人社局', ...body });
    who.set(m.id, officer('recheck', CITY, sub));
    return m;
  };
  await no(`rounds/${round.id}/reviewers`, chair, { name: '无名' }, 422, 'request.invalid', '/expert_id field.missing');
  const insider = await seat({ unit: s.org.name, unit_uscc: s.org.uscc });
  const spare = await seat({});
  await no(`round-reviewers/${NOBODY}/withdraw`, chair, { reason: '没有的' }, 404, 'request.not_found');
  for (let i = 0; i < 4; i++) await seat({});
  await post(`round-reviewers/${spare.id}/withdraw`, chair, { reason: '出差' });
  assert.equal((await get(`rounds/${round.id}/reviewers`, chair)).items.length, 6);
  await no(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-23' }, 422, 'request.invalid', '/due_on field.date_order');
  await post(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' });
  const reviews = async () => (await get(`round-reviews?round_id=${round.id}&limit=200`, chair)).items;
  const list = await reviews();
  assert.ok(list.length === 3 && list.every((x) => x.reviewer_id !== insider.id && x.reviewer_id !== spare.id));
  const scores = [{ code: 'B1', points_milli: 50000 }], [odd] = list;
  await no(`round-reviews/${odd.id}/scores`, who.get(odd.reviewer_id), { scores }, 409, 'selection.undeclared');
  await no(`round-reviews/${odd.id}/declare`, who.get(odd.reviewer_id), { conflict: true }, 422, 'request.invalid', '/reason field.missing');
  await no(`rounds/${round.id}/rank`, chair, {}, 409, 'selection.reviews_open');
  const scoreAll = async () => {
    for (const x of (await reviews()).filter((r) => r.state === 'drawn')) {
      await post(`round-reviews/${x.id}/declare`, who.get(x.reviewer_id), { conflict: false });
      await post(`round-reviews/${x.id}/scores`, who.get(x.reviewer_id), { scores });
    }
  };
  await scoreAll();
  await no(`round-reviews/${odd.id}/withdraw`, chair, {}, 422, 'request.invalid', '/reason field.missing');
  await post(`round-reviews/${odd.id}/withdraw`, chair, { reason: '材料拿错' });
  await scoreAll();	// whoever was drawn instead
  assert.equal((await get(`round-reviews/${odd.id}`, chair)).state, 'withdrawn');
  const ranking = await post(`rounds/${round.id}/rank`, chair);
  assert.deepEqual(ranking.entries.map((x) => [x.entry_id, x.passed]), [[e.id, true]]);
  assert.equal((await get(`rounds/${round.id}/ranking`, boss)).id, ranking.id);
  assert.ok((await post(`rounds/${round.id}/replay`, chair, undefined, { key: null })).identical);
  await no(`rounds/${round.id}/decide`, chair, {}, 403, 'auth.forbidden');
  await no(`rounds/${round.id}/notice`, boss, {}, 409, 'state.wrong');
  await post(`rounds/${round.id}/decide`, boss, {});
  await post(`rounds/${round.id}/notice`, boss);
  assert.deepEqual((await get(`rounds/${round.id}/results`)).items.map((x) => [x.name, x.selected]), [[s.org.name, true]]);
  await no(`rounds/${round.id}/objections`, undefined, { entry_id: NOBODY, content: '名次有误，请核查' }, 404, 'request.not_found');
  const o = await post(`rounds/${round.id}/objections`, undefined, { entry_id: e.id, content: '名次有误，请核查' });
  assert.ok((await get('round-objections?state=open', boss)).items.some((x) => x.id === o.id));
  await no(`round-objections/${NOBODY}/resolve`, boss, { decision: 'dismissed', answer: '经核查无误' }, 404, 'request.not_found');
  await post(`round-objections/${o.id}/resolve`, boss, { decision: 'dismissed', answer: '经核查无误' });
  await g.at('2025-10-31');
  await stateOf(round, 'final');

  // Named, and nothing is paid before two people accept it.
  const [unit] = (await get('acceptances?policy_code=DSGZ', s.token)).items;
  assert.deepEqual([unit.state, unit.basis, unit.award_id], ['named', round.title, null]);
  assert.deepEqual((await get('awards', s.token)).items, []);
  assert.equal((await call('GET', `/v1/cases/${e.case_no}`, { token: s.token })).state, 'done');
  await no('acceptance-lists', officer('approve', HERE), { policy_code: 'DSGZ', ...CHECKLIST }, 403, 'auth.area');
  await post('acceptance-lists', boss, { policy_code: 'DSGZ', ...CHECKLIST });
  assert.ok((await get('acceptance-lists?policy_code=DSGZ')).items.length > 0);
  assert.deepEqual((await get('award-quotas')).items.map((x) => [x.policy_code, x.places]), [['DSGZ', 16], ['GJNZ', 2]]);
  const good = { kind: 'acceptance', results: [{ code: 'S1', met: true }, { code: 'S2', met: true }] };
  const inspect = (token, body) => post(`acceptances/${unit.id}/inspections`, token, body);
  await inspect(one, good);
  await no(`acceptances/${unit.id}/inspections`, one, good, 409, 'selection.same_hand');
  assert.equal((await inspect(two, good)).state, 'passed');
  const [award] = (await get('awards?source=acceptance', s.token)).items;
  await eventually(() => sql(`SELECT count(*) FROM training.event_log WHERE type = 'training.award.made.v1' AND key = '${award.id}'
    AND payload->>'policy_code' = 'DSGZ' AND payload->>'org_id' = '${s.org_id}'`)[0][0] === '1', 'the event');

  await paid(s);

  // The register: its organisation says what it is, its master how they are shown.
  const path = `skill-carriers/${award.id}`, here = async (q) => (await walk(`${AT}/skill-carriers?${q}`, undefined, 20)).some((x) => x.id === award.id);
  assert.deepEqual([(await get(path)).kind, (await get(path)).lat_e6], ['master_studio', null]);
  const form = { kind: 'model_studio', name: '宁远机电劳模创新工作室', occupations: [{ code: '6-31-01-03' }], address: '文庙街道一号', lat_e6: 25600000, lng_e6: 111900000 };
  await eachMistake('PUT', `${AT}/${path}`, s.token, form, [[{ kind: 'base' }, '/kind field.choice'], [{ lng_e6: undefined }, '/lng_e6 field.missing'],
    [{ occupations: [] }, '/occupations field.count'], [{ lat_e6: 1 }, '/lat_e6 field.too_small']]);
  await refused('PUT', `${AT}/${path}`, { token: raw.token, body: form }, 404, 'request.not_found');
  assert.equal((await call('PUT', `${AT}/${path}`, { token: s.token, body: form })).kind, 'model_studio');
  assert.ok(await here(`county_code=${HERE}`) && await here('kind=model_studio') && await here('occupation_code=6-31-01-03') && !await here('kind=base'));
  await ungot('skill-carriers?kind=shop', undefined, 422, 'request.invalid', 'kind field.choice');
  await ungot(`skill-carriers/${NOBODY}`, undefined, 404, 'request.not_found');
  const chief = await person({ area_code: TOWN });
  await eventually(() => sql(`SELECT count(*) FROM training.person WHERE id = '${chief.id}'`)[0][0] === '1', 'known');
  await no(`${path}/masters`, s.token, { person_id: NOBODY }, 409, 'training.person_unknown');
  await no(`${path}/masters`, raw.token, { person_id: chief.id }, 404, 'request.not_found');
  const m = await post(`${path}/masters`, s.token, { person_id: chief.id, is_leader: true });
  await no(`${path}/masters`, s.token, { person_id: citizen.id, is_leader: true }, 409, 'training.skill_leader');
  assert.deepEqual([(await get(path)).masters, m.state], [0, 'named']);
  await no(`skill-masters/${m.id}/answer`, citizen.token, { accept: true }, 404, 'request.not_found');
  await post(`skill-masters/${m.id}/answer`, chief.token, { accept: true, shown_name: '周师傅' });
  await no(`skill-masters/${m.id}/answer`, chief.token, { accept: false }, 409, 'state.wrong');
  assert.deepEqual((await get(path)).shown_masters, [{ name: '周师傅', is_leader: true }]);
  assert.ok(!JSON.stringify(await get(path)).includes(chief.id));
  assert.deepEqual((await walk(`${AT}/skill-masters`, chief.token, 5)).map((x) => x.id), [m.id]);
  assert.ok((await walk(`${AT}/skill-masters?carrier_id=${award.id}`, one, 5)).length === 1);
  await ungot('skill-masters?state=lost', one, 422, 'request.invalid', 'state field.choice');

  // A year, master by master: whole or not at all; checked by another.
  const rows = [{ master_id: m.id, apprentices: 6, finished: 2 }], year = { year: 2024, projects: 1, summary: '带徒六名，攻关一项' };
  await no(`${path}/years`, s.token, { ...year, rows }, 422, 'training.skill_year', '/year training.skill_year');
  sql(`UPDATE training.skill_carrier SET accepted_on = '2024-06-01' WHERE id = '${award.id}'`);
  if (sql(`SELECT count(*) FROM training.skill_rule WHERE code = 'carrier_report_days'`)[0][0] === '0') {
    await ungot('skill-carrier-overdue', one, 409, 'training.rule_unset');
    await post('skill-rules', boss, { code: 'carrier_report_days', value: 90, legal_basis: '市人社局通知', from_on: '2025-01-01' });
  }
  const late = async () => (await walk(`${AT}/skill-carrier-overdue`, one, 50)).find((x) => x.id === award.id);
  assert.deepEqual([(await late()).state, (await late()).is_inspected], [null, false]);
  const wrong = await post(`${path}/years`, s.token, { ...year, rows: [...rows, { master_id: NOBODY, apprentices: 1, finished: 0 }] });
  assert.deepEqual([wrong.id, wrong.taken, wrong.rows.map((x) => x.code)], [null, 0, [null, 'training.skill_master']]);
  const y = await post(`${path}/years`, s.token, { ...year, rows });
  assert.deepEqual([y.state, y.taken], ['submitted', 1]);
  await no(`${path}/years`, s.token, { ...year, rows }, 409, 'state.wrong');
  await no(`skill-carrier-years/${y.id}/check`, officer('first_review', '431103'), { pass: true }, 404, 'request.not_found');
  await no(`skill-carrier-years/${y.id}/check`, one, { pass: false }, 422, 'request.invalid', '/note field.missing');
  const passed = await post(`skill-carrier-years/${y.id}/check`, one, { pass: true });
  assert.deepEqual([passed.state, passed.masters, passed.apprentices, passed.finished], ['passed', 1, 6, 2]);
  assert.deepEqual((await walk(`${AT}/skill-carrier-years?carrier_id=${award.id}`, s.token, 2)).map((x) => x.state), ['passed']);
  await ungot('skill-carrier-years?state=lost', s.token, 422, 'request.invalid', 'state field.choice');
  const mine = (await get('skill-carrier-figures', officer('stats'))).items;
  assert.equal(mine.length, 14);
  assert.ok(mine.find((x) => x.county_code === HERE).studios >= 1 && mine[0].base_target === 2 && mine[0].studio_target === 16);
  await ungot('skill-carrier-figures', s.token, 403, 'auth.forbidden');

  // The yearly inspection fails, by two: it is taken back, and no longer shown.
  await no(`acceptances/${unit.id}/revoke`, officer('approve', HERE), { reason: '未检查' }, 409, 'selection.revoke_unfounded');
  const bad = { kind: 'yearly', again_on: '2025-11-20', results: [{ code: 'S1', met: true }, { code: 'S2', met: false }] };
  for (const token of [one, two]) await inspect(token, bad);
  assert.equal(await late(), undefined, 'inspected, and its year passed');
  await post(`acceptances/${unit.id}/revoke`, officer('approve', HERE), { reason: '年检不合格' });
  await ungot(path, undefined, 404, 'request.not_found');
  await eventually(() => sql(`SELECT count(*) FROM training.event_log WHERE type = 'training.award.revoked.v1' AND key = '${award.id}'`)[0][0] === '1', 'the event');
  await post(`skill-masters/${m.id}/end`, chief.token);
  await no(`skill-masters/${m.id}/end`, s.token, undefined, 409, 'state.wrong');
  assert.ok((await messages(s)).some((x) => /撤销/.test(x)));
});

test('a county names its own studio, at what it has set', async () => {
  const f = await firm({ area_code: TOWN });
  await known(f);
  const naming = { policy_code: 'XJGZ', tier: 'county', org_id: f.org_id, basis: '县人社局文件' };
  const here = officer('clerk', HERE);
  await post('acceptance-lists', boss, { policy_code: 'XJGZ', ...CHECKLIST });
  await no('acceptances', clerk, { ...naming, tier: 'city' }, 422, 'selection.unit_unfit', '/org_id selection.unit_unfit');
  await no('acceptances', officer('clerk', '431103'), naming, 404, 'request.not_found');
  const u = await post('acceptances', here, naming);
  assert.equal((await get(`acceptances/${u.id}`, here)).state, 'named');
  const good = { kind: 'acceptance', results: [{ code: 'S1', met: true }, { code: 'S2', met: true }] };
  await post(`acceptances/${u.id}/inspections`, one, good);
  const set = (value, from_on) => post('skill-rules', officer('approve', HERE), { code: 'county_studio_cents', county_code: HERE, value, legal_basis: '县财政局、人社局文件', from_on });
  if (sql(`SELECT count(*) FROM training.skill_rule WHERE county_code = '${HERE}'`)[0][0] === '0') {
    await no(`acceptances/${u.id}/inspections`, two, good, 409, 'training.county_studio_unset');
    await set(3000000, g.NOW);
  }
  await no('skill-rules', officer('approve', '431103'), { code: 'county_studio_cents', county_code: HERE, value: 1, legal_basis: '文件', from_on: '2026-01-01' }, 403, 'auth.area');
  await post(`acceptances/${u.id}/inspections`, two, good);
  const [award] = (await get('awards', f.token)).items;
  assert.deepEqual([award.policy_code, award.quantity], ['XJGZ', 3000000]);
  assert.equal((await get(`skill-carriers/${award.id}`)).kind, 'county_studio');
});

test('who has no business there is refused', async () => {
  for (const path of ['round-entries', 'awards', 'acceptances', 'rounds/work', 'experts', 'round-reviews', 'round-objections', 'skill-carrier-overdue'])
    await ungot(path, officer('stats'), 403, 'auth.forbidden');
  for (const path of ['rounds?colour=red', 'acceptance-lists?colour=red', 'award-quotas?colour=red'])
    await ungot(path, undefined, 422, 'request.invalid', 'colour field.unknown');
  await ungot(`rounds/${NOBODY}`, undefined, 404, 'request.not_found');
  await ungot(`rounds/${NOBODY}/results?colour=red`, undefined, 422, 'request.invalid', 'colour field.unknown');
  await ungot(`rounds/${NOBODY}/check`, citizen.token, 404, 'request.not_found');
  await ungot(`rounds/${NOBODY}/ranking`, chair, 404, 'request.not_found');
  await ungot(`rounds/${NOBODY}/reviewers`, citizen.token, 403, 'auth.forbidden');
  await ungot(`round-reviews/${NOBODY}`, chair, 404, 'request.not_found');
  await ungot(`acceptances/${NOBODY}`, chair, 404, 'request.not_found');
  await refused('POST', `${AT}/rounds/${NOBODY}/replay`, { token: chair, key: null }, 404, 'request.not_found');
  await no(`round-reviews/${NOBODY}/withdraw`, chair, { reason: '没有的' }, 404, 'request.not_found');
});
