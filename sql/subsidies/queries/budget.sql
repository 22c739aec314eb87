-- Budget lines and allotments: the columns, and beside them the entries. Nothing
-- here writes a balance: functions of the schema make entries, and those do.

-- Gives, or with a negative sum takes back. No row: no such line for the county.
-- name: allotment_change :one
-- args: line_code text, county_code text, year int8?, cents int8, document_no text, why text
SELECT subsidies.allotment_json(a)::text AS reply
  FROM subsidies.ledger_allot($line_code, $county_code,
           coalesce($year, extract(year FROM platform.today()))::int4, $cents, $document_no, $why) a
 WHERE a.id IS NOT NULL;

-- name: transfer_add :one
-- args: line_code text, from_county text, to_county text, year int8?, amount_cents int8, document_no text, why text
SELECT jsonb_build_object('id', t.id, 'line_code', $line_code, 'from_county', $from_county,
           'to_county', $to_county, 'amount_cents', $amount_cents, 'currency', 'CNY')::text AS reply
  FROM subsidies.ledger_transfer($line_code, $from_county, $to_county,
           coalesce($year, extract(year FROM platform.today()))::int4, $amount_cents, $document_no, $why) t (id)
 WHERE t.id IS NOT NULL;

-- name: year_close :one
-- args: line_code text, year int8, county_code text
SELECT jsonb_build_object('line_code', $line_code, 'year', $year, 'closed', x.n)::text AS reply, x.n AS closed
  FROM subsidies.ledger_close($line_code, $year::int4, $county_code) x (n);

-- name: budget_list :many read
-- args: line_code text, county_code text, year int8?, after text, lim int8
SELECT (subsidies.allotment_json(a) || jsonb_build_object('line_title', l.title,
           'fund_source', f.code, 'fund_title', f.title,
           'entries', jsonb_build_object('appropriated_cents', e.appropriated,
               'reserved_cents', e.reserved, 'committed_cents', e.committed,
               'paid_cents', e.paid),
           'balanced', e.appropriated = a.appropriated_cents AND e.reserved = a.reserved_cents
               AND e.committed = a.committed_cents AND e.paid = a.paid_cents))::text AS reply,
       a.id::text AS cursor
  FROM subsidies.allotment a
  JOIN subsidies.budget_line l ON l.code = a.line_code
  JOIN subsidies.fund_source f ON f.code = l.fund_source
  CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.amount_cents * ((x.debit = 'treasury')::int
                 - (x.credit = 'treasury')::int)), 0) AS appropriated,
             coalesce(sum(x.amount_cents * ((x.credit = 'reserved')::int
                 - (x.debit = 'reserved')::int)), 0) AS reserved,
             coalesce(sum(x.amount_cents * ((x.credit = 'committed')::int
                 - (x.debit = 'committed')::int)), 0) AS committed,
             coalesce(sum(x.amount_cents * ((x.credit = 'paid')::int
                 - (x.debit = 'paid')::int)), 0) AS paid
        FROM subsidies.ledger_entry x WHERE x.allotment_id = a.id) e
 WHERE ($line_code::text IS NULL OR a.line_code = $line_code)
   AND ($county_code::text IS NULL OR a.county_code = $county_code)
   AND ($year::int8 IS NULL OR a.year = $year)
   AND a.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY a.id LIMIT $lim;

-- name: line_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('code', l.code, 'title', l.title, 'fund_source', f.code,
           'fund_title', f.title, 'legal_basis', l.legal_basis, 'treasury', l.county_code,
           'appropriated_cents', l.appropriated_cents, 'allotted_cents', l.allotted_cents,
           'policies', (SELECT coalesce(jsonb_agg(p.policy_code ORDER BY p.policy_code), '[]')
                          FROM subsidies.budget_line_policy p WHERE p.line_code = l.code),
           'currency', 'CNY')::text AS reply,
       l.code AS cursor
  FROM subsidies.budget_line l JOIN subsidies.fund_source f ON f.code = l.fund_source
 WHERE $after::text IS NULL OR l.code > $after
 ORDER BY l.code LIMIT $lim;

