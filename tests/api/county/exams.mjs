// exams -- an examination that is set and looked in on, a certificate somebody
// wants back, a rating, a certificate from elsewhere, in each county.
import { call } from '../../lib/client.mjs';
import { eventually, person, random } from '../../lib/city.mjs';
import { idNumber } from '../../lib/fake.mjs';
import { assessor, certify, enrol, examine, openClass, turn } from '../class_help.mjs';
import { dayPlus, sql } from '../help.mjs';

async function furnish({ county, school: s, mint, now }) {
  const as = (role) => mint({ roles: [`${role}@${county.code}`] });
  const post = (path, token, body) => call('POST', `/v1/training/${path}`, { token, body });
  const x = await assessor(s);
  const [a, b] = await Promise.all([0, 1].map(() => openClass(s, { area_code: county.town })));
  const [p, q] = await Promise.all([0, 1].map(() => person({ area_code: county.town })));
  const e = await enrol(p, a);
  await enrol(q, b);
  await post('assessing-rights', s.token, { occupation_code: '6-31', highest_level: 3, from_on: now, to_on: dayPlus(now, 99) });
  await examine(s, e, 90);
  const c = await certify(s, e);
  await turn(s, a, 'complete');
  await turn(s, b, 'start');
  await post(`certificates/${c.id}/revocations`, as('recheck'), { cause: 'error', reason: '待核查' });
  await post(`enrolments/${e.id}/rating`, p.token, { stars: 4 });
  const exam = await post(`classes/${b.id}/exams`, s.token, { starts_at: `${dayPlus(now, 3)}T01:00:00Z`, place: '教室',
    examiners: [{ person_id: x.id }] });
  await post('exam-draws', as('recheck'), { county_code: county.code, from_on: now, to_on: dayPlus(now, 9), count: 50 });
  await call('POST', '/v1/training/certificate-imports', { token: as('clerk'), raw: ['id_number,name,number,issuer,occupation_code,level,issued_on,area_code',
    `${idNumber(random, '1980-05-06')},李明,X${random.digits(9)},省鉴定中心,6-31-01-03,4,2020-01-02,${county.town}`].join('\n') });
  await eventually(() => sql(`SELECT 1 FROM training.exam WHERE id = '${exam.id}'`).length, 'the exam is there');
}

const days = 'from_on=2020-01-01&to_on=2099-12-31';
export default {
  furnish,
  words: { certificate_no: 'TC43112920255123456X' },
  queries: { follow_figures: `?by=county&stage=30&${days}`, satisfaction_figures: `?by=county&${days}`, certificate_rate: `?by=county&${days}`,
    stock_figures: '?by=county' },
  values: { 'assessing_apply.occupation_code': '6-31', 'exam_draw.count': 1, stage: 30,
    'exam_schedule.examiners': [{ person_id: '00000000-0000-7000-8000-000000000001' }], 'exam_resit.examiners':
      [{ person_id: '00000000-0000-7000-8000-000000000001' }], 'exam_score.marks': [{ enrolment_id: '00000000-0000-7000-8000-000000000001',
      part: 'whole', score: 1 }] },
  // Counts of at least five people; the counties here have one or two each.
  blind: ['follow_figures', 'satisfaction_figures', 'certificate_rate', 'stock_figures'],
  partly: { 'training.assessing_right': "state IN ('granted', 'ended')" },
};
