// subsidies_payments: money asked for, released, signed by two, sent, answered by a
// bank of its own books; whatever the bank does wrong, nothing is paid twice.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import '../lib/contract.mjs';
import { eventually } from '../lib/city.mjs';
import { call } from '../lib/client.mjs';
import { seal } from '../bank/format.mjs';
import * as g from './grant.mjs';
import { isProblem, minter, NOBODY, refused, RUN, Session, sql, walk } from './help.mjs';
import * as p from './payments_help.mjs';

const COUNTY = p.counties.dong_an, { EACH, POLICY } = g;
const o = p.officers(COUNTY);
const bank = await p.openBank(COUNTY.code), since = sql('SELECT platform.uuid7()')[0][0];
test.after(() => bank.close());

await g.at(g.HIRED_ON);
await g.allot(COUNTY, 50_000_000);

const messages = (f) => call('GET', '/v1/messages?limit=50', { token: f.token });
const lines = (b) => p.batchOf(o, b).then((x) => x.lines);
const claim = (w, i = 0) => g.claimOf(w.firm, w.list[i].id);
const budget = async () => (await g.get(`budgets?line_code=${POLICY}&county_code=${COUNTY.code}`, o.fiscal)).items[0];

// Paid by the books of the bank, once a number and once a claim.
async function judged() {
  const books = bank.books(), net = new Map();
  for (const b of books) net.set(b.pay_no, (net.get(b.pay_no) ?? 0) + (b.direction === 'out' ? 1 : -1));
  assert.ok([...net.values()].every((n) => n === 0 || n === 1), 'no number is paid twice');
  const paid = sql(`SELECT pay_no FROM subsidies.payment_line WHERE county_code = '${COUNTY.code}' AND state = 'paid'
    AND id > '${since}' ORDER BY 1`).flat();
  assert.deepEqual([...net].filter(([, n]) => n === 1).map(([no]) => no).sort(), paid, 'the bank has what we have');
  assert.deepEqual(sql(`SELECT claim_id FROM subsidies.payment_line WHERE state IN ('queued', 'paid') GROUP BY 1 HAVING count(*) > 1`), []);
}