-- name: line_treasury :one read
-- args: line_code text
SELECT l.county_code FROM subsidies.budget_line l WHERE l.code = $line_code;

-- name: line_open :one
-- args: code text, treasury text, fund_source text, title text, legal_basis text
SELECT jsonb_build_object('code', l.code, 'title', l.title, 'fund_source', l.fund_source,
           'legal_basis', l.legal_basis, 'treasury', l.county_code, 'currency', 'CNY')::text AS reply
  FROM subsidies.line_open($code, $treasury, $fund_source, $title, $legal_basis) l;

-- name: line_pays :one
-- args: line_code text, treasury text, policy_code text, ord int8
SELECT jsonb_build_object('line_code', $line_code, 'policy_code', $policy_code, 'ord', $ord)::text AS reply
 WHERE subsidies.line_pays($line_code, $treasury, $policy_code, $ord::int2);

-- name: line_appropriate :one
-- args: line_code text, treasury text, amount_cents int8, document_no text, dated_on date, why text
SELECT jsonb_build_object('id', a.id, 'line_code', a.line_code, 'was_cents', a.was_cents,
           'amount_cents', a.amount_cents, 'document_no', a.document_no, 'dated_on', a.dated_on,
           'why', a.why, 'at', a.created_at, 'currency', 'CNY')::text AS reply
  FROM subsidies.line_appropriate($line_code, $treasury, $amount_cents, $document_no, $dated_on, $why) a
 WHERE a.id IS NOT NULL;

-- name: appropriation_list :many read
-- args: line_code text, after text, lim int8
SELECT jsonb_build_object('id', a.id, 'line_code', a.line_code, 'was_cents', a.was_cents,
           'amount_cents', a.amount_cents, 'document_no', a.document_no, 'dated_on', a.dated_on,
           'why', a.why, 'at', a.created_at, 'currency', 'CNY')::text AS reply,
       a.id::text AS cursor
  FROM subsidies.budget_appropriation a
 WHERE a.line_code = $line_code
   AND a.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY a.id LIMIT $lim;

-- What an allotment stood at before, what moved it by kind, and after.
-- name: budget_statement :one read
-- args: id uuid, from_on date, to_on date
WITH moves AS (
    SELECT x.reason, x.debit, x.credit, x.amount_cents,
           (x.created_at AT TIME ZONE 'Asia/Shanghai')::date < $from_on::date AS before
      FROM subsidies.ledger_entry x
     WHERE x.allotment_id = $id
       AND ($to_on::date IS NULL OR (x.created_at AT TIME ZONE 'Asia/Shanghai')::date <= $to_on)
), stands AS (
    SELECT x.at, jsonb_build_object(
               'appropriated_cents', coalesce(sum(amount_cents * ((debit = 'treasury')::int - (credit = 'treasury')::int)), 0),
               'available_cents', coalesce(sum(amount_cents * ((credit = 'available')::int - (debit = 'available')::int)), 0),
               'reserved_cents', coalesce(sum(amount_cents * ((credit = 'reserved')::int - (debit = 'reserved')::int)), 0),
               'committed_cents', coalesce(sum(amount_cents * ((credit = 'committed')::int - (debit = 'committed')::int)), 0),
               'paid_cents', coalesce(sum(amount_cents * ((credit = 'paid')::int - (debit = 'paid')::int)), 0)) AS stand
      FROM (VALUES ('opening'), ('closing')) AS x (at)
      LEFT JOIN moves m ON x.at = 'closing' OR m.before
     GROUP BY x.at
)
SELECT jsonb_build_object('id', a.id, 'line_code', a.line_code, 'county_code', a.county_code, 'year', a.year,
           'from_on', $from_on::date, 'to_on', $to_on::date,
           'opening', (SELECT stand FROM stands WHERE at = 'opening'),
           'moved', (SELECT coalesce(jsonb_agg(jsonb_build_object('reason', t.reason, 'debit', t.debit,
                         'credit', t.credit, 'entries', t.n, 'amount_cents', t.cents)
                         ORDER BY t.reason, t.debit), '[]')
                       FROM (SELECT m.reason, m.debit, m.credit, count(*) AS n, sum(m.amount_cents) AS cents
                               FROM moves m WHERE m.before IS NOT TRUE GROUP BY 1, 2, 3) t),
           'closing', (SELECT stand FROM stands WHERE at = 'closing'),
           'currency', 'CNY')::text AS reply
  FROM subsidies.allotment a WHERE a.id = $id;

