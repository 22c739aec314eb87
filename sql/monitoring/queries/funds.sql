-- Money and performance: the books by line, county and month beside their plan
-- and beside what the books say of themselves; how long money takes; what is late.

-- name: working_drop :exec
-- args: days text
DELETE FROM monitoring.working_day
 WHERE (SELECT array_agg(day ORDER BY day) FROM monitoring.working_day) IS DISTINCT FROM $days::text::date[];

-- name: working_put :exec
-- args: days text
INSERT INTO monitoring.working_day (day, nth)
SELECT day, row_number() OVER (ORDER BY day) FROM unnest($days::text::date[]) AS d (day)
    ON CONFLICT DO NOTHING;

-- Stocks are those of the last day; spent is what was paid, less what came back, in the period.
-- name: fund_list :one read
-- args: from_on date, to_on date, line_code text, county_code text
WITH p AS MATERIALIZED (
    SELECT * FROM monitoring.period_of($from_on, $to_on)
), planned AS (
    SELECT x.county_code, x.line_code, sum(x.planned_cents)::int8 AS cents
      FROM p CROSS JOIN LATERAL monitoring.plans(date_trunc('month', p.from_on)::date, date_trunc('month', p.to_on)::date) x
     GROUP BY 1, 2
), lines AS (
    SELECT l.county_code, l.line_code, l.line_title, l.fund_source,
           coalesce(n.appropriated, 0) AS appropriated, coalesce(n.reserved, 0) AS reserved,
           coalesce(n.committed, 0) AS committed, coalesce(n.paid, 0) AS paid, coalesce(n.returned, 0) AS returned,
           coalesce(n.paid, 0) - coalesce(b.paid, 0) AS spent, d.cents AS planned,
           l.appropriated AS l_appropriated, l.reserved AS l_reserved, l.committed AS l_committed, l.paid AS l_paid,
           l.returned AS l_returned,
           (l.appropriated, l.reserved, l.committed, l.paid, l.returned) IS NOT DISTINCT FROM
           (coalesce(e.appropriated, 0), coalesce(e.reserved, 0), coalesce(e.committed, 0), coalesce(e.paid, 0),
            coalesce(e.returned, 0)) AS agrees
      FROM p CROSS JOIN monitoring.fund_ledger() l
      LEFT JOIN monitoring.fund_stock('9999-12-31') e ON (e.county_code, e.line_code) = (l.county_code, l.line_code)
      LEFT JOIN (SELECT s.* FROM p CROSS JOIN LATERAL monitoring.fund_stock(p.to_on) s) n
             ON (n.county_code, n.line_code) = (l.county_code, l.line_code)
      LEFT JOIN (SELECT s.* FROM p CROSS JOIN LATERAL monitoring.fund_stock(p.from_on - 1) s) b
             ON (b.county_code, b.line_code) = (l.county_code, l.line_code)
      LEFT JOIN planned d ON (d.county_code, d.line_code) = (l.county_code, l.line_code)
     WHERE ($line_code::text IS NULL OR l.line_code = $line_code)
       AND ($county_code::text IS NULL OR l.county_code = $county_code)
), items AS (
    SELECT l.*, jsonb_build_object('line_code', l.line_code, 'line_title', l.line_title, 'fund_source', l.fund_source,
        'county_code', l.county_code, 'appropriated_cents', l.appropriated,
        'available_cents', l.appropriated - l.reserved - l.committed - l.paid, 'reserved_cents', l.reserved,
        'committed_cents', l.committed, 'paid_cents', l.paid, 'returned_cents', l.returned,
        'paid_milli', monitoring.milli(l.paid, l.appropriated), 'spent_cents', l.spent, 'planned_cents', l.planned,
        'spent_milli', monitoring.milli(l.spent, l.planned), 'agrees', l.agrees,
        'ledger', jsonb_build_object('appropriated_cents', l.l_appropriated, 'reserved_cents', l.l_reserved,
            'committed_cents', l.l_committed, 'paid_cents', l.l_paid, 'returned_cents', l.l_returned)) AS item
      FROM lines l
)
SELECT jsonb_build_object('from_on', p.from_on, 'to_on', p.to_on, 'as_of', platform.now(), 'currency', 'CNY',
    'appropriated_cents', coalesce(sum(i.appropriated), 0)::int8, 'paid_cents', coalesce(sum(i.paid), 0)::int8,
    'spent_cents', coalesce(sum(i.spent), 0)::int8, 'planned_cents', sum(i.planned)::int8,
    'agrees', coalesce(bool_and(i.agrees), true),
    'items', coalesce(jsonb_agg(i.item ORDER BY i.line_code, i.county_code) FILTER (WHERE i.item IS NOT NULL), '[]'))::text
    AS reply
  FROM p LEFT JOIN items i ON true GROUP BY p.from_on, p.to_on;

