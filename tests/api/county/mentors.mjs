// studios, mentors, bookings and what was advised, in one county.
import { sql } from '../help.mjs';
import { advise, book, heard, hour, mentor, passes, post, studio } from '../startup_help.mjs';

async function furnish({ county, school, mint, now }) {
  const as = (role) => mint({ roles: [`${role}@${county.code}`] });
  const s = await studio(school, as, { name: '辖区工作室' });
  const [one, idle, p] = await Promise.all([1, 2, 3].map(() => heard({ area_code: county.town, birth_on: '1980-01-01' })));
  const m = await mentor(school, s, {}, one);
  await mentor(school, s, {}, idle);
  const slot = await hour(m, `${now.slice(0, 4)}-12-30T01:00:00Z`), b = await book(p, slot);
  passes(slot);
  const g = await advise(m, b);
  await post(`guidances/${g.id}/confirm`, p.token);
  await post(`guidances/${g.id}/rating`, p.token, { stars: 4, reasons: ['clear'] });
  await book(p, await hour(m, `${now.slice(0, 4)}-12-31T01:00:00Z`));
  await post(`studios/${s.id}/training-wants`, school.token, { module: 'syb', headcount: 20, from_on: now });
  sql(`SELECT platform.act_as(at => '${now}T04:00:00Z');
    INSERT INTO entrepreneurship.startup_trained (enrolment_id, class_id, person_id, module, completed_on, passed, county_code)
      VALUES (gen_random_uuid(), gen_random_uuid(), '${p.id}', 'syb', '${now}', true, '${county.code}');
    INSERT INTO entrepreneurship.startup_class (id, module, starts_on, county_code) VALUES (gen_random_uuid(), 'syb', '${now}', '${county.code}')`);
}

export default {
  furnish,
  values: { 'studio_propose.fields': ['plan'], 'mentor_card.fields': ['plan'], 'guidance_give.topics': ['plan'], 'guidance_rate.reasons': ['clear'],
    'studio_propose.hours': [{ weekday: 1, opens: '09:00', closes: '17:00' }], 'studio_check.pass': true, 'studio_recognise.pass': true,
    'slot_open.starts_at': '2031-12-30T01:00:00Z', 'slot_open.ends_at': '2031-12-30T02:00:00Z' },
  formal: ['guidance_file_add'],	// an upload without bytes and a name
  public: ['entrepreneurship.guidance_target'],
  partly: { 'entrepreneurship.studio': "state = 'recognised'", 'entrepreneurship.mentor': 'shown AND active', 'entrepreneurship.slot': "state = 'open'" },
};