-- name: entry_list :many read
-- args: id uuid, from_on date, to_on date, reason text, claim_id uuid, after text, lim int8
SELECT jsonb_build_object('id', x.id, 'at', x.created_at, 'debit', x.debit, 'credit', x.credit,
           'amount_cents', x.amount_cents, 'reason', x.reason, 'claim_id', x.claim_id,
           'corrects', x.corrects, 'transfer_id', x.transfer_id, 'document_no', x.document_no,
           'note', x.note, 'actor', x.actor, 'county_code', x.county_code, 'currency', 'CNY')::text AS reply,
       x.ord::text AS cursor
  FROM subsidies.ledger_entry x
 WHERE x.allotment_id = $id AND x.ord > (SELECT coalesce($after::text::int8, 0))
   AND ($from_on::date IS NULL OR (x.created_at AT TIME ZONE 'Asia/Shanghai')::date >= $from_on)
   AND ($to_on::date IS NULL OR (x.created_at AT TIME ZONE 'Asia/Shanghai')::date <= $to_on)
   AND ($reason::text IS NULL OR x.reason = $reason)
   AND ($claim_id::uuid IS NULL OR x.claim_id = $claim_id)
 ORDER BY x.ord LIMIT $lim;

-- name: entry_lines :many read
-- args: id uuid, from_on date, to_on date, lim int8
SELECT concat_ws(',', x.ord, to_char(x.created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'),
           x.debit, x.credit, x.amount_cents, x.reason, coalesce(x.claim_id::text, ''),
           coalesce(x.corrects::text, ''), coalesce(x.transfer_id::text, ''),
           '"' || replace(coalesce(x.document_no, ''), '"', '""') || '"',
           '"' || replace(coalesce(x.note, ''), '"', '""') || '"') AS line
  FROM subsidies.ledger_entry x
 WHERE x.allotment_id = $id
   AND ($from_on::date IS NULL OR (x.created_at AT TIME ZONE 'Asia/Shanghai')::date >= $from_on)
   AND ($to_on::date IS NULL OR (x.created_at AT TIME ZONE 'Asia/Shanghai')::date <= $to_on)
 ORDER BY x.ord LIMIT $lim;

-- name: ledger_correction_propose :one
-- args: id uuid, reason text
SELECT jsonb_build_object('id', c.id, 'entry_id', c.entry_id, 'reason', c.reason, 'state', c.state,
           'proposed_by', c.proposed_by, 'proposed_at', c.proposed_at, 'county_code', c.county_code)::text AS reply
  FROM subsidies.correction_propose($id, $reason) c WHERE c.id IS NOT NULL;

-- name: ledger_correction_decide :one
-- args: id uuid, agree bool
SELECT jsonb_build_object('id', c.id, 'entry_id', c.entry_id, 'reason', c.reason, 'state', c.state,
           'proposed_by', c.proposed_by, 'proposed_at', c.proposed_at, 'decided_by', c.decided_by,
           'decided_at', c.decided_at, 'county_code', c.county_code)::text AS reply
  FROM subsidies.correction_decide($id, $agree) c WHERE c.id IS NOT NULL;

-- name: ledger_correction_list :many read
-- args: state text, after text, lim int8
SELECT jsonb_build_object('id', c.id, 'entry_id', c.entry_id, 'reason', c.reason, 'state', c.state,
           'proposed_by', c.proposed_by, 'proposed_at', c.proposed_at, 'decided_by', c.decided_by,
           'decided_at', c.decided_at, 'county_code', c.county_code, 'amount_cents', e.amount_cents,
           'debit', e.debit, 'credit', e.credit)::text AS reply,
       c.id::text AS cursor
  FROM subsidies.ledger_correction c JOIN subsidies.ledger_entry e ON e.id = c.entry_id
 WHERE ($state::text IS NULL OR c.state = $state)
   AND c.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY c.id LIMIT $lim;
