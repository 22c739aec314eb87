// help_fixture.mjs -- what the tests of help cases, rosters and arrears share.
import assert from 'node:assert/strict';
import { call } from '../lib/client.mjs';
import { desk, person } from '../lib/city.mjs';
import { dayPlus, known, minter, refused, today } from './help.mjs';

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
export const file = (kind, rows, token = clerk) => call('POST', `/v1/jobs/rosters/${kind}/imports`, { token, raw: `${rows.join('\n')}\n` });
export const GRADUATES = 'id_number,name,school,major,education_code,graduated_on,area_code';
export const POVERTY = 'id_number,name,household_no,kind,area_code';

// A code of a field is found in the list of mistakes.
export async function no(path, body, status, code, token = clerk, ...fields) {
  const inField = code.startsWith('field.');
  const r = await refused('POST', path, { token, body }, status, inField ? 'request.invalid' : code, ...fields);
  if (inField) assert.deepEqual(r.json.errors.map((e) => e.code), [code]);
}
export async function moved(days, fn) {
  const token = (await desk('city.system')).token;
  const clock = await call('GET', '/v1/identity/sandbox/clock');
  const move = (to_at) => call('POST', '/v1/identity/sandbox/clock', { token, key: null, body: { to_at } });
  await move(`${dayPlus(now, days)}T04:00:00Z`);
  try { await fn(dayPlus(now, days)); } finally { await move(clock.now); }
}
