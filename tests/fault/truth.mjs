// truth.mjs -- what must be true of the city at rest, whatever was done to it,
// read where nothing can hide: in the database.
import assert from 'node:assert/strict';
import { SERVICES, sql } from '../api/help.mjs';
import { eventually } from '../lib/city.mjs';

// Who follows whose events.
const FOLLOWS = { identity: ['jobs', 'training', 'subsidies'], jobs: ['identity'], training: ['identity', 'jobs'],
  entrepreneurship: ['identity', 'jobs', 'training', 'subsidies'], subsidies: ['identity', 'jobs', 'training', 'entrepreneurship'],
  monitoring: ['identity', 'jobs', 'training', 'entrepreneurship', 'subsidies', 'monitoring'] };

const numbers = (rows) => rows.map((r) => r.map(Number));

// ---- at rest ----------------------------------------------------------------------

// What is still on its way: unnumbered events, unapplied ones, undecided employments.
function underWay() {
  const left = [];
  for (const s of SERVICES)
    left.push(`SELECT '${s} outbox', count(*) FROM ${s}.outbox`);
  for (const [consumer, sources] of Object.entries(FOLLOWS))
    for (const source of sources)
      left.push(`SELECT '${consumer} behind ${source}',
        (SELECT coalesce(max(seq), 0) FROM ${source}.event_log) -
        coalesce((SELECT seq FROM ${consumer}.event_cursor WHERE source = '${source}'), 0)`);
  left.push(`SELECT 'due', count(*) FROM subsidies.due`);
  return sql(left.join(' UNION ALL ')).filter(([, n]) => n !== '0');
}

// Positions that only passed over events are written down within two seconds.
export async function atRest() {
  let left;
  try {
    await eventually(() => { left = underWay(); return left.length === 0; }, 'at rest', 30000);
  } catch (error) {
    throw new Error(`the city does not come to rest: ${JSON.stringify(left)}`, { cause: error });
  }
}

// ---- counts before and after --------------------------------------------------------

// Refusals are told again when facts of a refused person arrive later, and postings
// of other tests expire when the day moves; a figure moves once a batch, however
// many events that was: none of these is counted.
// How an allotment stands is told once a statement, however many entries it makes.
const UNSTEADY = ['subsidies.claim.refused.v1', 'jobs.vacancy.changed.v1', 'jobs.demand.changed.v1', 'subsidies.allotment.moved.v1',
  'monitoring.figure.moved.v1', 'monitoring.market_report.moved.v1'];	// the last: once a quarter, by the clock
export function counts() {
  const out = {};
  for (const s of SERVICES)
    for (const [type, n] of sql(`SELECT type, count(*) FROM ${s}.event_log GROUP BY 1`))
      if (!UNSTEADY.includes(type)) out[type] = Number(n);
  const tables = ['identity.person', 'identity.org', 'jobs.vacancy', 'jobs.application',
    'jobs.employment', 'jobs.unemployment', 'training.class', 'training.enrolment', 'training.certificate',
    'entrepreneurship.carrier', 'entrepreneurship.tenant', 'entrepreneurship.job_created',
    'subsidies.claim', 'subsidies.claim_hand', 'subsidies.ledger_entry', 'subsidies.notice',
    'subsidies.payment_batch', 'subsidies.payment_line', 'subsidies.payment_reply',
    'subsidies.import_batch', 'monitoring.finished'];
  for (const t of tables) out[t] = Number(sql(`SELECT count(*) FROM ${t}`)[0][0]);
  // How an allotment stands is one fact, however often it moves.
  for (const [kind, n] of sql("SELECT kind, count(*) FROM monitoring.fact WHERE NOT is_dropped AND kind <> 'allotment' GROUP BY 1"))
    out[`monitoring ${kind}`] = Number(n);
  out.parked = SERVICES.reduce((n, s) => n + Number(sql(`SELECT count(*) FROM ${s}.event_parked`)[0][0]), 0);
  return out;
}

export function grown(before, after) {
  return Object.fromEntries(Object.keys(after).map((k) => [k, after[k] - (before[k] ?? 0)]));
}

// ---- always --------------------------------------------------------------------------

const none = (what, query) => assert.deepEqual(sql(query), [], what);

