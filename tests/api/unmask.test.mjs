// unmask: plain values for a reason, seen by those who may, and told to the person.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, person, someone } from '../lib/city.mjs';
import { isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const WHY = { reason_code: 'case_review', reason: '核对失业登记材料' };
const path = (p) => `/v1/identity/persons/${p.id}/unmask`;
const ask = (p, token, body, whole = false) => call('POST', path(p), { token, body: { ...WHY, ...body }, whole });
const list = (url, token) => call('GET', `${url}${url.includes('?') ? '&' : '?'}limit=200`, { token }).then((r) => r.items);
const mint = minter((await person()).token);
const officer = (role, sub = randomUUID(), area = '431129') => mint({ roles: [`${role}@${area}`], sub });

test('plain values are shown for a reason, kept nowhere, and the person reads who saw them', async () => {
  const p = await person();
  const first = await desk('jh.first');
  const r = await ask(p, first.token, { fields: ['id_number', 'phone', 'name'], case_no: 'YZ2025-0001' }, true);
  assert.deepEqual(r.json, { person_id: p.id, id_number: p.id_number, name: p.name, phone: p.phone });
  assert.equal(r.headers['cache-control'], 'no-store');
  assert.deepEqual(sql(`SELECT count(*) FROM identity.idempotency WHERE response LIKE '%${p.id_number}%'`), [['0']]);
  const one = await ask(p, first.token, { fields: ['phone'] });
  assert.deepEqual(Object.keys(one).sort(), ['person_id', 'phone']);
  const seen = await list('/v1/identity/me/unmaskings', p.token);
  assert.equal(seen.length, 2);
  assert.deepEqual([seen[1].fields, seen[1].reason, seen[1].case_no, seen[1].kind, seen[1].county_code],
    [['id_number', 'name', 'phone'], WHY.reason, 'YZ2025-0001', 'unmask', '431129']);
  assert.ok(seen[0].officer.length > 0);
  assert.ok((await list(`/v1/identity/unmaskings?officer_id=${first.id}`, (await desk('city.audit')).token))
    .some((u) => u.person_id === p.id));
  await refused('GET', '/v1/identity/unmaskings', { token: first.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/identity/me/unmaskings', { token: first.token }, 403, 'auth.forbidden');
});

test('no reason, no such person, another county, too small a role: refused without a trace', async () => {
  const p = await person();
  const first = await desk('jh.first');
  const bad = (body, ...fields) => refused('POST', path(p), { token: first.token, body }, 422, ...fields);
  await bad({ fields: ['name'], reason_code: 'case_review' }, 'request.invalid', '/reason field.missing');
  await bad({ fields: ['name'], ...WHY, reason: '看一下' }, 'request.invalid', '/reason field.too_short');
  await bad({ fields: ['name'], ...WHY, reason_code: 'curiosity' }, 'request.invalid', '/reason_code field.choice');
  for (const fields of [[], ['name', 'name'], ['wages'], 'name', [1], {}])
    await bad({ fields, ...WHY }, 'request.invalid', '/fields field.choice');
  const body = { fields: ['name'], ...WHY };
  await refused('POST', path({ id: NOBODY }), { token: first.token, body }, 404, 'request.not_found');
  await refused('POST', path(p), { token: (await desk('lst.first')).token, body }, 404, 'request.not_found');
  await refused('POST', path(p), { token: (await desk('jh.clerk')).token, body }, 403, 'auth.forbidden');
  await refused('POST', path(p), { token: p.token, body }, 403, 'auth.forbidden');
  await refused('POST', path(p), { token: (await desk('jh.finance')).token, body: { ...body, fields: ['name', 'id_number'] } },
    403, 'auth.forbidden', '/fields auth.forbidden');
  assert.deepEqual(sql(`SELECT count(*) FROM identity.unmasking WHERE person_id = '${p.id}'`), [['0']]);
  assert.deepEqual(await ask(p, (await desk('jh.finance')).token, { fields: ['name'], reason_code: 'payment_check' }),
    { person_id: p.id, name: p.name });
});

test('a look-up by full number stays in the area and is kept, found or not', async () => {
  const p = await person(), away = await person({ area_code: '431103001' });
  const token = officer('clerk');
  const find = (by, value) => call('POST', '/v1/identity/persons/search', { token, body: { by, value, ...WHY } });
  for (const [by, value] of [['id_number', p.id_number], ['phone', p.phone]]) {
    const { items } = await find(by, value);
    assert.deepEqual(items.map((i) => i.person_id), [p.id], by);
    assert.ok(!JSON.stringify(items).includes(value));
  }
  assert.deepEqual((await find('id_number', away.id_number)).items, []);
  assert.deepEqual((await find('phone', someone().phone)).items, []);
  const seen = await list('/v1/identity/me/unmaskings', p.token);
  assert.deepEqual(seen.map((u) => `${u.kind} ${u.fields}`), ['search phone', 'search id_number']);
  assert.deepEqual(await list('/v1/identity/me/unmaskings', away.token), []);
  const post = (body, ...rest) => refused('POST', '/v1/identity/persons/search', { token, body }, ...rest);
  await post({ by: 'id_number', value: p.id_number.slice(0, 17), ...WHY }, 422, 'request.invalid', '/value field.id_number');
  await post({ by: 'phone', value: p.phone.slice(0, 10), ...WHY }, 422, 'request.invalid', '/value field.phone');
  await post({ by: 'name', value: p.name.padEnd(6, '某'), ...WHY }, 422, 'request.invalid', '/by field.choice');
  await post({ by: 'phone', value: p.phone, reason_code: 'contact' }, 422, 'request.invalid', '/reason field.missing');
  await refused('POST', '/v1/identity/persons/search', { token: (await desk('jh.finance')).token,
    body: { by: 'phone', value: p.phone, ...WHY } }, 403, 'auth.forbidden');
});

test('one who looks too often is reported, and then stopped for the day', async () => {
  const p = await person(), sub = randomUUID(), token = officer('recheck', sub);
  const body = { fields: ['name'], ...WHY };
  const cap = 50, alert = 20;	// settings' defaults
  const replies = [];
  for (let i = 0; i < cap; i += 10)
    replies.push(...await Promise.all(Array.from({ length: 10 }, () => request('POST', path(p), { token, body }))));
  assert.deepEqual([...new Set(replies.map((r) => r.status))], [200]);
  isProblem(await request('POST', path(p), { token, body }), 429, 'identity.unmask_cap');
  assert.deepEqual(sql(`SELECT count(*) FROM identity.unmasking WHERE officer_id = '${sub}'`), [[String(cap)]]);
  const alerts = await list('/v1/identity/security-alerts', (await desk('city.audit')).token);
  assert.deepEqual(alerts.filter((a) => a.officer_id === sub).map((a) => [a.kind, a.times, a.county_code]),
    [['unmask_often', alert, '431129']]);
  await eventually(() => sql(`SELECT count(*) FROM identity.event_log WHERE type = 'identity.alert.raised.v1' AND key = '${sub}'`)[0][0] === '1',
    'one event');
  await refused('GET', '/v1/identity/security-alerts', { token }, 403, 'auth.forbidden');
  assert.equal((await request('POST', path(p), { token: officer('recheck'), body })).status, 200, 'others go on');
});

test('every other reply about people is masked', async () => {
  const p = await person({ name: '尉迟不示' });	// firms are named after people, none so
  const clerk = await desk('jh.clerk');
  for (const [url, token] of [['/v1/identity/persons?limit=200', clerk.token], ['/v1/identity/me', p.token],
    ['/v1/identity/me/consents', p.token], ['/v1/jobs/employments?limit=200', clerk.token],
    ['/v1/jobs/unemployment-registrations?limit=200', clerk.token]]) {
    const { text } = await call('GET', url, { token, whole: true });
    for (const plain of [p.id_number, p.phone, p.name]) assert.ok(!text.includes(plain), `${url} shows ${plain}`);
    assert.doesNotMatch(text, /(?<!\d)[1-9]\d{16}[\dX](?!\d)/, url);
  }
  assert.ok((await walk('/v1/identity/unmaskings', (await desk('city.audit')).token, 50)).length > 0);
});
