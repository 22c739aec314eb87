// bank.mjs -- a bank for tests: a process with books of its own. It checks the
// signature and the totals of what it is given, pays each number once, sends
// money back by rules that tests know, and misbehaves when told to.
//
//   node tests/bank/bank.mjs --books FILE --county CODE [--outbox DIR --inbox DIR]
//
// Prints its port. POST /file?at= and /inquiry?at= answer with a reply file;
// POST /faults {name: value} switches a fault on; GET /books is what it holds,
// GET /statement?from=&to= its 对账单. A line of the books is on the disk before
// anybody hears of it.
//
// Accounts that end in 0000 do not exist, in 9998 are closed; a name with 错 does
// not fit; money for an account that ends in 7777 arrives and comes back later.
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, readdirSync, renameSync,
  writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import * as f from './format.mjs';

const { values: o } = parseArgs({ options: { books: { type: 'string' }, county: { type: 'string' },
  outbox: { type: 'string' }, inbox: { type: 'string' } } });
const OPENING = 100_000_000_00;
const faults = {};	// partial, duplicate, out_of_order, wrong_total, forged, other_batch, lost, never
const books = existsSync(o.books) ? readFileSync(o.books, 'utf8').trim().split('\n').filter(Boolean).map((l) => JSON.parse(l)) : [];
const answered = new Map();	// pay_no: answer

function put(line) {
  const fd = openSync(o.books, 'a');
  appendFileSync(fd, `${JSON.stringify(line)}\n`);
  fsyncSync(fd);
  closeSync(fd);
  books.push(line);
}

const balance = () => books.at(-1)?.balance_cents ?? OPENING;
function moveMoney(direction, row, at) {
  put({ bank_no: `${o.county}-${String(books.length + 1).padStart(8, '0')}`, day: at.slice(0, 10), at, pay_no: row.pay_no, direction,
    amount_cents: Number(row.amount_cents), account: row.account, name: row.account_name,
    balance_cents: balance() + (direction === 'in' ? 1 : -1) * Number(row.amount_cents) });
}

function refusal(row) {
  if (/0000$/.test(row.account)) return ['E104', '账号不存在'];
  if (/9998$/.test(row.account)) return ['E102', '账户已销户'];
  if (/错/.test(row.account_name)) return ['E101', '户名与账号不符'];
  return null;
}

// Each number once, whoever asks how often.
function pay(row, at) {
  const known = answered.get(row.pay_no) ?? books.find((b) => b.pay_no === row.pay_no);
  if (known) return answerOf(row);
  const why = refusal(row);
  if (!why) moveMoney('out', row, at);
  answered.set(row.pay_no, { pay_no: row.pay_no, amount_cents: row.amount_cents, time: at,
    ...(why ? { status: 'returned', code: why[0], text: why[1] } : { status: 'paid', code: '0000', text: '成功' }) });
  return answered.get(row.pay_no);
}

function answerOf(row) {
  const out = books.find((b) => b.pay_no === row.pay_no && b.direction === 'out');
  const back = books.find((b) => b.pay_no === row.pay_no && b.direction === 'in');
  const base = { pay_no: row.pay_no, amount_cents: row.amount_cents };
  if (back) return { ...base, status: 'refunded', code: 'E102', text: '账户已销户，款项退回', time: back.at };
  if (out) return { ...base, status: 'paid', code: '0000', text: '成功', time: out.at };
  return answered.get(row.pay_no) ?? { ...base, status: 'unknown', code: 'E404', text: '查无此笔', time: row.at };
}

const seen = new Map();	// batch_no: its rows

// What the bank says to a file; null: nothing.
function serve(text, at) {
  const file = f.read(text);
  if (file.kind === 'inquiry') return faults.never ? null : say(file.no, file.rows.map((r) => answerOf({ ...r, at })));
  if (faults.never) return null;
  seen.set(file.no, file.rows);
  const all = file.rows.map((r) => pay(r, at));
  if (faults.lost) { faults.lost = false; return null; }
  if (faults.partial) { faults.partial = false; return say(file.no, all.slice(0, Math.ceil(all.length / 2))); }
  return say(file.no, all);
}

function say(no, answers) {
  const key = f.bankKey();
  const sum = answers.reduce((n, a) => n + Number(a.amount_cents), 0);
  if (faults.wrong_total) { faults.wrong_total = false; return f.seal(f.reply(no, answers, { total: sum + 1 }), key); }
  if (faults.forged) { faults.forged = false; return f.seal(f.reply(no, answers), { ...key, key: 'a key of nobody at all' }); }
  if (faults.other_batch) { faults.other_batch = false; return f.seal(f.reply('B2025010100000000010', answers), key); }
  return f.seal(f.reply(no, answers), key);
}

// Money that was paid to such accounts comes back; one reply for each batch.
function comeBack(at) {
  const out = [];
  for (const [no, rows] of seen) {
    const back = rows.filter((r) => /7777$/.test(r.account) && books.some((b) => b.pay_no === r.pay_no) &&
      !books.some((b) => b.pay_no === r.pay_no && b.direction === 'in'));
    for (const r of back) moveMoney('in', r, at);
    if (back.length > 0) out.push(say(no, back.map(answerOf)));
  }
  return out;
}

function statement(from, to) {
  const before = books.filter((b) => b.day < from).at(-1)?.balance_cents ?? OPENING;
  return f.seal(f.statement(o.county, from, to, before, books.filter((b) => b.day >= from && b.day <= to)));
}

const server = createServer((req, res) => {
  const parts = [];
  req.on('data', (d) => parts.push(d));
  req.on('end', () => {
    const body = Buffer.concat(parts).toString('utf8');
    const { pathname, searchParams: q } = new URL(req.url, 'http://bank');
    const at = q.get('at') ?? '2025-10-29T10:00:00+08:00';
    const end = (status, text) => { res.writeHead(status, { connection: 'close' }); res.end(text); };
    try {
      if (pathname === '/file' || pathname === '/inquiry') {
        const text = serve(body, at);
        end(text === null ? 504 : 200, text ?? '');
      } else if (pathname === '/come-back') end(200, JSON.stringify(comeBack(at)));
      else if (pathname === '/faults') { Object.assign(faults, JSON.parse(body)); end(200, '{}'); }
      else if (pathname === '/books') end(200, JSON.stringify(books));
      else if (pathname === '/statement') end(200, statement(q.get('from'), q.get('to')));
      else end(404, '');
    } catch (error) { end(400, error.message); }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

// The folders: each file is answered once under the name of its content.
const done = new Set();
function look() {
  for (const name of readdirSync(o.outbox).filter((n) => /^[^.].*\.csv$/.test(n) && !done.has(n))) {
    done.add(name);
    const text = serve(readFileSync(`${o.outbox}/${name}`, 'utf8'), faults.at ?? '2025-10-29T10:00:00+08:00');
    for (let i = 0; text !== null && i < (faults.duplicate ? 2 : 1); i++) {
      writeFileSync(`${o.inbox}/.${name}`, text);
      renameSync(`${o.inbox}/.${name}`, `${o.inbox}/reply-${i}-${name}`);
    }
  }
}
if (o.outbox) setInterval(look, 50);
