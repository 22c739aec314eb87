// projects_help.mjs -- 优质创业项目 brought as far as a test wants them: firms and what
// is known of them, rounds reviewed or decided by data, awards, plans.
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import * as carrier from './carrier_help.mjs';
import { handIn, pdf } from './files_help.mjs';
import * as g from './grant.mjs';
import { dayPlus, minter, refused, sql } from './help.mjs';
import { definition as anyRound, rounds } from './rounds_help.mjs';

export const HOME = { code: '431126', town: '431126001', name: '宁远县' };
export const CITY = '431100', END = '2025-10-31';	// the day the awards are made
export const mint = minter((await person()).token);
export const officer = (role, sub) => mint({ roles: [role], ...(sub ? { sub } : {}) });
const r = rounds('entrepreneurship');
export const { post, reviewsOf, stateOf } = r;
export const get = (path, token) => call('GET', `/v1/entrepreneurship/${path}`, { token });
export const no = (path, token, body, ...how) => refused('POST', `/v1/entrepreneurship/${path}`, { token, body }, ...how);
const chair = officer(`recheck@${CITY}`), boss = officer(`approve@${CITY}`);
const looking = [officer(`first_review@${HOME.code}`), officer(`recheck@${HOME.code}`)];

// ---- firms ----------------------------------------------------------------------

export async function firms(n, over = {}) {
  const all = await Promise.all(Array.from({ length: n }, () => firm({ area_code: HOME.town, ...over })));
  await r.known(...all);
  return all;
}
export const heardOf = (f) => r.known(f);
export const heardHire = (who) => eventually(() => sql(`SELECT 1 FROM entrepreneurship.hire h JOIN entrepreneurship.person p
  ON p.id = h.person_id WHERE p.id = '${who.id}'`).length, 'the hire is known');

export async function admitted(f) {
  const k = await carrier.keeper({ area_code: HOME.town });
  await carrier.admit(k, await carrier.open(k, { area_code: HOME.town }), f);
}

export async function proved(f, kind, met = true) {
  const proof = await post('founder-proofs', f.token, { kind, title: `佐证${Math.random()}`, issuer: '湖南科技学院', proved_on: '2025-06-30' });
  await handIn(`/v1/entrepreneurship/founder-proofs/${proof.id}`, f.token, 'paper', pdf(1), '佐证.pdf');
  for (const token of looking) await post(`founder-proofs/${proof.id}/look`, token, { met, note: '核对' });
}

// ---- rounds ---------------------------------------------------------------------

export const statements = { statements: [{ code: 'A1', text: '商业计划：以本地农产品深加工带动就业。' }] };
export const definition = (over = {}) => anyRound({ policy_code: 'CYXM', blind: true, ...over });
export const called = (over = {}) => r.called(mint, CITY, { policy_code: 'CYXM', blind: true, ...over });
export const enter = (round, f) => post(`rounds/${round.id}/entries`, f.token, statements);
export const reviewers = (round, n) => r.reviewers(mint, round, CITY, n, chair);
export const scoreAll = (round, who, pointsOf) => r.scoreAll(round, chair, who, pointsOf);
export async function closed(round) {
  await g.at('2025-10-23');
  await stateOf(round, 'closed');
}

// `n` entries reviewed by three out of so many; equals are left to the meeting.
export async function reviewed(n, points, over = {}, experts = 3) {
  const round = await called({ tie_last: 'joint', ...over });
  const entries = [];
  for (const f of await firms(n)) entries.push({ ...(await enter(round, f)), firm: f });
  await closed(round);
  const who = await reviewers(round, experts);
  await post(`rounds/${round.id}/draw`, chair, { due_on: '2025-10-30' });
  await scoreAll(round, who, (v) => [{ code: 'A1', points_milli: points(v, entries.findIndex((e) => e.id === v.entry_id)) }]);
  return { round, entries, who };
}

// A ranked round's winners are awarded; the clock then stands on that day.
export async function ended(round, body = {}) {
  await post(`rounds/${round.id}/rank`, chair);
  await post(`rounds/${round.id}/decide`, boss, body);
  await post(`rounds/${round.id}/notice`, boss);
  await g.at(END);
  await stateOf(round, 'final');
}

// ---- awards ---------------------------------------------------------------------

export async function awarded(n, instalments) {
  const round = await called({ quota: n, reviewers: 0, instalments, blind: false,
    criteria: [{ code: 'A1', title: '带动就业', max_points: 10, by: 'data', measure: 'hires', bands: [{ from_value: 0, points_milli: 1000 }] }] });
  const list = await firms(n);
  for (const f of list) await post(`rounds/${round.id}/entries`, f.token, {});
  await closed(round);
  await ended(round);
  return Promise.all(list.map(async (f) => ({ firm: f, project: (await get('projects', f.token)).items[0] })));
}

export const plan = (from, n) => Array.from({ length: n }, (_, i) => ({ title: `节点${i + 1}`, deliverable: '样机、订单与用工名册',
  due_on: dayPlus(from, 14 * (i + 1)) }));

export async function running(n, instalments) {
  const list = await awarded(n, instalments);
  for (const x of list) x.project = await begun(x.firm, x.project, instalments - 1);
  return list.map((x) => ({ ...x, due: x.project.milestones.map((m) => m.due_on) }));
}
export async function begun(f, project, n) {
  await post(`projects/${project.id}/plan`, f.token, { milestones: plan(END, n) });
  return post(`projects/${project.id}/agree`, looking[0], { pass: true });
}

// Reported with a paper, looked at by two.
export async function reached(f, milestone) {
  await handIn(`/v1/entrepreneurship/milestones/${milestone.id}`, f.token, 'paper', pdf(1), '节点.pdf');
  await post(`milestones/${milestone.id}/report`, f.token, { report: '已按计划完成样机并签订订单' });
  let m;
  for (const token of looking) m = await post(`milestones/${milestone.id}/look`, token, { met: true });
  return m;
}
