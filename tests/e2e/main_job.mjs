// main_job.mjs -- the city's main job in front of one's eyes: a graduate is
// hired, the data comes back, the 1,500 元 finds the employer without a form,
// four people pass it, the notice runs its days, the bank pays, the board moves.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { call, desks as deskRows } from '../lib/client.mjs';
import * as s from './steps.mjs';

const yuan = (cents) => `${(cents / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2 })} 元`;
export const REASONS = { window: '不在执行期', employer_kind: '单位不是企业', contract: '无劳动合同', group: '不属于招用对象',
  insured_months: '参保不满三个月', benefit_taken: '已享受过', insured_elsewhere: '同期他处参保' };
const TITLES = { open: '开门', firms: '企业发布岗位', incubator: '创业载体', seek: '检索与智能匹配', oneHire: '一名毕业生入职', training: '技能培训',
  manyHires: '全市招工', returned: '数据回流', certificate: '考核发证', found: '免申即享：政策找人', explained: '为什么',
  confirmed: '单位确认账户', fourHands: '四人四手', noticed: '公示', paid: '银行代发', board: '全市看板' };
export const DESKS = ['city.system', 'city.clerk', 'city.fiscal', 'city.finance', 'city.approve',
  ...s.COUNTIES.flatMap((c) => ['first', 'recheck', 'approve', 'finance', 'sign'].map((r) => `${c.desk}.${r}`))];

async function open(ctx) {
  ctx.desks ??= await s.openDesks(deskRows().desks, DESKS);
  ctx.say(`${DESKS.length} 名工作人员以口令和动态码登录：市级 5 人，江华、冷水滩各 5 人`);
  const clock = await s.moveClock(ctx.desks['city.system'], '2025-07-07T01:00:00Z');
  ctx.say(`业务日期（沙箱）：${clock.today}`);
  for (const county of s.COUNTIES)
    await s.allot(ctx.desks['city.fiscal'], county, 100_000_000);
  ctx.say(`市财政下达扩岗补助指标（失业保险基金）：江华、冷水滩各 ${yuan(100_000_000)}`);
}

async function firms(ctx) {
  const plan = [0, 0, 0, 0, 0, 1, 1, 1].map((n) => s.COUNTIES[n]);
  ctx.firms = await s.inParallel(plan, 4, (county, i) =>
    s.foundFirm(ctx.random, county, i === 7 ? { kind: 'sole_trader' } : {}));
  const each = Math.ceil(ctx.people / plan.length) + 1;
  await s.inParallel(ctx.firms, 4, async (f) => { f.vacancy = await s.vacancyOf(f, each); });
  const f = ctx.firms[0];
  ctx.say(`${ctx.firms.length} 家单位注册并发布岗位，例：${f.org.name} 招 ${f.vacancy.headcount} 名${f.vacancy.title}（${f.vacancy.county_code}）`);
}

async function seek(ctx) {
  const firm = ctx.firms[0];
  const found = await s.eventually(async () => {
    const r = await s.search({ q: '装配工 包住', area: '江华', sort: 'pay', facets: true, limit: 3 });
    return r.items.length > 0 ? r : null;
  }, '岗位进入检索');
  ctx.say(`检索「装配工 包住」，江华：${found.total} 个岗位；识别出 ${found.concepts.map((c) => `${c.text}（${c.name ?? c.kind}）`).join('、')}`);
  for (const v of found.items)
    ctx.say(`    ${v.title}　${v.org_name}　${v.pay_min_cents / 100}—${v.pay_max_cents / 100} 元/月`);
  ctx.seeker = await s.comeAsSeeker(s.seeker(ctx.random, 0, firm.county));
  await s.writeResume(ctx.seeker, firm.county);
  const { items } = await s.matchesOf(ctx.seeker);
  const best = items[0];
  ctx.say(`智能匹配：${[...ctx.seeker.name][0]}* 最合适的岗位是 ${best.vacancy.title}（${best.vacancy.org_name}），得分 ${best.score}`);
  for (const r of best.reasons)
    ctx.say(`    ${r.text}　${r.score}×${r.weight}`);
}

