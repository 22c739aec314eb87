// county/projects.mjs -- in each county a proof, a round at each stage, an expert,
// an award that runs with a milestone, for scope.test.mjs.
import { call } from '../../lib/client.mjs';
import { handIn, pdf } from '../files_help.mjs';
import { dayPlus, sql } from '../help.mjs';
import { definition, rounds } from '../rounds_help.mjs';

const r = rounds('entrepreneurship');
const statements = [{ code: 'A1', text: '辖区申报内容' }];

async function furnish({ county, firm: f, mint, now }) {
  const as = (role, area = county.code) => mint({ roles: [`${role}@${area}`] });
  const chair = as('recheck'), boss = as('approve'), first = as('first_review');
  await r.known(f);
  const proof = await r.post('founder-proofs', f.token, { kind: 'prize', title: '创业大赛一等奖', issuer: '市人社局', proved_on: '2025-01-01' });
  await handIn(`/v1/entrepreneurship/founder-proofs/${proof.id}`, f.token, 'paper', pdf(1), '证书.pdf');
  await r.post(`founder-proofs/${proof.id}/look`, first, { met: true });
  await r.post('rounds', first, definition({ policy_code: 'CYXM', county_code: county.code, opens_on: now, closes_on: now }));
  await r.post('experts', chair, { name: '辖区专家', field: '评审', unit: `辖区学院${county.code}`, phone: '13800138000', county_code: county.code }, { refused: true });
  for (const stage of ['final', 'public', 'reviewing']) {
    const round = await r.called(mint, county.code, { policy_code: 'CYXM', instalments: 2, opens_on: now, closes_on: now });
    await r.post(`rounds/${round.id}/entries`, f.token, { statements });
    sql(`SELECT platform.act_as(at => '${now}T05:00:00Z'); SELECT entrepreneurship.round_close(x) FROM entrepreneurship.round x WHERE id = '${round.id}'`);
    const who = await r.reviewers(mint, round, county.code, 3, chair);
    await r.post(`rounds/${round.id}/draw`, chair, { due_on: dayPlus(now, 5) });
    if (stage === 'reviewing') continue;
    await r.scoreAll(round, chair, who, () => [{ code: 'A1', points_milli: 50000 }]);
    const { entries: [best] } = await r.post(`rounds/${round.id}/rank`, chair);
    await r.post(`rounds/${round.id}/decide`, boss, {});
    await r.post(`rounds/${round.id}/notice`, boss);
    if (stage === 'public') await r.post(`rounds/${round.id}/objections`, undefined, { entry_id: best.entry_id, content: '名次有误，请核查' });
    else {
      sql(`UPDATE entrepreneurship.round SET notice_to = '${dayPlus(now, -1)}' WHERE id = '${round.id}'`);
      await r.stateOf(round, 'final');
    }
  }
  const [project] = (await call('GET', '/v1/entrepreneurship/projects', { token: f.token })).items;
  const { milestones: [m] } = await r.post(`projects/${project.id}/plan`, f.token, { milestones: [{ title: '节点', deliverable: '样机', due_on: dayPlus(now, 3) }] });
  await r.post(`projects/${project.id}/agree`, first, { pass: true });
  await r.post(`milestones/${m.id}/extend`, boss, { due_on: dayPlus(now, 9), reason: '设备到货延迟' });
  await handIn(`/v1/entrepreneurship/milestones/${m.id}`, f.token, 'paper', pdf(1), '节点.pdf');
  await r.post(`milestones/${m.id}/report`, f.token, { report: '已按计划完成样机并签订订单' });
  await r.post(`milestones/${m.id}/look`, first, { met: true });
  sql(`INSERT INTO entrepreneurship.award_paid (payment_no, claim_id, policy_code, org_id, amount_cents, paid_on, county_code)
    VALUES ('${project.id}', '${project.id}', 'CYXM', '${f.org_id}', 1, '${now}', '${county.code}')`);
}

const published = "EXISTS (SELECT FROM entrepreneurship.round r WHERE r.id = round_id AND r.state <> 'draft')";

export default {
  furnish,
  values: { 'project_plan.milestones': [{ title: '节点', deliverable: '样机', due_on: '2031-01-01' }], 'milestone_extend.due_on': '2031-01-01' },
  blind: ['project_file_get'],	// bytes name no county
  formal: ['founder_proof_file', 'milestone_file'],	// both want their slot first
  public: ['entrepreneurship.acceptance_list', 'entrepreneurship.award_quota'],
  partly: { 'entrepreneurship.round': "state <> 'draft'", 'entrepreneurship.round_version': published,
    'entrepreneurship.round_result': "EXISTS (SELECT FROM entrepreneurship.round r WHERE r.id = round_id AND r.state IN ('public', 'final'))" },
};
