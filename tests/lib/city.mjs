// city.mjs -- pieces of the sample city that tests ask for: a desk by login, a
// new person, a new firm with its agent.
import { createHash, randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { actFor, call, desks, register, signIn } from './client.mjs';
import { bornIn, idNumber, name, phone, Random, uscc } from './fake.mjs';

// A sequence of its own in every process, for the numbers of a run must not
// meet; with YJY_TEST_SEED each file has the same one again.
const word = () => randomInt(2 ** 32);
export const random = process.env.YJY_TEST_SEED
  ? new Random(Number(process.env.YJY_TEST_SEED), createHash('sha256').update(process.argv[1] ?? '').digest().readUInt32LE())
  : new Random(word(), word(), word());
const signedIn = new Map();

// A one-time code opens one session, so the test files of a run share theirs:
// a token with two minutes left is as good as a new one.
async function openDesk(login) {
  const kept = `${process.env.YJY_RUN}/desk.${login}.json`;
  try {
    const d = JSON.parse(readFileSync(kept, 'utf8'));
    if (d.until > Date.now() + 120000) return d;
  } catch { /* none yet */ }
  const row = desks().desks.find((d) => d.login === login);
  if (!row) throw new Error(`no desk ${login}`);
  const d = await signIn(row);
  d.until = JSON.parse(Buffer.from(d.token.split('.')[1], 'base64url')).exp * 1000;
  if (process.env.YJY_RUN) writeFileSync(kept, JSON.stringify(d), { mode: 0o600 });
  return d;
}

export function desk(login) {
  const had = signedIn.get(login);
  if (had && (had.until ?? Infinity) > Date.now() + 120000) return had.signing;
  const now = { signing: openDesk(login).then((d) => { now.until = d.until; return d; }) };
  signedIn.set(login, now);
  return now.signing;
}

export function someone(over = {}) {
  return { name: name(random), phone: phone(random), id_number: idNumber(random, over.birth_on ?? bornIn(random, 1985, 2004)),
    area_code: '431129100', ...over, birth_on: undefined };
}

export const person = (over) => register(someone(over));

export async function firm(over = {}) {
  const agent = await person({ birth_on: bornIn(random, 1968, 1992) });
  const org = await call('POST', '/v1/identity/orgs', { token: agent.token, body: {
    uscc: uscc(random), name: `示例${name(random)}电机有限公司`, kind: 'enterprise', industry_code: '3812',
    area_code: '431129100', ...over } });
  return { ...(await actFor(agent, org.org_id)), org, agent };
}

// Waits until `probe` gives something true: events need a moment.
export async function eventually(probe, what, ms = 15000) {
  const until = Date.now() + ms;
  for (;;) {
    const got = await probe();
    if (got) return got;
    if (Date.now() > until) throw new Error(`never: ${what}`);
    await new Promise((r) => setTimeout(r, 40));
  }
}