-- name: fund_months :many read
-- args: from_on date, to_on date, line_code text, county_code text, after text, lim int8
WITH p AS MATERIALIZED (
    SELECT date_trunc('month', x.from_on)::date AS from_month, date_trunc('month', x.to_on)::date AS to_month
      FROM monitoring.period_of($from_on, $to_on) x
), months AS (
    SELECT county_code, line_code, month, coalesce(m.paid, 0) AS spent, d.planned_cents, d.document_no,
           concat_ws('|', county_code, line_code, month) AS key
      FROM (SELECT x.* FROM p CROSS JOIN LATERAL monitoring.fund_months(p.from_month, p.to_month) x) m
      FULL JOIN (SELECT x.* FROM p CROSS JOIN LATERAL monitoring.plans(p.from_month, p.to_month) x) d
           USING (county_code, line_code, month)
)
SELECT jsonb_build_object('county_code', county_code, 'line_code', line_code, 'month', month, 'spent_cents', spent,
           'planned_cents', planned_cents, 'document_no', document_no,
           'spent_milli', monitoring.milli(spent, planned_cents), 'currency', 'CNY')::text AS reply,
       key AS cursor
  FROM months
 WHERE ($line_code::text IS NULL OR line_code = $line_code)
   AND ($county_code::text IS NULL OR county_code = $county_code)
   AND ($after::text IS NULL OR key COLLATE "C" > $after)
 ORDER BY key COLLATE "C" LIMIT $lim;

-- The very rows behind a sum of the books.
-- name: fund_entries :many read
-- args: kind text, from_on date, to_on date, line_code text, county_code text, after text, lim int8
SELECT jsonb_build_object('id', t.fact_id, 'on', t.on_day, 'line_code', f.attrs ->> 'line_code',
           'county_code', t.county_code, 'reason', f.attrs ->> 'reason', 'amount_cents', t.value,
           'claim_id', f.attrs ->> 'claim_id', 'allotment_id', f.attrs ->> 'allotment_id', 'currency', 'CNY')::text AS reply,
       to_char(t.on_day, 'YYYY-MM-DD') || t.fact_id::text AS cursor
  FROM monitoring.period_of($from_on, $to_on) p
  JOIN monitoring.tally t ON t.measure = monitoring.measure_id('fund_' || $kind) AND t.gone = 9223372036854775807
   AND t.on_day BETWEEN p.from_on AND p.to_on
  JOIN monitoring.fact f ON f.id = t.fact_id AND f.kind = 'fund_' || $kind
 WHERE ($line_code::text IS NULL OR f.attrs ->> 'line_code' = $line_code)
   AND ($county_code::text IS NULL OR t.county_code = $county_code)
   AND ($after::text IS NULL OR (t.on_day, t.fact_id) < (left($after, 10)::date, substr($after, 11)::uuid))
 ORDER BY t.on_day DESC, t.fact_id DESC LIMIT $lim;

-- Of a line that the county was given money of.
-- name: plan_set :one
-- args: new_id uuid, line_code text, county_code text, month date, planned_cents int8, document_no text
WITH made AS (
    INSERT INTO monitoring.spend_plan (id, line_code, county_code, month, planned_cents, document_no)
    SELECT $new_id, $line_code, $county_code, $month, $planned_cents, $document_no
     WHERE EXISTS (SELECT FROM monitoring.fact f WHERE f.kind = 'allotment' AND f.attrs ->> 'line_code' = $line_code)
       AND extract(day FROM $month::date) = 1 AND platform.in_areas($county_code, NULL)
    RETURNING *
)
SELECT jsonb_build_object('id', id, 'line_code', line_code, 'county_code', county_code, 'month', month,
           'planned_cents', planned_cents, 'document_no', document_no, 'at', created_at, 'currency', 'CNY')::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN platform.in_areas($county_code, NULL) IS NOT TRUE THEN 'auth.area'
                            WHEN extract(day FROM $month::date) = 1 THEN 'monitoring.line_unknown /line_code'
                            ELSE 'monitoring.plan_month /month' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: plan_list :many read
