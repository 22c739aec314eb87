// interleave: reads of two counties, of people and of nobody, through the same
// few database connections at the same moment. A row of one in the page of
// another would mean that a scope outlived its request.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, firm, person, random } from '../lib/city.mjs';
import { known, metrics, ports, today } from './help.mjs';

const now = await today();
const AREAS = { jh: ['431129', '431129100'], lst: ['431103', '431103001'] };
const LISTS = ['/v1/identity/persons', '/v1/identity/orgs', '/v1/jobs/employments', '/v1/jobs/unemployment-registrations',
  '/v1/training/enrolments', '/v1/entrepreneurship/tenants', '/v1/monitoring/board', '/v1/subsidies/decisions',
    '/v1/subsidies/claims'];

// Each county: an officer, a firm with one employee, and what they may see.
const sides = await Promise.all(Object.entries(AREAS).map(async ([login, [county, town]]) => {
  const [officer, f, p] = await Promise.all([desk(`${login}.first`), firm({ area_code: town }), person({ area_code: town })]);
  await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: p.id,
    occupation_code: '6-24-01-00', hired_on: now, contract_type: 'task', wage_cents: 1 } }));
  return { county, officer, f, p };
}));

function values(json, word, out = []) {
  if (Array.isArray(json)) for (const x of json) values(x, word, out);
  else if (json && typeof json === 'object')
    for (const [k, v] of Object.entries(json)) { if (k === word && v !== null) out.push(v); values(v, word, out); }
  return out;
}

const seen = { officer: 0, person: 0, firm: 0, nobody: 0 };

function one(base) {
  const side = sides[random.int(2)];
  const list = LISTS[random.int(LISTS.length)];
  switch (random.int(5)) {
  case 0:
    return { base: base && ports.jobs, path: '/v1/jobs/my/employments', token: side.p.token, judge(r) {
      assert.deepEqual(r.json.items.map((e) => e.person_id), [side.p.id]);
      seen.person++;
    } };
  case 1:
    return { base: base && ports.jobs, path: '/v1/jobs/org/employments', token: side.f.token, judge(r) {
      assert.deepEqual(r.json.items.map((e) => e.org_id), [side.f.org_id]);
      seen.firm++;
    } };
  case 2:
    return { base: base && ports.jobs, path: '/v1/jobs/vacancies?limit=5',
      judge(r) { assert.equal(r.status, 200); seen.nobody++; } };
  default:
    return { base: base && ports[list.split('/')[2]], path: `${list}${list.endsWith('board') ? '' : '?limit=100'}`,
      token: side.officer.token, judge(r) {
      assert.equal(r.status, 200, r.text);
      const counties = values(r.json, 'county_code');
      for (const c of counties) assert.equal(c, side.county, `${list} of ${side.county}`);
      seen.officer += counties.length;
    } };
  }
}

// Some at every moment is a change, so that transactions come between the reads.
async function change(i) {
  const side = sides[i % 2];
  const r = await request('POST', `/v1/jobs/employments/${side.p.id}/end`, { token: side.f.token,
    body: { ended_on: now, reason: 'other' } });
  assert.equal(r.status, 404);
  if (i % 3 === 0) await request('GET', '/v1/jobs/employments?limit=x', { token: side.officer.token });
}

for (const [where, direct, total] of [['at the door', false, 1500], ['at the services', true, 1500]])
  test(`${total} reads, 24 at a time, ${where}`, async () => {
    let left = total;
    await Promise.all(Array.from({ length: 24 }, async () => {
      while (left-- > 0) {
        const q = one(direct);
        const r = await request('GET', q.path, { token: q.token,
          base: q.base ? `http://127.0.0.1:${q.base}` : undefined, quiet: direct });
        q.judge(r);
        if (left % 10 === 0) await change(left);
      }
    }));
    for (const [who, n] of Object.entries(seen)) assert.ok(n > 50, `${who}: ${n} rows`);
  });

test('all those reads went through one connection a service', async () => {
  for (const service of ['identity', 'jobs', 'monitoring'])
    assert.equal((await metrics(service))['yjy_db_connections{lane="read"}'], 1, service);
});
