// consent: what people agree to, purpose by purpose and recipient by recipient.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, pages } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { eachMistake, NOBODY, refused, sql, walk } from './help.mjs';

const ME = '/v1/identity/me/consents';
async function state(p, purpose, org_id = null) {
  const all = [];
  for await (const c of pages(`${ME}?limit=3`, { token: p.token })) all.push(c);
  assert.equal(new Set(all.map((c) => `${c.purpose} ${c.org_id}`)).size, all.length, 'no line twice');
  return all.find((c) => c.purpose === purpose && c.org_id === org_id);
}
const give = (p, body, over) => call('POST', ME, { token: p.token, body: { text_version: 1, ...body }, ...over });
const withdraw = (p, body, over) => call('POST', `${ME}/withdraw`, { token: p.token, body, ...over });
const told = (p, purpose) => sql(`SELECT payload ->> 'given', coalesce(payload ->> 'org_id', '') FROM identity.event_log
  WHERE type = 'identity.consent.changed.v1' AND key = '${p.id}' AND payload ->> 'purpose' = '${purpose}' ORDER BY seq`);

test('purposes are public, with their ground and their text', async () => {
  const all = await walk('/v1/identity/consent-purposes', undefined, 2);
  assert.ok(all.length >= 6);
  for (const p of all) {
    assert.equal(p.revocable, p.basis === 'consent', p.code);
    assert.ok(p.text.length > 10 && p.legal_basis.length > 5 && p.text_version >= 1, p.code);
    assert.ok(!(p.sensitive && p.default_given), `${p.code}: sensitive data are never on from the start`);
  }
  await refused('GET', '/v1/identity/consent-purposes?limit=0', {}, 422, 'request.invalid', 'limit field.too_small');
});

test('registration keeps which notice was shown', async () => {
  const p = await person();
  const [[purpose, version, channel, given]] = sql(`SELECT purpose, text_version, channel, given FROM identity.consent WHERE person_id = '${p.id}'`);
  assert.deepEqual([purpose, version, channel, given], ['registration', '1', 'app', 't']);
});

test('consent is given to one recipient and withdrawn at once; every step stays', async () => {
  const p = await person(), agency = await firm({ kind: 'agency' }), other = await firm({ kind: 'agency' });
  const seen = async (f) => (await walk('/v1/identity/consents', f.token, 50)).map((c) => c.person_id);
  const made = await give(p, { purpose: 'agency_resume', org_id: agency.org_id });
  assert.deepEqual([made.given, made.channel, made.org_id], [true, 'app', agency.org_id]);
  const now = await state(p, 'agency_resume', agency.org_id);
  assert.deepEqual([now.given, now.org_name, now.text_version], [true, agency.org.name, 1]);
  assert.deepEqual(await seen(agency), [p.id]);
  assert.deepEqual(await seen(other), []);
  assert.equal((await withdraw(p, { purpose: 'agency_resume', org_id: agency.org_id })).given, false);
  assert.equal((await state(p, 'agency_resume', agency.org_id)).given, false);
  assert.deepEqual(await seen(agency), []);
  await give(p, { purpose: 'agency_resume', org_id: agency.org_id });
  const history = (await call('GET', `${ME}/history?limit=200`, { token: p.token })).items
    .filter((c) => c.purpose === 'agency_resume');
  assert.deepEqual(history.map((c) => c.given), [true, false, true]);
  await eventually(() => told(p, 'agency_resume').length === 3, 'three events');
  assert.deepEqual(told(p, 'agency_resume'), [['true', agency.org_id], ['false', agency.org_id], ['true', agency.org_id]]);
  for (const user of ['identity_app', 'identity_system'])
    assert.throws(() => sql(`SELECT platform.act_as(); UPDATE identity.consent SET given = true`, user), /denied/, user);
});

test('automated matching is on until the person turns it off', async () => {
  const p = await person();
  assert.equal((await state(p, 'auto_match')).given, true);
  await withdraw(p, { purpose: 'auto_match' });
  assert.equal((await state(p, 'auto_match')).given, false);
  await refused('POST', `${ME}/withdraw`, { token: p.token, body: { purpose: 'auto_match' } }, 409, 'identity.consent_none');
  await give(p, { purpose: 'auto_match' });
  assert.equal((await state(p, 'auto_match')).given, true);
});

test('what the law orders cannot be withdrawn, and the answer says why', async () => {
  const p = await person();
  assert.equal((await state(p, 'public_service')).given, true);
  const r = await refused('POST', `${ME}/withdraw`, { token: p.token, body: { purpose: 'public_service' } }, 409,
    'identity.consent_statutory');
  assert.match(r.json.title, /法定职责/);
  assert.equal((await state(p, 'public_service')).given, true);
});

test('a decision that is not one is refused and leaves no row', async () => {
  const p = await person(), agency = await firm({ kind: 'agency' });
  const rows = () => sql(`SELECT count(*) FROM identity.consent WHERE person_id = '${p.id}'`)[0][0];
  const before = rows();
  await refused('POST', ME, { token: p.token, body: { purpose: 'no_such', text_version: 1 } }, 422, 'identity.consent_purpose',
    '/purpose identity.consent_purpose');
  await refused('POST', ME, { token: p.token, body: { purpose: 'agency_resume', text_version: 1 } }, 422, 'identity.consent_org',
    '/org_id identity.consent_org');
  await refused('POST', ME, { token: p.token, body: { purpose: 'sms_news', text_version: 1, org_id: agency.org_id } }, 422,
    'identity.consent_org', '/org_id identity.consent_org');
  await refused('POST', ME, { token: p.token, body: { purpose: 'sms_news', text_version: 2 } }, 409, 'identity.consent_text',
    '/text_version identity.consent_text');
  await refused('POST', ME, { token: p.token, body: { purpose: 'agency_resume', text_version: 1, org_id: NOBODY } }, 409,
    'state.reference');
  await refused('POST', `${ME}/withdraw`, { token: p.token, body: { purpose: 'agency_resume', org_id: agency.org_id } }, 409,
    'identity.consent_none');
  await eachMistake('POST', ME, p.token, { purpose: 'sms_news', text_version: 1 }, [
    [{ purpose: undefined }, '/purpose field.missing'], [{ text_version: undefined }, '/text_version field.missing'],
    [{ given: true }, '/given field.unknown']]);
  assert.equal(rows(), before);
  await refused('GET', ME, { token: (await desk('jh.clerk')).token }, 403, 'auth.forbidden');
  await refused('GET', `${ME}/history`, {}, 401, 'auth.token_missing');
  await refused('GET', '/v1/identity/consents', { token: p.token }, 403, 'auth.forbidden');
});
