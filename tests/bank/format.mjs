// format.mjs -- the texts between us and a bank, written a second time: what
// services/subsidies/bank_file.h describes, by another program.
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const SECRETS = () => process.env.YJY_BANK_SECRETS ?? dirname(process.env.YJY_SIGN_IN);
const text = (file) => readFileSync(`${SECRETS()}/${file}`, 'utf8').replace(/\n$/, '');

// The key our files are signed with, and the one a bank signs with.
export const ourKey = () => text('bank.key');
export function bankKey(n = 0) {
  const [name, key] = text('bank-reply.keys').split('\n')[n].split(' ');
  return { name, key };
}

export const mac = (body, key) => createHmac('sm3', key).update(body).digest('hex');
export function seal(body, { name, key } = bankKey(), { digest } = {}) {
  const whole = digest ? `${body}#SM3,${createHash('sm3').update(body).digest('hex')}\n` : body;
  return `${whole}#HMAC-SM3,${mac(whole, key)}${name ? `,${name}` : ''}\n`;
}

// The body of a text that our key signed; throws where it did not.
export function opened(file, key = ourKey()) {
  const at = file.lastIndexOf('#HMAC-SM3,');
  if (at < 1 || file.slice(at + 10).trim() !== mac(file.slice(0, at), key)) throw new Error('bad signature');
  return file.slice(0, at).replace(/#SM3,[0-9a-f]{64}\n$/, '');
}

function fields(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replaceAll('""', '"') ?? m[2]);
}

// A batch or an inquiry: { kind, no, count, total, rows: [{column: text}] }.
export function read(file) {
  const [first, head, ...lines] = opened(file).trim().split('\n').map(fields);
  const rows = lines.map((l) => Object.fromEntries(head.map((h, i) => [h, l[i]])));
  const out = { kind: first[0].slice(1), no: first[1], count: Number(first[2]), total: Number(first[3]), rows };
  const sum = rows.reduce((n, r) => n + Number(r.amount_cents), 0);
  if (out.count !== rows.length || out.total !== sum) throw new Error('the totals do not fit');
  return out;
}

const quoted = (t) => (/[",\r\n]/.test(t) ? `"${t.replaceAll('"', '""')}"` : t);
// answers: [{ pay_no, status, code, text, time, amount_cents }]
export function reply(no, answers, { total, count } = {}) {
  const sum = answers.reduce((n, a) => n + Number(a.amount_cents), 0);
  return [`#batch,${no},${count ?? answers.length},${total ?? sum},CNY`, 'pay_no,status,code,text,time',
    ...answers.map((a) => [a.pay_no, a.status, a.code, a.text, a.time].map(quoted).join())].join('\n') + '\n';
}

// movements: [{ bank_no, day, pay_no, direction, amount_cents, balance_cents, text }]
export function statement(county, from, to, opening, movements) {
  const closing = movements.at(-1)?.balance_cents ?? opening;
  return [`#statement,${county},${from},${to},${opening},${closing},CNY`,
    'bank_no,day,pay_no,direction,amount_cents,balance_cents,text',
    ...movements.map((m) => [m.bank_no, m.day, m.pay_no ?? '', m.direction, m.amount_cents, m.balance_cents,
      m.text ?? ''].join())].join('\n') + '\n';
}