async function oneHire(ctx) {
  const firm = ctx.firms[0];
  const person = ctx.seeker;
  const application = await s.apply(person, firm.vacancy);
  ctx.say(`毕业生 ${[...person.name][0]}* 投递 → ${application.state ?? 'submitted'}`);
  await call('POST', `/v1/jobs/applications/${application.id}/interview`, { token: firm.token,
    body: { at: '2025-07-08T02:00:00Z', mode: 'remote', note: '线上面试' } });
  await call('POST', `/v1/jobs/applications/${application.id}/offer`, { token: firm.token, body: {} });
  const employment = await s.hire(firm, application);
  const seen = await call('GET', `/v1/jobs/applications/${application.id}`, { token: person.token });
  ctx.say(`面试 → 录用通知 → 入职，投递状态 ${seen.state}，就业登记 ${employment.id}（${employment.hired_on} 起，${employment.contract_months} 个月）`);
  ctx.hires.push({ person, firm });
}

async function manyHires(ctx) {
  const rest = Array.from({ length: ctx.people - 1 }, (_, i) => {
    const firm = ctx.firms[(i + 1) % ctx.firms.length];
    return { firm, person: s.seeker(ctx.random, i + 1, firm.county) };
  });
  await s.inParallel(rest, 12, async (row) => {
    row.person = await s.comeAsSeeker(row.person);
    await s.hire(row.firm, await s.apply(row.person, row.firm.vacancy));
  });
  ctx.hires.push(...rest);
  ctx.say(`再有 ${rest.length} 人注册、投递、入职（12 路并发）`);
}

// 无需求不培训: the register, the licence, course and trainer, then the filing and its check.
async function schoolOf(ctx, county) {
  const school = await s.foundFirm(ctx.random, county, { kind: 'institution', name: '江华示例职业培训学校' });
  const said = (path, token, body) => call('POST', `/v1/training/${path}`, { token, body });
  const first = ctx.desks[`${county.desk}.first`].token, approve = ctx.desks[`${county.desk}.approve`].token;
  const occupations = [{ occupation_code: '6-31', level: 3 }];
  const licence = await s.eventually(async () => {
    const r = await call('POST', '/v1/training/institutions', { token: school.token, refused: true, body: {
      licence_no: `ZS${school.org.uscc}`, kind: 'private_school', valid_from: '2025-01-01', valid_to: '2027-12-31', places: 200, occupations } });
    return r.status === 201 ? r.json : null;
  }, '培训机构到达培训服务');
  await said(`institutions/${licence.id}/check`, first, { pass: true });
  await said(`institutions/${licence.id}/decide`, approve, { pass: true });
  const course = await said('courses', school.token, { title: '电工五级', occupation_code: '6-31-01-03', level: 5, theory_hours: 40,
    practice_hours: 80, outline: '安全用电、低压电器、电动机控制线路', fee_cents: 0 });
  const teacher = ctx.firms[0].agent_id;
  const post = await s.eventually(async () => {
    const r = await call('POST', '/v1/training/trainers', { token: school.token, refused: true,
      body: { person_id: teacher, qualification: '电工技师', occupations } });
    return r.status === 201 ? r.json : null;
  }, '教师到达培训服务');
  await said(`my/trainer-posts/${post.id}/answer`, ctx.firms[0].agent_token, { accept: true });
  return { ...school, course, trainer: post };
}

async function training(ctx) {
  const county = s.COUNTIES[0], firm = ctx.firms[0];
  const school = await schoolOf(ctx, county);
  const first = ctx.desks[`${county.desk}.first`].token;
  const need = await call('POST', '/v1/training/org/demands', { token: firm.token, body: { occupation_code: '6-31-01-03', level: 5,
    headcount: 30, area_code: county.town } });
  const filing = { title: '电工五级', occupation_code: '6-31-01-03', level: 5, area_code: county.town, course_id: school.course.id,
    trainers: [{ trainer_id: school.trainer.id }], starts_on: '2025-07-07', ends_on: '2025-08-08', hours: 120, capacity: 30, pass_score: 60 };
  const early = await call('POST', '/v1/training/classes', { token: school.token, refused: true, body: filing });
  ctx.say(`需求未经核实，开班备案 → ${early.status} ${early.json.title}`);
  await call('POST', `/v1/training/demands/${need.id}/confirm`, { token: first, body: {} });
  ctx.say(`${firm.org.name} 需要 ${need.headcount} 名电工，经县人社核实列入需求台账`);
  const filed = await call('POST', '/v1/training/classes', { token: school.token, body: filing });
  const group = await call('POST', `/v1/training/classes/${filed.id}/check`, { token: first, body: { decision: 'open' } });
  const trainee = ctx.hires[0].person;
  const enrolment = await trainee.known(`/v1/training/classes/${group.id}/enrolments`, {});
  await call('POST', `/v1/training/classes/${group.id}/start`, { token: school.token, body: {} });
  ctx.class = { school, group, enrolment };
  ctx.say(`电工五级 ${group.capacity} 人班：备案、审核、报名、开班，1 人报名`);
}

