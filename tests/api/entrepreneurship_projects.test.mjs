// entrepreneurship, 优质创业项目: who may apply, from data and from proofs that two
// officers looked at; ties, reviewers who leave or belong to the firm; and what
// becomes of an award: plan, milestones, late ones, the public list, the figures.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import * as carrier from './carrier_help.mjs';
import { fetched, handIn, pdf } from './files_help.mjs';
import * as g from './grant.mjs';
import { dayPlus, eachMistake, logged, minter, NOBODY, refused, sql, walk } from './help.mjs';
import * as p from './projects_help.mjs';

const { mint, officer, post, no, get, HOME } = p;
const chair = officer('recheck@431100'), boss = officer('approve@431100');
const AWAY = '431127';
const one = officer(`first_review@${HOME.code}`), two = officer(`recheck@${HOME.code}`), third = officer(`recheck@${HOME.code}`);
const head = officer(`approve@${HOME.code}`);
const at = '/v1/entrepreneurship';

await g.at(g.NOW);
test.afterEach(() => g.at(g.NOW));

test('a proof of a prize or a degree is true when two officers who saw its paper say so', async () => {
  const [f, other] = await p.firms(2);
  const good = { kind: 'prize', title: '“创客中国”湖南赛区一等奖', issuer: '湖南省工业和信息化厅', proved_on: '2025-06-01' };
  await eachMistake('POST', `${at}/founder-proofs`, f.token, good, [[{ kind: 'tenant' }, '/kind field.choice'],
    [{ title: '' }, '/title field.too_short'], [{ proved_on: '2025-10-21' }, '/proved_on field.date_future'], [{ state: 'confirmed' }, '/state field.unknown']]);
  await no('founder-proofs', (await person()).token, good, 403, 'auth.forbidden');
  const proof = await post('founder-proofs', f.token, good);
  assert.deepEqual([proof.state, proof.files, proof.looks, /^EN\d/.test(proof.case_no)], ['submitted', [], [], true]);
  await no('founder-proofs', f.token, good, 409, 'state.exists');
  const look = (token, met, note) => post(`founder-proofs/${proof.id}/look`, token, { met, note });
  const cannot = (token, body, ...how) => no(`founder-proofs/${proof.id}/look`, token, body, ...how);
  await cannot(one, { met: true }, 409, 'entrepreneurship.paper_missing');
  const file = await handIn(`${at}/founder-proofs/${proof.id}`, f.token, 'paper', pdf(1), '获奖证书.pdf');
  await handIn(`${at}/founder-proofs/${proof.id}`, other.token, 'paper', pdf(1), '别人的.pdf', 404);
  for (const token of [one, f.token]) assert.equal((await request('GET', `${at}/project-files/${file.id}`, { token })).status, 200);
  await refused('GET', `${at}/project-files/${NOBODY}`, { token: one }, 404, 'request.not_found');
  assert.equal((await fetched(`${at}/project-files/${file.id}`, other.token)).status, 404);
  await cannot(officer(`first_review@${AWAY}`), { met: true }, 404, 'request.not_found');
  await cannot(one, { met: false }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await look(one, true)).state, 'submitted', 'one is not two');
  await handIn(`${at}/founder-proofs/${proof.id}`, f.token, 'paper', pdf(1), '晚了.pdf', 409);
  await cannot(one, { met: true }, 409, 'selection.same_hand');
  await cannot(two, { met: false, note: '查无此奖' }, 409, 'selection.inspectors_differ');
  const done = await look(two, true, '与主办单位核对一致');
  assert.deepEqual([done.state, done.decided_on, done.looks.length], ['confirmed', g.NOW, 2]);
  await cannot(third, { met: true }, 409, 'state.wrong');
  assert.throws(() => sql(`INSERT INTO entrepreneurship.second_look (subject_id, org_id, no, officer, met, county_code)
    SELECT subject_id, org_id, no, officer, met, county_code FROM entrepreneurship.second_look WHERE subject_id = '${proof.id}'`), /second_look_officer_key/);
  assert.deepEqual((await walk(`${at}/founder-proofs?kind=prize&state=confirmed&org_id=${f.org_id}`, one, 1)).map((x) => x.id), [proof.id]);
  assert.deepEqual((await get('founder-proofs', f.token)).items[0].looks.map((l) => l.note), [null, '与主办单位核对一致'], 'its firm reads why');
  assert.deepEqual((await get('founder-proofs', other.token)).items, []);
  await refused('GET', `${at}/founder-proofs`, { token: officer('stats@431100') }, 403, 'auth.forbidden');
  const [case_] = (await call('GET', '/v1/cases?limit=20', { token: f.token })).items.filter((c) => c.matter_code === 'EN-20');
  assert.equal(case_.state, 'done');
});

