// county/rounds.mjs -- in each county a round at every stage, an expert, a unit
// under inspection and an award, for scope.test.mjs.
import { randomUUID } from 'node:crypto';
import { call } from '../../lib/client.mjs';
import { person } from '../../lib/city.mjs';
import { dayPlus, sql } from '../help.mjs';
import * as r from '../rounds_help.mjs';

async function furnish({ county, firm: f, mint, now }) {
  r.policy(r.PERSONS, { beneficiary: 'person' });
  const as = (role, area = county.code) => mint({ roles: [`${role}@${area}`] });
  const chair = as('recheck'), boss = as('approve');
  const statements = [{ code: 'A1', text: '辖区申报内容' }];
  const open = { opens_on: now, closes_on: now };
  const people = { ...open, policy_code: r.PERSONS, entrants: 'person' };
  await r.post('rounds', as('first_review'), r.definition({ county_code: county.code, ...open }));
  await r.known(f);
  await r.post('experts', chair, { name: '辖区专家', field: '评审', unit: `辖区学院${county.code}`, phone: '13800138000', county_code: county.code }, { refused: true });
  const p = await person({ area_code: county.town });
  await r.known(p);
  // One goes to its end, one is stopped by an objection, one is being reviewed.
  for (const [stage, what, who_] of [['final', open, f], ['final', people, p], ['public', open, f], ['reviewing', people, p]]) {
    const round = await r.called(mint, county.code, what);
    await r.post(`rounds/${round.id}/entries`, who_.token, { statements });
    sql(`SELECT platform.act_as(at => '${now}T05:00:00Z'); SELECT subsidies.round_close(x) FROM subsidies.round x WHERE id = '${round.id}'`);
    const who = await r.reviewers(mint, round, county.code, 3, chair);
    await r.post(`rounds/${round.id}/draw`, chair, { due_on: dayPlus(now, 5) });
    if (stage === 'reviewing') continue;
    await r.scoreAll(round, chair, who, () => [{ code: 'A1', points_milli: 50000 }]);
    const { entries: [first] } = await r.post(`rounds/${round.id}/rank`, chair);
    await r.post(`rounds/${round.id}/decide`, boss, {});
    await r.post(`rounds/${round.id}/notice`, boss);
    if (stage === 'public') await r.post(`rounds/${round.id}/objections`, undefined, { entry_id: first.entry_id, content: '名次有误，请核查' });
    else {
      sql(`UPDATE subsidies.round SET notice_to = '${dayPlus(now, -1)}' WHERE id = '${round.id}'`);
      await r.stateOf(round, 'final');
    }
  }
  await r.post('acceptance-lists', as('approve', '431100'), { policy_code: 'XXCJ', items: [{ code: 'S1', title: '数据完整' }], basis: '采集验收办法' }, { refused: true });	// the other county's may have been first
  const u = await r.post('acceptances', as('clerk'), { policy_code: 'XXCJ', tier: 'county', period: now.slice(0, 4), org_id: f.org_id, basis: '县人社局文件' });
  await call('POST', `/v1/subsidies/acceptances/${u.id}/inspections`, { token: chair,
    body: { kind: 'acceptance', results: [{ code: 'S1', met: true }], quantity: 10 }, key: randomUUID() });
}

const published = "EXISTS (SELECT FROM subsidies.round r WHERE r.id = round_id AND r.state <> 'draft')";

// The shared rows have a name in each service.
const each = (...names) => ['subsidies', 'training', 'entrepreneurship'].flatMap((s) => names.map((n) => `${s}_${n}`));
const forEach = (values) => Object.fromEntries(Object.entries(values).flatMap(([k, v]) => each(k).map((name) => [name, v])));

export default {
  furnish,
  values: { criteria: [{ code: 'A1', title: '数据', max_points: 10, by: 'data', measure: 'hires', bands: [{ from_value: 1, points_milli: 1 }] }],
    ...forEach({ 'round_review_score.scores': [{ code: 'A1', points_milli: 1 }], 'acceptance_list_set.items': [{ code: 'S1', title: '数据完整' }],
      'acceptance_inspect.results': [{ code: 'S1', met: true }], 'round_draft.year': 2025, 'round_amend.year': 2025 }) },
  // A reviewer's papers say no county: it may be another one's entry.
  blind: each('round_review_list', 'round_review_get'),
  formal: each('reviewer_add', 'round_entry_file'),	// the latter wants its slot first
  public: ['subsidies.acceptance_list', 'subsidies.award_quota', 'subsidies.award_source'],
  partly: { 'subsidies.round': "state <> 'draft'", 'subsidies.round_version': published,
    'subsidies.round_result': "EXISTS (SELECT FROM subsidies.round r WHERE r.id = round_id AND r.state IN ('public', 'final'))" },
};
