-- Figures as of a day, of the caller's areas. Fewer than five people: NULL.

-- name: award_paid_put :exec
-- args: claim_id uuid, payment_no text, policy_code text, org_id text, person_id text, amount_cents int8, paid_on date, county_code text
INSERT INTO entrepreneurship.award_paid AS a (claim_id, payment_no, policy_code, org_id, person_id, amount_cents, paid_on, county_code)
SELECT $claim_id, $payment_no, p.code, $org_id::text::uuid, $person_id::text::uuid, $amount_cents, $paid_on, $county_code
  FROM entrepreneurship.award_policy p WHERE p.code = $policy_code
ON CONFLICT (claim_id, payment_no) DO UPDATE SET paid_on = excluded.paid_on;

-- name: award_returned_put :exec
-- args: claim_id uuid, payment_no text, policy_code text, org_id text, person_id text, amount_cents int8, returned_on date, county_code text
INSERT INTO entrepreneurship.award_paid AS a (claim_id, payment_no, policy_code, org_id, person_id, amount_cents, returned_on, county_code)
SELECT $claim_id, $payment_no, p.code, $org_id::text::uuid, $person_id::text::uuid, $amount_cents, $returned_on, $county_code
  FROM entrepreneurship.award_policy p WHERE p.code = $policy_code
ON CONFLICT (claim_id, payment_no) DO UPDATE SET returned_on = excluded.returned_on;

-- What is aimed at in the whole city, and how far it is: recognised and open.
-- name: figure_targets :many read
-- args: after text, lim int4
SELECT jsonb_build_object('kind', f.code, 'target', f.value, 'basis', f.basis, 'as_of', platform.today(),
           'recognised', (SELECT count(*) FROM entrepreneurship.carrier c
                           WHERE c.kind = f.code AND c.state = 'open' AND c.tier IS NOT NULL))::text AS reply, f.code AS cursor
  FROM entrepreneurship.figure_target f
 WHERE f.code > coalesce($after::text, '')
 ORDER BY f.code
 LIMIT $lim;

-- name: figure_carriers :many read
-- args: after text, lim int4, county_code text
SELECT jsonb_build_object('county_code', g.county_code, 'kind', g.kind, 'carriers', g.carriers, 'recognised', g.recognised,
           'places', g.places, 'tenants', g.tenants, 'as_of', platform.today())::text AS reply, g.county_code || g.kind AS cursor
  FROM (SELECT c.county_code, c.kind, count(*) AS carriers, count(*) FILTER (WHERE c.tier IS NOT NULL) AS recognised,
               sum(c.capacity) AS places, sum(c.tenant_count) AS tenants
          FROM entrepreneurship.carrier c
         WHERE c.state = 'open' AND platform.in_areas(c.county_code, NULL)
           AND ($county_code::text IS NULL OR c.county_code = $county_code)
         GROUP BY c.county_code, c.kind) g
 WHERE g.county_code || g.kind > coalesce($after::text, '')
 ORDER BY g.county_code, g.kind
 LIMIT $lim;

-- Of the firms admitted in a year, those alive one, two and three years on:
-- still in, or gone out into the world. NULL: no firm has had that long yet.
-- name: figure_survival :many read
-- args: after text, lim int4, county_code text, on_day date
SELECT (jsonb_build_object('year', g.year, 'firms', g.firms, 'as_of', g.day) || g.alive)::text AS reply, g.year::text AS cursor
  FROM (SELECT extract(year FROM t.admitted_on)::int4 AS year, count(*) AS firms, d.day, jsonb_build_object(
               'due_1', count(*) FILTER (WHERE n.y1 <= d.day), 'due_2', count(*) FILTER (WHERE n.y2 <= d.day),
               'due_3', count(*) FILTER (WHERE n.y3 <= d.day),
               'alive_1', CASE WHEN bool_or(n.y1 <= d.day) THEN count(*) FILTER (WHERE n.y1 <= d.day AND (t.left_on IS NULL OR t.left_on >= n.y1 OR t.leave_reason = 'graduated')) END,
               'alive_2', CASE WHEN bool_or(n.y2 <= d.day) THEN count(*) FILTER (WHERE n.y2 <= d.day AND (t.left_on IS NULL OR t.left_on >= n.y2 OR t.leave_reason = 'graduated')) END,
               'alive_3', CASE WHEN bool_or(n.y3 <= d.day) THEN count(*) FILTER (WHERE n.y3 <= d.day AND (t.left_on IS NULL OR t.left_on >= n.y3 OR t.leave_reason = 'graduated')) END) AS alive
          FROM entrepreneurship.tenant t
          CROSS JOIN (SELECT coalesce($on_day, platform.today()) AS day) d
          CROSS JOIN LATERAL (SELECT (t.admitted_on + interval '1 year')::date AS y1, (t.admitted_on + interval '2 years')::date AS y2,
                                     (t.admitted_on + interval '3 years')::date AS y3) n
         WHERE t.state IN ('in', 'left') AND t.admitted_on <= d.day
           AND ($county_code::text IS NULL OR t.county_code = $county_code)
         GROUP BY 1, d.day) g
 WHERE g.year < (SELECT coalesce($after::text::int4, 9999))
 ORDER BY g.year DESC
 LIMIT $lim;

