-- Key firms, their officers, their monthly reports.

-- A county names those of its tier; of the province's and the city's it is the city.
-- name: key_firm_name :one tells
-- args: new_id uuid, org_id uuid, tier text, basis text, officer_id uuid, officer_name text
WITH org AS (
    SELECT o.* FROM monitoring.org o WHERE o.id = $org_id AND platform.in_areas(o.county_code, o.area_code)
), made AS (
    INSERT INTO monitoring.key_firm AS k (id, org_id, org_name, industry_code, tier, basis, county_code, area_code)
    SELECT $new_id, o.id, o.name, monitoring.section_of(o.industry_code), $tier, $basis, o.county_code, o.area_code
      FROM org o WHERE $tier = 'county' OR platform.whole_city()
    ON CONFLICT (org_id) WHERE until_on IS NULL DO NOTHING
    RETURNING k AS k
), officer AS (
    INSERT INTO monitoring.key_firm_officer (key_firm_id, officer_id, officer_name, org_id, from_on, county_code, area_code)
    SELECT (k).id, $officer_id, $officer_name, (k).org_id, (k).from_on, (k).county_code, (k).area_code FROM made
    RETURNING officer_id, officer_name
)
SELECT (monitoring.key_firm_json(m.k) || jsonb_build_object('officer_id', o.officer_id, 'officer_name', o.officer_name))::text
       AS reply FROM made m, officer o
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM org) THEN 'monitoring.org_unknown /org_id'
                            WHEN $tier <> 'county' AND NOT platform.whole_city() THEN 'auth.area' ELSE 'state.exists' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- From a day on, not before who is in charge began.
-- name: key_firm_assign :one
-- args: id uuid, officer_id uuid, officer_name text, from_on date
WITH found AS (
    SELECT k.* FROM monitoring.key_firm k WHERE k.id = $id AND platform.in_areas(k.county_code, k.area_code) FOR UPDATE
), last AS (
    SELECT o.id, o.from_on, o.officer_id FROM monitoring.key_firm_officer o, found f
     WHERE o.key_firm_id = f.id AND o.until_on IS NULL
), judged AS (
    SELECT CASE WHEN f.until_on IS NOT NULL THEN 'state.wrong'
                WHEN l.officer_id = $officer_id THEN 'state.exists'
                WHEN $from_on <= l.from_on THEN 'field.date_order /from_on'
                WHEN $from_on > platform.today() THEN 'field.date_future /from_on' END AS fault
      FROM found f LEFT JOIN last l ON true
), ended AS (
    UPDATE monitoring.key_firm_officer o SET until_on = $from_on FROM last l, judged j
     WHERE o.id = l.id AND j.fault IS NULL
    RETURNING o.id
), made AS (
    INSERT INTO monitoring.key_firm_officer AS o (key_firm_id, officer_id, officer_name, org_id, from_on, county_code, area_code)
    SELECT f.id, $officer_id, $officer_name, f.org_id, $from_on, f.county_code, f.area_code
      FROM found f, judged j WHERE j.fault IS NULL AND (SELECT count(*) FROM ended) >= 0
    RETURNING o.officer_id, o.officer_name
)
SELECT (monitoring.key_firm_json(f) || jsonb_build_object('officer_id', m.officer_id, 'officer_name', m.officer_name))::text
       AS reply FROM found f, made m
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: key_firm_end :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT k.id, k.until_on, k.tier FROM monitoring.key_firm k
     WHERE k.id = $id AND platform.in_areas(k.county_code, k.area_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.key_firm AS k SET until_on = platform.today(), note = $note
      FROM found f WHERE k.id = f.id AND f.until_on IS NULL AND (f.tier = 'county' OR platform.whole_city())
    RETURNING k AS k
)
SELECT monitoring.key_firm_json(k)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.until_on IS NOT NULL THEN 'state.wrong' ELSE 'auth.area' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- `missing_month`: only those that did not report it.
-- name: key_firm_list :many read
-- args: after text, lim int4, tier text, county_code text, officer_id uuid, missing_month date
SELECT monitoring.key_firm_json(k)::text AS reply, k.id::text AS cursor
  FROM monitoring.key_firm k
 WHERE k.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($tier::text IS NULL OR k.tier = $tier)
   AND ($county_code::text IS NULL OR k.county_code = $county_code)
   AND ($officer_id::uuid IS NULL OR EXISTS (SELECT FROM monitoring.key_firm_officer o
        WHERE o.key_firm_id = k.id AND o.officer_id = $officer_id AND o.until_on IS NULL))
   AND ($missing_month::date IS NULL OR (k.until_on IS NULL
        AND NOT EXISTS (SELECT FROM monitoring.key_report r WHERE r.key_firm_id = k.id AND r.month = $missing_month)))
 ORDER BY k.id DESC LIMIT $lim;

-- name: key_firm_officer_list :many read
-- args: id uuid, after text, lim int4
SELECT jsonb_build_object('id', o.id, 'officer_id', o.officer_id, 'officer_name', o.officer_name, 'from_on', o.from_on,
           'until_on', o.until_on, 'set_by', o.set_by, 'county_code', o.county_code)::text AS reply, o.id::text AS cursor
  FROM monitoring.key_firm_officer o
 WHERE o.key_firm_id = $id
   AND o.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY o.id DESC LIMIT $lim;

