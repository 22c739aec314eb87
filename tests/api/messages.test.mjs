// messages: what the services tell people and organisations, read as one list.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { firm, person } from '../lib/city.mjs';
import { isProblem, NOBODY, refused, sql, walk } from './help.mjs';

const at = "platform.act_as(at => clock_timestamp())";
const tell = (service, who, kind, title) => sql(`SELECT ${at}; SELECT ${service}.tell(${who.person
  ? `'${who.person}', NULL` : `NULL, '${who.org}'`}, '${kind}', '${title}', '正文', 'vacancy', NULL)`).at(-1)[0];

test('messages of several services are one list, newest first, each its reader’s alone', async () => {
  const [p, other, f] = [await person(), await person(), await firm()];
  const ids = [tell('jobs', { person: p.id }, 'test.one', '第一条'), tell('training', { person: p.id }, 'test.two', '第二条'),
    tell('jobs', { person: p.id }, 'test.three', '第三条')];
  const mine = await walk('/v1/messages', p.token, 2);
  assert.deepEqual(mine.map((m) => [m.id, m.service, m.title, m.read_at]), [[ids[2], 'jobs', '第三条', null],
    [ids[1], 'training', '第二条', null], [ids[0], 'jobs', '第一条', null]]);
  assert.deepEqual(await walk('/v1/messages', other.token, 20), []);
  tell('subsidies', { org: f.org_id }, 'test.org', '致单位');
  assert.deepEqual((await walk('/v1/messages', f.token, 20)).map((m) => m.title), ['致单位']);
  await refused('GET', '/v1/messages', {}, 401, 'auth.token_missing');
  await refused('GET', '/v1/messages?unread=perhaps', { token: p.token }, 422, 'request.invalid', 'unread field.type');
});

test('what was read stays read from the first time on; others cannot read it', async () => {
  const [p, other] = [await person(), await person()];
  const id = tell('jobs', { person: p.id }, 'test.one', '第一条');
  tell('training', { person: p.id }, 'test.two', '第二条');
  assert.equal((await call('GET', '/v1/messages/unread', { token: p.token })).count, 2);
  const first = await call('POST', `/v1/messages/jobs/${id}/read`, { token: p.token });
  const again = await call('POST', `/v1/messages/jobs/${id}/read`, { token: p.token });
  assert.equal(again.read_at, first.read_at);
  assert.deepEqual((await call('GET', '/v1/messages?unread=true', { token: p.token })).items.map((m) => m.title), ['第二条']);
  for (const [token, service, what] of [[other.token, 'jobs', id], [p.token, 'training', id], [p.token, 'jobs', NOBODY], [p.token, 'nowhere', id]])
    await refused('POST', `/v1/messages/${service}/${what}/read`, { token }, 404, 'request.not_found');
  assert.deepEqual(await call('POST', '/v1/messages/read', { token: p.token }), { count: 1 });
  assert.deepEqual(await call('GET', '/v1/messages/unread', { token: p.token }), { count: 0 });
  isProblem(await call('POST', '/v1/messages/read', { refused: true }), 401, 'auth.token_missing');
  isProblem(await call('GET', '/v1/messages/unread', { refused: true }), 401, 'auth.token_missing');
});