async function certificate(ctx) {
  const { school, enrolment } = ctx.class;
  const { id: examiner_id } = ctx.hires[1].person;
  const body = await call('POST', '/v1/training/assessing-rights', { token: school.token, body: { occupation_code: '6-31-01-03',
    highest_level: 3, from_on: '2025-07-07', to_on: '2028-07-06' } });
  for (const [desk, verb] of [['jh.first', 'check'], ['jh.approve', 'decide']])
    await call('POST', `/v1/training/assessing-rights/${body.id}/${verb}`, { token: ctx.desks[desk].token, body: { decision: 'pass' } });
  await call('POST', '/v1/training/examiners', { token: school.token, body: { person_id: examiner_id, occupation_code: '6-31-01-03',
    card_no: `KP${examiner_id.slice(-12)}`, until_on: '2028-07-06' } });
  await call('POST', `/v1/training/enrolments/${enrolment.id}/score`, { token: school.token, body: { score: 86, examiner_id } });
  const cert = await call('POST', `/v1/training/enrolments/${enrolment.id}/certificate`, { token: school.token, body: {} });
  ctx.say(`培训：考核 86 分，发证 ${cert.certificate_no ?? cert.number ?? cert.id}`);
}

async function incubator(ctx) {
  const county = s.COUNTIES[0];
  const keeper = await s.foundFirm(ctx.random, county, { kind: 'carrier', name: '江华示例创业孵化基地' });
  const carrier = await s.eventually(async () => {
    const r = await call('POST', '/v1/entrepreneurship/carriers', { token: keeper.token, refused: true, body: {
      name: '江华返乡创业园', kind: 'return_home_park', area_code: county.town, capacity: 20 } });
    return r.status === 201 ? r.json : null;
  }, '载体到达创业服务');
  const tenant = await s.eventually(async () => {
    const r = await call('POST', `/v1/entrepreneurship/carriers/${carrier.id}/tenants`, { token: keeper.token, refused: true,
      body: { org_id: ctx.firms[1].org_id, to_on: '2027-06-30', area_m2: 200, rent_cents: 240000 } });
    return r.status === 201 ? r.json : null;
  }, '入驻');
  await call('POST', `/v1/entrepreneurship/contracts/${tenant.contract.id}/answer`, { token: ctx.firms[1].token, body: { agree: true } });
  ctx.carrier = { keeper, carrier };
  ctx.say(`创业：${ctx.firms[1].org.name} 入驻 ${carrier.name}，其招工计入创业带动就业`);
}

async function returned(ctx) {
  const clock = await s.moveClock(ctx.desks['city.system'], '2025-10-20T01:00:00Z');
  ctx.say(`三个月后：${clock.today}，省平台数据回流`);
  const files = s.returnedData(ctx.hires, ctx.sample);
  for (const kind of ['graduates', 'insurance_months']) {
    const r = await s.importFile(ctx.desks['city.clerk'], kind, files[kind]);
    ctx.say(`导入 ${kind === 'graduates' ? '毕业生名册' : '社保缴费月'}：${r.rows_read} 行，有效 ${r.rows_applied}，未匹配 ${r.rows_unmatched}，有误 ${r.rows_failed}`);
  }
}