test('eligibility is found in the data: tenant, prize, graduate; what nobody knows keeps nobody out', async () => {
  const round = await p.called({ requires: [{ code: 'enterprise' }, { code: 'founder_group' }] });
  const [plain, tenant, winner, notOne] = await p.firms(4), shop = (await p.firms(1, { kind: 'sole_trader' }))[0];
  await p.admitted(tenant);
  await p.proved(winner, 'prize');
  await p.proved(notOne, 'graduate', false);
  const met = async (f, r = round) => Object.fromEntries((await get(`rounds/${r.id}/check`, f.token)).checks.map((c) => [c.code, c.met]));
  assert.deepEqual(await met(plain), { enterprise: true, founder_group: null });
  for (const f of [tenant, winner]) assert.deepEqual(await met(f), { enterprise: true, founder_group: true });
  assert.deepEqual(await met(notOne), { enterprise: true, founder_group: false });
  assert.equal((await met(shop)).enterprise, false);
  const e = await p.enter(round, plain);
  assert.deepEqual(e.checks[1], { code: 'founder_group', met: null });
  await p.enter(round, tenant);
  for (const f of [notOne, shop]) await no(`rounds/${round.id}/entries`, f.token, p.statements, 409, 'selection.entry_unfit');

  const narrow = await p.called({ requires: [{ code: 'tenant' }] }), prizes = await p.called({ requires: [{ code: 'prize' }] });
  assert.deepEqual([await met(tenant, narrow), await met(winner, narrow), await met(winner, prizes), await met(tenant, prizes)],
    [{ tenant: true }, { tenant: false }, { prize: true }, { prize: false }]);
  await no(`rounds/${prizes.id}/entries`, tenant.token, p.statements, 409, 'selection.entry_unfit');
  await no('rounds', officer('first_review@431100'), p.definition({ requires: [{ code: 'in_park' }] }), 422, 'selection.cannot_judge');
  await refused('POST', '/v1/subsidies/rounds', { token: officer('first_review@431100'), body: p.definition() }, 422, 'selection.round_policy',
    '/policy_code selection.round_policy');
  const many = await post('rounds', officer('first_review@431100'), p.definition({ quota: 31 }));
  await no(`rounds/${many.id}/publish`, boss, { version: 1 }, 409, 'selection.places_full');
});

test('equal scores at the last place: the meeting names who wins, and why', async () => {
  const { round, entries } = await p.reviewed(3, () => 80000, { quota: 1 });
  const ranking = await post(`rounds/${round.id}/rank`, chair);
  assert.deepEqual(ranking.entries.map((x) => [x.rank, x.tied]), [[1, true], [1, true], [1, true]]);
  await no(`rounds/${round.id}/decide`, boss, {}, 422, 'selection.round_tie', '/changes selection.round_tie');
  const [a, b, c] = entries;
  const pick = (x, selected) => ({ entry_id: x.id, selected, reason: selected ? '带动就业更多' : '同分，会议研究' });
  await no(`rounds/${round.id}/decide`, boss, { changes: [pick(a, true), pick(b, true), pick(c, false)] }, 422, 'selection.round_quota', '/changes selection.round_quota');
  await post(`rounds/${round.id}/decide`, boss, { changes: [pick(a, true), pick(b, false), pick(c, false)] });
  await post(`rounds/${round.id}/notice`, boss);
  const { items } = await get(`rounds/${round.id}/results`);
  assert.deepEqual(items.filter((x) => x.selected).map((x) => [x.entry_id, x.reason]), [[a.id, '带动就业更多']]);
});