test('a batch passes 财务, 财政 and two signers, and nobody twice', async () => {
  const w = await p.payable(COUNTY, 2);
  const b = await p.request(o, COUNTY);
  assert.deepEqual([b.state, b.line_count, b.total_cents, b.signatures], ['requested', 2, 2 * EACH, 0]);
  const no = { release_no: `CZ${b.batch_no}` };
  isProblem(await p.step(b, 'sign', o.signs[0], {}, { refused: true }), 409, 'state.wrong');
  isProblem(await p.step(b, 'send', o.finance, {}, { refused: true }), 409, 'state.wrong');
  isProblem(await p.step(b, 'release', o.fiscal, { release_no: '1' }, { refused: true }), 422, 'request.invalid', '/release_no field.too_short');
  isProblem(await p.step(b, 'release', o.finance, no, { refused: true }), 403, 'auth.forbidden');
  isProblem(await p.step(b, 'release', p.officers(p.counties.dao).fiscal, no, { refused: true }), 404, 'request.not_found');
  isProblem(await p.step(NOBODY, 'release', o.fiscal, no, { refused: true }), 404, 'request.not_found');
  isProblem(await p.step(b, 'release', o.fiscal, no, { refused: true, key: null }), 400, 'idempotency.missing');
  const released = await p.step(b, 'release', o.fiscal, no);
  assert.deepEqual([released.state, released.release_no], ['released', no.release_no]);
  isProblem(await p.step(b, 'send', o.finance, {}, { refused: true }), 409, 'subsidies.signatures');
  await refused('GET', `/v1/subsidies/payment-batches/${b.id}/file`, { token: o.finance }, 409, 'subsidies.signatures');
  // Neither the payer, nor a hand of any claim in it, nor the same person again.
  isProblem(await p.step(b, 'sign', o.finance, {}, { refused: true }), 409, 'subsidies.same_hand');
  const approver = sql(`SELECT actor FROM subsidies.claim_hand WHERE claim_id = '${w.list[1].id}' AND hand = 'approve'`)[0][0];
  isProblem(await p.step(b, 'sign', o.of('audit'), {}, { refused: true }), 403, 'auth.forbidden');
  const both = minter(o.finance)({ roles: [`finance@${COUNTY.code}`], sub: approver });
  isProblem(await p.step(b, 'sign', both, {}, { refused: true }), 409, 'subsidies.same_hand');
  const one = await p.step(b, 'sign', o.signs[0]);
  assert.deepEqual([one.state, one.signatures], ['released', 1]);
  isProblem(await p.step(b, 'sign', o.signs[0], {}, { refused: true }), 409, 'subsidies.same_hand');
  isProblem(await p.step(b, 'send', o.finance, {}, { refused: true }), 409, 'subsidies.signatures');
  const two = await p.step(b, 'sign', o.signs[1]);
  assert.deepEqual([two.state, two.signatures], ['signed', 2]);
  isProblem(await p.step(b, 'sign', o.of('finance'), {}, { refused: true }), 409, 'state.wrong');
  const file = await p.fileOf(o, b);
  assert.equal(createHash('sm3').update(file).digest('hex'), two.file_sm3, 'what was signed is what is fetched');
  // The database itself: no third signature, no other lines, no other way.
  for (const [text, broken] of [
    [`INSERT INTO subsidies.payment_signature VALUES ('${b.id}', 3, '${NOBODY}', 'x', '${COUNTY.code}')`, /payment_signature_nth_check/],
    [`UPDATE subsidies.payment_batch SET state = 'answered' WHERE id = '${b.id}'`, /state.wrong/],
    [`UPDATE subsidies.payment_batch SET total_cents = 1 WHERE id = '${b.id}'`, /state.wrong/],
    [`UPDATE subsidies.payment_line SET amount_cents = 1 WHERE batch_id = '${b.id}'`, /state.wrong/],
    [`UPDATE subsidies.payment_line SET account_name = 'x' WHERE batch_id = '${b.id}'`, /state.wrong/]])
    assert.throws(() => sql(text), broken, text);
  assert.throws(() => sql(`DELETE FROM subsidies.payment_signature`, 'subsidies_system'), /permission denied/);
  const mine = () => g.get('my/payments', w.firm.token).then((x) => x.items.map((i) => [i.stage, i.amount_cents]));
  assert.deepEqual(await mine(), [['requested', EACH], ['requested', EACH]]);
  const gone = await p.step(b, 'send', o.finance);
  assert.deepEqual([gone.state, gone.answer_due_on], ['sent', '2025-11-03']);
  assert.deepEqual(await mine(), [['at_bank', EACH], ['at_bank', EACH]]);
  const reply = await bank.file(file);
  assert.equal(reply.status, 200, reply.text);
  const report = await p.take(o, b, reply.text);
  assert.deepEqual([report.paid, report.state, report.repeated], [2, 'answered', false]);
  assert.deepEqual(await mine(), [['paid', EACH], ['paid', EACH]]);
  const full = await p.batchOf(o, b);
  assert.deepEqual(full.downloads.filter((d) => d.kind !== 'outbox').map((d) => d.kind), ['file']);
  assert.ok(full.downloads.find((d) => d.kind === 'file').actor && full.signed_at.length === 2);
  assert.deepEqual((await claim(w)).steps.slice(-5).map((s) => s.step), ['batch', 'release', 'sign', 'sign', 'bank_paid']);
  assert.ok((await messages(w.firm)).items.some((m) => /付至尾号 9012/.test(m.body)), 'the payee is told');
  assert.equal((await budget()).balanced, true);
  await judged();
});

test('a batch is taken back while it is not sent, and its numbers are spent', async () => {
  const w = await p.payable(COUNTY, 1);
  const b = await p.request(o, COUNTY);
  const [old] = await lines(b);
  isProblem(await p.step(b, 'take-back', o.finance, { reason: '' }, { refused: true }), 422, 'request.invalid', '/reason field.too_short');
  isProblem(await p.step(b, 'take-back', o.fiscal, { reason: '户名有误' }, { refused: true }), 403, 'auth.forbidden');
  isProblem(await p.step(NOBODY, 'take-back', o.finance, { reason: '户名有误' }, { refused: true }), 404, 'request.not_found');
  await p.step(b, 'release', o.fiscal, { release_no: `CZ${b.batch_no}` });
  const back = await p.step(b, 'take-back', o.finance, { reason: '户名有误' });
  assert.deepEqual([back.state, back.take_back_reason], ['taken_back', '户名有误']);
  isProblem(await p.step(b, 'sign', o.signs[0], {}, { refused: true }), 409, 'state.wrong');
  isProblem(await p.step(b, 'take-back', o.finance, { reason: '又一次' }, { refused: true }), 409, 'state.wrong');
  const c = await claim(w);
  assert.deepEqual([c.state, c.payment_no, c.steps.at(-1).note], ['payable', null, '户名有误']);
  isProblem(await p.step(await p.request(o, COUNTY), 'release', o.fiscal, { release_no: `CZ${b.batch_no}` }, { refused: true }), 409,
    'state.exists', '/release_no state.exists');
  const again = (await call('GET', `/v1/subsidies/payment-batches?state=requested&county_code=${COUNTY.code}`, { token: o.finance })).items[0];
  const [line] = await lines(again);
  assert.ok(line.pay_no !== old.pay_no && line.resend_of === old.pay_no);
  await p.step(again, 'release', o.fiscal, { release_no: `CZ${again.batch_no}` });
  for (const s of o.signs) await p.step(again, 'sign', s);
  const file = await p.fileOf(o, again);
  await p.step(again, 'send', o.finance);
  isProblem(await p.step(again, 'take-back', o.finance, { reason: '晚了' }, { refused: true }), 409, 'state.wrong');
  await p.take(o, again, (await bank.file(file)).text);
  await judged();
});

