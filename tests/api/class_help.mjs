// class_help.mjs -- classes for tests: each step as it is done today, so that a
// test that only needs a class, or a certificate, does not know the steps.
import { randomUUID } from 'node:crypto';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, known, minter, sql, today } from './help.mjs';

export const school = (over) => firm({ kind: 'institution', ...over });

export async function filing(over = {}) {
  const now = await today();
  return { title: '电工五级班', occupation_code: '6-31-01-03', level: 5, area_code: '431129100',
    starts_on: now, ends_on: dayPlus(now, 20), hours: 80, capacity: 30, pass_score: 60, ...over };
}

/* ---- institutions ---- */
// The school with a licence to teach everything at every level, a town of places at once.
const CLASSES = ['1', '2', '3', '4', '5', '6'];
export const licence = (over = {}) => ({ licence_no: `ZS${randomUUID().slice(0, 13)}`, kind: 'private_school', valid_from: '2020-01-01',
  valid_to: '2035-12-31', places: 50000, is_startup: true,
  occupations: CLASSES.map((occupation_code) => ({ occupation_code, level: 1 })), ...over });

export async function licensed(s, over) {
  if (s.licence) return s;
  const mint = minter(s.token);
  const made = await known(() => call('POST', '/v1/training/institutions', { token: s.token, body: licence(over), refused: true }));
  const step = (role, verb) => call('POST', `/v1/training/institutions/${made.id}/${verb}`,
    { token: mint({ roles: [`${role}@431100`] }), body: { pass: true } });
  await step('first_review', 'check');
  s.licence = await step('approve', 'decide');
  return s;
}

/* ---- demand ---- */
// Need enough of the occupation, or of a class above it, in the county: once a file.
const asked = new Map();
export function demanded(county_code, occupation_code = '6', over = {}) {
  const key = `${county_code} ${occupation_code} ${JSON.stringify(over)}`;
  if (!asked.has(key))
    asked.set(key, (async () => {
      const f = await firm({ area_code: county_code });
      const d = await known(() => call('POST', '/v1/training/org/demands', { token: f.token, refused: true,
        body: { occupation_code, headcount: 10000, area_code: county_code, ...over } }));
      return call('POST', `/v1/training/demands/${d.id}/confirm`,
        { token: minter(f.token)({ roles: [`first_review@${county_code}`] }), body: {} });
    })());
  return asked.get(key);
}

/* ---- classes ---- */
// A course and a trainer of the school's for what the class teaches, as its form names them.
function taught(s, { kind, module, occupation_code, level }) {
  const key = kind === 'startup' ? module : `${occupation_code} ${level}`, known_ = (s.taught ??= new Map());
  if (!known_.has(key)) {
    const [course_id, trainer_id] = [randomUUID(), s.trainer_id ?? randomUUID()], text = (x) => (x === undefined ? 'NULL' : `'${x}'`);
    sql(`INSERT INTO training.course (id, series_id, version, org_id, org_name, title, occupation_code, level, module, theory_hours,
        practice_hours, outline, fee_cents, county_code)
      SELECT '${course_id}', '${course_id}', 1, id, name, '课程', ${kind === 'startup' ? `NULL, NULL, '${module}'` : `${text(occupation_code)}, ${level}, NULL`},
        40, 40, '大纲', 0, county_code FROM training.org WHERE id = '${s.org_id}';
      ${s.trainer_id ? '' : `INSERT INTO training.trainer (id, org_id, org_name, person_id, qualification, occupations, state, invited_by, confirmed_on, county_code)
      SELECT '${trainer_id}', id, name, '${s.agent.id}', '高级技师', '${JSON.stringify(licence().occupations)}', 'confirmed', '${s.agent.id}', '2020-01-01', county_code
        FROM training.org WHERE id = '${s.org_id}'`}`);
    s.trainer_id = trainer_id;
    known_.set(key, { course_id, trainers: [{ trainer_id }] });
  }
  return known_.get(key);
}

// The whole form of a school that may teach it; with people wanted behind it.
export async function unwanted(s, over) {
  const body = await filing(over);
  await (s.licensing ??= licensed(s));
  return { ...taught(s, body), ...body };
}
export async function form(s, over) {
  const body = await unwanted(s, over);
  if (body.kind !== 'startup') await demanded(body.area_code.slice(0, 6), body.occupation_code.slice(0, 1));
  return body;
}

// Filed, and waiting to be checked.
export async function fileClass(s, over) {
  const body = await form(s, over);
  return known(() => call('POST', '/v1/training/classes', { token: s.token, body, refused: true }));
}

export const checker = (s, county) => minter(s.token)({ roles: [`first_review@${county}`] });
export const check = (s, cls, decision, note) => call('POST', `/v1/training/classes/${cls.id}/check`,
  { token: checker(s, cls.county_code), body: { decision, note } });

// A class that takes people.
export async function openClass(s, over) {
  const filed = await fileClass(s, over);
  return { ...filed, ...await check(s, filed, 'open') };
}

export const enrol = (person, cls) =>
  known(() => call('POST', `/v1/training/classes/${cls.id}/enrolments`, { token: person.token, refused: true }));

export const turn = (s, cls, verb) => call('POST', `/v1/training/classes/${cls.id}/${verb}`, { token: s.token });

/* ---- attendance ---- */
// Now by the city's clock, and an instant some minutes from it.
export const businessNow = async () => Date.parse((await call('GET', '/v1/identity/sandbox/clock')).now);
export const instant = (ms) => new Date(ms).toISOString();

// A session's row: `minutes` long from `at` on.
export const lesson = (at, minutes = 60, over = {}) => ({ starts_at: instant(at), ends_at: instant(at + minutes * 60000),
  kind: 'theory', minutes, place: `教室${Math.random().toString(36).slice(2, 10)}`, ...over });

export const plan = (s, cls, rows) => call('POST', `/v1/training/classes/${cls.id ?? cls}/sessions`,
  { token: s.token, body: { rows }, refused: true });

// A minute some time within the half hour before which people may sign in, so
// that somebody's classes seldom fall together; none goes over midnight.
async function soon(s, cls) {
  const day = (ms) => new Date(ms + 8 * 3600000).getUTCDate();
  let at = await businessNow() + 60000 + Math.floor(Math.random() * 26) * 60000;
  if (day(at) !== day(at + 60000)) at += 120000;
  await plan(s, cls, [lesson(at, 1)]);
}

// Present at a session of today, by hand; plans one where there is none.
export async function attend(s, enrolment) {
  for (let tries = 0; ; tries++) {
    const now = await businessNow();
    const { items } = await call('GET', `/v1/training/classes/${enrolment.class_id}/sessions?limit=200`);
    const open = items.filter((x) => x.state === 'planned' && Math.abs(Date.parse(x.starts_at) - now) < 29 * 60000);
    const [one] = tries < 3 ? open : open.slice(-1);
    if (one) {
      const r = await call('POST', `/v1/training/enrolments/${enrolment.id}/attendance`, { token: s.token, refused: true,
        body: { session_id: one.id, reason: '手机没电' } });
      if (r.status === 200) return r.json;
      if (r.json.code !== 'training.elsewhere' || tries > 5) throw new Error(`attend: ${r.text}`);
    }
    await soon(s, enrolment.class_id);
  }
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
