// training, examinations: who may assess, who examines, marks part by part, the
// resit, officers who look in, and certificates for those who passed.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, person } from '../lib/city.mjs';
import { certify, enrol, examinerOf, openClass, school, turn } from './class_help.mjs';
import { dayPlus, eachMistake, isProblem, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const HOME = { area_code: '431125100' };
const now = await today();
const mint = minter((await person()).token);
const officer = (role, county = '431125') => mint({ roles: [`${role}@${county}`] });
const at = (path) => `/v1/training/${path}`;
const post = (path, token, body, more = {}) => call('POST', at(path), { token, body, ...more });
// The business clock as it runs since the file began.
const began = Date.parse((await call('GET', '/v1/identity/sandbox/clock')).now) - performance.now();
const instant = (ms) => new Date(began + performance.now() + ms).toISOString();
const soon = () => instant(100);
const right = { occupation_code: '6-31', highest_level: 3, from_on: now, to_on: dayPlus(now, 900) };

// An institution that may assess, with an examiner of its own.
async function body() {
  const s = await school(HOME);
  const r = await known(() => post('assessing-rights', s.token, right, { refused: true }));
  await post(`assessing-rights/${r.id}/check`, officer('first_review'), { decision: 'pass' });
  await post(`assessing-rights/${r.id}/decide`, officer('approve'), { decision: 'pass' });
  return { ...s, right: r, examiner: await examinerOf(s, '6-31-01-03') };
}
// A running class of some people, each with the enrolment.
async function running(s, n) {
  const c = await openClass(s, HOME);
  const people = await Promise.all(Array.from({ length: n }, () => person(HOME)));
  for (const p of people) p.enrolment = await enrol(p, c);
  await turn(s, c, 'start');
  return { ...c, people };
}
const plan = (b, over = {}) => ({ body_id: b.org_id, starts_at: soon(), place: '江永县职教中心',
  parts: [{ code: 'theory', weight: 40, pass_score: 60 }, { code: 'practice', weight: 60, pass_score: 60 }],
  examiners: [{ person_id: b.examiner.id }], ...over });
const mark = (p, part, score, over = {}) => ({ enrolment_id: p.enrolment.id, part, score, ...over });
const begun = (x) => eventually(() => began + performance.now() > Date.parse(x.starts_at) + 20, 'the exam begins');
const sheet = async (x, who, ...marks) => (await post(`exams/${x.id}/scores`, who.token, { marks })).rows.map((r) => r.code ?? 'ok');

const [b, s] = await Promise.all([body(), school(HOME)]);

test('the right to assess is applied for, checked by one and granted by another', async () => {
  const t = await school(HOME);
  const path = at('assessing-rights');
  const r = await known(() => post('assessing-rights', t.token, right, { refused: true }));
  assert.equal(r.state, 'filed');
  await eachMistake('POST', path, t.token, right, [
    [{ occupation_code: undefined }, '/occupation_code field.missing'], [{ highest_level: 7 }, '/highest_level field.too_large'],
    [{ highest_level: -2 }, '/highest_level field.too_small'], [{ to_on: dayPlus(now, -1) }, '/to_on field.date_order']]);
  await refused('POST', path, { token: officer('approve'), body: right }, 403, 'auth.forbidden');
  const step = (verb, token, decision = 'pass') => post(`assessing-rights/${r.id}/${verb}`, token, { decision }, { refused: true });
  isProblem(await step('decide', officer('approve')), 409, 'state.wrong');
  isProblem(await step('check', officer('first_review', '431103')), 404, 'request.not_found');
  isProblem(await step('check', t.token), 403, 'auth.forbidden');
  const both = mint({ roles: ['first_review@431125', 'approve@431125'] });
  assert.equal((await step('check', both)).json.state, 'checked');
  isProblem(await step('decide', both), 409, 'training.exam_same_hand');
  isProblem(await step('check', both), 409, 'state.wrong');
  const find = async () => (await walk(`${path}?occupation_code=6-31-01-03&county_code=431125`, undefined, 100)).map((x) => x.id);
  assert.ok(!(await find()).includes(r.id));
  assert.equal((await step('decide', officer('approve'))).json.state, 'granted');
  assert.ok((await find()).includes(r.id));
  assert.ok((await walk(at('assessing-applications?state=granted'), officer('audit'), 2)).some((x) => x.id === r.id));
  assert.deepEqual((await call('GET', at('assessing-applications'), { token: t.token })).items.map((x) => x.state), ['granted']);
  const c = (await call('GET', '/v1/cases', { token: t.token })).items.find((x) => x.matter_code === 'TR-26');
  assert.equal(c.state, 'done');
  const end = (reason, token = officer('approve')) => post(`assessing-rights/${r.id}/end`, token, { reason }, { refused: true });
  isProblem(await end('x'), 422, 'request.invalid');
  assert.equal((await end('违规发证')).json.state, 'ended');
  isProblem(await end('违规发证'), 409, 'state.wrong');
  assert.ok(!(await find()).includes(r.id));
});

test('an examiner is registered by the body, and is no trainee of the class', async () => {
  const p = await person(HOME);
  const add = (over, token = b.token) => post('examiners', token, { person_id: p.id, occupation_code: '6-31', card_no: 'KP0001',
    until_on: dayPlus(now, 90), ...over }, { refused: true });
  isProblem(await add({ person_id: NOBODY }), 409, 'training.person_unknown');
  isProblem(await add({ card_no: 'K' }), 422, 'request.invalid', '/card_no field.too_short');
  isProblem(await add({}, p.token), 403, 'auth.forbidden');
  const x = await known(() => add({}));
  const twice = await add({});
  assert.equal(twice.status, 409, twice.text);
  const list = await walk(at('examiners'), b.token, 1);
  assert.ok(list.some((r) => r.id === x.id) && list.every((r) => r.org_id === b.org_id));
  await refused('GET', at('examiners'), { token: p.token }, 403, 'auth.forbidden');
  const c = await running(s, 1);
  for (const [who, code] of [[NOBODY, 'training.examiner_unknown'], [s.agent.id, 'training.examiner_unknown']])
    await refused('POST', at(`classes/${c.id}/exams`), { token: s.token, body: plan(b, { examiners: [{ person_id: who }] }) }, 409, code);
  await known(() => add({ person_id: c.people[0].id, occupation_code: '6-31-01-03' }));
  await refused('POST', at(`classes/${c.id}/exams`), { token: s.token, body: plan(b, { examiners: [{ person_id: c.people[0].id }] }) },
    409, 'training.examiner_enrolled');
  const y = await examinerOf(b, '6-31-01-03');
  await post('trainers', s.token, { person_id: y.id, qualification: '高级技师', occupations: [{ occupation_code: '6', level: 1 }] });
  await refused('POST', at(`classes/${c.id}/exams`), { token: s.token, body: plan(b, { examiners: [{ person_id: y.id }] }) },
    409, 'training.examiner_trains');
  assert.equal((await post(`examiners/${x.id}/end`, b.token, { reason: '证件到期' })).ended_on, now);
  await refused('POST', at(`examiners/${x.id}/end`), { token: b.token, body: { reason: '证件到期' } }, 409, 'state.wrong');
  await refused('POST', at(`examiners/${x.id}/end`), { token: s.token, body: { reason: '证件到期' } }, 404, 'request.not_found');
});

test('set, scored part by part, put right with a reason, closed, sat once more, certified', async () => {
  const c = await running(s, 4);
  const [good, weak, poor, gone] = c.people;
  const path = at(`classes/${c.id}/exams`);
  const open = await openClass(s, HOME);
  await refused('POST', at(`classes/${open.id}/exams`), { token: s.token, body: plan(b) }, 409, 'state.wrong');
  await eachMistake('POST', path, s.token, plan(b), [
    [{ place: undefined }, '/place field.missing'], [{ examiners: [] }, '/examiners field.count'],
    [{ parts: [{ code: 'sport', weight: 100 }] }, '/parts/0/code field.choice']]);
  await refused('POST', path, { token: s.token, body: plan(b, { parts: [{ code: 'theory', weight: 40 }] }) }, 422,
    'training.part_weights', '/parts training.part_weights');
  await refused('POST', path, { token: s.token, body: plan(b, { starts_at: instant(-60000) }) }, 422, 'training.exam_past');
  await refused('POST', path, { token: s.token, body: plan(b, { body_id: s.org_id }) }, 409, 'training.no_assessing_right');
  await refused('POST', path, { token: b.token, body: plan(b) }, 404, 'request.not_found');
  const gonePlan = await post(`classes/${c.id}/exams`, s.token, plan(b, { starts_at: instant(86400000) }));
  await refused('POST', path, { token: s.token, body: plan(b) }, 409, 'training.exam_scheduled');
  assert.throws(() => sql(`INSERT INTO training.exam_examiner SELECT x.id, '${good.id}', '*', x.org_id, x.body_id, x.county_code, x.area_code
    FROM training.exam x WHERE x.id = '${gonePlan.id}'`), 'the database itself refuses');
  await refused('POST', at(`exams/${gonePlan.id}/scores`), { token: b.examiner.token, body: { marks: [mark(good, 'theory', 80)] } },
    409, 'training.exam_not_begun');
  assert.equal((await post(`exams/${gonePlan.id}/cancel`, s.token, { reason: '场地停电' })).state, 'cancelled');
  await refused('POST', at(`exams/${gonePlan.id}/cancel`), { token: s.token, body: { reason: '场地停电' } }, 409, 'state.wrong');

  const x = await post(`classes/${c.id}/exams`, s.token, plan(b));
  assert.deepEqual([x.state, x.body_id, x.org_id, x.parts.length], ['scheduled', b.org_id, s.org_id, 2]);
  await refused('POST', at(`enrolments/${good.enrolment.id}/score`), { token: s.token, body: { score: 90, examiner_id: b.examiner.id } },
    409, 'training.exam_scheduled');
  await begun(x);
  await refused('POST', at(`exams/${x.id}/scores`), { token: good.token, body: { marks: [mark(good, 'theory', 100)] } }, 404, 'request.not_found');
  await refused('POST', at(`exams/${x.id}/scores`), { token: b.examiner.token, body: { marks: [] } }, 422, 'request.invalid', '/marks field.count');
  await refused('POST', at(`exams/${x.id}/scores`), { token: officer('approve'), body: { marks: [mark(good, 'theory', 1)] } }, 403, 'auth.forbidden');
  assert.deepEqual(await sheet(x, b.examiner, mark(good, 'theory', 70), mark(good, 'practice', 85), mark(good, 'sport', 85),
    mark({ enrolment: { id: NOBODY } }, 'theory', 1), mark(weak, 'theory', 50), mark(weak, 'practice', 100), mark(poor, 'theory', 20)),
  ['ok', 'ok', 'training.part_unknown', 'request.not_found', 'ok', 'ok', 'ok']);
  await refused('POST', at(`exams/${x.id}/close`), { token: b.token }, 409, 'training.scores_missing');
  assert.deepEqual(await sheet(x, b.examiner, mark(poor, 'practice', 20), { enrolment_id: gone.enrolment.id, absent: true },
    mark(good, 'theory', 75)), ['ok', 'ok', 'training.correction_reason']);
  assert.deepEqual(await sheet(x, b.examiner, mark(good, 'theory', 75, { reason: '漏加一题' })), ['ok']);
  const list = await walk(at(`exams/${x.id}/sittings`), b.token, 2);
  const of = (p) => list.find((r) => r.person_id === p.id);
  assert.deepEqual([of(good).score, of(good).is_passed], [81, true]);	// 75 × 40 % + 85 × 60 %
  assert.deepEqual([of(weak).score, of(weak).is_passed], [80, false], 'each part has a mark of its own');
  assert.equal(of(gone).state, 'absent');
  assert.deepEqual(of(good).marks.map((m) => [m.part, m.version, m.score, m.reason]), [['practice', 1, 85, null], ['theory', 1, 70, null],
    ['theory', 2, 75, '漏加一题']]);
  assert.throws(() => sql(`UPDATE training.exam_score SET score = 100`, 'training_system'), 'marks are never changed');
  assert.equal((await call('GET', at('my/exams'), { token: weak.token })).items[0].score, 80);
  await refused('POST', at(`exams/${x.id}/resit`), { token: s.token, body: { starts_at: soon(), place: '教室', examiners:
    [{ person_id: b.examiner.id }] } }, 409, 'state.wrong');
  await refused('POST', at(`exams/${x.id}/close`), { token: s.token }, 404, 'request.not_found');
  assert.equal((await post(`exams/${x.id}/close`, b.token)).state, 'closed');
  await refused('POST', at(`exams/${x.id}/close`), { token: b.token }, 409, 'state.wrong');
  const kase = (await call('GET', '/v1/cases', { token: s.token })).items.find((k) => k.subject_id === x.id);
  assert.deepEqual([kase.matter_code, kase.state], ['TR-25', 'done']);

  isProblem(await post(`enrolments/${good.enrolment.id}/certificate`, s.token, undefined, { refused: true }), 409, 'training.no_assessing_right');
  isProblem(await post(`enrolments/${weak.enrolment.id}/certificate`, b.token, undefined, { refused: true }), 409, 'training.not_examined');
  assert.deepEqual([(await post(`exams/${x.id}/certificates`, b.token)).issued, (await post(`exams/${x.id}/certificates`, b.token)).issued], [1, 0]);
  await refused('POST', at(`exams/${x.id}/certificates`), { token: s.token }, 404, 'request.not_found');
  assert.deepEqual(await sheet(x, b.examiner, mark(good, 'theory', 10, { reason: '再改一次' })), ['training.already_certified']);

  const again = await post(`exams/${x.id}/resit`, s.token, { starts_at: soon(), place: '教室', examiners: [{ person_id: b.examiner.id }] });
  assert.deepEqual([again.kind, again.resit_of], ['resit', x.id]);
  await refused('POST', at(`exams/${x.id}/resit`), { token: s.token, body: { starts_at: soon(), place: '教室', examiners:
    [{ person_id: b.examiner.id }] } }, 409, 'training.resit_once');
  await begun(again);
  assert.deepEqual(await sheet(again, b.examiner, mark(weak, 'theory', 60), mark(weak, 'practice', 60), mark(good, 'theory', 1)),
    ['ok', 'ok', 'request.not_found']);
  assert.equal((await certify(b, weak.enrolment)).score, 60);
  assert.equal((await walk(at(`exams?class_id=${c.id}`), b.examiner.token, 1)).length, 3);
  assert.equal((await call('GET', at(`exams/${x.id}`), { token: b.examiner.token })).place, '江永县职教中心');
  await refused('GET', at(`exams/${x.id}`), { token: good.token }, 404, 'request.not_found');
  await refused('GET', at(`exams/${x.id}`), { token: officer('audit', '431103') }, 404, 'request.not_found');
});

test('officers look in on what is drawn; an irregularity holds the certificates', async () => {
  const c = await running(b, 1);
  const x = await post(`classes/${c.id}/exams`, b.token, plan(b, { parts: undefined }));
  const path = at('exam-draws'), draw = { county_code: '431125', from_on: now, to_on: now, count: 50 };
  await eachMistake('POST', path, officer('recheck'), draw, [[{ county_code: 'x' }, '/county_code field.area_code'],
    [{ count: 0 }, '/count field.too_small'], [{ to_on: dayPlus(now, -1) }, '/to_on field.date_order']]);
  await refused('POST', path, { token: officer('recheck', '431103'), body: draw }, 403, 'auth.area');
  await refused('POST', path, { token: officer('stats'), body: draw }, 403, 'auth.forbidden');
  const drawn = await post('exam-draws', officer('recheck'), draw);
  const v = drawn.visits.find((r) => r.exam_id === x.id);
  assert.deepEqual([v.state, v.seed], ['drawn', drawn.seed]);
  assert.deepEqual((await post('exam-draws', officer('recheck'), draw)).visits, [], 'drawn once');
  await begun(x);
  assert.deepEqual(await sheet(x, b.examiner, mark(c.people[0], 'theory', 90), mark(c.people[0], 'practice', 90)), ['ok', 'ok']);
  const both = mint({ roles: ['first_review@431125', 'approve@431125'] });
  const record = (token, over) => post(`exam-visits/${v.id}/record`, token, { regular: false, present: 0, note: '考场无人', ...over }, { refused: true });
  isProblem(await record(officer('clerk', '431103')), 404, 'request.not_found');
  isProblem(await record(both, { present: undefined }), 422, 'request.invalid', '/present field.missing');
  assert.equal((await record(both)).json.state, 'irregular');
  isProblem(await record(both), 409, 'state.wrong');
  isProblem(await post(`enrolments/${c.people[0].enrolment.id}/certificate`, b.token, undefined, { refused: true }), 409, 'training.exam_irregular');
  const held = await post(`exams/${x.id}/certificates`, b.token);
  assert.deepEqual([held.issued, held.held_back], [0, true]);
  const clear = (token) => post(`exam-visits/${v.id}/clear`, token, { note: '经核查为改期' }, { refused: true });
  isProblem(await clear(both), 409, 'training.exam_same_hand');
  assert.equal((await clear(officer('approve'))).json.state, 'cleared');
  isProblem(await clear(officer('approve')), 409, 'state.wrong');
  assert.equal((await post(`exams/${x.id}/certificates`, b.token)).issued, 1);
  assert.ok((await walk(at('exam-visits?state=cleared'), officer('audit'), 1)).some((r) => r.id === v.id));
  await refused('GET', at('exam-visits'), { token: b.token }, 403, 'auth.forbidden');
  await post(`exams/${x.id}/close`, b.token);
  await refused('POST', at(`exams/${x.id}/resit`), { token: b.token, body: { starts_at: soon(), place: '教室', examiners:
    [{ person_id: b.examiner.id }] } }, 409, 'training.resit_none');
});
