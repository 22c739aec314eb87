// monitoring: policies and projects assessed for what they do to employment, by
// a department, and three officers who are different people.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { fetched, handIn, pdf } from './files_help.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const M = '/v1/monitoring', A = `${M}/assessments`, COUNTY = '431127', TOWN = '431127100';
const now = await today();
const mint = minter((await person()).token);
const as = (role, area = COUNTY) => mint({ roles: [`${role}@${area}`] });
const clerk = as('clerk'), first = as('first_review'), recheck = as('recheck'), approve = as('approve');
const city = as('first_review', '431100'), mayor = as('approve', '431100');
const bureau = await firm({ kind: 'public_body', area_code: TOWN, industry_code: undefined });
const plain = await firm({ area_code: TOWN });
const answers = { field: '产业', content: '支持箱包产业发展', effect: '预计新增就业', coordination: '与稳岗政策衔接' };
const good = { title: '箱包产业扶持办法', county_code: COUNTY, answers };
const hand = (over = {}, token = bureau.token, kind = 'policy') => known(() => call('POST', `${A}/${kind}`, { token, refused: true,
  body: { ...good, ...over } }));
const step = (a, verb, token, body) => call('POST', `${A}/${a.id}/${verb}`, { token, body });
const fails = (a, verb, token, body, ...rest) => refused('POST', `${A}/${a.id}/${verb}`, { token, body }, ...rest);
await eventually(() => sql(`SELECT 1 FROM monitoring.org WHERE id IN ('${bureau.org_id}', '${plain.org_id}')`).length === 2, 'both are known');

test('a policy is handed in, returned, put right, judged by three, published, followed up and closed', async () => {
  await eachMistake('POST', `${A}/policy`, bureau.token, good, [
    [{ title: undefined }, '/title field.missing'], [{ county_code: '431127100' }, '/county_code field.area_code'],
    [{ answers: [] }, '/answers field.type'],
    [{ answers: { field: '天气', content: 7, more: 1, effect: '有' } }, '/answers/content field.type', '/answers/coordination field.missing',
      '/answers/field field.choice', '/answers/more field.unknown'],
    [{ org_id: plain.org_id }, '/org_id field.unknown']]);
  await refused('POST', `${A}/policy`, { token: plain.token, body: good }, 409, 'monitoring.assessment_org');
  await refused('POST', `${A}/policy`, { token: bureau.token, body: { ...good, county_code: '431126' } }, 422, 'request.invalid', '/county_code field.area_code');
  await refused('POST', `${A}/policy`, { token: as('stats'), body: good }, 403, 'auth.forbidden');
  const a = await hand();
  assert.deepEqual([a.state, a.kind, a.version, a.due_on, a.case_state], ['submitted', 'policy', 1, null, 'accepted']);
  await fails(a, 'resubmit', bureau.token, { answers }, 409, 'state.wrong');
  await fails(a, 'return', as('first_review', '431126'), { note: '不属本县' }, 404, 'request.not_found');
  await fails(a, 'return', first, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await step(a, 'return', first, { note: '请说明影响人数' })).state, 'returned');
  await fails(a, 'opinion', first, { opinion: 'favourable', text: '有利' }, 409, 'state.wrong');
  await fails(a, 'resubmit', bureau.token, { answers: {} }, 422, 'request.invalid', '/answers/content field.missing',
    '/answers/coordination field.missing', '/answers/effect field.missing', '/answers/field field.missing');
  await fails(a, 'resubmit', plain.token, { answers }, 404, 'request.not_found');
  assert.equal((await step(a, 'resubmit', bureau.token, { answers: { ...answers, effect: '预计新增就业 300 人' } })).state, 'submitted');

  const file = await handIn(`${A}/${a.id}`, bureau.token, 'document', pdf(), '办法.pdf');
  await handIn(`${A}/${a.id}`, first, 'survey', pdf(), '调研.pdf');
  await handIn(`${A}/${a.id}`, as('clerk', '431126'), 'survey', pdf(), '调研.pdf', 404);
  assert.equal((await call('GET', `${M}/assessment-files/${file.id}`, { token: recheck, whole: true })).status, 200);
  await refused('GET', `${M}/assessment-files/${file.id}`, { token: plain.token }, 404, 'request.not_found');

  await fails(a, 'result', approve, { result: 'agreed', text: '一致' }, 409, 'state.wrong');
  await fails(a, 'opinion', first, { opinion: 'good', text: '有利' }, 422, 'request.invalid', '/opinion field.choice');
  assert.equal((await step(a, 'opinion', first, { opinion: 'favourable', text: '有利于就业' })).state, 'opined');
  const both = mint({ roles: [`approve@${COUNTY}`], sub: JSON.parse(Buffer.from(first.split('.')[1], 'base64url')).sub });
  await fails(a, 'result', both, { result: 'agreed', text: '一致' }, 409, 'monitoring.warning_same_hand');
  await fails(a, 'publish', first, undefined, 409, 'state.wrong');
  assert.equal((await step(a, 'result', approve, { result: 'adjust', text: '补充培训措施后实施' })).state, 'concluded');
  await fails(a, 'withdraw', bureau.token, { note: '不再需要' }, 409, 'state.wrong');
  await fails(a, 'follow-ups', bureau.token, { on_day: now, text: '已落实' }, 409, 'state.wrong');
  assert.ok(!(await walk(`${M}/published-assessments`, undefined, 50)).some((x) => x.id === a.id));
  assert.equal((await step(a, 'publish', approve)).published_on, now);
  const [shown] = (await call('GET', `${M}/published-assessments?kind=policy`)).items;
  assert.deepEqual([shown.id, shown.result, shown.opinion, shown.answers], [a.id, 'adjust', undefined, undefined]);
  await refused('GET', `${M}/published-assessments?kind=x`, {}, 422, 'request.invalid', 'kind field.choice');

  await fails(a, 'close', recheck, { note: '已落实' }, 409, 'monitoring.assessment_follow');
  await fails(a, 'follow-ups', bureau.token, { on_day: dayPlus(now, 1), text: '已落实' }, 422, 'request.invalid', '/on_day field.date_order');
  assert.equal((await step(a, 'follow-ups', bureau.token, { on_day: now, text: '新增就业 120 人', jobs_made: 120 })).jobs_made, 120);
  assert.equal((await step(a, 'close', recheck, { note: '已落实' })).state, 'closed');
  const full = await call('GET', `${A}/${a.id}`, { token: bureau.token });
  assert.deepEqual([full.files.length, full.follow_ups.length, full.answers.effect, full.questions.length], [2, 1, '预计新增就业 300 人', 4]);
  await handIn(`${A}/${a.id}`, bureau.token, 'document', pdf(), '晚了.pdf', 409);
  assert.deepEqual(sql(`SELECT title FROM monitoring.message WHERE subject_id = '${a.id}' AND org_id IS NOT NULL ORDER BY id`).flat(),
    ['评估材料已退回，请补充', '评估已有结论', '评估结论已公布，请按期跟踪问效', '评估已办结']);
  const steps = (await call('GET', `/v1/cases/${a.case_no}`, { token: bureau.token })).steps.map((s) => s.step);
  assert.deepEqual(steps, ['submit', 'returned', 'submitted', 'opined', 'concluded', 'published', 'closed']);
});

