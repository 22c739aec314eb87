-- What counties and departments report of a quarter, and what became of it.

-- name: progress_faults :many read
-- args: item_no int8, county_code text, unit text, year int8, quarter int8, figures jsonb
SELECT platform.acts_in($county_code) AS acts,
       EXISTS (SELECT FROM monitoring.work_item w WHERE w.no = $item_no AND w.state = 'active') AS has_item,
       monitoring.work_unit($item_no::int8::integer, $county_code, $unit) AS unit,
       monitoring.quarter_end($year::int8::integer, $quarter::int8::integer) - interval '3 months' < platform.today() AS has_begun,
       f.pointer, f.fault, f.near
  FROM (SELECT 1) AS one
  LEFT JOIN LATERAL (
       SELECT '/figures/' || (x.n - 1) || x.member AS pointer, x.fault,
              array_to_string(CASE x.fault WHEN 'indicator' THEN monitoring.share_near(x.indicator,
                  ARRAY(SELECT i.code FROM monitoring.indicator i)) END, ',') AS near
         FROM (SELECT e.n, e.item->>'indicator' AS indicator,
                      CASE WHEN e.item->>'indicator' IS NOT NULL
                                AND NOT EXISTS (SELECT FROM monitoring.indicator i WHERE i.code = e.item->>'indicator') THEN 'indicator'
                           WHEN coalesce(e.item->>'indicator', e.item->>'what') IS NULL THEN 'missing'
                           WHEN row_number() OVER (PARTITION BY coalesce(e.item->>'indicator', e.item->>'what') ORDER BY e.n) > 1 THEN 'twice'
                           WHEN e.item->>'reason' IS NULL AND (e.item->>'reported')::bigint < (
                               SELECT max(f.reported) FROM monitoring.progress_figure f JOIN monitoring.work_progress p ON p.id = f.progress_id
                                WHERE p.item_no = $item_no AND p.county_code = $county_code AND p.year = $year AND p.quarter < $quarter
                                  AND p.unit = monitoring.work_unit($item_no::int8::integer, $county_code, $unit)
                                  AND p.state = 'accepted' AND f.what = coalesce(e.item->>'indicator', e.item->>'what')) THEN 'falls' END AS fault,
                      CASE WHEN e.item->>'indicator' IS NOT NULL THEN CASE WHEN EXISTS (SELECT FROM monitoring.indicator i
                               WHERE i.code = e.item->>'indicator') AND e.item->>'reason' IS NULL THEN '' ELSE '/indicator' END
                           ELSE '' END AS member
                 FROM jsonb_array_elements(coalesce($figures, '[]')) WITH ORDINALITY AS e (item, n)) AS x
        WHERE x.fault IS NOT NULL) AS f ON true;

-- name: progress_put :one
-- args: id uuid, item_no int8, county_code text, unit text, year int8, quarter int8, summary text
INSERT INTO monitoring.work_progress (id, item_no, county_code, unit, year, quarter, summary)
VALUES ($id, $item_no::int8::integer, $county_code, $unit, $year::int8::integer, $quarter::int8::integer, $summary)
RETURNING id;

-- name: progress_figures_put :exec
-- args: id uuid, figures jsonb
INSERT INTO monitoring.progress_figure (progress_id, what, indicator, reported, reason, county_code)
SELECT p.id, coalesce(e.item->>'indicator', e.item->>'what'), e.item->>'indicator', (e.item->>'reported')::bigint,
       e.item->>'reason', p.county_code
  FROM monitoring.work_progress p, jsonb_array_elements(coalesce($figures, '[]')) AS e (item)
 WHERE p.id = $id;

-- name: progress_figures_clear :exec
-- args: id uuid
DELETE FROM monitoring.progress_figure f WHERE f.progress_id = $id;

-- name: progress_find :one read
-- args: id uuid
SELECT p.item_no, p.county_code, p.unit, p.year, p.quarter, p.state IN ('draft', 'returned') AS is_open
  FROM monitoring.work_progress p WHERE p.id = $id AND platform.acts_in(p.county_code);

-- name: progress_amend :exec
-- args: id uuid, summary text
UPDATE monitoring.work_progress AS p SET summary = $summary, written_by = platform.actor()
 WHERE p.id = $id AND p.state IN ('draft', 'returned');

-- name: progress_get :one read
-- args: id uuid
SELECT monitoring.work_progress_json(p)::text AS reply FROM monitoring.work_progress p
 WHERE p.id = $id AND platform.acts_in(p.county_code);

