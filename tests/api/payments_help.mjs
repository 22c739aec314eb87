// payments_help.mjs -- a bank beside the tests, claims that may be paid, and the
// steps of a payment by people whom the tests name themselves.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { call } from '../lib/client.mjs';
import { person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { minter } from './help.mjs';

export const PAY_DAY = '2025-10-29', AT = '2025-10-29T10:00:00+08:00';
const PROGRAM = new URL('../bank/bank.mjs', import.meta.url).pathname;

// A process of its own; its books are a file it has flushed.
export async function openBank(county, folders = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'bank-'));
  const books = `${dir}/books.jsonl`;
  const child = spawn(process.execPath, [PROGRAM, '--books', books, '--county', county,
    ...Object.entries(folders).flatMap(([k, v]) => [`--${k}`, v])],
  { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, YJY_BANK_SECRETS: dirname(process.env.YJY_SIGN_IN) } });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (d) => resolve(Number(String(d).trim())));
    child.once('exit', () => reject(new Error('the bank did not open')));
  });
  const ask = async (path, body) => {
    const r = await fetch(`http://127.0.0.1:${port}${path}`, body === undefined ? {} : { method: 'POST', body });
    return { status: r.status, text: await r.text() };
  };
  return {
    dir,
    file: (text, at = AT) => ask(`/file?at=${encodeURIComponent(at)}`, text),
    inquiry: (text, at = AT) => ask(`/inquiry?at=${encodeURIComponent(at)}`, text),
    faults: (what) => ask('/faults', JSON.stringify(what)),
    comeBack: async (at = AT) => JSON.parse((await ask(`/come-back?at=${encodeURIComponent(at)}`, '')).text),
    statement: async (from, to) => (await ask(`/statement?from=${from}&to=${to}`)).text,
    books: () => { try { return readFileSync(books, 'utf8').trim().split('\n').filter(Boolean).map((l) => JSON.parse(l)); } catch { return []; } },
    close: () => child.kill(),
  };
}

const mint = minter((await person()).token);
// Officers of a county who are nobody else: { finance, fiscal, signs: [two] }.
export function officers(county) {
  const of = (role) => mint({ roles: [`${role}@${county.code}`] });
  return { finance: of('finance'), fiscal: of('fiscal'), signs: [of('finance'), of('finance')], audit: of('audit'), of };
}

const batchPath = (b) => `/v1/subsidies/payment-batches/${b.id ?? b}`;
export const step = (b, verb, token, body = {}, over = {}) =>
  call('POST', `${batchPath(b)}/${verb}`, { token, body, ...over });
export const request = (o, county, over = {}) => call('POST', '/v1/subsidies/payment-batches',
  { token: o.finance, body: { policy_code: g.POLICY, county_code: county.code }, ...over });
export const fileOf = (o, b) => call('GET', `${batchPath(b)}/file`, { token: o.finance });
export const inquiryOf = (o, b, over = {}) => call('GET', `${batchPath(b)}/inquiry`, { token: o.finance, ...over });
export const batchOf = (o, b) => call('GET', batchPath(b), { token: o.finance });
export const take = (o, b, raw, over = {}) => call('POST', `${batchPath(b)}/reply`,
  { token: o.finance, raw, headers: { 'content-type': 'text/csv' }, ...over });

// Requested, released, signed twice and sent.
export async function sent(o, county) {
  const b = await request(o, county);
  await step(b, 'release', o.fiscal, { release_no: `CZ${b.batch_no}` });
  for (const s of o.signs) await step(b, 'sign', s);
  const file = await fileOf(o, b);
  await step(b, 'send', o.finance);
  return { ...b, file };
}

// `n` claims of a firm of the county whose notice is over; the clock then stands on that day.
export async function payable(county, n, account_no = '4300123456789012', day = PAY_DAY) {
  await g.at(g.NOW);
  const w = await g.candidates(county, n);
  await g.confirm(w.firm, { account_no });
  const list = await g.claims(w.firm, 'confirmed');
  const of = (role) => mint({ roles: [`${role}@${county.code}`] });
  const move = (role, path, body) => call('POST', path, { token: of(role), body });
  const claim_ids = list.map((c) => c.id);
  for (const [role, verb] of [['first_review', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']])
    await move(role, `/v1/subsidies/claims/${verb}`, { claim_ids, decision: 'pass' });
  await move('approve', '/v1/subsidies/notices', { claim_ids });
  await g.at(day);
  return { ...w, list };
}

// Money for a county that no other test uses: its budget, its payments and its bank are one test's.
export const counties = {
  dong_an: { code: '431122', town: '431122100', desk: null, name: '东安县' },
  jiang_yong: { code: '431125', town: '431125100', desk: null, name: '江永县' },
  dao: { code: '431124', town: '431124001', desk: null, name: '道县' },
};
