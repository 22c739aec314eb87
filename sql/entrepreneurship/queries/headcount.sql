-- From subsidies.insured.counted.v1: what is said last of a month holds.
-- name: insured_put :exec
-- args: org_id uuid, payload jsonb, county_code text, occurred_at timestamptz
INSERT INTO entrepreneurship.insured_month AS i (org_id, month, heads, county_code, told_at)
SELECT $org_id, (m ->> 'month')::date, (m ->> 'heads')::int4, $county_code, $occurred_at
  FROM jsonb_array_elements($payload -> 'months') m
ON CONFLICT (org_id, month) DO UPDATE
   SET heads = excluded.heads, county_code = excluded.county_code, told_at = excluded.told_at;

-- A tenancy's months: its carrier's, the firm's own, the area's.
-- name: tenant_months :many read
-- args: after text, lim int4, id uuid, from_on date, to_on date
SELECT jsonb_build_object('tenant_id', t.id, 'carrier_id', t.carrier_id, 'org_id', t.org_id, 'month', m.month,
           'hires', m.hires, 'leavers', m.leavers, 'heads', m.heads, 'net', m.hires - m.leavers,
           'unemployed', m.unemployed, 'difficult', m.difficult, 'insured', m.insured,
           'county_code', t.county_code)::text AS reply, m.month::text AS cursor
  FROM entrepreneurship.tenant t
  CROSS JOIN LATERAL entrepreneurship.tenant_months(t, $from_on, $to_on) m
 WHERE t.id = $id AND m.month > (SELECT coalesce($after::text::date, '-infinity'))
 ORDER BY m.month
 LIMIT $lim;

-- A carrier's months: all of its tenants together.
-- name: carrier_months :many read
-- args: after text, lim int4, id uuid, from_on date, to_on date
SELECT jsonb_build_object('carrier_id', $id, 'month', m.month, 'tenants', count(*), 'hires', sum(m.hires),
           'leavers', sum(m.leavers), 'heads', sum(m.heads), 'net', sum(m.hires) - sum(m.leavers),
           'unemployed', CASE WHEN bool_and(m.unemployed IS NOT NULL) THEN sum(m.unemployed) END,
           'difficult', CASE WHEN bool_and(m.difficult IS NOT NULL) THEN sum(m.difficult) END,
           'insured', sum(m.insured), 'county_code', min(t.county_code))::text AS reply, m.month::text AS cursor
  FROM entrepreneurship.tenant t
  CROSS JOIN LATERAL entrepreneurship.tenant_months(t, $from_on, $to_on) m
 WHERE t.carrier_id = $id AND m.month > (SELECT coalesce($after::text::date, '-infinity'))
   AND (t.carrier_org_id = platform.org() OR platform.in_areas(t.county_code, t.area_code))
 GROUP BY m.month
 ORDER BY m.month
 LIMIT $lim;
