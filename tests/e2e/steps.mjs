// steps.mjs -- the main job of the city as a client of the public interface:
// each step is what one person at one desk or phone does.
import { readFileSync, existsSync } from 'node:fs';
import { actFor, call, pages, register, signIn } from '../lib/client.mjs';
import { seal } from '../bank/format.mjs';
import { bornIn, idNumber, name, phone, Random, uscc } from '../lib/fake.mjs';

export const POLICY = 'KGBZ';
export const COUNTIES = [
  { code: '431129', town: '431129100', name: '江华瑶族自治县', desk: 'jh' },
  { code: '431103', town: '431103001', name: '冷水滩区', desk: 'lst' },
];
const HIRED_ON = '2025-07-07';
const MONTHS = ['2025-07', '2025-08', '2025-09'];

export async function inParallel(items, width, fn) {
  const out = new Array(items.length);
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, async () => {
    for (let i = next++; i < items.length; i = next++) out[i] = await fn(items[i], i);
  }));
  return out;
}

export async function eventually(probe, what, ms = 60000) {
  const until = Date.now() + ms;
  for (;;) {
    const got = await probe();
    if (got) return got;
    if (Date.now() > until) throw new Error(`等不到：${what}`);
    await new Promise((r) => setTimeout(r, 50));
  }
}

// A claimant kind for each tenth person; what the rules should say of each.
const KINDS = [
  ...Array(6).fill({ graduated_on: '2025-06-30', level: '21', full_time: 1, months: 3 }),
  { graduated_on: '2024-06-30', level: '31', full_time: 1, months: 3 },
  { unemployed: true, months: 3 },
  { graduated_on: '2025-06-30', level: '21', full_time: 0, months: 3 },
  { graduated_on: '2025-06-30', level: '31', full_time: 1, months: 2 },
];

// The desks work on real sign-ins; a desk's token is renewed when it is used.
export async function openDesks(rows, logins) {
  const desks = {};
  await inParallel(logins, 4, async (login) => {
    const row = rows.find((d) => d.login === login);
    if (!row) throw new Error(`示例城市没有账号 ${login}`);
    desks[login] = await signIn(row);
  });
  return desks;
}

export const moveClock = (desk, to) =>
  call('POST', '/v1/identity/sandbox/clock', { token: desk.token, body: { to_at: to }, key: null });

export async function foundFirm(random, county, over = {}) {
  const agent = await register({ name: name(random), phone: phone(random),
    id_number: idNumber(random, bornIn(random, 1968, 1992)), area_code: county.town });
  const org = await call('POST', '/v1/identity/orgs', { token: agent.token, body: {
    uscc: uscc(random), name: over.name ?? `${county.name.slice(0, 2)}${name(random)}电机有限公司`,
    kind: over.kind ?? 'enterprise', industry_code: '3812', area_code: county.town } });
  const acting = await actFor(agent, org.org_id);
  return { ...acting, org, county, agent_token: agent.token, agent_id: agent.id };
}

// What is asked as soon as somebody registered reaches the service a few
// milliseconds later, as an event: until then it is asked again.
export const known = (ask, what) => eventually(async () => {
  const r = await ask();
  return r.status < 300 ? r.json : null;
}, what);

export function vacancyOf(firm, headcount) {
  return known(() => call('POST', '/v1/jobs/vacancies', { token: firm.token, refused: true, body: {
    title: '电机装配工', occupation_code: '6-31-01-03', area_code: firm.county.town, headcount,
    pay_min_cents: 420000, pay_max_cents: 580000, pay_unit: 'month', form: 'full_time',
    description: '五险齐全，包住，双休。' } }), '单位信息到达招聘服务');
}

export function seeker(random, i, county) {
  const kind = KINDS[i % KINDS.length];
  return { kind, name: name(random), phone: phone(random),
    id_number: idNumber(random, kind.unemployed ? bornIn(random, 2003, 2006) : bornIn(random, 2000, 2004)), area_code: county.town };
}

export async function comeAsSeeker(person) {
  const signed = await register(person);
  const asks = (path, body, method = 'POST') => known(() =>
    call(method, path, { token: signed.token, body, refused: true }), '个人信息到达招聘服务');
  if (person.kind.unemployed)
    await asks('/v1/jobs/unemployment-registrations', { reason: 'contract_expired' });
  return { ...signed, known: asks };
}

// What a phone asks when somebody looks for work, and what it shows.
export const search = (query) => call('GET', `/v1/jobs/vacancies?${new URLSearchParams(query)}`);

export const writeResume = (person, county) => person.known('/v1/jobs/my/resume', { state: 'seeking',
  education_code: '21', occupations: ['6-31-01-03'], areas: [county.code], forms: ['full_time'],
  benefits: ['lodging'], skills: ['电工'], pay_least_cents: 450000, pay_unit: 'month', is_findable: true }, 'PUT');

export const matchesOf = (person) => eventually(async () => {
  const r = await call('GET', '/v1/jobs/my/matches?limit=3', { token: person.token, refused: true });
  return r.status === 200 && r.json.items.length > 0 ? r.json : null;
}, '为求职者找到匹配岗位');