test('a reviewer who withdraws takes their scores with them; another is drawn', async () => {
  const { round, entries, who } = await p.reviewed(2, (v, i) => 50000 + 10000 * i, { quota: 1 }, 4);
  const used = (await p.reviewsOf(round, chair)).filter((v) => v.state === 'scored');
  assert.equal(used.length, 6);
  const leaver = used[0].reviewer_id, theirs = used.filter((v) => v.reviewer_id === leaver).length;
  const gone = await post(`round-reviewers/${leaver}/withdraw`, chair, { reason: '因病退出' });
  assert.equal(gone.reviews_withdrawn ?? theirs, theirs);
  const after = await p.reviewsOf(round, chair);
  assert.deepEqual([after.filter((v) => v.state === 'withdrawn').length, after.filter((v) => v.state === 'drawn').length], [theirs, theirs]);
  assert.ok(after.filter((v) => v.state === 'drawn').every((v) => v.reviewer_id !== leaver && v.entrant === null), 'another, and blind');
  await no(`rounds/${round.id}/rank`, chair, undefined, 409, 'selection.reviews_open');
  await p.scoreAll(round, who, () => [{ code: 'A1', points_milli: 90000 }]);
  const { entries: list } = await post(`rounds/${round.id}/rank`, chair);
  assert.deepEqual(list.map((x) => x.entry_id).sort(), entries.map((x) => x.id).sort());
  assert.ok(list.every((x) => x.reviews === undefined || x.reviews === 3));
});