test('a project is handed in by a clerk for the department; who hands in gives no opinion', async () => {
  const form = { org_id: bureau.org_id, title: '箱包产业园二期', county_code: COUNTY,
    answers: { subject: '重大项目', content: '新建厂房', jobs_made: 800, effect: '扩大就业', measures: '定向培训' } };
  await refused('POST', `${A}/impact`, { token: clerk, body: { ...form, org_id: undefined } }, 422, 'request.invalid', '/org_id field.missing');
  await refused('POST', `${A}/impact`, { token: clerk, body: { ...form, answers: { ...form.answers, jobs_made: -1 } } }, 422, 'request.invalid', '/answers/jobs_made field.type');
  await refused('POST', `${A}/impact`, { token: clerk, body: { ...form, org_id: NOBODY } }, 409, 'monitoring.assessment_org');
  await refused('POST', `${A}/impact`, { token: clerk, body: { ...form, county_code: '431126' } }, 403, 'auth.area');
  const sub = randomUUID(), same = (role) => mint({ roles: [`${role}@${COUNTY}`], sub });
  const a = await hand(form, same('clerk'), 'impact');
  assert.deepEqual([a.kind, a.org_id], ['impact', bureau.org_id]);
  await fails(a, 'opinion', same('first_review'), { opinion: 'adverse', text: '不利' }, 409, 'monitoring.warning_same_hand');
  await refused('GET', `${A}/${a.id}`, { token: plain.token }, 404, 'request.not_found');
  assert.ok((await walk(`${A}?kind=impact`, bureau.token, 5)).some((x) => x.id === a.id));
  assert.ok((await walk(`${A}?state=submitted`, first, 50)).every((x) => x.county_code === COUNTY));
  await refused('GET', `${A}?state=x`, { token: first }, 422, 'request.invalid', 'state field.choice');
  assert.deepEqual(await walk(`${A}?is_overdue=true`, first, 50), []);
  await fails(a, 'withdraw', plain.token, { note: '不再建设' }, 404, 'request.not_found');
  assert.equal((await step(a, 'withdraw', bureau.token, { note: '不再建设' })).state, 'withdrawn');
});

test('a form is another version, by two officers of the city; old answers stay on theirs', async () => {
  const from_on = dayPlus(now, 400), questions = [{ code: 'content', text: '主要内容', type: 'text', required: true }];
  const draft = { kind: 'policy', questions, basis: '市人社局文件', from_on };
  await eachMistake('POST', `${M}/assessment-forms`, city, draft, [[{ kind: 'x' }, '/kind field.choice'],
    [{ from_on: dayPlus(now, -1) }, '/from_on field.date_past']]);
  for (const wrong of [[], [{ code: 'content' }], [questions[0], questions[0]], [{ ...questions[0], type: 'choice' }]])
    await refused('POST', `${M}/assessment-forms`, { token: city, body: { ...draft, questions: wrong } }, 422, 'monitoring.assessment_questions');
  await refused('POST', `${M}/assessment-forms`, { token: first, body: draft }, 403, 'auth.area');
  const f = await call('POST', `${M}/assessment-forms`, { token: mayor, body: draft });
  const decide = (x, token, approve_) => call('POST', `${M}/assessment-forms/${x.id}/decide`, { token, refused: true, body: { approve: approve_, note: '已阅' } });
  assert.equal((await decide(f, mayor, true)).json.code, 'monitoring.warning_same_hand');
  assert.equal((await decide(f, as('approve', '431100'), false)).json.state, 'refused');
  assert.equal((await decide(f, as('approve', '431100'), true)).json.code, 'state.wrong');
  assert.ok((await walk(`${M}/assessment-forms?kind=policy`, bureau.token, 1)).length >= 2);
  await refused('GET', `${M}/assessment-forms?kind=x`, { token: first }, 422, 'request.invalid', 'kind field.choice');
});