-- name: progress_list :many read
-- args: after text, lim int4, item_no int4, county_code text, year int4, quarter int4, state text
SELECT monitoring.work_progress_json(p)::text AS reply, p.id::text AS cursor
  FROM monitoring.work_progress p
 WHERE platform.acts_in(p.county_code)
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND (coalesce($item_no::int4, 0) = 0 OR p.item_no = $item_no)
   AND (coalesce($year::int4, 0) = 0 OR p.year = $year)
   AND (coalesce($quarter::int4, 0) = 0 OR p.quarter = $quarter)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
   AND ($state::text IS NULL OR p.state = $state)
 ORDER BY p.id DESC LIMIT $lim;

-- Once the quarter is over, with evidence. What is counted then stands beside it.
-- name: progress_submit :one tells
-- args: id uuid
WITH found AS (
    SELECT p.id, p.state, monitoring.quarter_end(p.year, p.quarter) < platform.today() AS is_over,
           EXISTS (SELECT FROM monitoring.file f WHERE f.subject_id = p.id AND f.subject_kind = 'work_progress') AS has_file
      FROM monitoring.work_progress p WHERE p.id = $id AND platform.acts_in(p.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.work_progress AS p SET state = 'submitted', submitted_by = platform.actor(),
           submitted_on = platform.today(), checked_by = NULL, checked_on = NULL, note = NULL
      FROM found f WHERE p.id = f.id AND f.state IN ('draft', 'returned') AND f.is_over AND f.has_file
    RETURNING p.id
)
SELECT id::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state NOT IN ('draft', 'returned') THEN 'state.wrong'
                            WHEN NOT f.is_over THEN 'monitoring.work_quarter' ELSE 'monitoring.work_evidence' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By the office, and by neither who wrote nor who submitted it.
-- name: progress_check :one tells
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT p.id, p.state, platform.actor() IN (p.submitted_by, p.written_by) AS same
      FROM monitoring.work_progress p WHERE p.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.work_progress AS p SET state = $decision, note = $note, checked_by = platform.actor(),
           checked_on = platform.today()
      FROM found f WHERE p.id = f.id AND f.state = 'submitted' AND NOT f.same AND ($decision = 'accepted' OR $note::text IS NOT NULL)
    RETURNING p AS p
)
SELECT monitoring.work_progress_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'submitted' THEN 'state.wrong' WHEN f.same THEN 'monitoring.work_hand'
                            ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: progress_step_list :many read
-- args: id uuid, after text, lim int4
SELECT jsonb_build_object('state', s.state, 'note', s.note, 'actor', s.actor, 'county_code', s.county_code, 'at', s.at)::text AS reply,
       s.ord::text AS cursor
  FROM monitoring.progress_step s
 WHERE s.progress_id = $id AND s.ord > coalesce($after::text::bigint, 0)
 ORDER BY s.ord LIMIT $lim;

-- Items by counties and departments in a quarter.
-- name: work_board :one read
-- args: year int8, quarter int8
SELECT jsonb_build_object('year', $year::int8, 'quarter', $quarter::int8, 'as_of', platform.now(),
    'due_on', monitoring.report_due($year::int8::integer, $quarter::int8::integer),
    'items', coalesce(jsonb_agg(jsonb_build_object('item_no', r.item_no, 'item_name', r.item_name, 'unit', r.unit,
        'county_code', r.county_code, 'state', p.state, 'submitted_on', p.submitted_on,
        'is_late', coalesce(p.submitted_on, platform.today()) > monitoring.report_due($year::int8::integer, $quarter::int8::integer),
        'supervisions_open', (SELECT count(*) FROM monitoring.supervision s WHERE s.item_no = r.item_no AND s.unit = r.unit
                                 AND s.county_code = r.county_code AND s.state <> 'closed'),
        'quotas', (SELECT coalesce(jsonb_agg(jsonb_build_object('what', q.what, 'amount', q.amount, 'counted', q.n,
                              'per_mille', q.n * 1000 / q.amount, 'reported', q.reported) ORDER BY q.what), '[]')
                     FROM (SELECT x.what, x.amount, monitoring.progress_counted(x.indicator, x.county_code, x.year, $quarter::int8::integer) AS n,
                                  (SELECT f.reported FROM monitoring.progress_figure f WHERE f.progress_id = p.id AND f.what = x.what) AS reported
                             FROM monitoring.work_quota x
                            WHERE x.state = 'confirmed' AND x.item_no = r.item_no AND x.year = $year
                              AND x.county_code = r.county_code AND r.county_code <> '431100') AS q))
        ORDER BY r.item_no, r.county_code, r.unit), '[]'))::text AS reply
  FROM monitoring.work_reporters($year::int8::integer, $quarter::int8::integer) AS r
  LEFT JOIN monitoring.work_progress p ON p.item_no = r.item_no AND p.county_code = r.county_code AND p.unit = r.unit
   AND p.year = $year AND p.quarter = $quarter;

