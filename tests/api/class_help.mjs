// class_help.mjs -- classes for tests: each step as it is done today, so that a
// test that only needs a class, or a certificate, does not know the steps.
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, known, sql, today } from './help.mjs';

export const school = (over) => firm({ kind: 'institution', ...over });

export async function filing(over = {}) {
  const now = await today();
  return { title: '电工五级班', occupation_code: '6-31-01-03', level: 5, area_code: '431129100',
    starts_on: now, ends_on: dayPlus(now, 20), capacity: 30, pass_score: 60, ...over };
}

/* ---- classes ---- */
// A class that takes people.
export async function openClass(s, over) {
  const body = await filing(over);
  return known(() => call('POST', '/v1/training/classes', { token: s.token, body, refused: true }));
}

export const enrol = (person, cls) =>
  known(() => call('POST', `/v1/training/classes/${cls.id}/enrolments`, { token: person.token, refused: true }));

export const turn = (s, cls, verb) => call('POST', `/v1/training/classes/${cls.id}/${verb}`, { token: s.token });

/* ---- attendance ---- */
// One day of an enrolment on the roll, as it should be.
export async function attend(s, enrolment) {
  return call('POST', `/v1/training/enrolments/${enrolment.id}/attendance`, { token: s.token, body: { attended_on: await today() } });
}

/* ---- examinations ---- */
// An institution may assess what it teaches, and has an examiner.
const bodies = new Map();
export function assessor(s) {
  if (!bodies.has(s.org_id)) bodies.set(s.org_id, registerBody(s));
  return bodies.get(s.org_id);
}
async function registerBody(s) {
  await eventually(() => sql(`SELECT 1 FROM training.org WHERE id = '${s.org_id}'`).length, 'training knows the institution');
  sql(`INSERT INTO training.assessing_right (org_id, org_name, occupation_code, highest_level, from_on, to_on, state, county_code, area_code)
    SELECT id, name, '', 1, '2020-01-01', '2099-12-31', 'granted', county_code, area_code FROM training.org WHERE id = '${s.org_id}'`);
  return examinerOf(s);
}
// A registered person, registered as the body's examiner of every occupation that begins so.
export async function examinerOf(s, occupation_code = ['4', '5', '6']) {
  const x = await person({ area_code: s.org.area_code });
  for (const code of [].concat(occupation_code))
    await known(() => call('POST', '/v1/training/examiners', { token: s.token, refused: true, body: { person_id: x.id,
      occupation_code: code, card_no: `KP${x.id.slice(-12)}`, until_on: '2099-12-31' } }));
  return x;
}

export async function examine(s, enrolment, score, over = {}) {
  const x = await assessor(s);
  return call('POST', `/v1/training/enrolments/${enrolment.id}/score`, { token: s.token,
    body: { score, examiner_id: x.id, reason: '复核更正', ...over.body }, ...over });
}

export const certify = (s, enrolment) => call('POST', `/v1/training/enrolments/${enrolment.id}/certificate`, { token: s.token });
