-- Monthly reports of sampled enterprises.

-- name: survey_turn :one tells
-- args:
SELECT monitoring.survey_turn() AS n;

-- name: survey_report_list :many read
-- args: after text, lim int4, month date, state text, county_code text, firm_id uuid, is_overdue bool?
SELECT monitoring.survey_report_json(r)::text AS reply, r.id::text AS cursor
  FROM monitoring.survey_report r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($month::date IS NULL OR r.month = $month)
   AND ($state::text IS NULL OR r.state = $state)
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
   AND ($firm_id::uuid IS NULL OR r.firm_id = $firm_id)
   AND ($is_overdue::bool IS NULL
        OR $is_overdue = coalesce(r.due_on < platform.today() AND r.state IN ('open', 'draft', 'returned'), false))
 ORDER BY r.id DESC LIMIT $lim;

-- name: survey_report_get :one read
-- args: id uuid
SELECT (monitoring.survey_report_json(r) || jsonb_build_object('steps', (
           SELECT jsonb_agg(jsonb_build_object('state', s.state, 'via', s.via, 'note', s.note, 'at', s.at) ORDER BY s.id)
             FROM monitoring.survey_step s WHERE s.report_id = r.id)))::text AS reply
  FROM monitoring.survey_report r WHERE r.id = $id;

-- What a report is judged by.
-- name: survey_report_terms :one
-- args: id uuid
SELECT r.state, f.base_heads, v.types::text AS types, v.reasons::text AS reasons, v.more::text AS more, v.reasons_most
  FROM monitoring.survey_report r JOIN monitoring.survey_firm f ON f.id = r.firm_id
  JOIN monitoring.survey_form v ON v.version = r.form_version
 WHERE r.id = $id FOR UPDATE OF r;

-- name: survey_report_save :one tells
-- args: id uuid, next text, base_heads int8?, current_heads int8?, decrease_type text, decrease_text text, reasons jsonb, more jsonb
WITH moved AS (
    UPDATE monitoring.survey_report AS r
       SET state = $next, base_heads = $base_heads::int8::integer, current_heads = $current_heads::int8::integer,
           decrease_type = $decrease_type, decrease_text = $decrease_text, reasons = coalesce($reasons::jsonb, '[]'),
           more = coalesce($more::jsonb, '{}'), reviewed_by = NULL,
           via = CASE WHEN platform.org() IS NULL THEN 'clerk' ELSE 'org' END,
           submitted_by = CASE WHEN $next = 'submitted' THEN platform.actor() END,
           submitted_at = CASE WHEN $next = 'submitted' THEN platform.now() END,
           note = CASE WHEN $next = 'submitted' THEN NULL ELSE r.note END
     WHERE r.id = $id
    RETURNING r AS r
)
SELECT monitoring.survey_report_json(r)::text AS reply FROM moved;

-- First by the county, then by the city; three people from the report to its end.
-- name: survey_report_judge :one tells
-- args: id uuid, step text, pass bool, note text
WITH found AS (
    SELECT r.id, r.state, coalesce(platform.actor() IN (r.submitted_by, r.reviewed_by), false) AS same
      FROM monitoring.survey_report r
     WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.survey_report AS r
       SET state = CASE WHEN NOT $pass THEN 'returned' WHEN $step = 'review' THEN 'reviewed' ELSE 'accepted' END,
           note = $note,
           reviewed_by = CASE WHEN $step = 'review' THEN platform.actor() ELSE r.reviewed_by END,
           accepted_by = CASE WHEN $step = 'accept' AND $pass THEN platform.actor() END
      FROM found f
     WHERE r.id = f.id AND f.state = CASE $step WHEN 'review' THEN 'submitted' ELSE 'reviewed' END AND NOT f.same
       AND ($pass OR $note::text IS NOT NULL) AND ($step = 'review' OR platform.whole_city())
    RETURNING r AS r
)
SELECT monitoring.survey_report_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN $step = 'accept' AND NOT platform.whole_city() THEN 'auth.area'
                            WHEN f.state <> CASE $step WHEN 'review' THEN 'submitted' ELSE 'reviewed' END THEN 'state.wrong'
                            WHEN f.same THEN 'monitoring.same_hand' ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: survey_report_correct :one tells
