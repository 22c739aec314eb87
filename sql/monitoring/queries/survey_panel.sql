-- The form's versions, the panel and who is in it.

-- name: survey_form_draft :one
-- args: title text, basis text, types jsonb, reasons jsonb, reasons_most int8, more jsonb, from_month date
WITH made AS (
    INSERT INTO monitoring.survey_form AS f (version, title, basis, types, reasons, reasons_most, more, from_month)
    SELECT (SELECT max(x.version) + 1 FROM monitoring.survey_form x), $title, $basis, $types, $reasons,
           $reasons_most::int8::integer, coalesce($more::jsonb, '[]'), $from_month
     WHERE platform.whole_city() AND extract(day FROM $from_month::date) = 1
       AND $reasons_most <= jsonb_array_length($reasons)
       AND monitoring.codes_differ($types) AND monitoring.codes_differ($reasons) AND monitoring.codes_differ($more)
    RETURNING f AS f
)
SELECT (to_jsonb(f) - 'drafted_by' - 'published_by')::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT platform.whole_city() THEN 'auth.area'
                            WHEN extract(day FROM $from_month::date) <> 1 THEN 'monitoring.month /from_month'
                            WHEN $reasons_most > jsonb_array_length($reasons) THEN 'field.too_large /reasons_most'
                            WHEN NOT monitoring.codes_differ($types) THEN 'field.duplicate /types'
                            WHEN NOT monitoring.codes_differ($reasons) THEN 'field.duplicate /reasons'
                            ELSE 'field.duplicate /more' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- By another officer of the city than who drafted it; never for months that began.
-- name: survey_form_publish :one
-- args: version_no text
WITH found AS (
    SELECT f.version, f.state, f.drafted_by = platform.actor() AS same, f.from_month FROM monitoring.survey_form f
     WHERE f.version::text = $version_no AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.survey_form AS f SET state = 'published', published_by = platform.actor()
      FROM found x
     WHERE f.version = x.version AND x.state = 'draft' AND NOT x.same AND x.from_month > platform.today()
    RETURNING f AS f
)
SELECT (to_jsonb(f) - 'drafted_by' - 'published_by')::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN x.state <> 'draft' THEN 'state.wrong' WHEN x.same THEN 'monitoring.same_hand'
                            ELSE 'monitoring.month_begun' END)
  FROM found x WHERE NOT EXISTS (SELECT FROM moved);

-- name: survey_form_list :many read
-- args: after text, lim int4
SELECT (to_jsonb(f) - 'drafted_by' - 'published_by')::text AS reply, f.version::text AS cursor
  FROM monitoring.survey_form f
 WHERE f.version < coalesce($after::text::integer, 2147483647)
 ORDER BY f.version DESC LIMIT $lim;

-- name: survey_panel_make :one
-- args: new_id uuid, name text, basis text, rules jsonb, from_month date, until_month date
WITH made AS (
    INSERT INTO monitoring.survey_panel AS p (id, name, basis, rules, from_month, until_month)
    SELECT $new_id, $name, $basis, coalesce($rules::jsonb, '[]'), $from_month, $until_month
     WHERE platform.whole_city() AND extract(day FROM $from_month::date) = 1
       AND coalesce(extract(day FROM $until_month::date) = 1 AND $until_month::date >= $from_month, true)
       AND monitoring.sample_rules_fit($rules)
    RETURNING p AS p
)
SELECT monitoring.survey_panel_json(p)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT platform.whole_city() THEN 'auth.area'
                            WHEN extract(day FROM $from_month::date) <> 1 THEN 'monitoring.month /from_month'
                            WHEN extract(day FROM $until_month::date) <> 1 THEN 'monitoring.month /until_month'
                            WHEN NOT monitoring.sample_rules_fit($rules) THEN 'monitoring.rule_incomplete /rules'
                            ELSE 'field.date_order /until_month' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: survey_panel_rules :one
-- args: id uuid, rules jsonb
WITH found AS (
    SELECT p.id, p.state FROM monitoring.survey_panel p WHERE p.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.survey_panel AS p SET rules = $rules FROM found f
     WHERE p.id = f.id AND f.state = 'draft' AND monitoring.sample_rules_fit($rules)
    RETURNING p AS p
)
SELECT monitoring.survey_panel_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'draft' THEN 'state.wrong' ELSE 'monitoring.rule_incomplete /rules' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: survey_panel_start :one
-- args: id uuid
WITH found AS (
    SELECT p.id, p.state, p.made_by = platform.actor() AS same,
           (SELECT count(*) FROM monitoring.survey_firm f WHERE f.panel_id = p.id) AS firms,
           EXISTS (SELECT FROM monitoring.survey_panel o WHERE o.id <> p.id AND o.state <> 'draft'
                      AND daterange(o.from_month, o.until_month, '[]') && daterange(p.from_month, p.until_month, '[]')) AS clash
      FROM monitoring.survey_panel p WHERE p.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.survey_panel AS p SET state = 'running', started_by = platform.actor()
      FROM found f WHERE p.id = f.id AND f.state = 'draft' AND NOT f.same AND f.firms > 0 AND NOT f.clash
    RETURNING p AS p
)
SELECT monitoring.survey_panel_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'draft' THEN 'state.wrong' WHEN f.same THEN 'monitoring.same_hand'
                            WHEN f.firms = 0 THEN 'monitoring.panel_empty' ELSE 'monitoring.panel_months' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: survey_panel_close :one
