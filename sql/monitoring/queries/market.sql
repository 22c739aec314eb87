-- 人力资源市场: the figures of a quarter, and its reports.

-- name: market_get :one read
-- args: area text, first_on date, hides bool
SELECT (monitoring.market_figures($area, $first_on, $hides)
        || jsonb_build_object('as_of', platform.now(), 'revision', (SELECT coalesce(max(v.id), 0) FROM monitoring.revision v)))::text AS reply;

-- Every side of the quarter by itself, so that it opens to its rows.
-- name: market_rows :many read
-- args: area text, first_on date, side text, occupation text, after text, lim int8
SELECT jsonb_build_object('id', t.fact_id, 'on', t.on_day, 'county_code', t.county_code, 'org_id', t.org_id,
           'org_name', monitoring.org_name(t.org_id), 'heads', t.value, 'vacancy_id', f.attrs ->> 'vacancy_id', 'occupation_code', f.occupation_code)::text AS reply,
       to_char(t.on_day, 'YYYY-MM-DD') || t.fact_id::text AS cursor
  FROM monitoring.tally t JOIN monitoring.fact f ON f.id = t.fact_id
   AND f.kind = CASE $side WHEN 'demand' THEN 'demand' ELSE 'seeker' END
 WHERE t.measure = CASE $side WHEN 'demand' THEN 62 ELSE 64 END AND t.gone = 9223372036854775807
   AND t.on_day >= $first_on AND t.on_day < $first_on + interval '3 months'
   AND ($area = '431100' OR t.county_code = $area)
   AND ($occupation::text IS NULL OR starts_with(f.occupation_code, $occupation))
   AND ($after::text IS NULL OR (t.on_day, t.fact_id) < (left($after, 10)::date, substr($after, 11)::uuid))
 ORDER BY t.on_day DESC, t.fact_id DESC
 LIMIT $lim;

-- name: market_report_make :one tells
-- args: area text, first_on date
WITH made AS (
    SELECT r FROM monitoring.market_report_make($area, $first_on, false) AS r
)
SELECT monitoring.market_report_head(r)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('monitoring.quarter_running quarter') WHERE NOT EXISTS (SELECT FROM made);

-- The quarter that ended last, for the city and each of its counties.
-- name: market_report_sweep :exec
-- args: areas text[], days int8
SELECT count(*)
  FROM unnest($areas) AS a (code)
 CROSS JOIN LATERAL (SELECT (date_trunc('quarter', platform.today()) - interval '3 months')::date AS first_on) AS q
 CROSS JOIN LATERAL monitoring.market_report_make(a.code, q.first_on, true) AS r
 WHERE platform.today() >= date_trunc('quarter', platform.today())::date + $days::integer;

-- name: market_report_list :many read
-- args: after text, lim int8, area text, first_on date, state text
SELECT monitoring.market_report_head(r)::text AS reply, r.id::text AS cursor
  FROM monitoring.market_report r
 WHERE ($area::text IS NULL OR r.county_code = $area)
   AND ($first_on::date IS NULL OR r.quarter_on = $first_on)
   AND ($state::text IS NULL OR r.state = $state)
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC
 LIMIT $lim;

-- name: market_report_get :one read
-- args: id uuid, hides bool
SELECT (monitoring.market_report_head(r)
        || jsonb_build_object('figures', CASE WHEN $hides OR NOT platform.acts_in(r.county_code) THEN r.shown
                                              ELSE r.figures END))::text AS reply
  FROM monitoring.market_report r WHERE r.id = $id;

-- name: market_report_submit :one tells
-- args: id uuid, remark text
WITH found AS (
    SELECT r.id, r.state, r.version, (SELECT max(x.version) FROM monitoring.market_report x
               WHERE x.county_code = r.county_code AND x.quarter_on = r.quarter_on) AS newest
      FROM monitoring.market_report r WHERE r.id = $id AND platform.acts_in(r.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.market_report AS r
       SET state = 'submitted', remark = $remark, submitted_by = platform.actor(), submitted_at = platform.now()
      FROM found f WHERE r.id = f.id AND f.state = 'draft' AND f.version = f.newest
    RETURNING r AS r
)
SELECT monitoring.market_report_head(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.version < f.newest THEN 'monitoring.report_outdated' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- A second officer; the version that was public before steps back first.
-- name: market_report_review :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT r.id, r.state, r.county_code, r.quarter_on,
           platform.actor() IN (r.submitted_by, r.made_by) AS same
      FROM monitoring.market_report r WHERE r.id = $id AND platform.acts_in(r.county_code) FOR UPDATE
), stepped AS (
    UPDATE monitoring.market_report AS r SET state = 'superseded'
      FROM found f
     WHERE $pass AND f.state = 'submitted' AND f.same IS NOT TRUE
       AND r.county_code = f.county_code AND r.quarter_on = f.quarter_on AND r.state = 'published'
    RETURNING r.id
), moved AS (
    UPDATE monitoring.market_report AS r
       SET state = CASE WHEN $pass THEN 'published' ELSE 'returned' END, review_note = $note,
           reviewed_by = platform.actor(), reviewed_at = platform.now()
      FROM found f
     WHERE r.id = f.id AND f.state = 'submitted' AND f.same IS NOT TRUE
       AND (SELECT count(*) FROM stepped) >= 0
    RETURNING r AS r
)
SELECT monitoring.market_report_head(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same AND f.state = 'submitted' THEN 'monitoring.report_same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: market_published_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', r.id, 'quarter', to_char(r.quarter_on, 'YYYY"Q"Q'), 'area_code', r.county_code,
           'version', r.version, 'published_at', r.reviewed_at)::text AS reply, r.id::text AS cursor
  FROM monitoring.market_report r
 WHERE r.state = 'published'
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC
 LIMIT $lim;
