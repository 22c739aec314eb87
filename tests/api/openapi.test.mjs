// openapi: the document of all services is valid for others' tools, whole as
// soon as the door says that it is ready, and shown as a page.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { doc } from '../lib/contract.mjs';
import { request } from '../lib/client.mjs';
import { gateway } from '../fault/gateway_lab.mjs';
import { RUN, SERVICES } from './help.mjs';

const TESTS = new URL('..', import.meta.url).pathname;

function lint(file) {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(TESTS, 'node_modules/.bin/redocly'), 'lint', '--format=json',
      `--config=${join(TESTS, 'redocly.yaml')}`, file],
    { env: { ...process.env, REDOCLY_TELEMETRY: 'off', NO_UPDATE_NOTIFIER: '1' }, maxBuffer: 1 << 26 },
    (error, out) => resolve({ code: error?.code ?? 0, report: JSON.parse(out) }));
  });
}

test('the served document passes redocly lint without an error or a warning; a bent one does not', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'yjy-openapi-'));
  try {
    const { text, json } = await request('GET', '/openapi.json', { quiet: true });
    writeFileSync(join(dir, 'openapi.json'), text);
    const { code, report } = await lint(join(dir, 'openapi.json'));
    assert.deepEqual(report.problems.map((p) => `${p.severity} ${p.ruleId} ${p.location[0].pointer}`), []);
    assert.equal(code, 0);
    json.paths['/v1/matters'].get.responses['200'] = { $ref: '#/nowhere' };
    writeFileSync(join(dir, 'openapi.json'), JSON.stringify(json));
    assert.notEqual((await lint(join(dir, 'openapi.json'))).code, 0);
  } finally { rmSync(dir, { recursive: true }); }
});

test('every operation has one id in the whole document, a summary in two languages, and its rights', () => {
  const ids = new Set();
  for (const [path, item] of Object.entries(doc.paths))
    for (const [method, op] of Object.entries(item)) {
      assert.ok(!ids.has(op.operationId), `${op.operationId} twice`);
      ids.add(op.operationId);
      for (const word of ['summary', 'x-summary-en', 'x-callers', 'x-scope', 'x-action']) assert.ok(op[word], `${method} ${path}: ${word}`);
    }
  for (const own of ['matter_list', 'matter_submit', 'case_list', 'bundle_submit']) assert.ok(ids.has(own), own);
});

test('the document is whole as soon as the door is ready', async () => {
  const env = Object.fromEntries(readFileSync(`${RUN}/env`, 'utf8').split('\n').filter((l) => l.startsWith('YJY_'))
    .map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
  const g = await gateway({ ...env, YJY_LISTEN: '127.0.0.1:0', YJY_PID_FILE: '', YJY_DOCUMENT_MS: '10000' });
  try {
    const served = await (await fetch(`${g.url}/openapi.json`)).json();
    assert.deepEqual(served.tags.map((t) => t.name).sort(), [...SERVICES, 'gateway'].sort());
    assert.equal(Object.keys(served.paths).length, Object.keys(doc.paths).length);
    const matters = (await (await fetch(`${g.url}/v1/matters?limit=200`)).json()).items;
    assert.ok(matters.length > 0 && matters.every((m) => m.available), 'every form is there, too');
  } finally { await g.stop(); }
});

test('the page is served with the one script it came with', async () => {
  const r = await request('GET', '/docs', { quiet: true });
  assert.equal(r.status, 200);
  assert.match(r.headers['content-type'], /^text\/html/);
  assert.match(r.headers['content-security-policy'], /script-src 'sha256-/);
  assert.equal((await request('POST', '/docs', { quiet: true })).status, 405);
});