test('what a bank sends wrong changes nothing, and says which line', async () => {
  await p.payable(COUNTY, 3);
  const b = await p.sent(o, COUNTY);
  const before = await budget();
  const good = (await bank.file(b.file)).text, body = good.slice(0, good.lastIndexOf('#HMAC'));
  const faulty = async (fault) => { await bank.faults({ [fault]: true }); return (await bank.file(b.file)).text; };
  for (const [what, raw, code] of [['unsigned', body, 'subsidies.seal'], ['an altered line', good.replace(',paid,', ',returned,'), 'subsidies.seal'],
    ['a forged seal', await faulty('forged'), 'subsidies.seal'],
    ['another bank', seal(body, { name: 'nobody', key: 'x'.repeat(64) }), 'subsidies.seal'],
    ['a wrong total', await faulty('wrong_total'), 'subsidies.batch_total'],
    ['another batch', await faulty('other_batch'), 'subsidies.file']]) {
    isProblem(await p.take(o, b, raw, { refused: true }), 422, code);
    assert.deepEqual(await budget(), before, what);
  }
  const twice = await p.take(o, b, seal(body.replace(/,3,\d+,CNY/, `,4,${4 * EACH},CNY`) + body.trim().split('\n').at(-1) + '\n'), { refused: true });
  isProblem(twice, 422, 'subsidies.file');
  assert.match(twice.json.detail, /第 6 行 P\d+：支付编号重复/);
  // In parts; the second part again with the first; then the file once more.
  await bank.faults({ partial: true });
  const part = (await bank.file(b.file)).text;
  const first = await p.take(o, b, part);
  assert.deepEqual([first.paid, first.state], [2, 'sent']);
  isProblem(await p.take(o, b, seal(body.replaceAll(',paid,', ',returned,')), { refused: true }), 422, 'subsidies.file');
  const rest = await p.take(o, b, good);
  assert.deepEqual([rest.paid, rest.state], [1, 'answered']);
  const [one, two] = await Promise.all([p.take(o, b, good), p.take(o, b, part)]);
  assert.ok(one.repeated && two.repeated && one.paid === 1 && two.paid === 2);
  const wrong = await p.take(o, b, seal(body.replace(',paid,0000', ',returned,E104')), { refused: true });
  isProblem(wrong, 422, 'subsidies.file');
  assert.match(wrong.json.detail, /第 3 行 P\d+：与先前的结果（已付）矛盾/);
  assert.equal(before.committed_cents - (await budget()).committed_cents, 3 * EACH);
  await judged();
});

test('a returned payment says why, is corrected and sent again under a new number', async () => {
  const w = await p.payable(COUNTY, 1, '4300123400000000');
  const b = await p.sent(o, COUNTY);
  const report = await p.take(o, b, (await bank.file(b.file)).text);
  assert.deepEqual([report.returned, report.returned_cents, report.paid], [1, EACH, 0]);
  const [line] = await lines(b);
  assert.deepEqual([line.state, line.bank_code], ['returned', 'E104']);
  const [mine] = (await g.get('my/payments', w.firm.token)).items;
  assert.deepEqual([mine.stage, mine.reason, mine.day], ['returned', '账号不存在', p.PAY_DAY]);
  assert.ok((await messages(w.firm)).items.some((m) => /账号不存在.*更正/.test(m.body)));
  const listed = (await g.get(`published-payments?kind=returned&county_code=${COUNTY.code}`)).items;
  assert.ok(listed.some((x) => x.payee_name === w.firm.org.name && x.reason === '账号不存在'));
  assert.ok(!JSON.stringify(listed).includes('4300123400000000'));
  await refused('GET', '/v1/subsidies/my/payments?cursor=x', { token: w.firm.token }, 422, 'request.invalid', 'cursor field.cursor');
  await refused('GET', '/v1/subsidies/published-payments?kind=lost', {}, 422, 'request.invalid', 'kind field.choice');
  isProblem(await p.request(o, COUNTY, { refused: true }), 409, 'state.wrong');	// nothing to pay until it is corrected
  await call('POST', `/v1/subsidies/claims/${w.list[0].id}/account`, { token: w.firm.token, body: g.account(w.firm, { account_no: '4300123456789055' }) });
  const again = await p.sent(o, COUNTY);
  const [next] = await lines(again);
  assert.equal(next.resend_of, line.pay_no);
  assert.throws(() => sql(`INSERT INTO subsidies.payment_line (batch_id, seq, pay_no, claim_id, account_sealed, account_masked,
    account_name, amount_cents, county_code, payee_kind, payee_id) SELECT batch_id, 99, 'PX', claim_id, account_sealed, account_masked,
    account_name, amount_cents, county_code, payee_kind, payee_id FROM subsidies.payment_line WHERE pay_no = '${next.pay_no}'`), /payment_line_live_key/);
  await p.take(o, again, (await bank.file(again.file)).text);
  assert.equal((await claim(w)).state, 'paid');
  await judged();
});