-- args: new_id uuid, id uuid, why text
WITH found AS (
    SELECT r.* FROM monitoring.survey_report r WHERE r.id = $id FOR UPDATE
), made AS (
    INSERT INTO monitoring.survey_report AS r (id, firm_id, panel_id, org_id, org_name, industry_code, month, version,
                                               form_version, state, base_heads, current_heads, decrease_type, decrease_text,
                                               reasons, more, due_on, why, county_code, area_code)
    SELECT $new_id, f.firm_id, f.panel_id, f.org_id, f.org_name, f.industry_code, f.month, f.version + 1, f.form_version,
           'draft', f.base_heads, f.current_heads, f.decrease_type, f.decrease_text, f.reasons, f.more, NULL, $why,
           f.county_code, f.area_code
      FROM found f WHERE f.state = 'accepted'
    RETURNING r AS r
)
SELECT monitoring.survey_report_json(r)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM made);

-- name: survey_report_remind :one
-- args: id uuid
WITH found AS (
    SELECT r.id, r.org_id, r.month, r.due_on, r.state IN ('open', 'draft', 'returned') AS open,
           r.reminded_on = platform.today() AS told
      FROM monitoring.survey_report r WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.survey_report AS r SET reminded_on = platform.today()
      FROM found f WHERE r.id = f.id AND f.open AND f.told IS NOT TRUE
    RETURNING r AS r
), told AS (
    SELECT monitoring.tell(NULL, (r).org_id, 'survey_reminder', to_char((r).month, 'YYYY"年"MM"月"') || '失业动态监测月报请尽快填报',
               NULL, 'survey', (r).id) FROM moved
)
SELECT monitoring.survey_report_json(r)::text AS reply FROM moved WHERE (SELECT count(*) FROM told) = 1
UNION ALL
SELECT platform.refuse(CASE WHEN f.open THEN 'monitoring.reminded' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- The rate in basis points of accepted reports; NULL when nobody reported. For
-- those who see figures only, cells of fewer than five firms are hidden, and the
-- smallest other one with them when there is but one.
-- name: survey_rate_list :one read
-- args: by text, from_month date, until_month date, county_code text, industry_code text, hide bool
WITH month AS (
    SELECT CASE $by WHEN 'county' THEN s.county_code WHEN 'industry' THEN s.industry_code
                    ELSE to_char(s.month, 'YYYY-MM-DD') END AS key, s.month,
           sum(s.due) AS due, sum(s.reported) AS reported, sum(s.accepted) AS accepted, sum(s.overdue) AS overdue,
           sum(s.base_heads)::bigint AS base_heads, sum(s.current_heads)::bigint AS current_heads
      FROM monitoring.survey_sums($from_month, $until_month) s
     WHERE ($county_code::text IS NULL OR s.county_code = $county_code)
       AND ($industry_code::text IS NULL OR s.industry_code = $industry_code)
       AND platform.in_areas(s.county_code, NULL)
     GROUP BY 1, 2
), sums AS (
    SELECT m.key, sum(m.due)::bigint AS due, sum(m.reported)::bigint AS reported, sum(m.accepted)::bigint AS accepted,
           sum(m.overdue)::bigint AS overdue, sum(m.base_heads)::bigint AS base_heads,
           sum(m.current_heads)::bigint AS current_heads, max(m.accepted) AS firms
      FROM month m GROUP BY 1
), small AS (
    /* a firm is one firm in however many months it reported */
    SELECT s.*, $hide AND s.firms BETWEEN 1 AND 4 AS is_small,
           count(*) FILTER (WHERE s.firms BETWEEN 1 AND 4) OVER () AS smalls,
           row_number() OVER (ORDER BY s.firms BETWEEN 1 AND 4, s.firms = 0, s.firms, s.key) AS rank
      FROM sums s
), shown AS (
    SELECT s.*, s.is_small OR ($hide AND s.smalls = 1 AND s.rank = 1) AS is_hidden FROM small s
)
SELECT jsonb_build_object('by', $by, 'from_month', $from_month, 'until_month', $until_month,
    'items', coalesce(jsonb_agg(jsonb_build_object(
        'county_code', CASE WHEN $by = 'county' THEN s.key ELSE $county_code END,
        'industry_code', CASE WHEN $by = 'industry' THEN s.key ELSE $industry_code END,
        'month', CASE WHEN $by = 'month' THEN s.key END,
        'due', s.due, 'reported', s.reported, 'overdue', s.overdue,
        'reporting_milli', CASE WHEN s.due > 0 THEN s.reported * 1000 / s.due END::bigint,
        'accepted', CASE WHEN NOT s.is_hidden THEN s.accepted END,
        'base_heads', CASE WHEN NOT s.is_hidden THEN s.base_heads END,
        'current_heads', CASE WHEN NOT s.is_hidden THEN s.current_heads END,
        'loss_bp', CASE WHEN NOT s.is_hidden AND s.base_heads > 0
                        THEN round((s.base_heads - s.current_heads) * 10000.0 / s.base_heads)::bigint END,
        'is_hidden', s.is_hidden) ORDER BY s.key), '[]'))::text AS reply
  FROM shown s;

-- Accepted reports of a month with fewer people, by their type or by each of their
-- reasons, under the names of the form that was filled in.
-- name: survey_loss_list :one read
-- args: by text, month date, county_code text, hide bool
WITH lost AS (
    SELECT r.base_heads - r.current_heads AS heads, CASE $by WHEN 'type' THEN f.types ELSE f.reasons END AS words,
           CASE $by WHEN 'type' THEN ARRAY[r.decrease_type]
                ELSE ARRAY(SELECT x->>'code' FROM jsonb_array_elements(r.reasons) AS x) END AS codes
      FROM monitoring.survey_report r JOIN monitoring.survey_form f ON f.version = r.form_version
     WHERE r.month = $month AND r.state = 'accepted' AND r.current_heads < r.base_heads
       AND ($county_code::text IS NULL OR r.county_code = $county_code) AND platform.in_areas(r.county_code, NULL)
), whole AS (
    SELECT count(*) AS firms, coalesce(sum(l.heads), 0) AS heads, $hide AND count(*) BETWEEN 1 AND 4 AS is_small FROM lost l
), lines AS (
    SELECT c.code, (SELECT min(w->>'name') FROM jsonb_array_elements((array_agg(l.words))[1]) AS w WHERE w->>'code' = c.code) AS name,
           count(*) AS firms, sum(l.heads) AS heads
      FROM lost l CROSS JOIN LATERAL unnest(l.codes) AS c (code)
     GROUP BY 1
), small AS (
    SELECT x.*, x.firms < 5 AS is_small, count(*) FILTER (WHERE x.firms < 5) OVER () AS smalls,
           row_number() OVER (ORDER BY x.firms < 5, x.firms, x.code) AS rank
      FROM lines x
), shown AS (
    SELECT s.*, $hide AND (w.is_small OR s.is_small OR (s.smalls = 1 AND s.rank = 1)) AS is_hidden FROM small s, whole w
)
SELECT jsonb_build_object('by', $by, 'from_month', $month, 'county_code', $county_code, 'is_hidden', w.is_small,
    'firms', CASE WHEN NOT w.is_small THEN w.firms END, 'lost_heads', CASE WHEN NOT w.is_small THEN w.heads END,
    'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'name', coalesce(s.name, s.code),
            'firms', CASE WHEN NOT s.is_hidden THEN s.firms END, 'lost_heads', CASE WHEN NOT s.is_hidden THEN s.heads END,
            'is_hidden', s.is_hidden) ORDER BY CASE WHEN NOT $hide THEN s.heads END DESC, s.code), '[]')
        FROM shown s))::text AS reply
  FROM whole w;
