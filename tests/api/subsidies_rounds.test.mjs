// subsidies, selection rounds: 稳岗扩岗优选 and 优质创业项目 from the call to the award,
// with what is refused at every step; and awards by acceptance.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { pdf, upload } from './files_help.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';
import * as r from './rounds_help.mjs';

const CITY = '431100';
const mint = minter((await person()).token);
const officer = (role, sub) => mint({ roles: [role], ...(sub ? { sub } : {}) });
const author = officer(`first_review@${CITY}`), chair = officer(`recheck@${CITY}`), boss = officer(`approve@${CITY}`);
const clerks = [officer(`clerk@${CITY}`), officer(`clerk@${CITY}`)];
const at = '/v1/subsidies';
const get = (path, token) => call('GET', `${at}/${path}`, { token });
const no = (path, token, body, ...over) => refused('POST', `${at}/${path}`, { token, body }, ...over);
const messages = async (who) => (await call('GET', '/v1/messages?limit=200', { token: who.token })).items.map((m) => m.title);

r.policy(r.PERSONS, { beneficiary: 'person' });
await g.at(g.NOW);
test.afterEach(() => g.at(g.NOW));

test('a call is drafted, checked word by word, and published by somebody else', async () => {
  const A1 = { code: 'A1', title: '参保净增', max_points: 40, by: 'data', measure: 'insured_growth',
    bands: [{ from_value: 1, points_milli: 10000 }, { from_value: 10, points_milli: 40000 }] };
  const B1 = { code: 'B1', title: '用工规范', max_points: 60, by: 'reviewers' };
  const good = r.definition({ criteria: [A1, B1], tie: [{ code: 'A1' }] });
  await eachMistake('POST', `${at}/rounds`, author, good, [
    [{ closes_on: '2025-10-01' }, '/closes_on field.date_order'],
    [{ criteria: [] }, '/criteria field.count'],
    [{ criteria: [A1, { ...B1, code: 'A1' }] }, '/criteria/1/code field.duplicate'],
    [{ criteria: [{ ...A1, measure: undefined }, B1] }, '/criteria/0/measure field.missing'],
    [{ criteria: [{ ...A1, bands: [] }, B1] }, '/criteria/0/bands field.missing'],
    [{ criteria: [{ ...A1, bands: [A1.bands[1], A1.bands[0]] }, B1] }, '/criteria/0/bands field.too_small'],
    [{ criteria: [{ ...A1, max_points: 39 }, B1] }, '/criteria/0/bands field.too_large'],
    [{ criteria: [A1, { ...B1, measure: 'hires' }] }, '/criteria/1/measure field.unknown'],
    [{ criteria: [A1], tie: [{ code: 'B1' }], reviewers: 0 }, '/tie/0/code field.choice'],
    [{ criteria: [A1] }, '/reviewers field.too_large'], [{ reviewers: 2 }, '/reviewers field.too_small'],
    [{ criteria: [A1, { ...B1, by: 'defence' }], reviewers: 0 }, '/criteria/1/by field.choice'],
    [{ min_points: 101 }, '/min_points field.too_large'], [{ tie_last: 'age' }, '/tie_last field.choice'],
    [{ requires: [{ code: 'rich' }] }, '/requires/0/code field.choice'], [{ quota: 0 }, '/quota field.too_small'],
    [{ entrants: 'person', instalments: 2 }, '/instalments field.too_large'], [{ seed: '1' }, '/seed field.unknown']]);
  await no('rounds', author, { ...good, policy_code: 'KGBZ' }, 422, 'selection.round_policy', '/policy_code selection.round_policy');
  await no('rounds', author, { ...good, entrants: 'person' }, 422, 'selection.round_entrants', '/entrants selection.round_entrants');
  await no('rounds', officer('first_review@431129'), good, 403, 'auth.area');
  await no('rounds', boss, good, 403, 'auth.forbidden');
  const d = await r.post('rounds', author, good);
  assert.deepEqual([d.state, d.version, d.county_code, d.counties.length], ['draft', 1, CITY, 14]);
  await no('rounds', author, good, 409, 'state.exists');
  await refused('GET', `${at}/rounds/${d.id}`, {}, 404, 'request.not_found');
  const e = await r.post(`rounds/${d.id}/definition`, author, { ...good, quota: 2 });
  assert.ok(e.version === 2 && e.quota === 2 && e.definition_hash === d.definition_hash);
  const f = await r.post(`rounds/${d.id}/definition`, author, { ...good, quota: 2, min_points: 30 });
  assert.ok(f.version === 3 && f.definition_hash !== d.definition_hash && f.definition.min_points_milli === 30000);
  await no(`rounds/${d.id}/publish`, boss, { version: 2 }, 409, 'state.conflict');
  await no(`rounds/${d.id}/publish`, officer('approve@431129'), { version: 3 }, 404, 'request.not_found');
  const sub = randomUUID();
  const own = await r.post('rounds', officer(`first_review@${CITY}`, sub), r.definition());
  await no(`rounds/${own.id}/publish`, officer(`approve@${CITY}`, sub), { version: 1 }, 409, 'selection.same_hand');
  assert.throws(() => sql(`UPDATE subsidies.round SET state = 'published', published_by = created_by WHERE id = '${own.id}'`),
    /round_hands_check/);
  const p = await r.post(`rounds/${d.id}/publish`, boss, { version: 3 });
  assert.ok(p.open && p.state === 'published');
  await no(`rounds/${d.id}/publish`, boss, { version: 3 }, 409, 'state.wrong');
  await no(`rounds/${d.id}/definition`, author, good, 409, 'state.wrong');
  assert.ok((await walk(`${at}/rounds?open=true`, undefined, 2)).some((x) => x.id === d.id));
  assert.ok((await get(`rounds/${d.id}`)).definition.criteria.length === 2);
  const many = await r.post('rounds', author, r.definition({ policy_code: r.SITES, quota: 16 }));
  await no(`rounds/${many.id}/publish`, boss, { version: 1 }, 409, 'selection.places_full');
});

