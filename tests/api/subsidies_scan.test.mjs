// scans: a made-up city, scanned, against its conditions written by hand as one
// query; then a fact a person, judged as it comes, to the same result.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually } from '../lib/city.mjs';
import { city, DAY, KGBZ_BY_HAND } from '../bench/subsidies_city.mjs';
import * as g from './grant.mjs';
import { sql } from './help.mjs';
import { idle } from './judging_help.mjs';

const OURS = 'length(id_index) = 32';	// of nobody who registered
const byHand = () => Number(sql(`${KGBZ_BY_HAND} AND ${OURS}`)[0][0]);
const decided = () => Number(sql(`SELECT count(*) FROM subsidies.decision d JOIN subsidies.person p ON p.id = d.person_id
  WHERE d.policy_code = 'KGBZ' AND d.verdict = 'eligible' AND d.superseded_at IS NULL AND ${OURS}`)[0][0]);

test('everybody is judged as a query written by hand would, by scan and by event', async () => {
  await g.at(DAY);
  for (const text of city(1500)) sql(text);
  const token = (await desk('city.clerk')).token;
  let s = await call('POST', '/v1/subsidies/scans', { token, body: {}, patience_ms: 60000 });
  s = await eventually(async () => {
    const r = await g.get(`scans/${s.id}`, token);
    return r.state === 'done' && r;
  }, 'the scan is done', 60000);
  await idle();
  assert.equal(s.people, s.people_total);
  assert.ok(byHand() > 0);
  assert.equal(decided(), byHand());
  // Without their contributions nobody is eligible; with them again, the same are.
  const told = (change) => sql(`SELECT platform.act_as(at => '${DAY}T04:00:00Z'); ${change};
    SELECT subsidies.due_person(ARRAY(SELECT id FROM subsidies.person WHERE ${OURS}))`);
  const before = decided();
  told(`CREATE TABLE subsidies.kept AS SELECT * FROM subsidies.insured WHERE ${OURS}; DELETE FROM subsidies.insured WHERE ${OURS}`);
  await eventually(() => decided() === 0, 'nobody is eligible', 60000);
  told('INSERT INTO subsidies.insured SELECT * FROM subsidies.kept; DROP TABLE subsidies.kept');
  await eventually(() => decided() === before, 'the same are eligible again', 60000);
  await idle();
  await g.at(g.NOW);
});