test('a reviewer from the entrant’s firm is never drawn for it, and is replaced when it is found out', async () => {
  const [f, g2] = await p.firms(2);
  const [inside, later] = [await person(), await person()];
  await g.hire(f, inside, '2025-09-01');
  await p.heardHire(inside);
  const round = await p.called({ quota: 1 });
  const [ef] = [await p.enter(round, f), await p.enter(round, g2)];
  await p.closed(round);
  const sub = randomUUID();
  const add = (body) => post(`rounds/${round.id}/reviewers`, chair, { officer_id: randomUUID(), name: '评委', unit: '某单位', ...body });
  const boardroom = await add({ unit_uscc: f.org.uscc }), employee = await add({ id_number: inside.id_number });
  const turncoat = await add({ officer_id: sub, id_number: later.id_number });
  const good = await p.reviewers(round, 3);
  await post(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' });
  const ofFirm = async (x) => (await p.reviewsOf(round, chair)).filter((v) => v.entry_id === ef.id && v.reviewer_id === x.id);
  for (const x of [boardroom, employee]) assert.deepEqual(await ofFirm(x), [], 'never drawn for their own firm');
  // Hired by the firm after the lot was drawn: their own word does not count.
  await g.hire(f, later, '2025-10-20');
  await p.heardHire(later);
  const [mine] = await ofFirm(turncoat);
  if (mine) {
    const said = await post(`round-reviews/${mine.id}/declare`, mint({ sub, roles: ['recheck@431100'] }), { conflict: false });
    assert.deepEqual([said.state, said.why], ['conflicted', 'same_unit']);
  }
  const live = (await p.reviewsOf(round, chair)).filter((v) => v.entry_id === ef.id && v.state !== 'conflicted');
  assert.equal(live.length, 3, 'three others review it');
  assert.ok(good.size === 3);
});

test('an award’s plan is handed in by its firm and agreed to by an officer', async () => {
  const [{ project, firm: f }] = await p.awarded(1, 3);
  assert.deepEqual([project.state, project.instalments, project.instalments_given], ['unplanned', 3, 1]);
  const plan = p.plan(p.END, 2);
  const path = `projects/${project.id}`;
  await eachMistake('POST', `${at}/${path}/plan`, f.token, { milestones: plan }, [[{ milestones: [] }, '/milestones field.count'],
    [{ milestones: [{ ...plan[0], due_on: undefined }] }, '/milestones/0/due_on field.missing']]);
  await no(`${path}/plan`, f.token, { milestones: [plan[1], plan[0]] }, 422, 'request.invalid', '/milestones/1/due_on field.date_order');
  await no(`${path}/plan`, f.token, { milestones: [{ ...plan[0], due_on: p.END }, plan[1]] }, 422, 'request.invalid', '/milestones/0/due_on field.date_order');
  await no(`${path}/plan`, f.token, { milestones: [plan[0]] }, 422, 'entrepreneurship.plan_short', '/milestones entrepreneurship.plan_short');
  await no(`${path}/plan`, (await p.firms(1))[0].token, { milestones: plan }, 404, 'request.not_found');
  await no(`${path}/agree`, one, { pass: true }, 409, 'state.wrong');
  assert.equal((await post(`${path}/plan`, f.token, { milestones: plan })).state, 'planned');
  await no(`${path}/agree`, one, { pass: false }, 422, 'request.invalid', '/note field.missing');
  await no(`${path}/agree`, officer(`first_review@${AWAY}`), { pass: true }, 404, 'request.not_found');
  const back = await post(`${path}/agree`, one, { pass: false, note: '指标过低' });
  assert.deepEqual([back.state, back.note], ['unplanned', '指标过低']);
  const again = await post(`${path}/plan`, f.token, { milestones: [...plan, { ...plan[1], title: '总结', due_on: dayPlus(plan[1].due_on, 10) }] });
  assert.deepEqual(again.milestones.map((m) => [m.no, m.state, m.late]), [[1, 'due', false], [2, 'due', false], [3, 'due', false]]);
  assert.equal((await post(`${path}/agree`, one, { pass: true })).state, 'running');
  await no(`${path}/plan`, f.token, { milestones: plan }, 409, 'state.wrong');
  assert.equal((await get(path, one)).milestones.length, 3);
  await refused('GET', `${at}/${path}`, { token: officer(`clerk@${AWAY}`) }, 404, 'request.not_found');
  assert.ok((await walk(`${at}/projects?state=running&county_code=${HOME.code}`, one, 2)).some((x) => x.id === project.id));
  await refused('GET', `${at}/projects?state=lost`, { token: one }, 422, 'request.invalid', 'state field.choice');
  await no(`acceptances/${project.id}/inspections`, one, { kind: 'step', results: [{ code: 'S1', met: true }] }, 404, 'request.not_found');
});

test('each milestone that two accept frees an instalment; one missed holds all behind it, and may cost the award', async () => {
  const [{ project, firm: f, due }] = await p.running(1, 3);
  const [m1, m2] = project.milestones;
  const report = { report: '已完成样机并签订首批订单' };
  const parts = () => sql(`SELECT instalment FROM entrepreneurship.award_part WHERE award_id = '${project.id}' ORDER BY 1`).flat().join();
  await no(`milestones/${m1.id}/report`, f.token, report, 409, 'entrepreneurship.paper_missing');
  await no(`milestones/${m1.id}/look`, one, { met: true }, 409, 'state.wrong');
  await handIn(`${at}/milestones/${m2.id}`, f.token, 'paper', pdf(1), '二.pdf');
  await no(`milestones/${m2.id}/report`, f.token, report, 409, 'entrepreneurship.milestone_order');
  const paper = await handIn(`${at}/milestones/${m1.id}`, f.token, 'paper', pdf(1), '一.pdf');
  assert.equal((await fetched(`${at}/project-files/${paper.id}`, two)).status, 200);
  await no(`milestones/${m1.id}/report`, (await p.firms(1))[0].token, report, 404, 'request.not_found');
  assert.equal((await post(`milestones/${m1.id}/report`, f.token, report)).state, 'reported');
  await no(`milestones/${m1.id}/report`, f.token, report, 409, 'state.wrong');
  await handIn(`${at}/milestones/${m1.id}`, f.token, 'paper', pdf(1), '迟.pdf', 409);
  const look = (token, body) => post(`milestones/${m1.id}/look`, token, body);
  await no(`milestones/${m1.id}/look`, officer(`recheck@${AWAY}`), { met: true }, 404, 'request.not_found');
  await no(`milestones/${m1.id}/look`, head, { met: true }, 403, 'auth.forbidden');
  await look(one, { met: false, note: '缺订单合同' });
  await no(`milestones/${m1.id}/look`, one, { met: false, note: '再看' }, 409, 'selection.same_hand');
  const sentBack = await look(two, { met: false, note: '缺订单合同' });
  assert.deepEqual([sentBack.state, sentBack.instalment, parts()], ['due', null, '1']);
  await post(`milestones/${m1.id}/report`, f.token, report);
  await look(two, { met: true });
  const accepted = await look(one, { met: true });
  assert.deepEqual([accepted.state, accepted.instalment, accepted.looks.length, parts()], ['accepted', 2, 4, '1,2']);

  // The day of the second goes by without a report.
  await g.at(dayPlus(due[1], 1));
  await eventually(() => sql(`SELECT missed_on FROM entrepreneurship.milestone WHERE id = '${m2.id}'`)[0]?.[0] === dayPlus(due[1], 1), 'missed');
  const late = (await walk(`${at}/milestones?late=true&county_code=${HOME.code}`, one, 1)).filter((m) => m.project_id === project.id);
  assert.deepEqual(late.map((m) => [m.id, m.late]), [[m2.id, true]]);
  assert.ok((await call('GET', '/v1/messages?limit=50', { token: f.token })).items.some((m) => /逾期/.test(m.title)));
  await no(`milestones/${m2.id}/extend`, head, { due_on: due[1], reason: '设备到货延迟' }, 422, 'request.invalid', '/due_on field.date_order');
  await no(`milestones/${m2.id}/extend`, one, { due_on: dayPlus(due[1], 5), reason: '设备到货延迟' }, 403, 'auth.forbidden');
  const moved = await post(`milestones/${m2.id}/extend`, head, { due_on: dayPlus(due[1], 5), reason: '设备到货延迟' });
  assert.deepEqual([moved.late, moved.due_on], [false, dayPlus(due[1], 5)]);
  await no(`projects/${project.id}/revoke`, head, { reason: '逾期' }, 409, 'entrepreneurship.none_missed');
  await g.at(dayPlus(due[1], 6));
  await eventually(() => sql(`SELECT 1 FROM entrepreneurship.milestone WHERE id = '${m2.id}' AND missed_on IS NOT NULL`).length, 'missed again');
  await no(`projects/${project.id}/revoke`, one, { reason: '逾期' }, 403, 'auth.forbidden');
  assert.ok((await get('public-projects')).items.some((x) => x.id === project.id));
  const over = await post(`projects/${project.id}/revoke`, head, { reason: '节点逾期，未按计划实施' });
  assert.deepEqual([over.state, over.note], ['revoked', '节点逾期，未按计划实施']);
  await no(`projects/${project.id}/revoke`, head, { reason: '再次' }, 409, 'state.wrong');
  await no(`milestones/${m2.id}/report`, f.token, report, 409, 'state.wrong');
  assert.ok(!(await get('public-projects')).items.some((x) => x.id === project.id));
  const said = logged('entrepreneurship', `key IN ('${project.id}', '${m1.id}', '${m2.id}')`, "type, payload ->> 'state'").map((x) => x.join(' ').trim());
  for (const event of ['entrepreneurship.award.made.v1', 'entrepreneurship.award.revoked.v1', 'entrepreneurship.project.moved.v1 running',
    'entrepreneurship.milestone.moved.v1 accepted', 'entrepreneurship.milestone.moved.v1 missed', 'entrepreneurship.project.moved.v1 revoked'])
    assert.ok(said.includes(event), event);
});

test('the public list and the figures', async () => {
  const done = await p.awarded(2, 1);
  const list = await walk(`${at}/public-projects?county_code=${HOME.code}`, undefined, 1);
  for (const { project, firm: f } of done) {
    const x = list.find((y) => y.id === project.id);
    assert.deepEqual([x.name, x.instalments, x.milestones], [f.org.name, 1, 0]);
  }
  await refused('GET', `${at}/public-projects?county_code=1`, {}, 422, 'request.invalid', 'county_code field.area_code');
  const all = await get('project-figures', officer('stats@431100'));
  assert.equal(all.target, 30);
  const home = all.counties.find((c) => c.county_code === HOME.code);
  assert.ok(home.awarded >= 2 && home.instalments_given >= home.awarded && all.awarded >= home.awarded);
  assert.deepEqual((await get('project-figures', officer(`stats@${AWAY}`))).counties.filter((c) => c.county_code !== AWAY), []);
  await refused('GET', `${at}/project-figures`, { token: done[0].firm.token }, 403, 'auth.forbidden');
  await refused('GET', `${at}/projects/${NOBODY}`, { token: one }, 404, 'request.not_found');
});

// How they decide is tested where they were written first (subsidies_rounds): here
// each row of rounds and acceptance serves this service, and refuses.
test('the rows that services share serve this one: drafts, papers, lists, objections', async () => {
  const author = officer('first_review@431100'), clerk = officer('clerk@431100');
  const d = await post('rounds', author, p.definition());
  assert.equal((await post(`rounds/${d.id}/definition`, author, p.definition({ quota: 2 }))).version, 2);
  assert.ok((await walk(`${at}/rounds/work?policy_code=CYXM&state=draft`, chair, 3)).some((x) => x.id === d.id));
  const { round, entries: [e, f2], who } = await p.reviewed(2, (v, i) => 60000 + 20000 * i, { quota: 1 }, 4);
  assert.equal((await get(`rounds/${round.id}`)).state, 'reviewing');
  assert.ok((await get('rounds?policy_code=CYXM')).items.length > 0);
  const [review] = (await p.reviewsOf(round, chair)).filter((v) => v.state === 'scored');
  assert.equal((await get(`round-reviews/${review.id}`, who.get(review.reviewer_id).token)).mine, true);
  assert.equal((await post(`round-reviews/${review.id}/withdraw`, chair, { reason: '评分依据不足' })).state, 'withdrawn');
  await p.scoreAll(round, who, () => [{ code: 'A1', points_milli: 70000 }]);
  const x = await post('experts', chair, { name: `专家${randomUUID().slice(0, 6)}`, field: '农产品加工', unit: '湖南科技学院', phone: '13874612345' });
  assert.ok((await walk(`${at}/experts`, chair, 2)).some((y) => y.id === x.id));
  assert.equal((await walk(`${at}/rounds/${round.id}/reviewers`, chair, 2)).length, 4);
  await post(`rounds/${round.id}/rank`, chair);
  assert.equal((await get(`rounds/${round.id}/ranking`, chair)).entries.length, 2);
  assert.equal((await post(`rounds/${round.id}/replay`, chair, undefined, { key: null })).equal ?? true, true);
  await post(`rounds/${round.id}/decide`, boss, {});
  await post(`rounds/${round.id}/notice`, boss);
  const o = await post(`rounds/${round.id}/objections`, undefined, { entry_id: f2.id, content: '名次有误，请核查' });
  assert.ok((await walk(`${at}/round-objections?state=open`, chair, 2)).some((y) => y.id === o.id));
  assert.equal((await post(`round-objections/${o.id}/resolve`, boss, { decision: 'dismissed', answer: '经核查无误' })).state, 'dismissed');
  assert.equal((await get(`round-entries/${e.id}`, e.firm.token)).id, e.id);
  assert.equal((await get('round-entries', e.firm.token)).items.length, 1);
  await g.at(g.NOW);
  const open = await p.called({ quota: 1 }), [w] = await p.firms(1);
  const mine = await p.enter(open, w);
  await handIn(`${at}/round-entries/${mine.id}`, w.token, 'A1', pdf(1), '计划书.pdf');
  assert.equal((await post(`round-entries/${mine.id}/withdraw`, w.token)).state, 'withdrawn');

  const body = { reason: '没有的', due_on: '2025-10-30', conflict: false };
  for (const [path, token, what] of [['rounds/@/definition', author, p.definition()], ['rounds/@/publish', boss, { version: 1 }],
    ['rounds/@/entries', w.token, p.statements], ['round-entries/@/withdraw', w.token], ['rounds/@/draw', chair, { due_on: body.due_on }], ['rounds/@/rank', chair],
    ['rounds/@/replay', chair], ['rounds/@/decide', boss, {}], ['rounds/@/notice', boss], ['rounds/@/objections', undefined, { entry_id: NOBODY, content: '没有的名单' }],
    ['rounds/@/reviewers', chair, { officer_id: randomUUID(), name: '评委', unit: '某局' }], ['round-reviewers/@/withdraw', chair, { reason: body.reason }],
    ['round-reviews/@/declare', chair, { conflict: false }], ['round-reviews/@/scores', chair, { scores: [{ code: 'A1', points_milli: 1 }] }],
    ['round-reviews/@/withdraw', chair, { reason: body.reason }], ['round-objections/@/resolve', boss, { decision: 'dismissed', answer: '没有的异议' }],
    ['acceptances/@/inspections', one, { kind: 'step', results: [{ code: 'S1', met: true }] }], ['acceptances/@/revoke', head, { reason: body.reason }],
    ['founder-proofs/@/look', one, { met: true }], ['milestones/@/extend', head, { due_on: '2025-12-01', reason: body.reason }]])
    await refused('POST', `${at}/${path.replace('@', NOBODY)}`, { token, body: what }, 404, 'request.not_found');
  await handIn(`${at}/round-entries/${NOBODY}`, w.token, 'A1', pdf(1), '没有.pdf', 404);
  await no('experts', clerk, { name: '甲', field: '乙', unit: '丙丁', phone: '13874612345' }, 403, 'auth.forbidden');
  for (const path of ['rounds/@', 'rounds/@/ranking', 'round-entries/@', 'round-reviews/@', 'acceptances/@'])
    await refused('GET', `${at}/${path.replace('@', NOBODY)}`, { token: chair }, 404, 'request.not_found');
  await refused('GET', `${at}/rounds/${NOBODY}/check`, { token: w.token }, 404, 'request.not_found');
  for (const path of ['rounds', 'rounds/work', 'acceptance-lists', 'award-quotas', 'round-entries', 'experts', 'round-reviews', 'round-objections', 'awards',
    'acceptances', `rounds/${NOBODY}/results`, `rounds/${NOBODY}/reviewers`, 'public-projects', 'projects', 'milestones'])
    await refused('GET', `${at}/${path}?colour=red`, { token: chair }, 422, 'request.invalid', 'colour field.unknown');
});

test('a return-home park is accepted by two, has its awards, and loses them after a bad year', async () => {
  const park = await carrier.keeper({ area_code: HOME.town }), [shop] = await p.firms(1);
  const opened = await carrier.open(park, { kind: 'return_home_park', area_code: HOME.town });
  await p.heardOf(park);
  const clerk = officer(`clerk@${HOME.code}`), naming = { policy_code: 'FXCYX', tier: 'county', org_id: park.org_id, basis: '县人社局文件' };
  await no('acceptance-lists', head, { policy_code: 'FXCYX', items: [{ code: 'S1', title: '配套到位' }], basis: '验收办法' }, 403, 'auth.area');
  await post('acceptance-lists', boss, { policy_code: 'FXCYX', items: [{ code: 'S1', title: '配套到位' }], basis: '验收办法', instalments: 1 });
  assert.ok((await get('acceptance-lists?policy_code=FXCYX')).items.length > 0);
  assert.deepEqual((await get('award-quotas')).items.map((q) => [q.policy_code, q.places]), [['CYXM', 30], ['FXCY', 4]]);
  await no('acceptances', clerk, { ...naming, org_id: shop.org_id }, 422, 'selection.unit_unfit', '/org_id selection.unit_unfit');
  await no('acceptances', clerk, naming, 422, 'selection.unit_unfit', '/org_id selection.unit_unfit');
  await carrier.recognise((role, area) => officer(`${role}@${area}`), park, opened);
  const u = await post('acceptances', clerk, naming);
  const results = (met) => ({ results: [{ code: 'S1', met }], ...(met ? {} : { again_on: '2025-11-20' }) });
  for (const token of [one, two]) await post(`acceptances/${u.id}/inspections`, token, { kind: 'acceptance', ...results(true) });
  assert.equal((await get(`acceptances/${u.id}`, one)).state, 'passed');
  assert.ok((await get('acceptances', park.token)).items.some((y) => y.id === u.id));
  const [award] = (await get('awards', park.token)).items;
  assert.deepEqual([award.policy_code, award.parts.length], ['FXCYX', 1]);
  for (const token of [one, two]) await post(`acceptances/${u.id}/inspections`, token, { kind: 'yearly', ...results(false) });
  assert.equal((await post(`acceptances/${u.id}/revoke`, head, { reason: '年检不合格' })).state, 'revoked');
  await eventually(() => sql(`SELECT count(*) FROM subsidies.fact WHERE org_id = '${park.org_id}' AND kind = 'award' AND known_to IS NOT NULL`)[0][0] === '1',
    'subsidies knew of it, and no longer does');
});
