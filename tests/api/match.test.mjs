// match: the best postings for a person and the best people for a posting, with
// reasons; switched off, told, made by night -- and everything refused.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person, random } from '../lib/city.mjs';
import { idNumber } from '../lib/fake.mjs';
import { approved, dayPlus, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const CODE = '6-31-01-03';
const CRITERIA = ['occupation', 'place', 'pay', 'form', 'education', 'skill_level', 'skills', 'benefits', 'freshness'];
const OFF = '/v1/identity/me/consents';

const open = async (f, over = {}) => approved(await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token,
  refused: true, body: { title: '电机装配工', occupation_code: CODE, area_code: '431129100', headcount: 2,
    pay_min_cents: 500000, pay_max_cents: 650000, pay_unit: 'month', form: 'full_time', ...over } })), f.token);

const list = (a) => `ARRAY[${a.map((x) => `'${x}'`)}]::text[]`;
// What the person fills in elsewhere: here only matching is judged.
async function resume(p, over = {}) {
  const r = { state: 'seeking', occupations: [CODE], areas: ['431129'], forms: ['full_time'], skills: [], benefits: [],
    education: 'NULL', level: 'NULL', pay: 450000, findable: true, ...over };
  await eventually(() => sql(`SELECT id FROM jobs.person WHERE id = '${p.id}'`).length, 'the person is known');
  sql(`INSERT INTO jobs.resume (person_id, name_masked, state, occupations, areas, forms, skills, benefits, education_code,
      skill_level, pay_least_cents, pay_unit, is_findable, county_code, area_code)
    SELECT id, name_masked, '${r.state}', ${list(r.occupations)}, ${list(r.areas)}, ${list(r.forms)}, ${list(r.skills)},
      ${list(r.benefits)}, ${r.education}, ${r.level}, ${r.pay}, 'month', ${r.findable}, county_code, area_code
      FROM jobs.person WHERE id = '${p.id}'
    ON CONFLICT (person_id) DO UPDATE SET state = excluded.state, occupations = excluded.occupations, areas = excluded.areas,
      forms = excluded.forms, skills = excluded.skills, is_findable = excluded.is_findable`);
  return p;
}
const mine = (p, query = '?limit=200') => call('GET', `/v1/jobs/my/matches${query}`, { token: p.token });
const has = (reply, v) => reply.items.find((x) => x.id === v.id);
const shown = (p, v, query) => eventually(async () => has(await mine(p, query), v), 'the posting is among the matches');
const hidden = (p, v) => eventually(async () => !has(await mine(p), v), 'the posting is not among the matches');
const reason = (item, criterion) => item.reasons.find((r) => r.criterion === criterion);
const told = (p, v) => sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND kind = 'match' AND subject_id = '${v.id}'`)[0][0];

test('a person is shown the best postings, each with its score and nine reasons', async () => {
  const [f, p] = await Promise.all([firm(), person()]);
  await resume(p, { skills: ['电机绕线', '看图'] });
  const [good, far, part] = await Promise.all([
    open(f, { title: '绕线工' }), open(f, { area_code: '431103001', occupation_code: '6-31-01-01', pay_min_cents: 200000,
      pay_max_cents: 300000 }), open(f, { form: 'part_time' })]);
  const item = await shown(p, good);
  assert.equal(item.vacancy.title, '绕线工');
  assert.deepEqual(item.reasons.map((r) => r.criterion), CRITERIA);
  assert.equal(item.reasons.reduce((n, r) => n + r.weight, 0), 1000);
  assert.equal(item.score, Math.floor(item.reasons.reduce((n, r) => n + r.weight * r.score, 0) / 1000));
  assert.deepEqual(['occupation', 'place', 'pay', 'form'].map((c) => reason(item, c).why),
    ['occupation_wished', 'place_wished', 'pay_over', 'form_wished']);
  assert.equal(reason(item, 'occupation').text, '属于意向职业');
  const other = await shown(p, far);
  assert.ok(other.score < item.score);
  assert.deepEqual([reason(other, 'occupation').why, reason(other, 'pay').why], ['occupation_same_class', 'pay_under']);
  const all = await mine(p);
  assert.equal(has(all, part), undefined, 'a form of work that is not wished');
  assert.deepEqual(all.items.map((x) => x.score), all.items.map((x) => x.score).sort((a, b) => b - a));
  const en = await call('GET', '/v1/jobs/my/matches?limit=1', { token: p.token, headers: { 'accept-language': 'en' } });
  assert.equal(reason(en.items[0], 'occupation').text, 'A wished occupation');
});

test('matches are filtered, walked page by page, and every mistake is named', async () => {
  const [f, p] = await Promise.all([firm(), person()]);
  await resume(p);
  const v = await open(f, { area_code: '431129103' });
  await shown(p, v);
  assert.ok(has(await mine(p, '?limit=200&area_code=431129103'), v));
  assert.equal(has(await mine(p, '?limit=200&area_code=431103'), v), undefined);
  assert.ok((await mine(p, '?limit=200&form=full_time')).items.every((x) => x.vacancy.form === 'full_time'));
  assert.ok((await mine(p, '?limit=200&min_score=700')).items.every((x) => x.score >= 700));
  const whole = (await mine(p)).items.slice(0, 21).map((x) => x.id);
  const pages = await walk('/v1/jobs/my/matches?min_score=300', p.token, 7);
  assert.deepEqual(pages.slice(0, whole.length).map((x) => x.id).slice(0, 7), whole.slice(0, 7));
  for (const [query, field] of [['area_code=439999', 'area_code field.area_code'], ['form=night', 'form field.choice'],
    ['min_score=1001', 'min_score field.too_large'], ['cursor=x', 'cursor field.cursor'], ['sex=1', 'sex field.unknown']])
    await refused('GET', `/v1/jobs/my/matches?${query}`, { token: p.token }, 422, 'request.invalid', field);
  await refused('GET', '/v1/jobs/my/matches', { token: (await desk('jh.first')).token }, 403, 'auth.forbidden');
});

test('what changes is followed: paused, applied for, put aside and shown again', async () => {
  const [f, p, other] = await Promise.all([firm(), person(), person()]);
  await resume(p);
  const [paused, taken, aside] = await Promise.all(['绕线工', '检验员', '包装工'].map((title) => open(f, { title })));
  for (const v of [paused, taken, aside]) await shown(p, v);
  await call('POST', `/v1/jobs/vacancies/${paused.id}/pause`, { token: f.token });
  await hidden(p, paused);
  await call('POST', `/v1/jobs/vacancies/${paused.id}/reopen`, { token: f.token });
  await shown(p, paused);
  await call('POST', `/v1/jobs/vacancies/${taken.id}/applications`, { token: p.token, body: {} });
  assert.equal(has(await mine(p), taken), undefined);
  const put = await call('POST', `/v1/jobs/my/matches/${aside.id}/dismiss`, { token: p.token, body: { reason: 'too_far' } });
  assert.equal(put.reason, 'too_far');
  assert.equal(has(await mine(p), aside), undefined);
  assert.deepEqual((await call('GET', '/v1/jobs/my/dismissed-matches', { token: p.token })).items.map((x) => x.vacancy_id), [aside.id]);
  await refused('GET', '/v1/jobs/my/dismissed-matches', { token: (await desk('jh.first')).token }, 403, 'auth.forbidden');
  await refused('POST', `/v1/jobs/my/matches/${aside.id}/restore`, { token: other.token }, 404, 'request.not_found');
  await call('POST', `/v1/jobs/my/matches/${aside.id}/restore`, { token: p.token });
  assert.ok(has(await mine(p), aside));
  assert.deepEqual((await call('GET', '/v1/jobs/my/dismissed-matches', { token: p.token })).items, []);
  await refused('POST', `/v1/jobs/my/matches/${aside.id}/dismiss`, { token: p.token, body: { reason: 'ugly' } },
    422, 'request.invalid', '/reason field.choice');
  await refused('POST', `/v1/jobs/my/matches/${NOBODY}/dismiss`, { token: p.token, body: { reason: 'other' } }, 404, 'request.not_found');
});

test('sex, age and name change no score', async () => {
  const f = await firm();
  const v = await open(f);
  const people = await Promise.all([['1971-03-01', 1], ['1999-08-09', 2], ['1985-01-01', 2]].map(([born, sex]) =>
    person({ birth_on: born, id_number: idNumber(random, born, sex) })));
  for (const p of people) await resume(p, { pay: 400000 });
  const scores = [];
  for (const p of people) scores.push((await shown(p, v)).reasons.map((r) => r.score).join());
  assert.equal(new Set(scores).size, 1, scores.join(' | '));
  const facts = sql(`SELECT string_agg(a, ',') FROM (SELECT unnest(proargnames) AS a FROM pg_proc WHERE proname = 'match_facts') x`)[0][0];
  for (const word of ['sex', 'birth', 'ethnic', 'age', 'name', 'difficult', 'household'])
    assert.ok(!facts.split(',').includes(word), word);
});

test('an employer is shown who can be found, masked, and invites; the person applies or declines', async () => {
  const [f, other, p, shy, q] = await Promise.all([firm(), firm(), person(), person(), person()]);
  const v = await open(f, { occupation_code: '4-07-05-01', title: '保安员' });
  await resume(p, { occupations: ['4-07-05-01'] });
  await resume(q, { occupations: ['4-07-05-01'] });
  await resume(shy, { occupations: ['4-07-05-01'], findable: false });
  const people = (n = 200) => call('GET', `/v1/jobs/vacancies/${v.id}/matches?limit=${n}`, { token: f.token });
  const found = (id) => eventually(async () => (await people()).items.find((x) => x.person.person_id === id), 'the person is found');
  const item = await found(p.id);
  await found(q.id);
  assert.equal(item.person.name_masked, `${[...p.name][0]}*`);
  assert.deepEqual(item.reasons.map((r) => r.criterion), CRITERIA);
  assert.ok(!JSON.stringify(item).includes(p.phone));
  assert.ok(!(await people()).items.some((x) => x.person.person_id === shy.id));
  assert.equal((await people(1)).items.length, 1);
  await refused('GET', `/v1/jobs/vacancies/${v.id}/matches`, { token: other.token }, 404, 'request.not_found');
  await refused('GET', `/v1/jobs/vacancies/${v.id}/matches`, { token: p.token }, 403, 'auth.forbidden');

  const invite = (who, by = f) => call('POST', `/v1/jobs/vacancies/${v.id}/invitations`,
    { token: by.token, body: { person_id: who.id, message: '欢迎来看看' }, refused: true });
  const sent = (await invite(p)).json;
  assert.equal(sent.state, 'sent');
  assert.equal((await invite(p)).json.code, 'jobs.already_invited');
  assert.equal((await invite(shy)).json.code, 'jobs.not_findable');
  assert.equal((await invite(p, other)).status, 404);
  assert.equal((await found(p.id)).person.invitation_state, 'sent');
  const inbox = await call('GET', '/v1/jobs/my/invitations?state=sent', { token: p.token });
  assert.deepEqual(inbox.items.map((x) => x.id), [sent.id]);
  for (const [path, who, stranger] of [['my', p, await desk('jh.first')], ['org', f, p]]) {
    await refused('GET', `/v1/jobs/${path}/invitations`, { token: stranger.token }, 403, 'auth.forbidden');
    await refused('GET', `/v1/jobs/${path}/invitations?state=lost`, { token: who.token }, 422, 'request.invalid', 'state field.choice');
  }
  assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND subject_id = '${sent.id}'`)[0][0], '1');
  const a = await call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {} });
  const [outcome] = (await call('GET', '/v1/jobs/org/invitations', { token: f.token })).items;
  assert.deepEqual([outcome.id, outcome.state], [sent.id, 'accepted']);
  assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE org_id = '${v.org_id}' AND subject_id = '${a.id}' AND kind = 'invitation'`)[0][0], '1');
  assert.ok(!(await people()).items.some((x) => x.person.person_id === p.id), 'who has applied need not be found');

  const second = (await invite(q)).json;
  await refused('POST', `/v1/jobs/my/invitations/${second.id}/decline`, { token: p.token, body: {} }, 404, 'request.not_found');
  assert.equal((await call('POST', `/v1/jobs/my/invitations/${second.id}/decline`, { token: q.token,
    body: { reason: '已有工作' } })).state, 'declined');
  await refused('POST', `/v1/jobs/my/invitations/${second.id}/decline`, { token: q.token, body: {} }, 409, 'state.wrong');
  await call('POST', `/v1/jobs/vacancies/${v.id}/close`, { token: f.token });
  await refused('GET', `/v1/jobs/vacancies/${v.id}/matches`, { token: f.token }, 409, 'jobs.vacancy_not_open');
});

test('switched off: no list, found by nobody, told of nothing; switched on again, as before', async () => {
  const [f, p] = await Promise.all([firm(), person()]);
  await resume(p, { occupations: ['4-07-05-04'] });
  const v = await open(f, { occupation_code: '4-07-05-04' });
  await shown(p, v);
  await call('POST', `${OFF}/withdraw`, { token: p.token, body: { purpose: 'auto_match' } });
  await eventually(async () => (await call('GET', '/v1/jobs/my/matches', { token: p.token, refused: true })).json.code === 'jobs.match_off',
    'it is off');
  const off = await refused('GET', '/v1/jobs/my/matches', { token: p.token }, 409, 'jobs.match_off');
  assert.match(off.json.title, /自行检索/);
  await refused('GET', '/v1/jobs/my/match-list', { token: p.token }, 409, 'jobs.match_off');
  await refused('GET', `/v1/jobs/persons/${p.id}/matches`, { token: (await desk('jh.first')).token }, 409, 'jobs.match_off');
  assert.ok(!(await call('GET', `/v1/jobs/vacancies/${v.id}/matches?limit=200`, { token: f.token })).items
    .some((x) => x.person.person_id === p.id));
  await refused('POST', `/v1/jobs/vacancies/${v.id}/invitations`, { token: f.token, body: { person_id: p.id } }, 409, 'jobs.not_findable');
  const quiet = await open(await firm(), { occupation_code: '4-07-05-04' });
  await eventually(() => sql(`SELECT count(*) FROM jobs.match_due WHERE vacancy_id = '${quiet.id}'`)[0][0] === '0', 'it was told');
  assert.equal(told(p, quiet), '0');
  await call('POST', OFF, { token: p.token, body: { text_version: 1, purpose: 'auto_match' } });
  await eventually(async () => (await call('GET', '/v1/jobs/my/matches', { token: p.token, refused: true })).status === 200, 'it is on');
});

test('a new posting reaches those it fits, once, and not more often a day than is set', async () => {
  const [f, p, other] = await Promise.all([firm(), person(), person()]);
  await resume(p, { occupations: ['4-08-05-01'], findable: false });
  await resume(other, { occupations: ['2-02-10-01'], areas: ['431103'] });
  await eventually(async () => (await mine(p, '?limit=1')).items.length > 0, 'the engine knows them');
  const first = await open(f, { occupation_code: '4-08-05-01' });
  await eventually(() => told(p, first) === '1', 'told of the posting');
  assert.equal(told(other, first), '0');
  await call('POST', `/v1/jobs/vacancies/${first.id}/pause`, { token: f.token });
  await call('POST', `/v1/jobs/vacancies/${first.id}/reopen`, { token: f.token });
  const more = [];
  for (const by of await Promise.all(Array.from({ length: 6 }, () => firm())))
    more.push(await open(by, { occupation_code: '4-08-05-01' }));
  await eventually(() => sql(`SELECT count(*) FROM jobs.match_due WHERE vacancy_id IN (${more.map((v) => `'${v.id}'`)})`)[0][0] === '0',
    'all were told');
  assert.equal(told(p, first), '1');
  assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND kind = 'match'`)[0][0], '5');
});

