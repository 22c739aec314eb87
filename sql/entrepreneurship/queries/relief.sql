-- name: relief_give :one
-- args: id uuid, caller_org uuid, month date, cents int8
SELECT r AS reply FROM entrepreneurship.relief_give($id, $caller_org, $month, $cents) r WHERE r IS NOT NULL;

-- name: relief_check :one tells
-- args: id uuid, pass bool, note text
SELECT r AS reply FROM entrepreneurship.relief_check($id, $pass, $note) r WHERE r IS NOT NULL;

-- name: relief_own :one read
-- args: id uuid, org uuid
SELECT r.state, r.county_code, r.area_code FROM entrepreneurship.relief r WHERE r.id = $id AND r.carrier_org_id = $org;

-- Whoever is a party to it, or of the area.
-- name: relief_list :many read
-- args: after text, lim int4, state text, carrier_id uuid, tenant_id uuid, month date
SELECT entrepreneurship.relief_reply(r) AS reply, r.id::text AS cursor
  FROM entrepreneurship.relief r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR r.state = $state)
   AND ($carrier_id::uuid IS NULL OR r.carrier_id = $carrier_id)
   AND ($tenant_id::uuid IS NULL OR r.tenant_id = $tenant_id)
   AND ($month::date IS NULL OR r.month = $month)
 ORDER BY r.id DESC
 LIMIT $lim;

-- A carrier's sums, month by month.
-- name: relief_sums :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('month', r.month, 'firms', count(*) FILTER (WHERE r.state <> 'returned'),
           'given_cents', coalesce(sum(r.cents) FILTER (WHERE r.state <> 'returned'), 0),
           'checked_cents', coalesce(sum(r.cents) FILTER (WHERE r.state = 'checked'), 0),
           'currency', 'CNY', 'county_code', min(r.county_code))::text AS reply,
       r.month::text AS cursor
  FROM entrepreneurship.relief r
 WHERE r.carrier_id = $id AND r.month < (SELECT coalesce($after::text::date, 'infinity'))
   AND (r.carrier_org_id = platform.org() OR platform.in_areas(r.county_code, r.area_code))
 GROUP BY r.month
 ORDER BY r.month DESC
 LIMIT $lim;

-- What public money pays back of a year, by the rule that held at its end.
-- name: relief_refund :one read
-- args: id uuid, year int4
WITH c AS (
    SELECT x.id, x.county_code FROM entrepreneurship.carrier x
     WHERE x.id = $id AND (x.org_id = platform.org() OR platform.in_areas(x.county_code, x.area_code))
), rule AS (
    SELECT l.* FROM entrepreneurship.relief_rule l
     WHERE l.from_on <= least(make_date($year, 12, 31), platform.today()) ORDER BY l.version DESC LIMIT 1
), sum AS (
    SELECT coalesce(sum(r.cents), 0) AS cents FROM entrepreneurship.relief r
     WHERE r.carrier_id = $id AND r.state = 'checked' AND extract(year FROM r.month) = $year
)
SELECT jsonb_build_object('carrier_id', c.id, 'year', $year, 'checked_cents', sum.cents, 'percent', rule.percent,
           'refund_cents', div(sum.cents * rule.percent, 100), 'currency', 'CNY', 'basis', rule.basis,
           'county_code', c.county_code)::text AS reply FROM c, rule, sum
UNION ALL
SELECT platform.refuse('entrepreneurship.relief_unset') FROM c WHERE NOT EXISTS (SELECT FROM rule);

-- name: relief_rule_set :one
-- args: percent int4, from_on date, basis text
INSERT INTO entrepreneurship.relief_rule AS l (version, percent, from_on, basis)
SELECT coalesce(max(x.version), 0) + 1, $percent, coalesce($from_on, platform.today()), $basis FROM entrepreneurship.relief_rule x
RETURNING jsonb_build_object('version', l.version, 'percent', l.percent, 'from_on', l.from_on, 'basis', l.basis)::text AS reply;