function logsAreDense() {
  for (const s of SERVICES) {
    const [[n, least, most, twice]] = numbers(sql(`SELECT count(*), coalesce(min(seq), 1),
      coalesce(max(seq), 0), count(*) - count(DISTINCT id) FROM ${s}.event_log`));
    assert.equal(most, n, `the log of ${s} has no gap`);
    assert.equal(least, 1, `the log of ${s} begins with 1`);
    assert.equal(twice, 0, `no event of ${s} is in its log twice`);
  }
}

// The columns of an allotment are the sums of its entries and of its claims.
function booksBalance() {
  none('columns are the sums of their entries', `
    SELECT a.id FROM subsidies.allotment a LEFT JOIN LATERAL (
      SELECT sum(amount_cents * ((debit = 'treasury')::int - (credit = 'treasury')::int)) AS given,
             sum(amount_cents * ((credit = 'reserved')::int - (debit = 'reserved')::int)) AS reserved,
             sum(amount_cents * ((credit = 'committed')::int - (debit = 'committed')::int)) AS committed,
             sum(amount_cents * ((credit = 'paid')::int - (debit = 'paid')::int)) AS paid
        FROM subsidies.ledger_entry e WHERE e.allotment_id = a.id) e ON true
     WHERE (a.appropriated_cents, a.reserved_cents, a.committed_cents, a.paid_cents) IS DISTINCT FROM
           (coalesce(given, 0), coalesce(reserved, 0), coalesce(committed, 0), coalesce(paid, 0))`);
  none('columns are the sums of the claims standing there', `
    SELECT a.id FROM subsidies.allotment a LEFT JOIN LATERAL (
      SELECT coalesce(sum(amount_cents) FILTER (WHERE funds = 'reserved'), 0) AS reserved,
             coalesce(sum(amount_cents) FILTER (WHERE funds = 'committed'), 0) AS committed,
             coalesce(sum(amount_cents - recovered_cents) FILTER (WHERE funds = 'paid'), 0) AS paid,
             coalesce(sum(recovered_cents), 0) AS returned
        FROM subsidies.claim c WHERE c.allotment_id = a.id) c ON true
     WHERE (a.reserved_cents, a.committed_cents, a.paid_cents, a.returned_cents) IS DISTINCT FROM
           (c.reserved, c.committed, c.paid, c.returned)`);
  none('a claim’s money is where its entries put it', `
    SELECT c.id, c.state FROM subsidies.claim c LEFT JOIN LATERAL (
      SELECT coalesce(sum(amount_cents * ((credit = 'reserved')::int - (debit = 'reserved')::int)), 0) AS reserved,
             coalesce(sum(amount_cents * ((credit = 'committed')::int - (debit = 'committed')::int)), 0) AS committed,
             coalesce(sum(amount_cents * ((credit = 'paid')::int - (debit = 'paid')::int)), 0) AS paid
        FROM subsidies.ledger_entry e WHERE e.claim_id = c.id) e ON true
     WHERE (e.reserved, e.committed, e.paid) IS DISTINCT FROM (
           CASE c.funds WHEN 'reserved' THEN c.amount_cents ELSE 0 END,
           CASE c.funds WHEN 'committed' THEN c.amount_cents ELSE 0 END,
           CASE c.funds WHEN 'paid' THEN c.amount_cents - c.recovered_cents ELSE 0 END)`);
  none('an entry is reversed once, by its like', `
    SELECT r.id FROM subsidies.ledger_entry r JOIN subsidies.ledger_entry e ON e.id = r.corrects
     WHERE (r.allotment_id, r.debit, r.credit, r.amount_cents) IS DISTINCT FROM (e.allotment_id, e.credit, e.debit, e.amount_cents)`);
  none('what one county gave another has', `
    SELECT transfer_id FROM subsidies.ledger_entry WHERE transfer_id IS NOT NULL GROUP BY 1
    HAVING sum(amount_cents * ((debit = 'treasury')::int - (credit = 'treasury')::int)) <> 0`);
  none('a closed year holds nothing', `SELECT id FROM subsidies.allotment WHERE closed_on IS NOT NULL
    AND (reserved_cents > 0 OR committed_cents > 0 OR appropriated_cents <> paid_cents)`);
  none('nothing is overspent', `SELECT id FROM subsidies.allotment
    WHERE reserved_cents + committed_cents + paid_cents > appropriated_cents`);
  none('a line has allotted what its counties have', `
    SELECT l.code FROM subsidies.budget_line l
     WHERE l.allotted_cents <> (SELECT coalesce(sum(appropriated_cents), 0)
                                  FROM subsidies.allotment a WHERE a.line_code = l.code)`);
}