-- args: line_code text, county_code text, after text, lim int8
SELECT jsonb_build_object('id', p.id, 'line_code', p.line_code, 'county_code', p.county_code, 'month', p.month,
           'planned_cents', p.planned_cents, 'document_no', p.document_no, 'at', p.created_at, 'currency', 'CNY')::text AS reply,
       p.id::text AS cursor
  FROM monitoring.spend_plan p
 WHERE ($line_code::text IS NULL OR p.line_code = $line_code)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY p.id DESC LIMIT $lim;

-- From being found or applied for, and from being confirmed, to the money.
-- name: payment_times :many read
-- args: by text, from_on date, to_on date, hides bool, after text, lim int8
WITH paid AS (
    SELECT CASE $by WHEN 'county' THEN f.county_code WHEN 'policy' THEN f.attrs ->> 'policy_code'
                    ELSE (f.attrs ->> 'policy_code') || ' ' || f.county_code END AS key,
           f.on_day - c.on_day AS days, monitoring.working_between(c.on_day, f.on_day) AS working,
           f.on_day - k.on_day AS sure_days, monitoring.working_between(k.on_day, f.on_day) AS sure_working
      FROM monitoring.period_of($from_on, $to_on) p
      JOIN monitoring.fact f ON f.kind = 'payment' AND NOT f.is_dropped AND f.on_day BETWEEN p.from_on AND p.to_on
      JOIN monitoring.fact c ON c.id = f.id AND c.kind = 'claim'
      LEFT JOIN monitoring.fact k ON k.id = f.id AND k.kind = 'claim_confirmed'
), sums AS (
    SELECT key, count(*) AS n, percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS days_p50,
           percentile_disc(0.9) WITHIN GROUP (ORDER BY days) AS days_p90,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY working) AS working_p50,
           percentile_disc(0.9) WITHIN GROUP (ORDER BY working) AS working_p90,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY sure_working) AS sure_p50,
           percentile_disc(0.9) WITHIN GROUP (ORDER BY sure_working) AS sure_p90, max(days) AS longest
      FROM paid GROUP BY key
)
SELECT CASE WHEN monitoring.too_few(n, $hides)
            THEN jsonb_build_object('key', key, 'n', NULL, 'days_p50', NULL, 'days_p90', NULL, 'working_days_p50', NULL,
                     'working_days_p90', NULL, 'confirmed_working_days_p50', NULL, 'confirmed_working_days_p90', NULL,
                     'longest_days', NULL, 'promised_working_days', monitoring.setting_on('claim_payment_days', platform.today()), 'hidden', true)
            ELSE jsonb_build_object('key', key, 'n', n, 'days_p50', days_p50, 'days_p90', days_p90,
                     'working_days_p50', working_p50, 'working_days_p90', working_p90,
                     'confirmed_working_days_p50', sure_p50, 'confirmed_working_days_p90', sure_p90,
                     'longest_days', longest, 'promised_working_days', monitoring.setting_on('claim_payment_days', platform.today()),
                     'hidden', false) END::text AS reply,
       key AS cursor
  FROM sums WHERE $after::text IS NULL OR key COLLATE "C" > $after
 ORDER BY key COLLATE "C" LIMIT $lim;

-- A placement: a person in the register of employment by the day of the money, once.
-- name: unit_costs :many read
-- args: by text, from_on date, to_on date, hides bool, after text, lim int8
WITH paid AS (
    SELECT CASE $by WHEN 'county' THEN f.county_code WHEN 'policy' THEN f.attrs ->> 'policy_code'
                    ELSE (f.attrs ->> 'policy_code') || ' ' || f.county_code END AS key,
           f.amount, CASE WHEN EXISTS (SELECT FROM monitoring.fact e
                WHERE e.person_id = f.person_id AND e.kind = 'employment' AND NOT e.is_dropped
                  AND e.on_day <= f.on_day) THEN f.person_id END AS placed
      FROM monitoring.period_of($from_on, $to_on) p
      JOIN monitoring.fact f ON f.kind = 'payment' AND NOT f.is_dropped AND f.on_day BETWEEN p.from_on AND p.to_on
), sums AS (
    SELECT key, sum(amount)::int8 AS cents, count(*) AS n, count(DISTINCT placed) AS placed FROM paid GROUP BY key
)
SELECT CASE WHEN monitoring.too_few(n, $hides) OR monitoring.too_few(placed, $hides)
            THEN jsonb_build_object('key', key, 'payments', NULL, 'paid_cents', cents, 'placements', NULL,
                     'unit_cost_cents', NULL, 'currency', 'CNY', 'hidden', true)
            ELSE jsonb_build_object('key', key, 'payments', n, 'paid_cents', cents, 'placements', placed,
                     'unit_cost_cents', CASE WHEN placed > 0 THEN (cents + placed / 2) / placed END,
                     'currency', 'CNY', 'hidden', false) END::text AS reply,
       key AS cursor
  FROM sums WHERE $after::text IS NULL OR key COLLATE "C" > $after
 ORDER BY key COLLATE "C" LIMIT $lim;