async function found(ctx) {
  ctx.found = 0;
  ctx.refused = {};
  for (const county of s.COUNTIES) {
    const r = await s.scan(ctx.desks[`${county.desk}.first`], county);
    const d = r.decisions;
    const why = Object.entries(r.refused_by_reason ?? {}).map(([k, v]) => `${REASONS[k] ?? k} ${v}`).join('，');
    ctx.say(`${county.name} 比对：符合 ${d.eligible ?? 0}，数据未到齐 ${d.waiting ?? 0}，不符合 ${d.refused ?? 0}（${why}）`);
  }
  await s.eventually(async () => {
    let n = 0;
    for (const f of ctx.firms) n += (await s.claimsIn(f, 'notified')).length;
    return n >= ctx.expected;
  }, `${ctx.expected} 笔拟发补贴通知到单位`);
  // An employment that arrives after the scan is judged by the periodic job.
  await s.eventually(async () => {
    let n = 0;
    for (const f of ctx.firms) n += await s.decisionsOf(f);
    return n >= ctx.hires.length;
  }, '每笔就业登记都有结论');
  for (const county of s.COUNTIES)
    ctx.found += (await s.claimsIn(ctx.desks[`${county.desk}.first`], 'notified')).length;
  ctx.say(`免申即享：找到 ${ctx.found} 笔（其中本次演示单位 ${ctx.expected} 笔），已通知单位`);
}

async function explained(ctx) {
  for (const [verdict, word] of [['eligible', '发放'], ['refused', '不予发放']]) {
    const list = await call('GET', `/v1/subsidies/decisions?policy_code=${s.POLICY}&verdict=${verdict}&limit=1`,
      { token: ctx.desks['jh.first'].token });
    const d = list.items[0];
    const why = await call('GET', `/v1/subsidies/decisions/${d.id}/why`, { token: ctx.desks['jh.first'].token });
    ctx.say(`一笔${word}的理由：`);
    for (const line of why.lines) ctx.say(`    ${line}`);
    const again = await call('POST', `/v1/subsidies/decisions/${d.id}/replay`,
      { token: ctx.desks['jh.first'].token, body: {} });
    ctx.say(`    重放：${again.identical ? '逐字节一致' : '不一致！'}`);
    if (!again.identical) throw new Error('replay differs');
  }
}

const WRONG_ACCOUNT = '4300000000000000';

async function confirmed(ctx) {
  await s.inParallel(ctx.firms.filter((f) => f.org.kind === 'enterprise'), 4, async (f, i) => {
    f.account = i === 6 ? WRONG_ACCOUNT : `43001234567890${String(10 + i)}`;
    await call('POST', '/v1/subsidies/claims/confirm', { token: f.token, body: {
      account_no: f.account, account_name: f.org.name } });
  });
  const one = (await s.claimsIn(ctx.desks['jh.first'], 'confirmed'))[0];
  ctx.say(`单位一键确认收款账户，例：${one.org_name} 账户 ${one.account_masked}，${yuan(one.amount_cents)}`);
}

async function fourHands(ctx) {
  for (const county of s.COUNTIES) {
    const desk = (role) => ctx.desks[`${county.desk}.${role}`];
    await s.review(desk('first'), 'first-review', await s.claimsIn(desk('first'), 'confirmed'));
    await s.review(desk('recheck'), 'recheck', await s.claimsIn(desk('recheck'), 'first_reviewed'));
    await s.review(desk('approve'), 'approve', await s.claimsIn(desk('approve'), 'rechecked'));
    ctx.say(`${county.name}：初审、复核、审批由三个人通过`);
  }
  const mine = (await s.claimsIn(ctx.desks['jh.first'], 'approved'))[0];
  const across = await call('GET', `/v1/subsidies/claims/${mine.id}`, { token: ctx.desks['lst.first'].token, refused: true });
  ctx.say(`冷水滩的人员查看江华的业务 → ${across.status} ${across.json.title}`);
  const jump = await call('POST', '/v1/subsidies/claims/approve', { token: ctx.desks['jh.first'].token,
    body: { claim_ids: [mine.id], decision: 'pass' }, refused: true });
  ctx.say(`初审人员试图审批同一笔 → ${jump.status} ${jump.json.title}`);
  if (across.status < 400 || jump.status < 400) throw new Error('scope or hands failed');
}

async function noticed(ctx) {
  for (const county of s.COUNTIES) {
    const n = await call('POST', '/v1/subsidies/notices', { token: ctx.desks[`${county.desk}.approve`].token,
      body: { policy_code: s.POLICY, county_code: county.code } });
    ctx.say(`${county.name} 公示 ${n.starts_on} 至 ${n.ends_on}（5 个工作日）`);
  }
  const early = await call('POST', '/v1/subsidies/payment-batches', { token: ctx.desks['jh.finance'].token,
    body: { policy_code: s.POLICY, county_code: '431129' }, refused: true });
  ctx.say(`公示期内试图拨付 → ${early.status} ${early.json?.title ?? ''}`);
  const clock = await s.moveClock(ctx.desks['city.system'], '2025-10-29T01:00:00Z');
  ctx.say(`公示期满，无异议：${clock.today}`);
}

