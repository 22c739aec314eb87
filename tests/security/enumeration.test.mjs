// enumeration: nobody learns from us who exists -- not from words, not from a
// status, not from the time it takes.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { call, desks, request } from '../lib/client.mjs';
import { desk, person, random, someone } from '../lib/city.mjs';
import { phone } from '../lib/fake.mjs';
import { LST } from '../api/grant.mjs';
import { known } from '../api/help.mjs';

const shape = (r) => ({ status: r.status, code: r.json?.code, title: r.json?.title, names: Object.keys(r.headers)
  .filter((h) => !['date', 'content-length', 'connection', 'keep-alive'].includes(h)).sort(), members: Object.keys(r.json ?? {}).sort() });
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// Both kinds in turns, so that whatever else the machine does hits both.
async function took(n, one, other) {
  const times = [[], []];
  for (let i = 0; i < n; i++)
    for (const [k, fn] of [one, other].entries()) {
      const from = performance.now();
      await fn(i);
      times[k].push(performance.now() - from);
    }
  return times.map(median);
}
const alike = ([a, b], what) => assert.ok(a < b * 1.8 + 3 && b < a * 1.8 + 3, `${what}: ${a.toFixed(1)} ms and ${b.toFixed(1)} ms`);

const sign = (login, password) => request('POST', '/v1/identity/officer-sessions', { body: { login, password, totp: '000000' } });

test('officers: an unknown account looks and costs like a wrong password', async () => {
  const real = desks().desks.find((d) => d.login === 'city.stats');
  const a = await sign(real.login, 'not-the-password-1A'), b = await sign(`nobody.${randomUUID().slice(0, 8)}`, 'not-the-password-1A');
  assert.deepEqual(shape(a), shape(b));
  // Four tries stay under the lock; each unknown name is a new one.
  alike(await took(3, () => sign(real.login, 'not-the-password-1A'), () => sign(`nobody.${randomUUID().slice(0, 8)}`, 'not-the-password-1A')), 'sign-in');
});

test('phones: asking for a code says nothing about whose it is', async () => {
  const known = await person();
  const fresh = someone();
  const a = await request('POST', '/v1/identity/sms-codes', { body: { phone: phone(random) } });
  const b = await request('POST', '/v1/identity/sms-codes', { body: { phone: fresh.phone } });
  assert.deepEqual(shape(a), shape(b));
  const wrongKnown = await request('POST', '/v1/identity/sessions', { body: { phone: known.phone, code: '000000' } });
  const wrongUnknown = await request('POST', '/v1/identity/sessions', { body: { phone: phone(random), code: '000000' } });
  assert.deepEqual(shape(wrongKnown), shape(wrongUnknown));
  alike(await took(15, () => request('POST', '/v1/identity/sessions', { body: { phone: known.phone, code: '000000' } }),
    () => request('POST', '/v1/identity/sessions', { body: { phone: phone(random), code: '000000' } })), 'session');
});

test('clients: an unknown one looks and costs like a wrong secret', async () => {
  const post = (id, secret) => request('POST', '/oauth/token', { headers: { 'content-type': 'application/x-www-form-urlencoded' },
    raw: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }).toString() });
  const a = await post('sample-agency', 'wrong-secret'), b = await post(`nobody-${randomUUID().slice(0, 8)}`, 'wrong-secret');
  assert.deepEqual(shape(a), shape(b));
  assert.equal(a.status, 401);
  alike(await took(7, () => post('sample-agency', 'wrong-secret'), () => post(`nobody-${randomUUID().slice(0, 8)}`, 'wrong-secret')), 'client');
});

test('records: one of another county and one that is not there are the same to an officer', async () => {
  const other = await person({ area_code: LST.town });
  const made = await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: other.token, body: { reason: 'other' }, refused: true }));
  const { token } = await desk('jh.clerk');
  const end = (id) => request('POST', `/v1/jobs/unemployment-registrations/${id}/end`, { token, body: { reason: 'other' },
    headers: { 'idempotency-key': randomUUID() } });
  const a = await end(made.id), b = await end(randomUUID());
  assert.equal(a.status, 404);
  assert.deepEqual(shape(a), shape(b));
});
