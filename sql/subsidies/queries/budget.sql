-- Budget lines and allotments: the columns, and beside them the entries.

-- name: allotment_add :one
-- args: line_code text, county_code text, amount_cents int8
WITH line AS (
    UPDATE subsidies.budget_line SET allotted_cents = allotted_cents + $amount_cents
     WHERE code = $line_code
    RETURNING code
), given AS (
    INSERT INTO subsidies.allotment AS a (line_code, county_code, appropriated_cents)
    SELECT code, $county_code, $amount_cents FROM line
        ON CONFLICT (line_code, county_code) DO UPDATE
       SET appropriated_cents = a.appropriated_cents + excluded.appropriated_cents
    RETURNING *
), entry AS (
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, debit, credit, amount_cents,
        reason, actor)
    SELECT id, county_code, 'treasury', 'available', $amount_cents, 'allot', platform.actor()
      FROM given
)
SELECT jsonb_build_object('id', id, 'line_code', line_code, 'county_code', county_code,
           'appropriated_cents', appropriated_cents, 'reserved_cents', reserved_cents,
           'committed_cents', committed_cents, 'paid_cents', paid_cents,
           'available_cents', appropriated_cents - reserved_cents - committed_cents - paid_cents,
           'currency', 'CNY')::text AS reply
  FROM given;

-- Locks the line first, as allotment_add does: giving and taking never deadlock.
-- name: allotment_take :one
-- args: line_code text, county_code text, amount_cents int8
WITH line AS (
    UPDATE subsidies.budget_line AS l SET allotted_cents = l.allotted_cents - $amount_cents
     WHERE l.code = $line_code
       AND EXISTS (SELECT FROM subsidies.allotment AS a
                    WHERE a.line_code = l.code AND a.county_code = $county_code)
    RETURNING l.code
), taken AS (
    UPDATE subsidies.allotment AS a
       SET appropriated_cents = a.appropriated_cents - $amount_cents
      FROM line WHERE a.line_code = line.code AND a.county_code = $county_code
    RETURNING a.*
), entry AS (
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, debit, credit, amount_cents,
        reason, actor)
    SELECT id, county_code, 'available', 'treasury', $amount_cents, 'take_back', platform.actor()
      FROM taken
)
SELECT jsonb_build_object('id', id, 'line_code', line_code, 'county_code', county_code,
           'appropriated_cents', appropriated_cents, 'reserved_cents', reserved_cents,
           'committed_cents', committed_cents, 'paid_cents', paid_cents,
           'available_cents', appropriated_cents - reserved_cents - committed_cents - paid_cents,
           'currency', 'CNY')::text AS reply
  FROM taken;

-- name: budget_list :many read
-- args: line_code text, county_code text, after text, lim int8
SELECT jsonb_build_object('id', a.id, 'line_code', a.line_code, 'line_title', l.title,
           'fund_source', f.code, 'fund_title', f.title, 'county_code', a.county_code,
           'appropriated_cents', a.appropriated_cents, 'reserved_cents', a.reserved_cents,
           'committed_cents', a.committed_cents, 'paid_cents', a.paid_cents,
           'available_cents',
               a.appropriated_cents - a.reserved_cents - a.committed_cents - a.paid_cents,
           'entries', jsonb_build_object('appropriated_cents', e.appropriated,
               'reserved_cents', e.reserved, 'committed_cents', e.committed,
               'paid_cents', e.paid),
           'balanced', e.appropriated = a.appropriated_cents AND e.reserved = a.reserved_cents
               AND e.committed = a.committed_cents AND e.paid = a.paid_cents,
           'currency', 'CNY')::text AS reply,
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
   AND a.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY a.id LIMIT $lim;

-- name: line_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('code', l.code, 'title', l.title, 'fund_source', f.code,
           'fund_title', f.title, 'legal_basis', l.legal_basis,
           'appropriated_cents', l.appropriated_cents, 'allotted_cents', l.allotted_cents,
           'policies', (SELECT coalesce(jsonb_agg(p.policy_code ORDER BY p.policy_code), '[]')
                          FROM subsidies.budget_line_policy p WHERE p.line_code = l.code),
           'currency', 'CNY')::text AS reply,
       l.code AS cursor
  FROM subsidies.budget_line l JOIN subsidies.fund_source f ON f.code = l.fund_source
 WHERE $after::text IS NULL OR l.code > $after
 ORDER BY l.code LIMIT $lim;