async function pay(ctx, county, returnsAccount) {
  const desk = ctx.desks[`${county.desk}.finance`];
  const batch = await s.requestBatch(desk, county);
  const { file, signed } = await s.toBank((login) => ctx.desks[login], county, batch);
  const report = await s.takeReply(desk, batch, s.bankReply(file, returnsAccount, '2025-10-29T10:00:00+08:00'));
  ctx.say(`${county.name} 批次 ${batch.batch_no}：${batch.line_count} 笔 ${yuan(batch.total_cents)}，财政拨款单 ${signed.release_no}，` +
    `两人签批同一文件（SM3 ${signed.file_sm3.slice(0, 12)}…），银行回盘：已付 ${report.paid}，退票 ${report.returned}`);
}

async function paid(ctx) {
  await pay(ctx, s.COUNTIES[0], null);
  await pay(ctx, s.COUNTIES[1], WRONG_ACCOUNT);
  for (const f of ctx.firms.filter((x) => x.account === WRONG_ACCOUNT)) {
    const back = await s.claimsIn(f, 'returned');
    ctx.say(`退票 ${back.length} 笔（账号不存在），单位更正账户后重发`);
    for (const c of back)
      await call('POST', `/v1/subsidies/claims/${c.id}/account`, { token: f.token,
        body: { account_no: '4300123456789099', account_name: f.org.name } });
    if (back.length > 0) await pay(ctx, s.COUNTIES[1], null);
  }
}

async function board(ctx) {
  const token = ctx.desks['city.approve'].token;
  const want = ctx.expected * 150000;
  // All of a new city is being counted still: until what is paid is there, and nothing
  // has been taken in for longer than a large batch takes.
  const pause_ms = 700, still = ctx.sample ? 8 : 1;
  let last, same = 0;
  const b = await s.eventually(async () => {
    const got = await call('GET', '/v1/monitoring/board', { token });
    const now = JSON.stringify([await eventsSeen(), got.indicators.map((i) => i.value)]);
    same = now === last ? same + 1 : 0;
    last = now;
    if (same >= still && got.indicators.find((i) => i.code === 'subsidies_paid').value - ctx.paidBefore >= want) return got;
    await new Promise((done) => setTimeout(done, pause_ms));
    return null;
  }, '看板追上', 180000);
  const shown = (i, n) => (i.unit === 'cents' ? yuan(n) : i.unit === 'basis_points' ? `${(n / 100).toFixed(2)}%` : n);
  const part = (i, code) => shown(i, i.areas.find((c) => c.area_code === code)?.value ?? 0);
  const told = b.indicators.filter((i) => i.value);
  for (const i of told)
    ctx.say(`看板 ${i.name}：${shown(i, i.value)}${i.target ? ` / 目标 ${shown(i, i.target)}` : ''}` +
      `（江华 ${part(i, '431129')}，冷水滩 ${part(i, '431103')}）`);
  ctx.say(`看板 另有 ${b.indicators.length - told.length} 项尚无数或数据未接入，各注明原因`);
  await openFigure(ctx, token, told.find((i) => i.code === 'urban_new_employment').name);
}

// One number, down to the very rows it is made of.
async function openFigure(ctx, token, name) {
  const path = '/v1/monitoring/indicators/urban_new_employment', area = 'area_code=431129';
  const figure = await call('GET', `${path}/figure?${area}`, { token });
  ctx.say(`打开一个数：江华 ${name} ${figure.value}（口径第${figure.version}版，指纹 ${figure.definition_hash.slice(0, 16)}…，数据版次 ${figure.revision}）`);
  const rows = [];
  for (let cursor = ''; cursor !== undefined;) {
    const page = await call('GET', `${path}/rows?${area}&revision=${figure.revision}&limit=200${cursor}`, { token });
    rows.push(...page.items);
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : undefined;
  }
  const sum = rows.reduce((n, r) => n + r.value, 0);
  ctx.say(`    其下 ${rows.length} 行，合计 ${sum}${sum === figure.value ? '，与该数一致' : '，与该数不符！'}`);
  for (const r of rows.slice(0, 2)) ctx.say(`    ${JSON.stringify(r)}`);
  const towns = await call('GET', `${path}/areas?${area}`, { token });
  ctx.say(`    分乡镇：${towns.areas.filter((t) => t.value).sort((x, y) => y.value - x.value).slice(0, 4).map((t) => `${t.name} ${t.value}`).join('，')}…`);
}