-- Reports not handed in by their day, and reports not checked by theirs. Without a day nothing is late.
-- name: work_overdue :one read
-- args: year int8, quarter int8
WITH rule AS (
    SELECT monitoring.report_due($year::int8::integer, $quarter::int8::integer) AS due_on,
           monitoring.setting_on('check_due_days', platform.today()) AS check_days
), late AS (
    SELECT r.item_no, r.county_code, r.unit, CASE WHEN p.state = 'submitted' THEN 'check' ELSE 'report' END AS kind, p.state,
           CASE WHEN p.state = 'submitted' THEN p.submitted_on + u.check_days ELSE u.due_on END AS due_on
      FROM rule u CROSS JOIN monitoring.work_reporters($year::int8::integer, $quarter::int8::integer) AS r
      LEFT JOIN monitoring.work_progress p ON p.item_no = r.item_no AND p.county_code = r.county_code AND p.unit = r.unit
       AND p.year = $year AND p.quarter = $quarter
     WHERE p.state IS DISTINCT FROM 'accepted'
)
SELECT jsonb_build_object('year', $year::int8, 'quarter', $quarter::int8, 'report_due_on', u.due_on, 'check_due_days', u.check_days,
    'is_set', u.due_on IS NOT NULL,
    'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('item_no', l.item_no, 'county_code', l.county_code, 'unit', l.unit,
                         'kind', l.kind, 'state', l.state, 'due_on', l.due_on, 'days_late', platform.today() - l.due_on)
                         ORDER BY l.item_no, l.county_code, l.unit), '[]')
                FROM late l WHERE l.due_on < platform.today()))::text AS reply
  FROM rule u;

-- Who is to be praised by the city's rules; without a rule nobody is.
-- name: work_praise :one read
-- args: year int8, quarter int8
WITH rule AS (
    SELECT monitoring.setting_on('praise_quota_per_mille', monitoring.quarter_end($year::int8::integer, $quarter::int8::integer)) AS quota,
           monitoring.setting_on('praise_reports_per_mille', monitoring.quarter_end($year::int8::integer, $quarter::int8::integer)) AS reports
), by_quota AS (
    SELECT q.county_code, '县级人民政府' AS unit, q.item_no, 'quota' AS reason, q.what,
           monitoring.progress_counted(q.indicator, q.county_code, q.year, $quarter::int8::integer) * 1000 / q.amount AS per_mille
      FROM monitoring.work_quota q WHERE q.state = 'confirmed' AND q.year = $year AND q.indicator IS NOT NULL
       AND platform.acts_in(q.county_code)
), by_reports AS (
    SELECT r.county_code, r.unit, NULL::integer AS item_no, 'reports' AS reason, NULL::text AS what,
           count(*) FILTER (WHERE p.state = 'accepted' AND p.submitted_on
               <= coalesce(monitoring.report_due($year::int8::integer, $quarter::int8::integer), p.submitted_on)) * 1000 / count(*) AS per_mille
      FROM monitoring.work_reporters($year::int8::integer, $quarter::int8::integer) AS r
      LEFT JOIN monitoring.work_progress p ON p.item_no = r.item_no AND p.county_code = r.county_code AND p.unit = r.unit
       AND p.year = $year AND p.quarter = $quarter
     GROUP BY r.county_code, r.unit
), fit AS (
    SELECT b.* FROM by_quota b, rule u WHERE b.per_mille >= u.quota
    UNION ALL
    SELECT b.* FROM by_reports b, rule u WHERE b.per_mille >= u.reports
)
SELECT jsonb_build_object('year', $year::int8, 'quarter', $quarter::int8, 'quota_per_mille', u.quota, 'reports_per_mille', u.reports,
    'is_set', num_nonnulls(u.quota, u.reports) > 0,
    'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('county_code', f.county_code, 'unit', f.unit, 'item_no', f.item_no,
                         'reason', f.reason, 'what', f.what, 'per_mille', f.per_mille)
                         ORDER BY f.per_mille DESC, f.county_code, f.unit, f.item_no), '[]') FROM fit f))::text AS reply
  FROM rule u;
