// entrepreneurship: a return-home park is accepted step by step, each step pays a
// part, a yearly check that fails takes it all back and the park goes.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { admit, keeper, open, read, recognise, terms } from './carrier_help.mjs';
import * as g from './grant.mjs';
import { minter, refused, sql } from './help.mjs';

const HERE = '431127', TOWN = '431127100', CITY = '431100';
const mint = minter((await person()).token);
const as = (role, area = HERE, sub = randomUUID()) => mint({ roles: [`${role}@${area}`], sub });
const E = '/v1/entrepreneurship';
const post = (path, token, body) => call('POST', `${E}/${path}`, { token, body });
const no = (path, token, body, status, code, ...fields) => refused('POST', `${E}/${path}`, { token, body }, status, code, ...fields);
const here = { area_code: TOWN };
const items = [{ code: 'S1', title: '园区面积和配套' }, { code: 'S2', title: '在驻企业和带动就业' }];
const seen = (kind, met = true) => ({ kind, results: [{ code: 'S1', met: true }, { code: 'S2', met }], again_on: met ? undefined : '2025-11-20' });
const owed = (k, n) => eventually(async () => { const l = await g.claims(k, 'notified'); return l.length === n && l; }, `${n} claims`);

await g.at(g.NOW);
test.afterEach(() => g.at(g.NOW));

test('a recognised park passes, is paid part by part, fails its year and goes; its firms are told', async () => {
  const [k, f, late] = await Promise.all([keeper(here), firm(here), firm(here)]);
  const c = await open(k, { ...here, kind: 'return_home_park', capacity: 3 });
  await admit(k, c, f);
  await post('acceptance-lists', as('approve', CITY), { policy_code: 'FXCY', items, basis: '市级验收办法', instalments: 2 });
  const naming = { policy_code: 'FXCY', tier: 'city', org_id: k.org_id, basis: '市人社局文件' }, city = as('clerk', CITY);
  await no('acceptances', city, naming, 422, 'selection.unit_unfit');	// not recognised
  await recognise(as, k, c);
  await no('acceptances', city, naming, 422, 'selection.unit_unfit');	// not by the city
  await recognise(as, k, c, 'city');
  await no('acceptances', city, { ...naming, policy_code: 'FXCYX' }, 422, 'selection.unit_unfit');	// the county's money
  await no('acceptances', city, { ...naming, org_id: f.org_id }, 422, 'selection.unit_unfit');
  await no('acceptances', city, { ...naming, period: '2025' }, 422, 'request.invalid', '/period field.choice');
  await no('acceptances', as('clerk'), naming, 403, 'auth.area');
  const u = await post('acceptances', city, naming);
  const [one, two] = [as('first_review'), as('recheck')];
  const inspect = (token, body) => post(`acceptances/${u.id}/inspections`, token, body);
  await inspect(one, seen('acceptance'));
  assert.equal((await inspect(two, seen('acceptance'))).state, 'passed');
  assert.deepEqual((await owed(k, 1)).map((x) => [x.policy_code, x.amount_cents]), [['FXCY', 50_000_000]]);
  for (const token of [one, two]) await inspect(token, seen('step'));
  assert.deepEqual((await owed(k, 2)).map((x) => x.amount_cents), [50_000_000, 50_000_000], '100万 in two parts');
  const year = Number(g.NOW.slice(0, 4));
  await post(`carriers/${c.id}/checks`, as('recheck'), { year, met: false, note: '带动就业未达标' });
  await no(`carriers/${c.id}/exit`, as('approve', CITY), { reason: '不合格' }, 409, 'entrepreneurship.exit_accepted');
  for (const token of [one, two]) await inspect(token, seen('yearly', false));
  assert.equal((await post(`acceptances/${u.id}/revoke`, as('approve', CITY), { reason: '年度检查不合格' })).state, 'revoked');
  assert.deepEqual(await read(c).then((x) => [x.state, x.tier]), ['closed', null]);
  await eventually(async () => (await g.claims(k, 'notified')).length === 0, 'no longer owed');
  assert.equal(sql(`SELECT count(*) FROM entrepreneurship.message WHERE org_id = '${f.org_id}' AND kind = 'carrier'`)[0][0], '1');
  await no(`carriers/${c.id}/tenants`, k.token, { org_id: late.org_id, ...terms(g.NOW) }, 409, 'entrepreneurship.carrier_closed');
});

test('the county’s part is its own: a park of the county’s is accepted by it, an incubator by recognition alone', async () => {
  const [k, i] = await Promise.all([keeper(here), keeper(here)]);
  const [park, incubator] = [await open(k, { ...here, kind: 'return_home_park' }), await open(i, here)];
  await recognise(as, k, park);
  await recognise(as, i, incubator, 'city');
  await post('acceptance-lists', as('approve', CITY), { policy_code: 'FXCYX', items, basis: '县级验收办法' });
  const naming = { policy_code: 'FXCYX', tier: 'county', org_id: k.org_id, basis: '县人社局文件' };
  await no('acceptances', as('clerk'), { ...naming, org_id: i.org_id }, 422, 'selection.unit_unfit');
  const u = await post('acceptances', as('clerk'), naming);
  for (const role of ['first_review', 'recheck']) await post(`acceptances/${u.id}/inspections`, as(role), seen('acceptance'));
  assert.deepEqual((await owed(k, 1)).map((x) => [x.policy_code, x.amount_cents]), [['FXCYX', 50_000_000]]);
});
