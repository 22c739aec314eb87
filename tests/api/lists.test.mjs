// lists: what all of them refuse alike, asked of those whose own tests do not.
import test from 'node:test';
import '../lib/contract.mjs';
import { desk, firm, person } from '../lib/city.mjs';
import { minter, NOBODY, refused } from './help.mjs';

test('a page of no rows is refused by every list', async () => {
  const [school, carrier, who] = await Promise.all([firm({ kind: 'institution' }), firm({ kind: 'carrier' }), person()]);
  const officer = minter((await desk('jh.first')).token)({ roles: ['first_review@431129'] });
  const lists = [['training/exams', officer], ['training/my/exams', who.token], ['training/assessing-rights'],
    ['training/assessing-applications', officer], [`training/exams/${NOBODY}/sittings`, officer],
    ['training/shortage-lists', officer], ['training/shortages'], ['entrepreneurship/admissions', carrier.token],
    ...['versions', 'checks', 'photos', 'relief-sums'].map((x) => [`entrepreneurship/carriers/${NOBODY}/${x}`, officer])];
  for (const [path, token] of lists)
    await refused('GET', `/v1/${path}?limit=0`, { token }, 422, 'request.invalid', 'limit field.too_small');
  for (const path of ['training/exams', 'training/assessing-rights'])
    await refused('GET', `/v1/${path}?cursor=none`, { token: school.token }, 422, 'request.invalid', 'cursor field.cursor');
});
