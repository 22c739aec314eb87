// What the lists of subsidies refuse: questions nobody understands, and readers
// whose work they are not.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, person } from '../lib/city.mjs';
import { minter, NOBODY, refused } from './help.mjs';

const mint = minter((await person()).token);
const stranger = mint({ roles: ['security_admin@431100'] });

test('lists are for those whose work they are', async () => {
  for (const path of ['amendments', 'brokers', 'candidates/totals', 'calls', 'claimable', 'bank-statements', 'recovery-figures',
    'recovery-appeals', 'topups'])
    await refused('GET', `/v1/subsidies/${path}`, { token: stranger }, 403, 'auth.forbidden');
  const p = await person();
  await refused('GET', '/v1/subsidies/recovery-rules', { token: p.token }, 403, 'auth.forbidden');
});

test('public lists refuse what they do not understand', async () => {
  for (const path of ['public-calls', 'clocks'])
    await refused('GET', `/v1/subsidies/${path}?colour=red`, {}, 422, 'request.invalid', 'colour field.unknown');
  assert.ok(Array.isArray((await call('GET', '/v1/subsidies/clocks')).items));
});

test('an offset that is not there is not released', async () => {
  await refused('POST', `/v1/subsidies/recovery-offsets/${NOBODY}/release`, { token: (await desk('jh.approve')).token },
    422, 'request.invalid', '/note field.missing');
  await refused('POST', `/v1/subsidies/recovery-offsets/${NOBODY}/release`, { token: (await desk('jh.approve')).token,
    body: { note: '无此抵扣' } }, 404, 'request.not_found');
});
