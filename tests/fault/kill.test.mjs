// Killed in the middle of the main job: each program, its worker and its
// parent; Redis; PostgreSQL, whole and by one of its sessions. The job goes on
// and comes to exactly what an undisturbed one of so many people comes to.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { eventually, random } from '../lib/city.mjs';
import { effects, emit } from './events_lab.mjs';
import { runJob, tidy } from './job.mjs';
import { counting, gone, killBackend, killParent, killPostmaster, killRedis, killWorker, parentOf,
  postmasterPid, sleep, startPostgres, striking, whole } from './strike.mjs';
import { isSound } from './truth.mjs';

const LONG = process.env.FAULT_LONG === '1';
const PEOPLE = LONG ? 40 : 24, ROUNDS = LONG ? Number(process.env.FAULT_ROUNDS ?? 1) : 1;

// Where each is at work: its worker is struck in the first list, its parent
// in the second. The long form strikes both in every step.
const AT = {
  gateway: [['manyHires', 'fourHands'], ['paid']],
  identity: [['firms', 'noticed'], ['manyHires']],
  jobs: [['manyHires', 'oneHire'], ['manyHires']],
  training: [['training'], ['certificate']],
  entrepreneurship: [['manyHires'], ['incubator']],
  subsidies: [['returned', 'confirmed', 'paid'], ['found', 'fourHands', 'noticed']],
  monitoring: [['manyHires'], ['board']],
};
const SESSIONS = ['identity_app', 'jobs_app', 'jobs_system', 'subsidies_app', 'subsidies_system',
  'monitoring_system'];
const STEPS = ['open', 'firms', 'incubator', 'oneHire', 'training', 'manyHires', 'returned', 'certificate',
  'found', 'explained', 'confirmed', 'fourHands', 'noticed', 'paid', 'board'];

const requests = {};
let calm;

before(async () => {
  await whole();
  await tidy();
  calm = await runJob(PEOPLE, { during: counting(requests) });
});

function strikes(steps, name, hit) {
  return steps.map((step) => ({ step, name, hit, delay_ms: random.int(12),
    after: 1 + random.int(requests[step]) }));
}

async function disturbed(t, plan) {
  const done = [];
  await whole();
  await tidy();
  const { sum, added } = await runJob(PEOPLE, { during: striking(plan, done) });
  await whole();
  t.diagnostic(`${sum.seconds.toFixed(1)} s; ${done.map((d) =>
    `${d.name} in ${d.step}${d.in_time ? '' : ' (just after)'}`).join(', ')}`);
  assert.equal(done.length, plan.length);
  assert.ok(done.some((d) => d.in_time), 'at least one strike came in time');
  assert.deepEqual(added, calm.added, 'every table and log has grown as in the undisturbed run');
}

function suite(round) {
  for (const [name, [first, second]] of Object.entries(AT)) {
    const worker = (steps) => strikes(steps, `worker of ${name}`, killWorker(name));
    const parent = (steps) => strikes(steps, `parent of ${name}`, killParent(name));
    if (!LONG) {
      test(`${name} killed`, (t) => disturbed(t, [...worker(first), ...parent(second)]));
      continue;
    }
    test(`${name}: worker killed in every step${round}`, (t) => disturbed(t, worker(STEPS)));
    test(`${name}: parent killed in every step${round}`, (t) => disturbed(t, parent(STEPS)));
  }
  test(`Redis killed${round}`, (t) => disturbed(t, strikes(LONG ? STEPS : ['manyHires', 'paid'], 'Redis', killRedis)));
  test(`PostgreSQL killed${round}`, (t) => disturbed(t, strikes(
    LONG ? STEPS : [random.pick(['manyHires', 'returned', 'found']), random.pick(['fourHands', 'paid'])],
    'PostgreSQL', killPostmaster)));
  if (LONG)
    for (const role of SESSIONS)
      test(`a session of ${role} killed in every step${round}`, (t) =>
        disturbed(t, strikes(STEPS, `session of ${role}`, killBackend(role))));
  else
    test('sessions of PostgreSQL killed', (t) => disturbed(t, SESSIONS.flatMap((role) =>
      strikes([random.pick(role.startsWith('subsidies') ? ['found', 'fourHands', 'paid'] : ['manyHires', 'firms'])],
        `session of ${role}`, killBackend(role)))));
}

for (let n = 1; n <= ROUNDS; n++) suite(ROUNDS > 1 ? `, round ${n}` : '');

test('a parent killed while it starts leaves no worker behind', async () => {
  let last = parentOf('monitoring');
  await killParent('monitoring')();
  for (let i = 0; i < (LONG ? 200 : 25); i++) {
    last = await eventually(() => { const pid = parentOf('monitoring'); return pid !== last && pid; }, 'it is started again');
    await sleep(random.int(60));
    process.kill(last, 'SIGKILL');
  }
  await whole();		// one process a port
});

test('what a consumer did last is done again when a crash takes it back', async (t) => {
  let lost = 0;
  await whole();
  for (let i = 0; i < (LONG ? 20 : 3); i++) {
    const ids = emit(3);
    await eventually(() => effects(ids) === ids.length, 'the effects');
    const pid = postmasterPid();
    process.kill(pid, 'SIGKILL');		// at once: nothing has asked for the disk
    await gone(pid);
    await startPostgres();
    if (effects(ids) < ids.length) lost += 1;
    await eventually(() => effects(ids) === ids.length, 'the effects again, with no later event');
    await whole();
  }
  t.diagnostic(`taken back and done again: ${lost}`);
  await isSound();
});