export const apply = (person, vacancy) =>
  person.known(`/v1/jobs/vacancies/${vacancy.id}/applications`, { note: '可以随时到岗' });

export function hire(firm, application) {
  return call('POST', `/v1/jobs/applications/${application.id}/hire`, { token: firm.token, body: {
    hired_on: HIRED_ON, contract_type: 'fixed', contract_months: 24, wage_cents: 480000 } });
}

// What the province sends back each month: two files, of our people and of the city's.
export function returnedData(hires, sampleDir) {
  const months = ['id_number,uscc,month,pension,unemployment,injury'];
  const graduates = ['id_number,school,level,full_time,graduated_on'];
  for (const { person, firm } of hires) {
    for (const m of MONTHS.slice(0, person.kind.months))
      months.push(`${person.id_number},${firm.org.uscc},${m},1,1,1`);
    if (person.kind.graduated_on)
      graduates.push(`${person.id_number},永州示例学院,${person.kind.level},${person.kind.full_time},${person.kind.graduated_on}`);
  }
  const add = (file, lines) => {
    if (sampleDir && existsSync(`${sampleDir}/${file}`))
      lines.push(...readFileSync(`${sampleDir}/${file}`, 'utf8').trim().split('\n').slice(1));
    return lines.join('\n') + '\n';
  };
  return { insurance_months: add('insurance_months.csv', months), graduates: add('graduates.csv', graduates) };
}

export const importFile = (desk, kind, csv) => call('POST', `/v1/subsidies/imports/${kind}`, {
  token: desk.token, raw: csv, headers: { 'content-type': 'text/csv' }, patience_ms: 120000 });

export const allot = (desk, county, amount_cents) => call('POST', '/v1/subsidies/allotments', {
  token: desk.token, body: { line_code: POLICY, county_code: county.code, amount_cents } });

export const scan = (desk, county) => call('POST', '/v1/subsidies/scans', {
  token: desk.token, body: { policy_code: POLICY, county_code: county.code }, patience_ms: 120000 });

export async function claimsIn(desk, state, filter = () => true) {
  const out = [];
  for await (const c of pages(`/v1/subsidies/claims?state=${state}&limit=200`, { token: desk.token }))
    if (filter(c)) out.push(c);
  return out;
}

export async function decisionsOf(firm) {
  let n = 0;
  for await (const d of pages(`/v1/subsidies/decisions?policy_code=${POLICY}&limit=200`, { token: firm.token }))
    n += d.policy_code === POLICY;
  return n;
}

export async function review(desk, step, claims, decision = 'pass') {
  for (let i = 0; i < claims.length; i += 500)
    await call('POST', `/v1/subsidies/claims/${step}`, { token: desk.token, body: {
      claim_ids: claims.slice(i, i + 500).map((c) => c.id), decision } });
}

// The bank's answer to a batch file: every line paid, but those it does not know.
export function bankReply(file, returnsAccount, time) {
  const lines = file.trim().split('\n').filter((l) => l && !l.startsWith('#'));
  const head = lines[0].split(',');
  const column = (row, name_) => row[head.indexOf(name_)];
  const out = ['pay_no,status,code,text,time'];
  for (const line of lines.slice(1)) {
    const row = line.split(',');
    if (row.length !== head.length) continue;
    const bad = returnsAccount && column(row, 'account') === returnsAccount;
    out.push(`${column(row, 'pay_no')},${bad ? 'returned' : 'paid'},${bad ? 'E104' : '0000'},${bad ? '账号不存在' : '成功'},${time}`);
  }
  return seal(out.join('\n') + '\n');
}

// The money is asked for, released by 财政 under its own number, the file signed by
// one of the county and one of the city, and sent. `who` gives the desk of a login.
export const requestBatch = (desk, county, policy_code = POLICY) => call('POST', '/v1/subsidies/payment-batches',
  { token: desk.token, body: { policy_code, county_code: county.code } });

const batchStep = async (who, login, batch, verb, body = {}) => call('POST',
  `/v1/subsidies/payment-batches/${batch.id}/${verb}`, { token: (await who(login)).token, body });

export async function signBatch(who, county, batch) {
  await batchStep(who, 'city.fiscal', batch, 'release', { release_no: `CZ${batch.batch_no}` });
  await batchStep(who, `${county.desk}.sign`, batch, 'sign');
  return batchStep(who, 'city.finance', batch, 'sign');
}

export async function toBank(who, county, batch) {
  const signed = await signBatch(who, county, batch);
  const file = await call('GET', `/v1/subsidies/payment-batches/${batch.id}/file`,
    { token: (await who(`${county.desk}.finance`)).token });
  await batchStep(who, `${county.desk}.finance`, batch, 'send');
  return { file, signed };
}

export const takeReply = (desk, batch, raw) => call('POST', `/v1/subsidies/payment-batches/${batch.id}/reply`,
  { token: desk.token, raw, headers: { 'content-type': 'text/csv' } });

export { Random };