test('money that was paid and came back is committed again, in whatever order we hear', async () => {
  for (const late of [false, true]) {
    const w = await p.payable(COUNTY, 1, '4300123400007777');
    const b = await p.sent(o, COUNTY);
    const before = await budget();
    const paid = (await bank.file(b.file)).text;
    if (!late) assert.equal((await p.take(o, b, paid)).paid, 1);
    const [back] = await bank.comeBack('2025-10-29T15:00:00+08:00');
    const report = await p.take(o, b, back);
    assert.deepEqual([report.refunded, report.refunded_cents, report.paid], [1, EACH, late ? 1 : 0]);
    if (late) assert.equal((await p.take(o, b, paid)).paid, 0, 'that it was paid before is no news');
    const after = await budget();
    assert.deepEqual([after.committed_cents, after.paid_cents, after.balanced], [before.committed_cents, before.paid_cents, true]);
    const entries = sql(`SELECT debit, credit, reason FROM subsidies.ledger_entry WHERE claim_id = '${w.list[0].id}' ORDER BY ord`).slice(-2);
    assert.deepEqual(entries, [['committed', 'paid', 'pay'], ['paid', 'committed', 'bank_return']]);
    assert.equal((await claim(w)).state, 'returned');
    isProblem(await p.take(o, b, seal(back.slice(0, back.lastIndexOf('#HMAC')).replace('refunded', 'unknown')), { refused: true }), 422, 'subsidies.file');
    await eventually(() => sql(`SELECT count(*) FROM monitoring.fact WHERE kind = 'payment' AND NOT is_dropped AND id = '${w.list[0].id}'`)[0][0] === '0', 'the board hears of it');
    await call('POST', `/v1/subsidies/claims/${w.list[0].id}/account`, { token: w.firm.token, body: g.account(w.firm) });
    const again = await p.sent(o, COUNTY);
    await p.take(o, again, (await bank.file(again.file)).text);
    assert.equal((await claim(w)).state, 'paid');
    await eventually(() => sql(`SELECT attrs->>'payment_no' FROM monitoring.fact WHERE kind = 'payment' AND NOT is_dropped AND id = '${w.list[0].id}'`)[0]?.[0]?.startsWith('P'), 'and of the new payment');
  }
  await judged();
});

test('a bank that does not answer is asked; what it never had, it gets again', async () => {
  await p.payable(COUNTY, 2);
  const b = await p.sent(o, COUNTY);
  await bank.faults({ never: true });
  assert.equal((await bank.file(b.file)).status, 504);
  const overdue = () => walk(`/v1/subsidies/payment-batches?overdue=true&county_code=${COUNTY.code}`, o.finance, 5);
  assert.deepEqual(await overdue(), []);
  await g.at('2025-11-04');
  assert.deepEqual((await overdue()).map((x) => [x.id, x.waiting, x.is_overdue]), [[b.id, 2, true]]);
  await g.at(p.PAY_DAY);
  await bank.faults({ never: false });
  const inquiry = await p.inquiryOf(o, b);
  assert.match(inquiry, new RegExp(`^#inquiry,${b.batch_no},2,${2 * EACH},CNY\npay_no,amount_cents\n`));
  isProblem(await p.inquiryOf(o, NOBODY, { refused: true }), 404, 'request.not_found');
  const nothing = await p.take(o, b, (await bank.inquiry(inquiry)).text);
  assert.deepEqual([nothing.unknown, nothing.paid, nothing.state], [2, 0, 'sent']);
  // It pays, and its answer is lost; asked again, it says so.
  await bank.faults({ lost: true });
  assert.equal((await bank.file(b.file)).status, 504);
  const settled = await p.take(o, b, (await bank.inquiry(inquiry)).text);
  assert.deepEqual([settled.paid, settled.state], [2, 'answered']);
  assert.equal((await bank.file(b.file)).status, 200);	// the file once more: paid once
  await judged();
});