test('by night every registered unemployed person gets a list, who is known only by address too', async () => {
  const [f, p, off] = await Promise.all([firm(), person(), person()]);
  const v = await open(f);
  for (const who of [p, off])
    await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: who.token, refused: true, body: { reason: 'other' } }));
  await call('POST', `${OFF}/withdraw`, { token: off.token, body: { purpose: 'auto_match' } });
  await eventually(() => sql(`SELECT given FROM jobs.consent WHERE person_id = '${off.id}' AND purpose = 'auto_match'`)[0]?.[0] === 'f', 'off');
  await shown(p, v);
  // The day is opened again, as it is every morning.
  sql(`DELETE FROM jobs.match_day WHERE day = '${now}'`);
  const day = await eventually(async () => (await call('GET', '/v1/jobs/match-days', { token: (await desk('jh.first')).token })).items
    .find((d) => d.day === now && d.finished_at), 'the night is over');
  assert.ok(day.done >= 2 && day.total >= 2 && day.results > 0 && day.seconds >= 0);
  const made = await call('GET', '/v1/jobs/my/match-list', { token: p.token });
  assert.ok(made.items.length > 0 && made.items.length <= 20);
  assert.equal(made.items[0].made_on, now);
  const [best] = made.items;
  assert.deepEqual([reason(best, 'occupation').why, reason(best, 'pay').why, reason(best, 'form').why],
    ['occupation_unknown', 'pay_no_wish', 'form_no_wish'], 'the reasons say what is missing');
  assert.match(reason(best, 'place').why, /^place_home/);
  const live = (await mine(p, '?limit=20')).items;
  assert.deepEqual(made.items.map((x) => x.score), live.map((x) => x.score).slice(0, made.items.length));
  await walk('/v1/jobs/my/match-list', p.token, 3);
  assert.equal(sql(`SELECT count(*) FROM jobs.match_list WHERE person_id = '${off.id}'`)[0][0], '0');
  assert.equal(sql(`SELECT count(*) FROM jobs.match_day WHERE day = '${now}'`)[0][0], '1');
  // Switching off takes the list away at once.
  await call('POST', `${OFF}/withdraw`, { token: p.token, body: { purpose: 'auto_match' } });
  await eventually(() => sql(`SELECT count(*) FROM jobs.match_list WHERE person_id = '${p.id}'`)[0][0] === '0', 'the list is gone');
  await refused('GET', '/v1/jobs/match-days', { token: p.token }, 403, 'auth.forbidden');
});

