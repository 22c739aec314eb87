// z_contract: the last file. Every operation of the document was exercised by
// this run, with a success and a refusal; no program wrote an error line that
// no test asked for.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { key, operationList } from '../lib/contract.mjs';
import { isSound } from '../fault/truth.mjs';

const RUN = process.env.YJY_RUN;
const lines = (file) => (existsSync(`${RUN}/${file}`) ? readFileSync(`${RUN}/${file}`,
  'utf8').trim().split('\n').filter(Boolean) : []);

// Reads open to anybody, without parameters, whose only failure is the server's.
const CANNOT_REFUSE = ['identity.oauth_metadata', 'identity.oauth_jwks', 'identity.sandbox_clock'];

const statuses = {};
for (const line of lines('exercised')) {
  const [op, status] = line.split(' ');
  (statuses[op] ??= new Set()).add(Number(status));
}
const missing = (has) => operationList().map(key).filter((op) => ![...statuses[op] ?? []].some(has));
function none(list, but = []) {
  const left = list.filter((x) => !but.includes(x));
  if (left.length > 0) assert.fail(`${left.length}:\n${left.join('\n')}`);
}

test('every operation was exercised', () => {
  none(missing(() => true));
});

test('every operation succeeded at least once', () => {
  none(missing((s) => s < 400));
});

test('every operation refused at least once', () => {
  none(missing((s) => s >= 400 && s < 500), CANNOT_REFUSE);
});

// A test spoils the bytes of a file: it must not be given out.
const SPOILT = ['subsidies.apply_file_get'];

test('no operation failed by itself', () => {
  none(operationList().map(key).filter((op) => statuses[op]?.has(500) || statuses[op]?.has(502)), SPOILT);
});

test('after all that the books balance, the hands differ and every service agrees', isSound);

test('no error line that no test asked for', () => {
  const expected = lines('expected-errors').map((p) => new RegExp(p));
  const found = [];
  for (const file of readdirSync(`${RUN}/log`).filter((f) => f.endsWith('.log')))
    for (const line of lines(`log/${file}`)) {
      const bad = line.startsWith('{') ? /"level":"error"/.test(line) : /Sanitizer|\(hdlr: .*\) gone|assertion|panic|PANIC|FATAL:  (?!the database system)/.test(line);
      if (bad && !expected.some((p) => p.test(line))) found.push(`${file}: ${line.slice(0, 400)}`);
    }
  none(found);
});

test('a warning line is rare', () => {
  const count = {};
  for (const file of readdirSync(`${RUN}/log`).filter((f) => f.endsWith('.log')))
    for (const line of lines(`log/${file}`))
      if (/"level":"warn"/.test(line)) {
        const msg = JSON.parse(line).msg.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#');
        count[`${file} ${msg}`] = (count[`${file} ${msg}`] ?? 0) + 1;
      }
  for (const [what, n] of Object.entries(count)) assert.ok(n <= 100, `${n} times: ${what}`);
});