test('a bank that works by folders: files laid out, replies taken in or refused, each once', async () => {
  const folders = { outbox: `${RUN}/bank/outbox`, inbox: `${RUN}/bank/inbox` };
  const w = await p.payable(COUNTY, 2);
  const b = await p.sent(o, COUNTY);
  const laid = await eventually(() => existsSync(`${folders.outbox}/${b.batch_no}.csv`) &&
    readFileSync(`${folders.outbox}/${b.batch_no}.csv`, 'utf8'), 'the file lies in the outbox');
  assert.equal(laid, b.file, 'the same bytes as by hand');
  await eventually(async () => (await p.batchOf(o, b)).downloads.some((d) => d.kind === 'outbox' && d.actor === null), 'and the batch says so');
  const good = (await bank.file(laid)).text;
  const leave = (name, text) => {
    writeFileSync(`${folders.inbox}/.${name}`, text);
    renameSync(`${folders.inbox}/.${name}`, `${folders.inbox}/${name}`);
  };
  const found = (where, name) => eventually(() => existsSync(`${folders.inbox}/${where}`) &&
    readdirSync(`${folders.inbox}/${where}`).find((f) => f.endsWith(name)), `${name} in ${where}`);
  const no = b.batch_no;
  for (const [name, text, code] of [['unsigned', good.slice(0, good.lastIndexOf('#HMAC')), 'subsidies.seal'], ['no-reply', 'x\n', 'subsidies.file'],
    ['stranger', seal(good.slice(0, good.lastIndexOf('#HMAC')).replace(no, 'B2025010100000000010')), 'request.not_found']]) {
    leave(`${no}-${name}.csv`, text);
    const report = await found('refused', `${no}-${name}.csv.txt`);
    assert.match(readFileSync(`${folders.inbox}/refused/${report}`, 'utf8'), new RegExp(`^${code}\n`));
  }
  assert.equal((await p.batchOf(o, b)).state, 'sent');
  leave(`${no}-reply.csv`, good);
  await found('done', `${no}-reply.csv`);
  assert.equal((await p.batchOf(o, b)).state, 'answered');
  assert.deepEqual((await g.claims(w.firm, 'paid')).length, 2);
  leave(`${no}-again.csv`, good);
  await found('done', `${no}-again.csv`);
  assert.equal((await p.take(o, b, good)).repeated, true);
  assert.deepEqual(sql(`SELECT count(*) FROM subsidies.payment_reply WHERE batch_id = '${b.id}'`), [['1']]);
  // Overdue: the question about it is laid out by itself, once a day.
  await p.payable(COUNTY, 1);
  const late = await p.sent(o, COUNTY);
  await g.at('2025-11-04');
  const asked = await eventually(() => readdirSync(folders.outbox).find((f) => f === `${late.batch_no}-inquiry-2025-11-04.csv`), 'the question');
  await g.at(p.PAY_DAY);
  await bank.file(late.file);
  await p.take(o, late, (await bank.inquiry(readFileSync(`${folders.outbox}/${asked}`, 'utf8'))).text);
  await judged();
});

test('two who sign at the same moment are two; of two who send, one does', async () => {
  await p.payable(COUNTY, 1);
  const b = await p.request(o, COUNTY);
  await p.step(b, 'release', o.fiscal, { release_no: `CZ${b.batch_no}` });
  const hold = new Session();
  await hold.run(`BEGIN; SELECT FROM subsidies.payment_batch WHERE id = '${b.id}' FOR UPDATE`);
  const both = Promise.all([...o.signs, o.of('finance')].map((t) => p.step(b, 'sign', t, {}, { refused: true })));
  await hold.run('COMMIT');
  hold.end();
  assert.deepEqual((await both).map((r) => r.status).sort(), [200, 200, 409]);
  const file = await p.fileOf(o, b);
  const sends = await Promise.all([1, 2, 3].map(() => p.step(b, 'send', o.finance, {}, { refused: true })));
  assert.deepEqual(sends.map((r) => r.status).sort(), [200, 409, 409]);
  await p.take(o, b, (await bank.file(file)).text);
  await judged();
  await g.at(g.NOW);
});
