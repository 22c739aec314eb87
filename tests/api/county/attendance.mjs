// What attendance brings: a session that runs, somebody marked present, a wrong
// code, a check, a lot and an anomaly.
import { call } from '../../lib/client.mjs';
import { eventually, person } from '../../lib/city.mjs';
import { businessNow, enrol, instant, lesson, openClass, plan } from '../class_help.mjs';
import { NOBODY, sql } from '../help.mjs';

async function furnish({ county, school: s, mint }) {
  const p = await person({ area_code: county.town });
  const cls = await openClass(s, { area_code: county.town, title: '辖区考勤班' });
  const e = await enrol(p, cls);
  const { json: { rows: [{ id }] } } = await plan(s, cls, [lesson(await businessNow() + 3000, 5)]);
  await call('POST', `/v1/training/enrolments/${e.id}/attendance`, { token: s.token, body: { session_id: id, reason: '手机没电' } });
  await call('POST', `/v1/training/sessions/${id}/sign-in`, { token: p.token, body: { code: '      ' }, refused: true });
  const clerk = mint({ roles: [`clerk@${county.code}`] });
  await eventually(async () => (await call('POST', `/v1/training/sessions/${id}/checks`, { token: clerk, refused: true,
    body: { kind: 'call', minutes: 60 } })).status === 201, 'a check of a session that runs');
  // The clock would draw the one and find the other only when a session is on, or over.
  sql(`INSERT INTO training.session_lot (session_id, seed, percent, value, is_drawn, due_at, county_code, area_code)
       SELECT id, 'seed', 1, 9999, false, now(), county_code, area_code FROM training.session WHERE id = '${id}';
       INSERT INTO training.anomaly (rule_code, session_id, class_id, class_title, org_id, enrolment_id, person_id, name_masked, key, facts,
           attendance_ids, county_code, area_code)
       SELECT 'hand_mark', session_id, class_id, '辖区考勤班', org_id, enrolment_id, person_id, '某*', enrolment_id::text, '{}', ARRAY[id],
              county_code, area_code FROM training.attendance WHERE session_id = '${id}'`);
}

const soon = instant(Date.now() + 86400000), later = instant(Date.now() + 86460000);

export default {
  furnish,
  values: { 'attend_rule_set.value': 1, 'session_change.starts_at': soon, 'session_change.ends_at': later,
    'session_plan.rows': [{ starts_at: soon, ends_at: later, kind: 'theory', minutes: 1, place: '教室' }],
    'check_start.absent': [{ enrolment_id: NOBODY }] },
  // A photograph has no words in it.
  blind: ['check_photo_get'],
  // Minutes or heads, by kind; the name of a photograph.
  formal: ['check_start', 'check_photo'],
  public: ['training.session', 'training.attend_rule', 'training.anomaly_rule'],
};