async function totals(ctx) {
  const paid = [], refused = {};
  for (const f of ctx.firms) paid.push(...await s.claimsIn(f, 'paid'));
  for (const f of ctx.firms) {
    const list = await call('GET', `/v1/subsidies/decisions?policy_code=${s.POLICY}&verdict=refused&limit=200`, { token: f.token });
    for (const d of list.items) refused[d.reason] = (refused[d.reason] ?? 0) + 1;
  }
  const budgets = await call('GET', '/v1/subsidies/budgets', { token: ctx.desks['city.fiscal'].token });
  const mine = budgets.items.filter((b) => b.line_code === s.POLICY);
  const cents = (k) => mine.reduce((sum, b) => sum + b[k], 0);
  return { people: ctx.people, hires: ctx.hires.length, candidates: ctx.expected, found_in_city: ctx.found,
    paid: paid.length, paid_cents: paid.reduce((sum, c) => sum + c.amount_cents, 0), refused,
    budget_left_cents: cents('appropriated_cents') - cents('reserved_cents') - cents('committed_cents') - cents('paid_cents') };
}

const eventsSeen = async () => (await call('GET', '/v1/monitoring/live')).events_seen;

const STEPS = [open, firms, incubator, seek, oneHire, training, manyHires, returned, certificate, found, explained,
  confirmed, fourHands, noticed, paid, board];

// `between` is called with each step's name after it; tests break things there.
// `desks`: signed in already.
export async function mainJob({ people = 200, seed = Date.now(), say = console.log, between = async () => {},
  during = async (_, run) => run(), sample = process.env.YJY_SAMPLE, desks } = {}) {
  const ctx = { people, say, sample, desks, random: new s.Random(seed % 0x7fffffff), hires: [], paidBefore: 0 };
  // Of ten people two are refused; and nobody of the sole trader's (every eighth firm).
  ctx.expected = Array.from({ length: people }, (_, i) => i).filter((i) => i % 10 < 8 && i % 8 !== 7).length;
  const began = Date.now(), seenBefore = await eventsSeen();
  for (const step of STEPS) {
    const from = Date.now();
    await during(step.name, () => step(ctx));
    ctx.took = { ...ctx.took, [step.name]: (Date.now() - from) / 1000 };
    if (step === open) {
      const b = await call('GET', '/v1/monitoring/board?from_on=2025-01-01&to_on=2025-12-31', { token: ctx.desks['city.approve'].token });
      ctx.paidBefore = b.indicators.find((i) => i.code === 'subsidies_paid').value;
    }
    await between(step.name, ctx);
  }
  const sum = await totals(ctx);
  sum.events_delivered = await eventsSeen() - seenBefore;
  sum.took = ctx.took;
  sum.seconds = (Date.now() - began) / 1000;
  return sum;
}

function print(sum) {
  const refused = Object.entries(sum.refused).map(([k, v]) => `${REASONS[k] ?? k} ${v}`).join('，');
  console.log(`\n合计：${sum.people} 人，入职 ${sum.hires}，拟发 ${sum.candidates}（两县共 ${sum.found_in_city}），` +
    `已付 ${sum.paid} 笔 ${yuan(sum.paid_cents)}\n不予发放：${refused || '无'}\n预算余额：${yuan(sum.budget_left_cents)}` +
    `　事件送达：${sum.events_delivered}　用时 ${sum.seconds.toFixed(1)} 秒（${(sum.people / sum.seconds).toFixed(1)} 人/秒）`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let n = 0;
  const sum = await mainJob({ people: Number(process.env.JOB_PEOPLE ?? 200),
    during: async (name_, run) => { n += 1; console.log(`\n${String(n).padStart(2)} ${TITLES[name_]}`); await run(); },
    say: (line) => console.log(`   ${line}`) });
  print(sum);
  if (process.env.YJY_SUMMARY) writeFileSync(process.env.YJY_SUMMARY, JSON.stringify(sum));
  process.exit(0);
}
