// classes: one filed, one returned, and people proposed, waiting and gone, in each county.
import { person } from '../../lib/city.mjs';
import { call } from '../../lib/client.mjs';
import { check, fileClass, openClass } from '../class_help.mjs';
import { dayPlus, known } from '../help.mjs';

export default {
  async furnish({ county, school, jobless, now }) {
    const over = { area_code: county.town, occupation_code: '6-24-01-00', capacity: 1, starts_on: dayPlus(now, 40), ends_on: dayPlus(now, 50) };
    await fileClass(school, over);
    await check(school, await fileClass(school, over), 'return', '请补充课程安排');
    const cls = await openClass(school, over);
    const [a, b] = await Promise.all([person({ area_code: county.town }), person({ area_code: county.town })]);
    const at = (p, body) => known(() => call('POST', `/v1/training/classes/${cls.id}/enrolments`, { token: p.token, body, refused: true }));
    await at(a);
    const gone = await at(b, { wait: true });
    await call('POST', `/v1/training/enrolments/${gone.id}/withdraw`, { token: b.token, body: { reason: 'other' } });
    await at(jobless, { wait: true });
    await call('POST', `/v1/training/classes/${cls.id}/proposals`, { token: school.token, body: { rows: [{ id_number: a.id_number }] } });
  },
  partly: { 'training.class': "state IN ('open', 'running', 'completed', 'cancelled')" },
  values: { 'enrolment_propose.rows': [{ id_number: '11010519491231002X' }] },
  // Occupation or module: which of the two depends on the kind, so the matrix gives neither.
  formal: ['class_open', 'class_refile'],
};
