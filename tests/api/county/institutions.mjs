// institutions: a licence, a course, a trainer, an agreement with an apprentice,
// and a project of one county.
import { call } from '../../lib/client.mjs';
import { person } from '../../lib/city.mjs';
import { licensed } from '../class_help.mjs';
import { dayPlus } from '../help.mjs';

async function furnish({ county, firm, school, applicant, post, mint, now }) {
  const first = mint({ roles: [`first_review@${county.code}`] }), approve = mint({ roles: [`approve@${county.code}`] });
  const occupations = [{ occupation_code: '6', level: 1 }];
  await licensed(school);
  await post('/v1/training/courses', school.token, { title: '辖区课程', occupation_code: '6-24-01-00', level: 5, theory_hours: 10,
    practice_hours: 10, outline: '大纲', fee_cents: 0 });
  await post('/v1/training/trainers', school.token, { person_id: applicant.id, qualification: '技师', occupations });
  const master = await person({ area_code: county.town });
  const a = await post('/v1/training/agreements', firm.token, { kind: 'apprentice', other_id: school.org_id, title: '辖区学徒制',
    occupations: [{ occupation_code: '6-24-01-00', headcount: 5 }], from_on: now, to_on: dayPlus(now, 100), terms: '双方约定' });
  await call('POST', `/v1/training/agreements/${a.id}/answer`, { token: school.token, body: { accept: true } });
  const p = await post(`/v1/training/agreements/${a.id}/apprentices`, firm.token, { person_id: applicant.id, master_id: master.id,
    occupation_code: '6-24-01-00', level: 5, from_on: now, to_on: dayPlus(now, 90) });
  await call('POST', `/v1/training/my/apprenticeships/${p.id}/answer`, { token: applicant.token, body: { accept: true } });
  await call('POST', `/v1/training/apprentices/${p.id}/months`, { token: firm.token, body: { month: `${now.slice(0, 8)}01`,
    work_hours: 10, school_hours: 10, content: '基本操作' } });
  const project = await call('POST', '/v1/training/projects', { token: first, body: { school_id: school.org_id, county_code: county.code,
    people: '脱贫劳动力', title: '辖区项目', occupations: [{ occupation_code: '6-24-01-00', headcount: 5 }], from_on: now,
    to_on: dayPlus(now, 30), terms: '约定内容' } });
  await call('POST', `/v1/training/projects/${project.id}/approve`, { token: approve });
}

export default {
  furnish,
  values: { 'institution_file.occupations': [{ occupation_code: '6', level: 1 }], 'trainer_invite.occupations': [{ occupation_code: '6', level: 1 }],
    'agreement_propose.occupations': [{ occupation_code: '6', headcount: 1 }], 'agreement_propose.promised_hires': 1,
    'agreement_propose.other_id': '00000000-0000-7000-8000-000000000001',
    'project_commission.occupations': [{ occupation_code: '6', headcount: 1 }], 'project_commission.school_id': '00000000-0000-7000-8000-000000000001',
    'institution_file.valid_from': '2025-01-01', 'institution_file.valid_to': '2035-01-01',
    'course_add.theory_hours': 1, 'course_add.level': 5, 'apprentice_record.work_hours': 1, 'apprentice_record.month': '2025-07-01',
    'apprentice_add.person_id': '00000000-0000-7000-8000-000000000001', 'apprentice_add.master_id': '00000000-0000-7000-8000-000000000002' },
  blind: [],
  formal: [],
  public: ['training.course'],
  partly: { 'training.institution': "state = 'licensed'" },
};