-- args: id uuid, until_month date
WITH found AS (
    SELECT p.id, p.state, p.from_month FROM monitoring.survey_panel p WHERE p.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.survey_panel AS p SET state = 'closed', until_month = $until_month
      FROM found f WHERE p.id = f.id AND f.state = 'running' AND extract(day FROM $until_month::date) = 1
                     AND $until_month::date >= f.from_month
    RETURNING p AS p
)
SELECT monitoring.survey_panel_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'running' THEN 'state.wrong'
                            WHEN extract(day FROM $until_month::date) <> 1 THEN 'monitoring.month /until_month'
                            ELSE 'field.date_order /until_month' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: survey_panel_list :many read
-- args: after text, lim int4, state text
SELECT monitoring.survey_panel_json(p)::text AS reply, p.id::text AS cursor
  FROM monitoring.survey_panel p
 WHERE p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR p.state = $state)
 ORDER BY p.id DESC LIMIT $lim;

-- name: survey_panel_get :one read
-- args: id uuid
SELECT monitoring.survey_panel_json(p)::text AS reply FROM monitoring.survey_panel p WHERE p.id = $id;

-- By a county for its own firms while it is drawn up, by the city until it is
-- closed. A rule of insured people is a condition of each firm.
-- name: survey_firm_add :one
-- args: new_id uuid, id uuid, org_id uuid, ownership text, size text, insured_heads int8?, base_heads int8?, from_month date
WITH panel AS (
    SELECT p.id, p.state, p.from_month, p.rules FROM monitoring.survey_panel p WHERE p.id = $id
), org AS (
    SELECT o.* FROM monitoring.org o WHERE o.id = $org_id AND platform.in_areas(o.county_code, o.area_code)
), judged AS (
    SELECT CASE WHEN p.state = 'closed' OR (p.state = 'running' AND NOT platform.whole_city()) THEN 'state.wrong'
                WHEN o.id IS NULL THEN 'monitoring.org_unknown /org_id'
                WHEN extract(day FROM coalesce($from_month::date, p.from_month)) <> 1 THEN 'monitoring.month /from_month'
                WHEN EXISTS (SELECT FROM monitoring.survey_firm f WHERE f.panel_id = p.id AND f.org_id = o.id)
                THEN 'state.exists'
                WHEN EXISTS (SELECT FROM jsonb_array_elements(p.rules) AS r (rule) WHERE r.rule->>'what' = 'insured'
                                AND coalesce($insured_heads::int8, 0) < (r.rule->>'least')::int8)
                THEN 'monitoring.sample_rule /insured_heads' END AS fault
      FROM panel p LEFT JOIN org o ON true
), made AS (
    INSERT INTO monitoring.survey_firm AS f (id, panel_id, org_id, org_name, industry_code, ownership, size, insured_heads,
                                             base_heads, from_month, county_code, area_code)
    SELECT $new_id, p.id, o.id, o.name, monitoring.section_of(o.industry_code), $ownership, $size,
           $insured_heads::int8::integer, $base_heads::int8::integer, coalesce($from_month, p.from_month), o.county_code,
           o.area_code
      FROM panel p, org o, judged j WHERE j.fault IS NULL
    RETURNING f AS f
)
SELECT monitoring.survey_firm_json(f)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: survey_firm_leave :one
-- args: id uuid, until_month date, note text
WITH found AS (
    SELECT f.id, f.until_month, f.from_month FROM monitoring.survey_firm f
     WHERE f.id = $id AND platform.in_areas(f.county_code, f.area_code) AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.survey_firm AS f SET until_month = $until_month, note = $note
      FROM found x WHERE f.id = x.id AND x.until_month IS NULL AND extract(day FROM $until_month::date) = 1
    RETURNING f AS f
)
SELECT monitoring.survey_firm_json(f)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.until_month IS NOT NULL THEN 'state.wrong' ELSE 'monitoring.month /until_month' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: survey_firm_list :many read
-- args: id uuid, after text, lim int4, county_code text, industry_code text
SELECT monitoring.survey_firm_json(f)::text AS reply, f.id::text AS cursor
  FROM monitoring.survey_firm f
 WHERE f.panel_id = $id
   AND f.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR f.county_code = $county_code)
   AND ($industry_code::text IS NULL OR f.industry_code = $industry_code)
 ORDER BY f.id DESC LIMIT $lim;