test('an officer is shown matches for a person of the area, and nobody else', async () => {
  const [f, p] = await Promise.all([firm(), person()]);
  await resume(p);
  const v = await open(f);
  await shown(p, v);
  const path = `/v1/jobs/persons/${p.id}/matches?limit=200`;
  const r = await call('GET', path, { token: (await desk('jh.first')).token });
  assert.ok(r.items.every((x) => x.person_id === p.id && x.county_code === '431129'));
  assert.equal(has(r, v).vacancy.work_area_code, '431129100');
  await refused('GET', path, { token: (await desk('lst.first')).token }, 404, 'request.not_found');
  await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
});

test('weights are dated, add up to a thousand, and are the city’s to set', async () => {
  const city = await desk('city.approve'), county = await desk('jh.recheck');
  const good = { from_on: dayPlus(now, 300), occupation: 250, place: 250, pay: 150, form: 50, education: 70, skill_level: 50,
    skills: 100, benefits: 30, freshness: 50, note: '更看重地点' };
  const set = (who, over = {}) => call('POST', '/v1/jobs/match-weights', { token: who.token, body: { ...good, ...over }, refused: true });
  const made = (await set(city)).json;
  assert.equal(made.occupation, 250);
  const [newest] = (await call('GET', '/v1/jobs/match-weights', { token: (await desk('jh.first')).token })).items;
  assert.equal(newest.version, made.version);
  await refused('GET', '/v1/jobs/match-weights', { token: (await person()).token }, 403, 'auth.forbidden');
  assert.equal((await set(county)).json.code, 'auth.area');
  assert.equal((await set(city, { place: 249 })).json.code, 'jobs.weights_sum');
  assert.equal((await set(city, { from_on: dayPlus(now, -1) })).status, 422);
  await refused('POST', '/v1/jobs/match-weights', { token: city.token, body: { ...good, sex: 1 } }, 422, 'request.invalid', '/sex field.unknown');
  assert.equal((await set(await desk('jh.first'))).status, 403);
  const p = await person();
  await resume(p);
  const [item] = (await eventually(async () => { const m = await mine(p, '?limit=1'); return m.items.length && m; }, 'matches')).items;
  assert.ok(item.weight_version < made.version, 'its day has not come');
});
