// resume: whole or not at all, its gaps named, read by whom it was sent to.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, textCode } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { clerkAt, outlet } from './counter.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql, today } from './help.mjs';

const now = await today();
const MINE = '/v1/jobs/my/resume';
const resume = (over = {}) => ({ state: 'seeking', education_code: '31', school: '永州职业技术学院', major: '机电',
  graduated_on: '2022-06-30', skill_level: 4, skills: ['电工', '焊工"一级"', '反\\斜'],
  experience: [{ from_on: '2022-08-01', to_on: '2024-07-31', employer: '江华某电机厂', title: '装配工',
    occupation_code: '6-24-01-00', text: '装配' }], occupations: ['6-24', '6-24-01-00'], areas: ['431129', '431129100'],
  forms: ['full_time', 'gig'], benefits: ['social_insurance', 'meals'], pay_least_cents: 400000, pay_unit: 'month',
  lat_e6: 25185000, lng_e6: 111579000, intro: '踏实', is_findable: true, ...over });
const put = (p, over) => known(() => call('PUT', MINE, { token: p.token, body: resume(over), refused: true }));

test('a résumé is written whole, read back, its years worked out; what is missing is said', async () => {
  const p = await person();
  await refused('GET', MINE, { token: p.token }, 404, 'request.not_found');
  const { experience_years, completeness, missing, ...r } = await put(p);
  assert.deepEqual([experience_years, completeness, missing], [2, 100, []]);
  for (const k of ['skills', 'occupations', 'areas', 'forms', 'benefits', 'experience'])
    assert.deepEqual(r[k], resume()[k], k);
  assert.equal(r.county_code, '431129');
  const thin = await put(p, { education_code: undefined, school: undefined, skills: [], experience: undefined, intro: undefined });
  assert.equal(thin.completeness, 50);
  assert.deepEqual(thin.missing, ['education_code', 'school', 'skills', 'experience', 'intro']);
  assert.deepEqual([thin.skills, thin.experience, thin.experience_years], [[], [], 0]);
  assert.deepEqual(await call('GET', MINE, { token: p.token }), thin);
  assert.equal(sql(`SELECT count(*) FROM jobs.event_log WHERE type = 'jobs.resume.changed.v1' AND key = '${p.id}'`).length, 1);
});

test('every mistake is named with its place, and nothing of it is saved', async () => {
  const p = await person();
  await put(p);
  const spell = resume().experience[0];
  await eachMistake('PUT', MINE, p.token, resume(), [
    [{ state: undefined }, '/state field.missing'],
    [{ state: 'idle' }, '/state field.choice'],
    [{ occupations: ['6-24', '6-24-01-00', '9-99'] }, '/occupations/2 field.occupation_code'],
    [{ occupations: '6-24' }, '/occupations field.type'],
    [{ areas: ['431129', '999999'] }, '/areas/1 field.area_code'],
    [{ areas: Array(11).fill('431129') }, '/areas field.count'],
    [{ forms: ['full_time', 'full_time'] }, '/forms/1 field.duplicate'],
    [{ forms: ['night'] }, '/forms/0 field.choice'],
    [{ benefits: ['gold'], skills: [''] }, '/benefits/0 field.choice', '/skills/0 field.too_short'],
    [{ skills: [7] }, '/skills/0 field.type'],
    [{ skills: ['字'.repeat(31)] }, '/skills/0 field.too_long'],
    [{ education_code: 'xx' }, '/education_code field.education_code'],
    [{ skill_level: 6 }, '/skill_level field.too_large'],
    [{ experience: [spell, { ...spell, employer: undefined }] }, '/experience/1/employer field.missing'],
    [{ experience: [{ ...spell, to_on: '2022-07-01' }] }, '/experience/0/to_on field.date_order'],
    [{ experience: [{ ...spell, from_on: dayPlus(now, 1) }] }, '/experience/0/from_on field.date_future'],
    [{ experience: [{ ...spell, to_on: dayPlus(now, 1) }] }, '/experience/0/to_on field.date_future'],
    [{ experience: [{ ...spell, occupation_code: '6-24' }] }, '/experience/0/occupation_code field.occupation_code'],
    [{ pay_unit: undefined }, '/pay_unit field.missing'],
    [{ pay_least_cents: undefined }, '/pay_least_cents field.missing'],
    [{ lng_e6: undefined }, '/lng_e6 field.missing'],
    [{ graduated_on: '2099-01-01' }, '/graduated_on field.too_large'],
    [{ phone: '13800138000' }, '/phone field.unknown'],
  ]);
  assert.deepEqual((await call('GET', MINE, { token: p.token })).skills, resume().skills, 'as it was');
});

test('whether it may be found is the person’s; so is its end', async () => {
  const p = await person();
  await put(p);
  assert.equal((await call('POST', `${MINE}/visibility`, { token: p.token, body: { is_findable: false } })).is_findable, false);
  await refused('POST', `${MINE}/visibility`, { token: p.token, body: {} }, 422, 'request.invalid', '/is_findable field.missing');
  assert.equal((await call('DELETE', MINE, { token: p.token })).deleted, true);
  await refused('DELETE', MINE, { token: p.token }, 404, 'request.not_found');
  await refused('POST', `${MINE}/visibility`, { token: p.token, body: { is_findable: true } }, 404, 'request.not_found');
});

test('read by officers of the area and by the employer it was sent to, by nobody else', async () => {
  const [p, f, other] = await Promise.all([person(), firm(), firm()]);
  await put(p);
  const path = `/v1/jobs/persons/${p.id}/resume`;
  const officer = await call('GET', path, { token: (await desk('jh.first')).token });
  assert.equal(officer.county_code, '431129');
  for (const who of [f, other, await desk('lst.first')]) await refused('GET', path, { token: who.token }, 404, 'request.not_found');
  await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', path, { token: (await desk('city.stats')).token }, 403, 'auth.forbidden');
  await refused('GET', `/v1/jobs/persons/${NOBODY}/resume`, { token: f.token }, 404, 'request.not_found');
  const v = await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, refused: true, body: { title: '装配工',
    occupation_code: '6-24-01-00', area_code: '431129100', headcount: 1, pay_min_cents: 1, pay_max_cents: 2,
    pay_unit: 'month', form: 'full_time' } }));
  await call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {} });
  const seen = await call('GET', path, { token: f.token });
  assert.deepEqual(seen.skills, resume().skills);
  assert.equal(seen.county_code, undefined, 'no home, no place');
  assert.equal(seen.lat_e6, undefined);
  await refused('GET', path, { token: other.token }, 404, 'request.not_found');
  await eventually(() => sql(`SELECT count(*) FROM jobs.audit
    WHERE action = 'jobs.resume.get_person' AND '${p.id}' = ANY (people)`)[0][0] === '2', 'both readings are kept');
});

test('a clerk fills it in for a person who is present', async () => {
  const p = await person();
  const clerk = await clerkAt(await outlet('431129100'));
  await refused('PUT', MINE, { token: clerk.token, body: resume() }, 403, 'auth.forbidden');
  const s = await call('POST', '/v1/identity/assist-sessions', { token: clerk.token, key: null,
    body: { id_number: p.id_number, code: await textCode(p.phone, 'assist') } });
  await put({ token: s.access_token });
  assert.equal((await call('GET', MINE, { token: p.token })).completeness, 100);
});