-- name: claims_overdue :many read
-- args: policy_code text, county_code text, after text, lim int8
SELECT jsonb_build_object('id', o.id, 'policy_code', o.policy_code, 'org_id', o.org_id,
           'org_name', monitoring.org_name(o.org_id), 'state', o.state,
           'since', o.since, 'due_on', o.due_on, 'waited_working_days', o.waited, 'county_code', o.county_code)::text AS reply,
       to_char(o.due_on, 'YYYY-MM-DD') || o.id::text AS cursor
  FROM monitoring.claims_overdue() o
 WHERE ($policy_code::text IS NULL OR o.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR o.county_code = $county_code)
   AND ($after::text IS NULL OR (o.due_on, o.id) > (left($after, 10)::date, substr($after, 11)::uuid))
 ORDER BY o.due_on, o.id LIMIT $lim;

-- Milestones and works on halls that are not done by their day, and lines that spent less than was planned
-- from the start of the business year to the end of last month.
-- name: fund_late :many read
-- args: county_code text, after text, lim int8
WITH year AS (
    SELECT date_trunc('year', platform.today())::date AS first_month,
           (date_trunc('month', platform.today()) - interval '1 month')::date AS last_month
), behind AS (
    SELECT county_code, line_code, sum(planned_cents)::int8 AS planned, coalesce(sum(paid), 0)::int8 AS spent,
           max(last_month) AS last_month
      FROM year CROSS JOIN LATERAL monitoring.plans(year.first_month, year.last_month) d
      LEFT JOIN LATERAL (SELECT m.paid FROM monitoring.fund_months(d.month, d.month) m
                          WHERE (m.county_code, m.line_code) = (d.county_code, d.line_code)) s ON true
     GROUP BY 1, 2
), late AS (
    SELECT 'milestone' AS kind, f.id, f.org_id, f.attrs ->> 'project_id' AS project_id, NULL AS place_id, NULL AS line_code, f.county_code,
           f.on_day AS due_on, NULL::int8 AS planned, NULL::int8 AS spent, 'milestone ' || f.id AS key
      FROM monitoring.fact f
     WHERE f.kind = 'milestone' AND NOT f.is_dropped AND f.attrs ->> 'state' IN ('due', 'missed')
       AND f.on_day < platform.today()
    UNION ALL
    SELECT 'hall_work', f.id, NULL, NULL, f.attrs ->> 'place_id', NULL, f.county_code, f.on_day, NULL, NULL, 'hall_work ' || f.id
      FROM monitoring.fact f
     WHERE f.kind = 'hall_work' AND NOT f.is_dropped AND f.attrs ->> 'state' = 'running' AND f.on_day < platform.today()
    UNION ALL
    SELECT 'spending', NULL, NULL, NULL, NULL, line_code, county_code, (last_month + interval '1 month - 1 day')::date,
           planned, spent, concat_ws(' ', 'spending', county_code, line_code)
      FROM behind WHERE spent < planned
)
SELECT jsonb_build_object('kind', kind, 'id', id, 'org_id', org_id,
           'org_name', monitoring.org_name(late.org_id), 'project_id', project_id, 'place_id', place_id,
           'line_code', line_code, 'county_code', county_code, 'due_on', due_on, 'days_late', platform.today() - due_on,
           'planned_cents', planned, 'spent_cents', spent)::text AS reply,
       key AS cursor
  FROM late
 WHERE ($county_code::text IS NULL OR county_code = $county_code) AND ($after::text IS NULL OR key COLLATE "C" > $after)
 ORDER BY key COLLATE "C" LIMIT $lim;
