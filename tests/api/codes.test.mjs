// codes: the public lists that forms choose from, level by level or by name.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { isProblem, refused } from './help.mjs';

async function all(path, limit = 200) {
  const items = [];
  for (let cursor = ''; ;) {
    const page = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
    items.push(...page.items);
    if (!page.next_cursor) return items;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

const sets = await all('/v1/codes', 3);

test('every list is named once, and holds as many codes as it says', async () => {
  assert.ok(sets.length > 5, `${sets.length} lists`);
  assert.equal(new Set(sets.map((s) => s.code)).size, sets.length);
  for (const s of sets) {
    const codes = await all(`/v1/codes/${s.code}`);
    assert.equal(codes.length, s.count, s.code);
    assert.equal(new Set(codes.map((c) => c.code)).size, s.count, `${s.code}: no code twice`);
    const known = new Set(codes.map((c) => c.code));
    for (const c of codes) assert.ok(c.parent_code == null || known.has(c.parent_code), `${s.code}/${c.code}`);
  }
});

test('a tree is walked from its roots, and a code says where it stands', async () => {
  for (const s of sets.filter((x) => x.standard)) {
    const [root] = await all(`/v1/codes/${s.code}?level=1`);
    const children = await all(`/v1/codes/${s.code}?parent=${encodeURIComponent(root.code)}`);
    for (const c of children.slice(0, 3)) {
      assert.equal(c.parent_code, root.code);
      const one = await call('GET', `/v1/codes/${s.code}/${encodeURIComponent(c.code)}`);
      assert.deepEqual([one.name, one.ancestors.at(-1).code, one.ancestors.length], [c.name, root.code, c.level - 1]);
    }
  }
});

test('what a form accepts is in the lists: found by name, with an age in the cache', async () => {
  const occupations = sets.find((s) => /职业/.test(s.title)).code;
  const reply = await call('GET', `/v1/codes/${occupations}?q=${encodeURIComponent('电机制造工')}`, { whole: true });
  assert.ok(reply.json.items.some((c) => c.code === '6-24-01-00'));
  assert.match(reply.headers['cache-control'], /max-age/);
});

test('odd questions are refused', async () => {
  const { code } = sets[0];
  for (const [path, field] of [['/v1/codes?limit=0', 'limit field.too_small'], [`/v1/codes/${code}?level=9`,
    'level field.too_large'],
    [`/v1/codes/${code}?parent=none`, 'parent field.choice'], [`/v1/codes/${code}?q=`, 'q field.too_short'],
    ['/v1/codes?cursor=x', 'cursor field.cursor'], [`/v1/codes/${code}?colour=red`, 'colour field.unknown']])
    await refused('GET', path, {}, 422, 'request.invalid', field);
  for (const path of ['/v1/codes/nothing', '/v1/codes/nothing/1', `/v1/codes/${code}/nothing`])
    await refused('GET', path, {}, 404, 'request.not_found');
  isProblem(await request('POST', '/v1/codes', { body: {}, quiet: true }), 405, 'request.method');
});