function nothingPaidTwice() {
  none('a paid claim has one paid line of its amount less what was offset, any other none', `
    SELECT c.id, c.state FROM subsidies.claim c LEFT JOIN LATERAL (
      SELECT coalesce(sum(x.amount_cents), 0) AS kept FROM subsidies.recovery_offset o
        JOIN subsidies.recovery_receipt x ON x.offset_id = o.id WHERE o.claim_id = c.id) o ON true LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE state = 'paid') AS paid,
             count(*) FILTER (WHERE state = 'queued') AS queued,
             coalesce(sum(amount_cents) FILTER (WHERE state = 'paid'), 0) AS cents
        FROM subsidies.payment_line l WHERE l.claim_id = c.id) l ON true
     WHERE (c.state = 'paid') IS DISTINCT FROM (paid = (kept < c.amount_cents)::int AND cents + kept = c.amount_cents AND queued = 0
            AND c.state = 'paid')
        OR (c.state <> 'paid' AND paid > 0)`);
  none('a person is paid once in a family', `
    SELECT benefit_family, person_id FROM subsidies.claim WHERE state = 'paid' AND supplements IS NULL
       AND person_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1`);
  none('a batch is the sum of its lines', `
    SELECT b.id FROM subsidies.payment_batch b JOIN subsidies.payment_line l ON l.batch_id = b.id
     GROUP BY b.id HAVING (b.line_count, b.total_cents) IS DISTINCT FROM (count(*), sum(l.amount_cents))`);
}

// A claim that may still end in money holds what its policy says, one that will not holds nothing.
function holdsAreHeld() {
  none('an ended claim holds nothing', `SELECT c.id, c.state FROM subsidies.claim c JOIN subsidies.hold h ON h.claim_id = c.id
    WHERE h.live AND c.state IN ('declined', 'waived', 'rejected')`);
  none('a claim with money holds all it takes', `SELECT c.id, c.state FROM subsidies.claim c JOIN subsidies.hold h ON h.claim_id = c.id
    WHERE NOT h.live AND c.funds <> 'available'`);
}

// Each step once; the five hands of a paid claim are five people.
function handsAreDistinct() {
  none('a step done by a hand is done once a round', `
    SELECT claim_id, step FROM subsidies.claim_step s
     WHERE step IN ('first_review', 'recheck', 'approve')
       AND NOT EXISTS (SELECT FROM subsidies.claim_step r WHERE r.claim_id = s.claim_id AND (r.to_state = 'notified'
                        AND r.step <> 'notify' OR (r.step, r.to_state) IN (('recheck', 'confirmed'), ('approve', 'first_reviewed'))))
     GROUP BY 1, 2 HAVING count(*) > 1`);
  none('who stood in for somebody has that hand for both', `
    SELECT s.id FROM subsidies.claim_step s WHERE s.on_behalf_of IS NOT NULL
       AND (s.actor = s.on_behalf_of OR (SELECT count(*) FROM subsidies.claim_hand h
             WHERE h.claim_id = s.claim_id AND h.hand = s.hand AND h.actor IN (s.actor, s.on_behalf_of)) <> 2)`);
  none('five different people', `
    SELECT c.id FROM subsidies.claim c JOIN subsidies.claim_hand h ON h.claim_id = c.id
     WHERE c.state = 'paid' GROUP BY c.id
    HAVING count(DISTINCT h.actor) < 5 OR count(DISTINCT h.hand) < 5`);
}

