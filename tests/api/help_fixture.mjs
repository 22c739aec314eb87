// help_fixture.mjs -- what the tests of help cases, rosters and arrears share.
import { createHash, randomUUID } from 'node:crypto';
import { call } from '../lib/client.mjs';
import { desk, person } from '../lib/city.mjs';
import { known, minter, today } from './help.mjs';

export const CASES = '/v1/jobs/help-cases';
export const clerk = (await desk('jh.clerk')).token;
export const now = await today();
export const post = (path, body, token = clerk) => call('POST', path, { token, body });
export const get = (path, token = clerk) => call('GET', path, { token });
export const mint = minter((await person()).token);
export const city = mint({ roles: ['approve@431100'] });
export const lst = mint({ roles: ['clerk@431103'] });
export const audit = mint({ roles: ['audit@431100'] });

// A person whose registration has opened a case.
export async function helped(over) {
  const p = await person(over);
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token,
    body: { reason: 'resigned' }, refused: true }));
  const [c] = (await call('GET', '/v1/jobs/my/help-cases', { token: p.token })).items;
  return { ...p, case: c };
}

export const contact = (over = {}) => ({ kind: 'guidance', contacted_on: now, channel: 'phone', outcome: 'served', ...over });
export const set = (values) => post('/v1/jobs/help-settings', values, city);
export const file = (path, rows, token = clerk) => call('POST', path, { token, raw: rows.join('\n') + '\n',
  headers: { 'content-type': 'text/csv', 'idempotency-key': randomUUID() } });
export const digest = (text) => createHash('sha256').update(text).digest('hex');
