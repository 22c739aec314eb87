// After all other tests of the run: what monitoring shows is what the logs say.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ctl } from '../lib/ctl.mjs';
import { caughtUp } from '../lib/figures.mjs';
import { sql } from './help.mjs';

test('counted again from the logs of all services, every cell and every row is the same', async () => {
  await caughtUp();
  const r = ctl('figures', 'check');
  assert.equal(r.code, 0, r.out);
  assert.match(r.out, /^figures: \d+ events of \d services .* identical$/m);
});

test('a cell that somebody touched is found and named', async () => {
  const [[area, tag, month]] = sql(`UPDATE monitoring.cell SET n = n + 1 WHERE (measure, area_code, tag, month) =
    (SELECT measure, area_code, tag, month FROM monitoring.cell WHERE measure = 4 AND n > 0 ORDER BY 1, 2, 3, 4 LIMIT 1)
    RETURNING area_code, tag, to_char(month, 'YYYY-MM')`);
  const r = ctl('figures', 'check');
  sql(`UPDATE monitoring.cell SET n = n - 1 WHERE measure = 4 AND area_code = '${area}' AND tag = '${tag}' AND month = '${month}-01'`);
  assert.equal(r.code, 1, r.out);
  assert.match(r.out, /^employed: shown/m);
  assert.match(r.out, new RegExp(`^  ${[area, tag, month].filter(Boolean).join(' ')}`, 'm'));
});

test('made anew in place, they are the same again, and events go on being counted', async () => {
  const before = sql('SELECT measure, area_code, tag, month, n FROM monitoring.cell WHERE n <> 0 ORDER BY 1, 2, 3, 4');
  assert.equal(ctl('figures', 'rebuild').code, 0);
  await caughtUp();
  assert.deepEqual(sql('SELECT measure, area_code, tag, month, n FROM monitoring.cell WHERE n <> 0 ORDER BY 1, 2, 3, 4'), before);
  assert.equal(ctl('figures', 'check').code, 0);
  assert.equal(ctl('figures').code, 2);
});