test('稳岗扩岗优选: data and reviewers score, the lot and the list can be computed again, winners have awards', async () => {
  const round = await r.called(mint, CITY, { quota: 2, requires: [{ code: 'enterprise' }, { code: 'not_dishonest' }, { code: 'no_arrears' }],
    criteria: [{ code: 'A1', title: '参保净增', max_points: 40, by: 'data', measure: 'insured_growth',
      bands: [{ from_value: 1, points_milli: 10000 }, { from_value: 10, points_milli: 40000 }] },
    { code: 'B1', title: '用工规范', max_points: 60, by: 'reviewers' }], tie: [{ code: 'A1' }], min_points: 20 });
  const firms = await Promise.all([0, 1, 2, 3].map((i) => firm({ area_code: i % 2 ? g.LST.town : g.JH.town })));
  const [a, b, c, late] = firms, shop = await firm({ kind: 'sole_trader' }), rogue = await firm();
  const citizen = await person();
  await r.known(...firms, shop, rogue, citizen);
  for (const [f, n] of [[a, 12], [b, 3], [c, 3]]) r.insured(f, 50, 50 + n);
  assert.deepEqual((await get(`rounds/${round.id}/check`, a.token)).checks[0], { code: 'enterprise', met: true });
  for (const kind of ['dishonest', 'arrears']) r.listSent(kind);
  r.fact({ kind: 'dishonest', org_id: rogue.org_id, county_code: '431129' });
  const statements = [{ code: 'B1', text: '劳动合同全员签订，工资按月支付' }];
  const enter = (f, body = { statements }, over = {}) => r.post(`rounds/${round.id}/entries`, f.token, body, over);
  const closed = (f, ...over) => no(`rounds/${round.id}/entries`, f.token, { statements }, ...over);
  await closed(citizen, 409, 'selection.entrant_kind');
  await closed(shop, 409, 'selection.entry_unfit');
  await closed(rogue, 409, 'selection.entry_unfit');
  await closed({ token: boss }, 403, 'auth.forbidden');
  await no(`rounds/${NOBODY}/entries`, a.token, { statements }, 404, 'request.not_found');
  for (const bad of [[], [{ code: 'A9', text: '没有的' }], [...statements, ...statements]])
    await no(`rounds/${round.id}/entries`, a.token, { statements: bad }, 422, 'selection.entry_statements', '/statements selection.entry_statements');
  const check = await get(`rounds/${round.id}/check`, rogue.token);
  assert.deepEqual(check.checks.map((x) => x.met), [true, false, true]);
  assert.equal((await get(`rounds/${round.id}/check`, a.token)).data[0].points_milli, 40000);

  const [ea, eb, ec] = [await enter(a), await enter(b), await enter(c)];
  assert.match(ea.case_no, /^SU/);
  await closed(a, 409, 'state.exists');
  // Evidence for a criterion: by its owner, before the close, and then it stays.
  const hand = (f, slot, status) => upload(`round-entries/${ea.id}`, f.token, slot, pdf(), '劳动合同.pdf', status);
  const paper = await hand(a, 'B1');
  isProblem(await hand(a, 'Z9', 422), 422, 'request.invalid', 'slot field.choice');
  isProblem(await hand(b, 'B1', 404), 404, 'request.not_found');
  assert.deepEqual((await get(`round-entries/${ea.id}`, a.token)).files.map((x) => [x.id, x.slot, x.name]), [[paper.id, 'B1', '劳动合同.pdf']]);
  await refused('DELETE', `${at}/files/${paper.id}`, { token: a.token }, 409, 'state.wrong');
  const gone = await enter(late);
  await no(`round-entries/${gone.id}/withdraw`, a.token, {}, 404, 'request.not_found');
  assert.equal((await r.post(`round-entries/${gone.id}/withdraw`, late.token, {})).state, 'withdrawn');
  await no(`round-entries/${gone.id}/withdraw`, late.token, {}, 409, 'state.wrong');
  const again = await enter(late);	// and becomes unfit before the close
  r.fact({ kind: 'arrears', org_id: late.org_id, county_code: '431103', numbers: [100] });
  assert.deepEqual((await walk(`${at}/round-entries?round_id=${round.id}`, late.token, 1)).map((x) => x.id).sort(), [gone.id, again.id].sort());
  await refused('GET', `${at}/round-entries/${ea.id}`, { token: b.token }, 404, 'request.not_found');

  await no(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' }, 409, 'state.wrong');
  await g.at('2025-10-23');
  await r.stateOf(round, 'closed');
  await closed(shop, 409, 'selection.round_closed');
  await no(`round-entries/${ea.id}/withdraw`, a.token, {}, 409, 'state.wrong');
  isProblem(await hand(a, 'B1', 409), 409, 'selection.round_closed');
  assert.equal((await get(`round-entries/${again.id}`, late.token)).state, 'unfit');
  assert.ok((await messages(late)).some((m) => /不符合条件/.test(m)));
  const kept = await get(`round-entries/${eb.id}`, b.token);
  assert.deepEqual(kept.data, [{ code: 'A1', measure: 'insured_growth', value: 3, of: { staff_start: 50, staff_end: 53 }, points_milli: 10000 }]);

  // Reviewers: one of a firm's own unit is never drawn for it.
  const who = await r.reviewers(mint, round, CITY, 2, chair);
  await no(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' }, 409, 'selection.reviewers_few');
  await no(`rounds/${round.id}/reviewers`, chair, { officer_id: randomUUID(), unit: '某局' }, 422, 'request.invalid', '/name field.missing');
  await no(`rounds/${round.id}/reviewers`, chair, { name: '无名' }, 422, 'request.invalid', '/expert_id field.missing');
  await no(`rounds/${round.id}/reviewers`, chair, { expert_id: NOBODY }, 422, 'request.invalid', '/expert_id field.choice');
  const kin = randomUUID();
  const insider = await r.post(`rounds/${round.id}/reviewers`, chair, { officer_id: kin, name: '同单位', unit: a.org.name, unit_uscc: a.org.uscc });
  who.set(insider.id, { ...insider, token: officer(`recheck@${CITY}`, kin) });
  for (const [id, w] of await r.reviewers(mint, round, '431124', 2, chair)) who.set(id, w);	// of another county
  await no(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-23' }, 422, 'request.invalid', '/due_on field.date_order');
  const drawn = await r.post(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' });
  assert.deepEqual([drawn.state, drawn.reviews, drawn.seed.length], ['reviewing', 9, 32]);
  let list = await r.reviewsOf(round, chair);
  assert.equal(list.filter((v) => v.reviewer_id === insider.id).length, 0, 'prior entry of the unit: none of its round');
  for (const e of [ea, eb, ec]) assert.equal(new Set(list.filter((v) => v.entry_id === e.id).map((v) => v.reviewer_id)).size, 3);

  // Declaration first; a declared conflict is replaced; scores once and within bounds; blind till all are in.
  const first = list.find((v) => v.entry_id === ea.id), mine = who.get(first.reviewer_id);
  assert.deepEqual(first.files.map((x) => [x.slot, x.name]), [['B1', null]], 'a file’s name is not shown to reviewers');
  const scores = [{ code: 'B1', points_milli: 50000 }];
  await no(`round-reviews/${first.id}/scores`, mine.token, { scores }, 409, 'selection.undeclared');
  await no(`round-reviews/${first.id}/declare`, boss, { conflict: false }, 404, 'request.not_found');
  await no(`round-reviews/${first.id}/declare`, mine.token, { conflict: true }, 422, 'request.invalid', '/reason field.missing');
  await r.post(`round-reviews/${first.id}/declare`, mine.token, { conflict: false });
  await no(`round-reviews/${first.id}/declare`, mine.token, { conflict: false }, 409, 'state.wrong');
  for (const bad of [[{ code: 'B1', points_milli: 60001 }], [{ code: 'A1', points_milli: 1 }], [...scores, { code: 'A1', points_milli: 1 }]])
    await no(`round-reviews/${first.id}/scores`, mine.token, { scores: bad }, 422, 'selection.score_bounds', '/scores selection.score_bounds');
  assert.equal((await r.post(`round-reviews/${first.id}/scores`, mine.token, { scores })).state, 'scored');
  await no(`round-reviews/${first.id}/scores`, mine.token, { scores }, 409, 'state.wrong');
  assert.equal((await get(`round-reviews/${first.id}`, chair)).scores, null, 'blind until all are in');
  assert.equal((await get(`round-reviews/${first.id}`, mine.token)).scores[0].points_milli, 50000);
  await no(`rounds/${round.id}/rank`, chair, {}, 409, 'selection.reviews_open');
  assert.throws(() => sql(`UPDATE subsidies.round_score SET points_milli = 60001 WHERE review_id = '${first.id}'`), /round_score_bounds_check/);

  const other = list.find((v) => v.entry_id === eb.id);
  const left = await r.post(`round-reviews/${other.id}/declare`, who.get(other.reviewer_id).token, { conflict: true, reason: '亲属在该单位' });
  assert.deepEqual([left.state, left.why], ['conflicted', '亲属在该单位']);
  list = await r.reviewsOf(round, chair);
  assert.equal(list.filter((v) => v.entry_id === eb.id && v.state === 'drawn').length, 3, 'another was drawn');
  const points = { [ea.id]: 50000, [eb.id]: 40000, [ec.id]: 40000 };
  await r.scoreAll(round, chair, who, (v) => [{ code: 'B1', points_milli: points[v.entry_id] }]);
  assert.ok((await r.reviewsOf(round, chair)).filter((v) => v.state === 'scored').every((v) => v.scores.length === 1));

  // A review set aside does not count; its substitute does.
  const odd = (await r.reviewsOf(round, chair)).find((v) => v.entry_id === ea.id && v.state === 'scored');
  await no(`round-reviews/${odd.id}/withdraw`, chair, {}, 422, 'request.invalid', '/reason field.missing');
  await no(`round-reviews/${odd.id}/withdraw`, officer('recheck@431129'), { reason: '无权' }, 404, 'request.not_found');
  assert.equal((await r.post(`round-reviews/${odd.id}/withdraw`, chair, { reason: '评审材料拿错' })).state, 'withdrawn');
  await no(`rounds/${round.id}/rank`, chair, {}, 409, 'selection.reviews_open');
  await r.scoreAll(round, chair, who, (v) => [{ code: 'B1', points_milli: points[v.entry_id] }]);

  const ranking = await r.post(`rounds/${round.id}/rank`, chair);
  assert.deepEqual(ranking.entries.map((x) => [x.rank, x.score_milli, x.counted]), [[1, 90000, 3], [2, 50000, 3], [3, 50000, 3]]);
  assert.deepEqual([ranking.entries[0].entry_id, ranking.entries[2].by], [ea.id, 'lot']);
  const [, second, third] = ranking.entries.map((x) => x.entry_id);
  assert.deepEqual((await get(`rounds/${round.id}/ranking`, boss)).entries, ranking.entries);
  await refused('GET', `${at}/rounds/${round.id}/ranking`, { token: officer('recheck@431129') }, 404, 'request.not_found');
  const replay = await r.post(`rounds/${round.id}/replay`, chair, undefined, { key: null });
  assert.ok(replay.identical && replay.same_input);

  // The decision: not by a reviewer; to leave the list takes a reason.
  const some = [...who.values()][0];
  const deciding = officer(`approve@${CITY}`, sql(`SELECT officer_id FROM subsidies.round_reviewer WHERE id = '${some.id}'`)[0][0]);
  await no(`rounds/${round.id}/decide`, deciding, {}, 409, 'selection.reviewer_decides');
  await no(`rounds/${round.id}/decide`, chair, {}, 403, 'auth.forbidden');
  await no(`rounds/${round.id}/decide`, boss, { changes: [{ entry_id: third, selected: true }] }, 422, 'request.invalid', '/changes/0/reason field.missing');
  await no(`rounds/${round.id}/decide`, boss, { changes: [{ entry_id: third, selected: true, reason: '加一个' }] }, 422, 'selection.round_quota', '/changes selection.round_quota');
  await no(`rounds/${round.id}/decide`, boss, { changes: [{ entry_id: again.id, selected: true, reason: '补上' }] }, 422, 'request.invalid', '/changes field.choice');
  await no(`rounds/${round.id}/notice`, boss, {}, 409, 'state.wrong');
  const decided = await r.post(`rounds/${round.id}/decide`, boss, { changes: [
    { entry_id: second, selected: false, reason: '会议研究：近期发生工伤瞒报' }, { entry_id: third, selected: true, reason: '依次递补' }] });
  assert.equal(decided.state, 'decided');
  await no(`rounds/${round.id}/decide`, boss, {}, 409, 'state.wrong');
  await no(`round-reviews/${odd.id}/withdraw`, chair, { reason: '太晚了' }, 409, 'state.wrong');
  assert.throws(() => sql(`INSERT INTO subsidies.round_result (entry_id, round_id, rank, score_milli, selected, place_no, quota, name, county_code)
    VALUES ('${again.id}', '${round.id}', 4, 1, true, 3, 2, 'x', '431129')`), /round_result_quota_check/);
  assert.deepEqual((await get(`rounds/${round.id}/results`)).items, [], 'not before it is made public');

  // 公示, objection, the end.
  assert.equal((await r.post(`rounds/${round.id}/notice`, boss)).notice_to, '2025-10-30');
  await no(`rounds/${round.id}/notice`, boss, {}, 409, 'state.wrong');
  const shown = await walk(`${at}/rounds/${round.id}/results`, undefined, 2).catch(() => null) ?? (await get(`rounds/${round.id}/results`)).items;
  assert.deepEqual(shown.map((x) => [x.selected, x.place_no]), [[true, 1], [false, null], [true, 2]]);
  assert.equal(shown[0].name, a.org.name);
  const object = (body, ...over) => no(`rounds/${round.id}/objections`, undefined, { entry_id: third, content: '该企业存在虚报参保人数', ...body }, ...over);
  await object({ content: '假' }, 422, 'request.invalid', '/content field.too_short');
  await object({ entry_id: again.id }, 404, 'request.not_found');
  const o = await r.post(`rounds/${round.id}/objections`, undefined, { entry_id: third, content: '该企业存在虚报参保人数', contact: '13800000000' });
  await g.at('2025-10-31');
  await object({}, 404, 'request.not_found');
  assert.ok(!(await walk(`${at}/rounds/work?overdue=true`, chair, 3)).some((x) => x.id === round.id), 'nothing is late in it');
  await no(`round-objections/${o.id}/resolve`, officer('approve@431124'), { decision: 'upheld', answer: '属实' }, 404, 'request.not_found');
  await no(`round-objections/${o.id}/resolve`, boss, { decision: 'maybe', answer: '属实' }, 422, 'request.invalid', '/decision field.choice');
  assert.equal(sql(`SELECT state FROM subsidies.round WHERE id = '${round.id}'`)[0][0], 'public', 'an open objection holds it');
  assert.ok((await walk(`${at}/round-objections?state=open&round_id=${round.id}`, boss, 1)).length === 1);
  assert.equal((await r.post(`round-objections/${o.id}/resolve`, boss, { decision: 'upheld', answer: '属实，取消资格' })).state, 'upheld');
  await no(`round-objections/${o.id}/resolve`, boss, { decision: 'dismissed', answer: '反悔' }, 404, 'request.not_found');
  await r.stateOf(round, 'final');
  const awards = (await get(`awards?policy_code=${r.WON}`, a.token)).items;
  // 稳岗扩岗奖补 has no amount yet: the claim is found, and waits.
  assert.equal((await eventually(async () => (await g.claims(a, 'found'))[0], 'a claim of no amount')).amount_cents, null);
  assert.deepEqual(awards.map((x) => [x.source, x.rank, x.score_milli, x.parts.length]), [['round', 1, 90000, 1]]);
  assert.deepEqual(sql(`SELECT kind, code, numbers, org_id FROM subsidies.fact WHERE id = '${awards[0].parts[0].fact_id}'`),
    [['award', r.WON, '{1,90000,0,1,1}', a.org_id]]);
  for (const f of [b, c]) assert.deepEqual((await get('awards', f.token)).items, []);
  const state = async (f) => (await call('GET', '/v1/cases?limit=50', { token: f.token })).items.filter((x) => x.matter_code === 'SU-35').map((x) => x.state);
  assert.deepEqual([await state(a), await state(b)], [['done'], ['refused']]);
});

test('a round of persons: blind, extremes dropped, experts on paper, a defence, a tie decided together', async () => {
  const round = await r.called(mint, CITY, { policy_code: r.PERSONS, entrants: 'person', quota: 1, reviewers: 3, blind: true, trim: true,
    criteria: [{ code: 'C1', title: '创新性', max_points: 60, by: 'reviewers' }, { code: 'D1', title: '答辩', max_points: 40, by: 'defence' }],
    tie_last: 'joint', counties: [{ code: '431129' }] });
  const [p, q, s] = await Promise.all([0, 1, 2].map(() => person({ area_code: g.JH.town })));
  const away = await person({ area_code: g.LST.town });
  await r.known(p, q, s, away);
  const body = { statements: [{ code: 'C1', text: '返乡创办智能分拣项目' }] };
  await no(`rounds/${round.id}/entries`, away.token, body, 409, 'selection.entry_county');
  const [ep, eq, es] = [await r.post(`rounds/${round.id}/entries`, p.token, body), await r.post(`rounds/${round.id}/entries`, q.token, body),
    await r.post(`rounds/${round.id}/entries`, s.token, body)];
  assert.match(ep.name, /^.\*/, 'a person is masked');
  await g.at('2025-10-23');
  await r.stateOf(round, 'closed');

  // An expert's paper is typed by two who must agree; the data find an expert's own project.
  const phone = '13874612345';
  const expertBody = { name: `专家${randomUUID().slice(0, 6)}`, field: '智能制造', unit: '湖南科技学院', phone };
  await eachMistake('POST', `${at}/experts`, chair, expertBody, [[{ phone: '1' }, '/phone field.phone'], [{ unit_uscc: 'x' }, '/unit_uscc field.uscc'],
    [{ id_number: '1' }, '/id_number field.id_number']]);
  await no('experts', clerks[0], expertBody, 403, 'auth.forbidden');
  const x = await r.post('experts', chair, expertBody);
  assert.equal(x.phone_masked, '138****2345');
  assert.equal(sql(`SELECT count(*) FROM subsidies.expert WHERE phone_sealed LIKE '%${phone}%'`)[0][0], '0');
  assert.ok((await walk(`${at}/experts?field=${encodeURIComponent('智能制造')}`, chair, 1)).some((y) => y.id === x.id));
  const who = await r.reviewers(mint, round, CITY, 3, chair);
  const paper = await r.post(`rounds/${round.id}/reviewers`, chair, { expert_id: x.id });
  await no(`rounds/${round.id}/reviewers`, chair, { expert_id: x.id }, 409, 'state.exists');
  const self = await r.post(`rounds/${round.id}/reviewers`, chair, { officer_id: randomUUID(), name: '申报者本人', unit: '某局', id_number: p.id_number });
  await r.post(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' });
  let list = await r.reviewsOf(round, chair);
  assert.ok(list.every((v) => v.reviewer_id !== self.id && v.entrant === null), 'blind, and never one’s own');
  assert.equal((await walk(`${at}/rounds/${round.id}/reviewers`, chair, 2)).length, 5);
  // Somebody is withdrawn: substitutes are drawn from who is left, so the paper is used.
  const leaver = [...who.keys()][0];
  assert.ok((await r.post(`round-reviewers/${leaver}/withdraw`, chair, { reason: '因病' })).withdrawn === '因病');
  await no(`round-reviewers/${leaver}/withdraw`, chair, { reason: '再次' }, 404, 'request.not_found');
  list = (await r.reviewsOf(round, chair)).filter((v) => v.state === 'drawn');
  assert.equal(list.length, 9);
  const mine = [...who.values()][1];
  const blind = (await get('round-reviews?mine=true', mine.token)).items;
  assert.ok(blind.length === 3 && blind.every((v) => v.entrant === null && v.mine));

  const give = { [ep.id]: 40000, [eq.id]: 40000, [es.id]: 30000 };
  const paperOf = list.filter((v) => v.reviewer_id === paper.id);
  assert.equal(paperOf.length, 3);
  for (const v of paperOf) {
    await r.post(`round-reviews/${v.id}/declare`, clerks[0], { conflict: false });
    const scores = [{ code: 'C1', points_milli: give[v.entry_id] }];
    assert.equal((await r.post(`round-reviews/${v.id}/scores`, clerks[0], { scores })).state, 'declared', 'typed once');
    await no(`round-reviews/${v.id}/scores`, clerks[1], { scores: [{ code: 'C1', points_milli: 1 }] }, 409, 'selection.keying_differs');
    assert.equal((await r.post(`round-reviews/${v.id}/scores`, clerks[0], { scores })).state, 'declared', 'the same hand twice is one');
    assert.equal((await r.post(`round-reviews/${v.id}/scores`, clerks[1], { scores })).state, 'written');
    const defence = [{ code: 'D1', points_milli: 20000 }];
    for (const c of clerks) await r.post(`round-reviews/${v.id}/scores`, c, { scores: defence });
  }
  await assert.rejects(r.post(`round-reviews/${paperOf[0].id}/declare`, mine.token, { conflict: false }), /404|not_found/);
  for (const extreme of [0, 60000]) {
    const one = [...who.values()][extreme ? 2 : 1];
    for (const v of list.filter((y) => y.reviewer_id === one.id)) {
      await r.post(`round-reviews/${v.id}/declare`, one.token, { conflict: false });
      await r.post(`round-reviews/${v.id}/scores`, one.token, { scores: [{ code: 'C1', points_milli: extreme }] });
      await r.post(`round-reviews/${v.id}/scores`, one.token, { scores: [{ code: 'D1', points_milli: 20000 }] });
    }
  }
  const ranking = await r.post(`rounds/${round.id}/rank`, chair);
  assert.deepEqual(ranking.entries.map((y) => [y.rank, y.score_milli, y.counted, y.tied, y.dropped.length]),
    [[1, 60000, 1, true, 2], [1, 60000, 1, true, 2], [3, 50000, 1, false, 2]]);
  await no(`rounds/${round.id}/decide`, boss, {}, 422, 'selection.round_tie', '/changes selection.round_tie');
  await r.post(`rounds/${round.id}/decide`, boss, { note: '会议决定', changes: [{ entry_id: ep.id, selected: true, reason: '带动就业更多' },
    { entry_id: eq.id, selected: false, reason: '同分，会议研究' }] });
  await r.post(`rounds/${round.id}/notice`, boss);
  await g.at('2025-10-31');
  await r.stateOf(round, 'final');
  const [award] = (await get('awards', p.token)).items;
  assert.deepEqual([award.person_id, award.org_id, award.rank], [p.id, null, 1]);
  const results = (await get(`rounds/${round.id}/results`)).items;
  assert.match(results.find((y) => y.entry_id === ep.id).name, /^.\*/);
});

test('by data alone: from the call to a claim, one of the policy’s places', async () => {
  const round = await r.called(mint, CITY, { policy_code: r.SITES, quota: 1, reviewers: 0, min_points: 5,
    criteria: [{ code: 'A1', title: '带动就业', max_points: 10, by: 'data', measure: 'insured_growth', bands: [{ from_value: 1, points_milli: 5000 }, { from_value: 5, points_milli: 10000 }] }] });
  const [w, x, y] = await Promise.all([0, 1, 2].map(() => firm({ area_code: g.JH.town })));
  await r.known(w, x, y);
  r.insured(w, 5, 10);
  r.insured(x, 5, 7);
  for (const f of [w, x, y]) await r.post(`rounds/${round.id}/entries`, f.token, {});
  await g.at('2025-10-23');
  await r.stateOf(round, 'closed');
  await no(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' }, 409, 'state.wrong');
  const { entries } = await r.post(`rounds/${round.id}/rank`, chair);
  assert.deepEqual(entries.map((e) => [e.score_milli, e.passed]), [[10000, true], [5000, true], [0, false]]);
  await no(`rounds/${round.id}/decide`, boss, { changes: [{ entry_id: entries[0].entry_id, selected: false, reason: '主动放弃' },
    { entry_id: entries[2].entry_id, selected: true, reason: '照顾' }] }, 422, 'selection.below_minimum', '/changes selection.below_minimum');
  await r.post(`rounds/${round.id}/decide`, boss, {});
  await r.post(`rounds/${round.id}/notice`, boss);
  await g.at('2025-10-31');
  await r.stateOf(round, 'final');
  assert.equal(sql(`SELECT count(*) FROM subsidies.award_place WHERE policy_code = 'QNJY' AND holder_id = '${entries[0].entry_id}'`)[0][0], '1');
  const claim = await eventually(async () => (await g.claims(w, 'notified'))[0], 'a claim for the winner');
  assert.deepEqual([claim.policy_code, claim.mode, claim.amount_cents, claim.subject_kind], [r.SITES, 'round', 20_000_000, 'award']);
  const [award] = (await get('awards', w.token)).items;
  assert.deepEqual([award.parts[0].claim_id, award.parts[0].fact_id], [claim.id, claim.subject_id]);
  for (const f of [x, y]) assert.deepEqual(await g.claims(f, 'notified'), []);
});

test('验收: no checklist, no acceptance; two people; places are counted; parts, yearly checks and revocation', async () => {
  const units = await Promise.all(Array.from({ length: 3 }, () => firm({ area_code: g.JH.town })));
  await r.known(...units);
  const naming = { policy_code: 'QNJY', tier: 'city', org_id: units[0].org_id, basis: '市人社局认定文件' };
  const county = officer('clerk@431129');
  if (sql("SELECT count(*) FROM subsidies.acceptance_list WHERE policy_code = 'QNJY'")[0][0] === '0')
    await no('acceptances', clerks[0], naming, 409, 'selection.checklist_unset');
  const items = [{ code: 'S1', title: '场地不少于标准' }, { code: 'S2', title: '职业指导人员到位' }];
  const setting = { policy_code: 'QNJY', items, basis: '验收标准', instalments: 2 };
  await no('acceptance-lists', officer('approve@431129'), setting, 403, 'auth.area');
  await no('acceptance-lists', boss, { ...setting, items: [items[0], items[0]] }, 422, 'request.invalid', '/items/1/code field.duplicate');
  await no('acceptance-lists', boss, { ...setting, policy_code: 'KGBZ' }, 422, 'selection.round_policy', '/policy_code selection.round_policy');
  const set = await r.post('acceptance-lists', boss, setting);
  assert.ok(set.version >= 1 && set.instalments === 2);
  assert.ok((await get('acceptance-lists?policy_code=QNJY')).items.length > 0);
  assert.deepEqual((await get('award-quotas')).items.map((x) => [x.policy_code, x.places]),
    [['QNJY', 15]]);

  await no('acceptances', county, naming, 403, 'auth.area');
  await no('acceptances', officer('clerk@431103'), { ...naming, tier: 'county' }, 404, 'request.not_found');
  const u = await r.post('acceptances', clerks[0], naming);
  assert.equal((await call('GET', `/v1/subsidies/acceptances/${u.id}`, { token: clerks[0] })).id, u.id);
  await no('acceptances', clerks[0], naming, 409, 'state.exists');
  const seen = { kind: 'acceptance', results: [{ code: 'S1', met: true }, { code: 'S2', met: true }] };
  const [one, two] = [officer('first_review@431129'), officer('recheck@431129')];
  const inspect = (token, body, over = {}) => r.post(`acceptances/${u.id}/inspections`, token, body, over);
  const cannot = (token, body, ...over) => no(`acceptances/${u.id}/inspections`, token, body, ...over);
  await cannot(officer('recheck@431103'), seen, 404, 'request.not_found');
  await cannot(one, { ...seen, kind: 'yearly' }, 409, 'state.wrong');
  await cannot(one, { ...seen, results: [seen.results[0]] }, 422, 'selection.checklist_items', '/results selection.checklist_items');
  const bad = { ...seen, results: [{ code: 'S1', met: true }, { code: 'S2', met: false, note: '未到位' }] };
  await cannot(one, bad, 422, 'request.invalid', '/again_on field.missing');
  await inspect(one, { ...bad, again_on: '2025-11-03' });
  await cannot(one, { ...bad, again_on: '2025-11-03' }, 409, 'selection.same_hand');
  await cannot(two, seen, 409, 'selection.inspectors_differ');
  const failed = await inspect(two, { ...bad, again_on: '2025-11-03' });
  assert.deepEqual([failed.state, failed.again_on, failed.award_id], ['failed', '2025-11-03', null]);
  assert.ok((await messages(units[0])).some((m) => /整改/.test(m)));
  await inspect(two, seen);
  const passed = await inspect(one, seen);
  assert.equal(passed.state, 'passed');
  const parts = async () => (await get('awards?source=acceptance', units[0].token)).items[0].parts.map((x) => x.instalment);
  assert.deepEqual(await parts(), [1], 'the first of two');
  for (const token of [one, two]) await inspect(token, { ...seen, kind: 'step' });
  assert.deepEqual(await parts(), [1, 2]);
  assert.deepEqual((await eventually(async () => { const l = await g.claims(units[0], 'notified'); return l.length === 2 && l; }, 'a claim for each part'))
    .map((c) => c.amount_cents), [10_000_000, 10_000_000], '20万 in two parts');
  await inspect(one, { ...seen, kind: 'step' });
  await cannot(two, { ...seen, kind: 'step' }, 409, 'selection.award_whole');
  sql(`DELETE FROM subsidies.acceptance_check WHERE unit_id = '${u.id}' AND no = (SELECT no FROM subsidies.acceptance_unit WHERE id = '${u.id}')`);

  await no(`acceptances/${u.id}/revoke`, officer('approve@431129'), { reason: '无检查' }, 409, 'selection.revoke_unfounded');
  for (const token of [one, two]) await inspect(token, { ...bad, kind: 'yearly', again_on: '2025-11-03' });
  await no(`acceptances/${u.id}/revoke`, officer('approve@431103'), { reason: '年检不合格' }, 404, 'request.not_found');
  await no(`acceptances/${u.id}/revoke`, one, { reason: '年检不合格' }, 403, 'auth.forbidden');
  const facts = sql(`SELECT fact_id FROM subsidies.award_part p JOIN subsidies.award a ON a.id = p.award_id WHERE a.source_id = '${u.id}'`).flat();
  assert.equal((await r.post(`acceptances/${u.id}/revoke`, officer('approve@431129'), { reason: '年检不合格' })).state, 'revoked');
  assert.equal(sql(`SELECT count(*) FROM subsidies.fact WHERE known_to IS NULL AND id IN (${facts.map((f) => `'${f}'`)})`)[0][0], '0');

  // Results of collection are counted; the city's places end.
  await r.post('acceptance-lists', boss, { policy_code: 'XXCJ', items: [items[0]], quantity: true, basis: '采集验收办法' });
  const c = await r.post('acceptances', county, { ...naming, policy_code: 'XXCJ', tier: 'county', period: '2025' });
  const count = { kind: 'acceptance', results: [{ code: 'S1', met: true }] };
  await no(`acceptances/${c.id}/inspections`, one, count, 422, 'request.invalid', '/quantity field.missing');
  await r.post(`acceptances/${c.id}/inspections`, one, { ...count, quantity: 1200 });
  await no(`acceptances/${c.id}/inspections`, two, { ...count, quantity: 1201 }, 409, 'selection.inspectors_differ');
  await r.post(`acceptances/${c.id}/inspections`, two, { ...count, quantity: 1200 });
  assert.deepEqual((await get('awards?policy_code=XXCJ', units[0].token)).items.map((x) => x.quantity), [1200]);
  // Named by another service; and a policy with two places.
  await no('acceptance-lists', boss, { policy_code: 'FXCY', items: [items[0]], basis: '返乡创业园验收标准' }, 422, 'selection.round_policy', '/policy_code selection.round_policy');
  const few = r.policy('TSYS');
  sql(`INSERT INTO subsidies.award_quota VALUES ('${few}', 'city', 2, '测试') ON CONFLICT DO NOTHING`);
  await r.post('acceptance-lists', boss, { policy_code: few, items: [items[0]], basis: '测试验收标准' });
  const named = await Promise.all(units.map((f) => r.post('acceptances', clerks[0], { ...naming, policy_code: few, org_id: f.org_id }, { refused: true })));
  assert.deepEqual(named.map((x) => x.status).sort(), [201, 201, 409], 'the third, at once');
  isProblem(named.find((x) => x.status === 409), 409, 'selection.places_full');
  assert.throws(() => sql(`INSERT INTO subsidies.award_place VALUES ('${few}', 'city', 3, 2, '${NOBODY}', '431129')`), /award_place_quota_check/);
  sql(`DELETE FROM subsidies.award_place WHERE policy_code = '${few}'; DELETE FROM subsidies.award_quota WHERE policy_code = '${few}'`);
  assert.ok((await get('acceptances?policy_code=QNJY&state=revoked', one)).items.some((x) => x.id === u.id));
  await refused('GET', `${at}/acceptances/${u.id}`, { token: units[1].token }, 404, 'request.not_found');
});

test('lists refuse what they do not know, and whom they are not for', async () => {
  for (const path of ['rounds', 'acceptance-lists', 'award-quotas', `rounds/${NOBODY}/results`])
    await refused('GET', `${at}/${path}?colour=red`, {}, 422, 'request.invalid', 'colour field.unknown');
  const citizen = (await person()).token;
  for (const path of ['rounds/work', 'experts', 'round-reviews', 'round-objections', `rounds/${NOBODY}/reviewers`, `rounds/${NOBODY}/ranking`])
    await refused('GET', `${at}/${path}`, { token: citizen }, 403, 'auth.forbidden');
  for (const path of ['round-entries', 'awards', 'acceptances'])
    await refused('GET', `${at}/${path}`, { token: officer('stats@431100') }, 403, 'auth.forbidden');
  await refused('GET', `${at}/round-reviews/${NOBODY}`, { token: chair }, 404, 'request.not_found');
  await refused('GET', `${at}/rounds/${NOBODY}/check`, { token: citizen }, 404, 'request.not_found');
  await no(`rounds/${NOBODY}/rank`, chair, undefined, 404, 'request.not_found');
  await refused('POST', `${at}/rounds/${NOBODY}/replay`, { token: chair, key: null }, 404, 'request.not_found');
  await no('round-reviews/' + NOBODY + '/withdraw', chair, { reason: '没有的' }, 404, 'request.not_found');
});
