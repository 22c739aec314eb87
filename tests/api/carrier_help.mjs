// carrier_help.mjs -- carriers and tenants for tests: each step as it is done
// today, so that a test that only needs a tenant does not know the steps.
import { call } from '../lib/client.mjs';
import { firm } from '../lib/city.mjs';
import { dayPlus, known, today } from './help.mjs';

let serial = 0;
export const keeper = (over) => firm({ kind: 'carrier', ...over });
export const describing = (over = {}) => ({ name: `沱江孵化基地${process.pid}${++serial}`, kind: 'incubator', area_code: '431129100', capacity: 20, ...over });
export const open = (k, over) => known(() => call('POST', '/v1/entrepreneurship/carriers', { token: k.token,
  body: describing(over), refused: true }));
export const terms = (from, over = {}) => ({ to_on: dayPlus(from, 364), area_m2: 60, rent_cents: 120000, ...over });

// A place and a contract offered; what is to be confirmed is in .contract.
export async function offer(k, c, f, over) {
  const body = { org_id: f.org_id, ...terms(await today()), ...over };
  return known(() => call('POST', `/v1/entrepreneurship/carriers/${c.id}/tenants`, { token: k.token, body, refused: true }));
}
export const answer = (f, contract, agree = true, note) => call('POST', `/v1/entrepreneurship/contracts/${contract.id}/answer`,
  { token: f.token, body: { agree, note } });
export async function admit(k, c, f, over) {
  const t = await offer(k, c, f, over);
  await answer(f, t.contract);
  return t;
}
export const leave = (k, t, body = {}) => call('POST', `/v1/entrepreneurship/tenants/${t.id}/leave`,
  { token: k.token, body: { reason: 'graduated', ...body } });
export const read = (c) => call('GET', `/v1/entrepreneurship/carriers/${c.id}`);
export const hire = (f, p, over) => known(async () => call('POST', '/v1/jobs/employments', { token: f.token, refused: true,
  body: { person_id: p.id, occupation_code: '6-24-01-00', hired_on: await today(), contract_type: 'open_ended',
    wage_cents: 500000, ...over } }));

// Asked, checked and decided by two officers: as(role, area) mints a token.
export async function recognise(as, k, c, tier = 'county') {
  const E = '/v1/entrepreneurship';
  const r = await call('POST', `${E}/carriers/${c.id}/recognitions`, { token: k.token, body: { tier, reason: '场地和服务具备条件' } });
  await call('POST', `${E}/recognitions/${r.id}/check`, { token: as('first_review', c.county_code), body: { pass: true } });
  return call('POST', `${E}/recognitions/${r.id}/decide`, { token: as('approve', tier === 'city' ? '431100' : c.county_code),
    body: { pass: true, document: '认定文件〔2025〕9号' } });
}
