// codes_words: the whole city reached from the top, and every word of every
// interface with its label.
import assert from 'node:assert/strict';
import test from 'node:test';
import { doc } from '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { refused, sql, walk } from './help.mjs';

const list = (path, limit = 200) => walk(`/v1/codes${path}`, undefined, limit);

test('the whole city is reached from the top: 14 counties, 195 towns, 3,331 villages', async () => {
  const [city, ...more] = await list('/areas?level=1');
  assert.deepEqual([city, more], [{ code: '431100', name: '永州市', parent_code: null, level: 1 }, []]);
  const below = async (parents, limit) => {
    const all = [];
    for (const p of parents) {
      const items = await list(`/areas?parent=${p.code}`, limit);
      assert.ok(items.length > 0 && items.every((i) => i.parent_code === p.code && i.level === p.level + 1), p.name);
      all.push(...items);
    }
    assert.equal(new Set(all.map((i) => i.code)).size, all.length);
    return all;
  };
  const counties = await below([city], 5);
  const towns = await below(counties, 7);
  const villages = await below(towns, 200);
  assert.deepEqual([counties.length, towns.length, villages.length], [14, 195, 3331]);
  const of = (zone) => towns.filter((t) => t.parent_code === zone).map((t) => t.code);
  assert.deepEqual(of('431172'), ['431181120', '431181201', '431181202', '431181203']);
  assert.deepEqual([of('431171'), of('431173')], [['431171001'], ['431173100']]);
});

test('every filter and every page is checked', async () => {
  for (const [query, field] of [['parent=999999', 'parent field.choice'], ['parent=', 'parent field.too_short'],
    ['q=', 'q field.too_short'], ['level=0', 'level field.too_small'], ['limit=201', 'limit field.too_large'],
    ['cursor=x', 'cursor field.cursor'], ['offset=1', 'offset field.unknown']])
    await refused('GET', `/v1/codes/areas?${query}`, {}, 422, 'request.invalid', field);
  await refused('GET', '/v1/codes/roles?parent=nobody', {}, 422, 'request.invalid', 'parent field.choice');
  const page = await call('GET', '/v1/codes/areas?limit=1');
  await refused('GET', `/v1/codes?cursor=${page.next_cursor}`, {}, 422, 'request.invalid', 'cursor field.cursor');
  assert.deepEqual(await list('/areas?q=%25'), []);
});

test('anybody may keep a list for a while, but not a refusal', async () => {
  for (const path of ['/v1/codes', '/v1/codes/gender', '/v1/codes/gender/1'])
    assert.match((await call('GET', path, { whole: true })).headers['cache-control'], /^public, max-age=\d+$/);
  assert.equal((await call('GET', '/v1/codes/zodiac', { refused: true })).headers['cache-control'], 'no-store');
});

// ---- every word has its label -------------------------------------------------

const words = {};
for (const s of (await list('', 7)).filter((x) => x.standard === null))
  words[s.code] = (await list(`/${s.code}`, 3)).map((i) => i.code);
const labelled = (values) => Object.values(words).some((w) => values.every((v) => w.includes(v)));

test('words stand in the order of their work, not of the alphabet', () => {
  assert.deepEqual(words.vacancy_states, ['draft', 'checking', 'returned', 'open', 'paused',
    'filled', 'closed', 'expired', 'merged']);
});

test('every choice in the published document has a label', () => {
  const missing = [];
  let seen = 0;
  const look = (node, at) => {
    if (node === null || typeof node !== 'object') return;
    const choices = (node.enum ?? []).filter((v) => v !== null).map(String);
    seen += choices.length > 0;
    if (choices.length > 0 && !/grant_type/.test(at) && !labelled(choices)) missing.push(`${at}: ${choices}`);
    for (const [k, v] of Object.entries(node)) look(v, `${at}/${node.name ?? k}`);
  };
  look(doc, '');
  assert.deepEqual(missing, []);
  assert.ok(seen >= 20, `${seen} choices read`);
});

// Of the machinery, never on the wire.
const INSIDE = ['session_kind_check', 'authorization_code_kind_check'];

test('every word a table admits has a label', () => {
  const rows = sql(`SELECT n.nspname, c.conname, regexp_replace(pg_get_constraintdef(c.oid), '\\s+', ' ', 'g')
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.contype = 'c' AND n.nspname IN
    ('identity', 'jobs', 'training', 'entrepreneurship', 'subsidies', 'monitoring')`);
  let seen = 0;
  for (const [schema, name, text] of rows) {
    if (INSIDE.includes(name)) continue;
    for (const m of text.matchAll(/= ANY \(\(?ARRAY\[([^\]]+)\]/g)) {
      const values = [...m[1].matchAll(/'([^']+)'::/g)].map((v) => v[1]);
      if (values.length === 0) continue;
      seen++;
      assert.ok(labelled(values), `${schema} ${name}: ${values}`);
    }
  }
  assert.ok(seen >= 20, `${seen} constraints read`);
});
