// 劳务品牌: one recognised, with a bearer asked, a change waiting, a year handed in, a picture.
import { randomUUID } from 'node:crypto';
import { call, request } from '../../lib/client.mjs';
import { firm as newFirm } from '../../lib/city.mjs';
import { png } from '../files_help.mjs';
import { known, sql } from '../help.mjs';

async function furnish({ county, firm: f, applicant, mint, now }) {
  const as = (role, area = county.code) => mint({ roles: [`${role}@${area}`] });
  const post = (path, token, body) => call('POST', `/v1/training/${path}`, { token, body });
  const content = { category: 'industry', occupations: [{ code: '6-24-01-00' }], towns: [{ code: county.town }], story: '辖区里的一门手艺，传了三代人。' };
  const ask = () => known(() => call('POST', '/v1/training/brands', { token: f.token, refused: true,
    body: { name: `辖区品牌${randomUUID().slice(0, 8)}`, area_code: county.town, ...content } }));
  await ask();	// and one more is left to check
  const b = await ask();
  await post(`brands/${b.id}/check`, as('first_review'), { pass: true });
  await post(`brands/${b.id}/decide`, as('approve', '431100'), { pass: true });
  const ally = await newFirm({ area_code: county.town });
  await known(() => call('POST', `/v1/training/brands/${b.id}/bearers`, { token: f.token, refused: true, body: { kind: 'leading_firm', org_id: ally.org_id } }));
  await known(() => call('POST', `/v1/training/brands/${b.id}/bearers`, { token: f.token, refused: true, body: { kind: 'leader', person_id: applicant.id } }));
  await post(`brands/${b.id}/versions`, f.token, content);
  const year = Number(now.slice(0, 4)) - 1;
  sql(`UPDATE training.brand SET recognised_on = '${year}-01-02' WHERE id = '${b.id}'`);
  const y = await post(`brands/${b.id}/years`, f.token, { year, rows: [{ town_code: county.town, place: 'outside', workers: 12 }] });
  await post(`brand-years/${y.id}/submit`, f.token);
  await request('POST', `/v1/training/brands/${b.id}/photos?name=a.png&caption=a`, { token: f.token, raw: png(),
    headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `"${randomUUID()}"` } });
  await call('POST', '/v1/training/skill-rules', { token: as('approve', '431100'), refused: true,
    body: { code: 'brand_report_days', value: 0, legal_basis: '测试', from_on: `${year + 1}-01-01` } });
}

const brand = { occupations: [{ code: '6-24-01-00' }], towns: [{ code: '431103001' }], category: 'industry', story: '写在别人的品牌上的故事。' };
const values = {};
for (const route of ['brand_propose', 'brand_amend', 'brand_change'])
  for (const [k, v] of Object.entries(brand)) values[`${route}.${k}`] = v;

export default {
  furnish,
  values: { ...values, 'brand_year_report.rows': [{ town_code: '431103001', place: 'county', workers: 5 }], 'brand_year_report.year': 2024,
    'skill_rule_set.value': 1, 'skill_rule_set.code': 'county_studio_cents', 'skill_rule_set.from_on': '2030-01-01', 'skill_rule_set.county_code': '431103' },
  // a picture is no JSON
  blind: ['brand_photo_get'],
  formal: ['brand_photo_add'],
  public: ['training.skill_rule'],
  partly: { 'training.brand': "state = 'recognised'", 'training.brand_photo': 'training.is_shown(id)',
    'training.file': 'training.is_shown(id)', 'training.file_piece': 'training.is_shown(file_id)' },
};
