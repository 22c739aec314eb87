// skill carriers: in each county a round being reviewed and one in its 公示 with an
// objection, an expert, a unit under inspection, a carrier with a master and a year.
import { randomUUID } from 'node:crypto';
import { call } from '../../lib/client.mjs';
import { dayPlus, known, sql } from '../help.mjs';

async function furnish({ county, school: s, applicant, mint, now }) {
  const as = (role, area = county.code, sub = randomUUID()) => mint({ roles: [`${role}@${area}`], sub });
  const post = (path, token, body, over = {}) => call('POST', `/v1/training/${path}`, { token, body, ...over });
  const chair = as('recheck'), boss = as('approve'), statements = [{ code: 'A1', text: '辖区申报内容' }];
  const draft = () => post('rounds', as('first_review'), { policy_code: 'XJGZ', county_code: county.code, title: `辖区工作室${randomUUID().slice(0, 8)}`, year: 2025,
    entrants: 'org', quota: 1, opens_on: now, closes_on: now, reviewers: 3, criteria: [{ code: 'A1', title: '技艺', max_points: 100, by: 'reviewers' }],
    tie_last: 'lot', notice_working_days: 5 });
  await draft();
  await post('experts', chair, { name: '辖区工匠', field: '机电', unit: `辖区工会${county.code}`, phone: '13800138000', county_code: county.code }, { refused: true });
  for (const stage of ['reviewing', 'public', 'final']) {
    const d = await draft();
    const round = await post(`rounds/${d.id}/publish`, boss, { version: d.version });
    await post(`rounds/${round.id}/entries`, s.token, { statements });
    sql(`SELECT platform.act_as(at => '${now}T05:00:00Z'); SELECT training.round_close(x) FROM training.round x WHERE id = '${round.id}'`);
    const who = new Map();
    for (let i = 0; i < 3; i++) {
      const sub = randomUUID();
      const m = await post(`rounds/${round.id}/reviewers`, chair, { officer_id: sub, name: '评委', unit: '县人社局' });
      who.set(m.id, as('recheck', county.code, sub));
    }
    await post(`rounds/${round.id}/draw`, chair, { due_on: dayPlus(now, 5) });
    if (stage === 'reviewing') continue;
    for (const v of (await call('GET', `/v1/training/round-reviews?round_id=${round.id}&limit=200`, { token: chair })).items) {
      await post(`round-reviews/${v.id}/declare`, who.get(v.reviewer_id), { conflict: false });
      await post(`round-reviews/${v.id}/scores`, who.get(v.reviewer_id), { scores: [{ code: 'A1', points_milli: 50000 }] });
    }
    const { entries: [first] } = await post(`rounds/${round.id}/rank`, chair);
    await post(`rounds/${round.id}/decide`, boss, {});
    await post(`rounds/${round.id}/notice`, boss);
    if (stage === 'public') await post(`rounds/${round.id}/objections`, undefined, { entry_id: first.entry_id, content: '名次有误，请核查' });
    else sql(`UPDATE training.round SET notice_to = '${dayPlus(now, -1)}' WHERE id = '${round.id}'`);
  }
  const city = as('approve', '431100'), set = (body) => call('POST', '/v1/training/skill-rules', { token: city, refused: true,
    body: { legal_basis: '测试', from_on: `${now.slice(0, 4)}-01-01`, ...body } });
  await set({ code: 'carrier_report_days', value: 0 });
  await set({ code: 'county_studio_cents', county_code: county.code, value: 100000 });
  await post('acceptance-lists', city, { policy_code: 'XJGZ', items: [{ code: 'S1', title: '场地到位' }], basis: '验收办法' }, { refused: true });	// the other county's may have been first
  const unit = await known(async () => {
    const { items } = await call('GET', '/v1/training/acceptances?policy_code=XJGZ', { token: s.token });
    return items.length > 0 ? { status: 200, json: items[0] } : { status: 200, json: null };
  });
  for (const token of [chair, as('first_review')])
    await post(`acceptances/${unit.id}/inspections`, token, { kind: 'acceptance', results: [{ code: 'S1', met: true }] });
  const { items: [award] } = await call('GET', '/v1/training/awards', { token: s.token });
  const year = Number(now.slice(0, 4)) - 1;
  sql(`UPDATE training.skill_carrier SET accepted_on = '${year}-02-01' WHERE id = '${award.id}'`);
  const m = await post(`skill-carriers/${award.id}/masters`, s.token, { person_id: applicant.id });
  await post(`skill-masters/${m.id}/answer`, applicant.token, { accept: true });
  await post(`skill-carriers/${award.id}/years`, s.token, { year, projects: 0, summary: '年度小结', rows: [{ master_id: m.id, apprentices: 2, finished: 1 }] });
}

const published = "EXISTS (SELECT FROM training.round r WHERE r.id = round_id AND r.state <> 'draft')";

export default {
  furnish,
  values: { 'skill_carrier_fill.occupations': [{ code: '6-24-01-00' }], 'skill_year_report.rows': [{ master_id: '00000000-0000-7000-8000-000000000001', apprentices: 1, finished: 0 }] },
  blind: ['selection_file_get'],
  formal: [],
  public: ['training.acceptance_list', 'training.award_quota'],
  partly: { 'training.skill_carrier': "state = 'active'", 'training.round': "state <> 'draft'", 'training.round_version': published,
    'training.round_result': "EXISTS (SELECT FROM training.round r WHERE r.id = round_id AND r.state IN ('public', 'final'))" },
};
