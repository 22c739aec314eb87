// occupation_titles: the code that a title means, suggested to whoever types it.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { refused } from './help.mjs';

const ask = (title, more = '') => call('GET', `/v1/jobs/occupation-suggestions?title=${encodeURIComponent(title)}${more}`);

test('an occupation’s own name comes first, whatever is written around it', async () => {
  for (const [title, code] of [['焊工', '6-18-02-04'], ['急聘焊工（包吃住）', '6-18-02-04'], ['电工', '6-31-01-03'],
    ['保育师', '4-10-01-03'], ['养老护理员', '4-10-01-05']]) {
    const { items } = await ask(title);
    assert.equal(items[0].code, code, `${title}: ${JSON.stringify(items.slice(0, 3))}`);
    assert.ok(items.every((x, i) => i === 0 || x.score <= items[i - 1].score));
    assert.equal(new Set(items.map((x) => x.code)).size, items.length);
  }
});

test('as many as asked for; nothing is suggested for what says nothing', async () => {
  assert.equal((await ask('会计', '&limit=3')).items.length, 3);
  assert.deepEqual((await ask('龘靐')).items, []);
  assert.equal((await ask('（）')).items.length, 0);
});

test('a question is bounded', async () => {
  await refused('GET', '/v1/jobs/occupation-suggestions', {}, 422, 'request.invalid', 'title field.missing');
  await refused('GET', `/v1/jobs/occupation-suggestions?title=${'a'.repeat(61)}`, {}, 422, 'request.invalid', 'title field.too_long');
  await refused('GET', '/v1/jobs/occupation-suggestions?title=a&limit=21', {}, 422, 'request.invalid', 'limit field.too_large');
});