-- Of this month or the last; a later version of the month replaces.
-- name: key_report_submit :one tells
-- args: new_id uuid, id uuid, month date, heads int8, hires int8, leavers int8, output_note text, orders text,
--       orders_note text, open_posts int8, shortages jsonb, wage_low_cents int8?, wage_high_cents int8?, plan_hires int8,
--       plan_note text
WITH firm AS (
    SELECT k.* FROM monitoring.key_firm k WHERE k.id = $id
), made AS (
    INSERT INTO monitoring.key_report AS r (id, key_firm_id, org_id, org_name, month, version, heads, hires, leavers,
                                            output_note, orders, orders_note, open_posts, shortages, wage_low_cents,
                                            wage_high_cents, plan_hires, plan_note, via, county_code, area_code)
    SELECT $new_id, k.id, k.org_id, k.org_name, $month,
           1 + (SELECT count(*) FROM monitoring.key_report x WHERE x.key_firm_id = k.id AND x.month = $month),
           $heads, $hires, $leavers, $output_note, $orders, $orders_note, $open_posts, coalesce($shortages::jsonb, '[]'),
           $wage_low_cents, $wage_high_cents, $plan_hires, $plan_note,
           CASE WHEN platform.org() IS NULL THEN 'clerk' ELSE 'org' END, k.county_code, k.area_code
      FROM firm k WHERE k.until_on IS NULL
    RETURNING r AS r
)
SELECT monitoring.key_report_json(r)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM firm WHERE NOT EXISTS (SELECT FROM made);

-- name: key_report_list :many read
-- args: after text, lim int4, month date, county_code text, key_firm_id uuid
SELECT monitoring.key_report_json(r)::text AS reply, r.id::text AS cursor
  FROM monitoring.key_report r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($month::date IS NULL OR r.month = $month)
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
   AND ($key_firm_id::uuid IS NULL OR r.key_firm_id = $key_firm_id)
 ORDER BY r.id DESC LIMIT $lim;

-- By county: firms of each tier beside the city's number, and the month's last
-- versions summed. Firms are counted, not people: cells of fewer than five
-- firms are hidden from those who see figures only.
-- name: key_firm_figures :one read
-- args: month date, hide bool
WITH latest AS (
    SELECT DISTINCT ON (r.key_firm_id) r.* FROM monitoring.key_report r WHERE r.month = $month
     ORDER BY r.key_firm_id, r.version DESC
), lines AS (
    SELECT k.county_code, count(*) AS firms,
           count(*) FILTER (WHERE k.tier = 'province') AS province, count(*) FILTER (WHERE k.tier = 'city') AS city,
           count(*) FILTER (WHERE k.tier = 'county') AS county, count(r.id) AS reported, sum(r.heads) AS heads,
           sum(r.hires) AS hires, sum(r.leavers) AS leavers, sum(r.open_posts) AS open_posts, sum(r.plan_hires) AS plan_hires,
           count(*) FILTER (WHERE r.orders = 'falling') AS orders_falling
      FROM monitoring.key_firm k LEFT JOIN latest r ON r.key_firm_id = k.id
     WHERE k.until_on IS NULL AND platform.in_areas(k.county_code, NULL)
     GROUP BY 1
), short AS (
    SELECT s.county_code, count(*) FILTER (WHERE s.state <> 'closed') AS open,
           count(*) FILTER (WHERE s.state <> 'closed' AND s.due_on < platform.today()) AS overdue,
           sum(s.headcount) FILTER (WHERE s.state <> 'closed') AS wanted
      FROM monitoring.shortage s GROUP BY 1
)
SELECT jsonb_build_object('month', $month,
    'wanted_province', monitoring.setting_on('key_firms', platform.today(), 'province'),
    'wanted_city', monitoring.setting_on('key_firms', platform.today(), 'city'),
    'wanted_county', monitoring.setting_on('key_firms', platform.today(), 'county'),
    'items', coalesce(jsonb_agg(jsonb_build_object('county_code', l.county_code, 'firms', l.firms, 'province', l.province,
        'city', l.city, 'county', l.county, 'reported', l.reported,
        'heads', CASE WHEN NOT h.hidden THEN l.heads END, 'hires', CASE WHEN NOT h.hidden THEN l.hires END,
        'leavers', CASE WHEN NOT h.hidden THEN l.leavers END, 'open_posts', CASE WHEN NOT h.hidden THEN l.open_posts END,
        'plan_hires', CASE WHEN NOT h.hidden THEN l.plan_hires END,
        'orders_falling', CASE WHEN NOT h.hidden THEN l.orders_falling END,
        'shortages', coalesce(s.open, 0), 'shortages_overdue', coalesce(s.overdue, 0),
        'shortage_heads', CASE WHEN NOT h.hidden THEN coalesce(s.wanted, 0) END, 'is_hidden', h.hidden)
        ORDER BY l.county_code), '[]'))::text AS reply
  FROM lines l LEFT JOIN short s USING (county_code)
 CROSS JOIN LATERAL (SELECT $hide AND l.reported BETWEEN 1 AND 4 AS hidden) h;