// What one service told, the others have: no more and no less.
function projectionsAgree() {
  const told = (consumer, table, column, source, type, undone = '') => none(`${consumer} has what ${source} told`, `
    SELECT key FROM ${source}.event_log e WHERE type = '${type}'
       AND NOT EXISTS (SELECT FROM ${source}.event_log u WHERE u.type = '${undone}' AND u.key = e.key AND u.seq > e.seq)
       AND NOT EXISTS (SELECT FROM ${table.includes('(') ? table : `${consumer}.${table}`} t WHERE t.${column}::text = e.key)
       AND NOT EXISTS (SELECT FROM ${consumer}.event_parked p WHERE p.source = '${source}' AND p.seq = e.seq)`);
  for (const c of ['jobs', 'training', 'subsidies']) {
    told(c, 'person', 'id', 'identity', 'identity.person.registered.v1');
    told(c, 'org', 'id', 'identity', 'identity.org.registered.v1');
  }
  told('entrepreneurship', 'org', 'id', 'identity', 'identity.org.registered.v1');
  told('entrepreneurship', 'hire', 'id', 'jobs', 'jobs.employment.registered.v1');
  told('subsidies', 'employment', 'id', 'jobs', 'jobs.employment.registered.v1');
  const fact = (kind, source, type, undone) => told('monitoring', `(SELECT * FROM monitoring.fact WHERE kind = '${kind}'
    AND NOT is_dropped)`, 'id', source, type, undone);
  fact('employment', 'jobs', 'jobs.employment.registered.v1');
  fact('unemployment', 'jobs', 'jobs.unemployment.registered.v1');
  fact('certificate', 'training', 'training.certificate.issued.v1', 'training.certificate.revoked.v1');
  fact('startup_job', 'entrepreneurship', 'entrepreneurship.job.created.v1', 'entrepreneurship.job.withdrawn.v1');
  fact('payment', 'subsidies', 'subsidies.claim.paid.v1', 'subsidies.payment.returned.v1');
  none('the board has the employments of the registry', `
    (SELECT id FROM jobs.employment WHERE org_id IS NOT NULL
      EXCEPT SELECT id FROM monitoring.fact WHERE kind = 'employment') UNION ALL
    (SELECT id FROM monitoring.fact WHERE kind = 'employment' EXCEPT SELECT id FROM jobs.employment)`);
  none('the board has the payments of the books', `
    (SELECT id, amount_cents FROM subsidies.claim WHERE state = 'paid'
      EXCEPT SELECT id, amount FROM monitoring.fact WHERE kind = 'payment' AND NOT is_dropped) UNION ALL
    (SELECT id, amount FROM monitoring.fact WHERE kind = 'payment' AND NOT is_dropped
      EXCEPT SELECT id, amount_cents FROM subsidies.claim WHERE state = 'paid')`);
  for (const s of SERVICES.filter((x) => x !== 'monitoring'))
    told('monitoring', 'finished', 'case_id', s, `${s}.case.finished.v1`);
  none('the funds are those of the books', `
    SELECT line_code, county_code FROM (
      SELECT line_code, county_code, sum(appropriated_cents) AS given, sum(reserved_cents) AS reserved,
             sum(committed_cents) AS committed, sum(paid_cents) AS paid, sum(returned_cents) AS returned
        FROM subsidies.allotment GROUP BY 1, 2) a
      LEFT JOIN (SELECT attrs ->> 'line_code' AS line_code, county_code,
             sum(amount) FILTER (WHERE kind = 'fund_appropriated') AS m_given, sum(amount) FILTER (WHERE kind = 'fund_reserved') AS m_reserved,
             sum(amount) FILTER (WHERE kind = 'fund_committed') AS m_committed, sum(amount) FILTER (WHERE kind = 'fund_paid') AS m_paid,
             sum(amount) FILTER (WHERE kind = 'fund_returned') AS m_returned
        FROM monitoring.fact WHERE kind LIKE 'fund\\_%' GROUP BY 1, 2) m USING (line_code, county_code)
     WHERE (given, reserved, committed, paid, returned) IS DISTINCT FROM (coalesce(m_given, 0), coalesce(m_reserved, 0),
            coalesce(m_committed, 0), coalesce(m_paid, 0), coalesce(m_returned, 0))`);
  none('cells are the sums of what is open', `
    SELECT measure, area, tag, month, sum(n) FROM (
      SELECT measure, area_code AS area, tag, month, n FROM monitoring.cell WHERE length(area_code) = 6
      UNION ALL
      SELECT t.measure, a, tag, date_trunc('month', t.on_day)::date, -t.value FROM monitoring.tally t
       CROSS JOIN LATERAL unnest(ARRAY['431100', t.county_code]) AS a CROSS JOIN LATERAL unnest(ARRAY[''] || t.tags) AS tag
       WHERE t.gone = 9223372036854775807) x GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0`);
  none('a carrier counts its jobs', `
    SELECT c.id FROM entrepreneurship.carrier c WHERE c.job_count <>
      (SELECT count(*) FROM entrepreneurship.job_created j WHERE j.carrier_id = c.id)`);
}

export async function isSound() {
  await atRest();
  logsAreDense();
  booksBalance();
  nothingPaidTwice();
  holdsAreHeld();
  handsAreDistinct();
  projectionsAgree();
}