-- 创业带动就业, each person once in a row of the table.
-- name: figure_jobs :many read
-- args: after text, lim int4, by text, county_code text, from_on date, to_on date
SELECT jsonb_build_object('key', g.key, 'by', $by, 'people', entrepreneurship.shown(g.people),
           'county_code', CASE WHEN $by = 'county' THEN g.key END, 'as_of', platform.today())::text AS reply, g.key AS cursor
  FROM (SELECT CASE $by WHEN 'month' THEN to_char(j.hired_on, 'YYYY-MM') WHEN 'county' THEN j.county_code
                    ELSE j.carrier_id::text END AS key, count(DISTINCT j.person_id) AS people
          FROM entrepreneurship.job_created j
         WHERE ($county_code::text IS NULL OR j.county_code = $county_code)
           AND ($from_on::date IS NULL OR j.hired_on >= $from_on)
           AND j.hired_on <= coalesce($to_on, platform.today())
         GROUP BY 1) g
 WHERE g.key > coalesce($after::text, '')
 ORDER BY g.key
 LIMIT $lim;

-- 创业培训 in person-times, and people, each once.
-- name: figure_trained :many read
-- args: after text, lim int4, by text, county_code text, from_on date, to_on date
SELECT jsonb_build_object('key', g.key, 'by', $by, 'times', entrepreneurship.shown(g.times),
           'people', entrepreneurship.shown(g.people), 'passed', entrepreneurship.shown(g.passed),
           'county_code', CASE WHEN $by = 'county' THEN g.key END, 'as_of', platform.today())::text AS reply, g.key AS cursor
  FROM (SELECT CASE $by WHEN 'month' THEN to_char(t.completed_on, 'YYYY-MM') ELSE t.county_code END AS key, count(*) AS times,
               count(DISTINCT t.person_id) AS people, count(DISTINCT t.person_id) FILTER (WHERE t.passed) AS passed
          FROM entrepreneurship.startup_trained t
         WHERE ($county_code::text IS NULL OR t.county_code = $county_code)
           AND ($from_on::date IS NULL OR t.completed_on >= $from_on)
           AND t.completed_on <= coalesce($to_on, platform.today())
         GROUP BY 1) g
 WHERE g.key > coalesce($after::text, '')
 ORDER BY g.key
 LIMIT $lim;

-- What reached somebody by the day and did not come back by it.
-- name: figure_awards :many read
-- args: after text, lim int4, county_code text, on_day date
SELECT jsonb_build_object('policy_code', g.policy_code, 'county_code', g.county_code, 'payments', g.payments,
           'paid_cents', g.cents, 'currency', 'CNY', 'as_of', g.day)::text AS reply, g.policy_code || g.county_code AS cursor
  FROM (SELECT a.policy_code, a.county_code, d.day, count(*) AS payments, sum(a.amount_cents) AS cents
          FROM entrepreneurship.award_paid a CROSS JOIN (SELECT coalesce($on_day, platform.today()) AS day) d
         WHERE a.paid_on <= d.day AND coalesce(a.returned_on, 'infinity') > d.day
           AND ($county_code::text IS NULL OR a.county_code = $county_code)
         GROUP BY a.policy_code, a.county_code, d.day) g
 WHERE g.policy_code || g.county_code > coalesce($after::text, '')
 ORDER BY g.policy_code, g.county_code
 LIMIT $lim;
