// injection: what a client writes comes back as data or not at all -- never as
// a header, a second reply, a line of the log or a piece of SQL or HTML.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { call, request } from '../lib/client.mjs';
import { firm, person } from '../lib/city.mjs';
import { sql } from '../api/help.mjs';

const EVIL = ['\r\nSet-Cookie: a=b', '\nX-Evil: 1', '%0d%0aX-Evil:%201', '"><script>alert(1)</script>', "' OR '1'='1", "'; DROP TABLE jobs.vacancy; --",
  '\\', '${7*7}', '{{7*7}}', '\u202e', '%00', '../../etc/passwd', '${jndi:ldap://x}'];
const clean = (r) => {
  assert.equal(r.headers['x-evil'], undefined);
  assert.ok(![r.headers['set-cookie'] ?? []].flat().some((c) => c.startsWith('a=b')));
  assert.ok(r.status < 500, `${r.status} ${r.text.slice(0, 200)}`);
};

test('query values, path pieces and headers are data', async () => {
  const p = await person();
  for (const evil of EVIL) {
    const e = encodeURIComponent(evil);
    for (const path of [`/v1/jobs/vacancies?q=${e}`, `/v1/codes/areas?q=${e}`, `/v1/codes/${e}`, `/v1/identity/me?x=${e}`,
      `/v1/jobs/vacancies/${e}`, `/v1/jobs/vacancies?cursor=${e}`, `/v1/jobs/vacancies?area_code=${e}`])
      clean(await request('GET', path, { token: p.token, quiet: true }));
    if (/^[\x20-\x7e]*$/.test(evil))
      for (const name of ['idempotency-key', 'accept-language', 'traceparent', 'x-request-id', 'user-agent', 'content-type'])
        clean(await request('POST', '/v1/identity/sms-codes', { raw: '{}', headers: { [name]: evil }, quiet: true }));
  }
});

test('what is stored comes back as it was, in JSON, and is never run', async () => {
  const f = await firm();
  const before = Number(sql('SELECT count(*) FROM jobs.vacancy')[0][0]);
  let stored = 0;
  for (const evil of EVIL) {
    const body = { title: `工${evil}`.slice(0, 60), occupation_code: '6-24-01-00', area_code: '431129100', headcount: 1,
      pay_min_cents: 1, pay_max_cents: 2, pay_unit: 'hour', form: 'gig', description: evil };
    let r;
    do r = await call('POST', '/v1/jobs/vacancies', { token: f.token, body, refused: true });
    while (r.json?.code === 'jobs.org_unknown');
    if (r.status >= 400) { assert.equal(r.json.code, 'request.invalid', r.text); continue; }
    const again = await request('GET', `/v1/jobs/vacancies/${r.json.id}`);
    assert.equal(again.json.title, body.title);
    assert.equal(again.json.description, evil);
    assert.match(again.headers['content-type'], /^application\/json/);
    assert.equal(again.headers['x-content-type-options'], 'nosniff');
    stored++;
  }
  assert.ok(stored >= 8);
  assert.equal(Number(sql('SELECT count(*) FROM jobs.vacancy')[0][0]), before + stored);
});

test('every line of the logs is one JSON object, and holds no number or phone of anybody', async () => {
  const p = await person();
  await request('GET', `/v1/identity/sandbox/message?phone=${p.phone}`);
  const dir = `${process.env.YJY_RUN}/log`;
  for (const file of readdirSync(dir).filter((f) => /^(gateway|identity|jobs|training|subsidies|entrepreneurship|monitoring)\.log$/.test(f)))
    for (const line of readFileSync(`${dir}/${file}`, 'utf8').split('\n').filter(Boolean)) {
      if (line.startsWith('{')) JSON.parse(line);
      for (const secret of [p.phone, p.id_number, p.name, p.token])
        assert.ok(!line.includes(secret), `${file}: ${line.slice(0, 300)}`);
    }
});
