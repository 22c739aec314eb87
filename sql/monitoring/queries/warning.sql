-- Rules of early warning, their dated numbers, and the periods that are judged.

-- name: warning_rule_list :many read
-- args: after text, lim int4
SELECT monitoring.warning_rule_json(r)::text AS reply, r.code AS cursor
  FROM monitoring.warning_rule r
 WHERE ($after::text IS NULL OR r.code > $after)
 ORDER BY r.code
 LIMIT $lim;

-- Of a list of measures the first that there is none of, and those near to it.
-- name: warning_measure_unknown :many read
-- args: measures jsonb
WITH unknown AS (
    SELECT ltrim(m, '-') AS code, n FROM jsonb_array_elements_text($measures::jsonb) WITH ORDINALITY AS x (m, n)
     WHERE monitoring.measure_id(ltrim(m, '-')) IS NULL ORDER BY n LIMIT 1
)
SELECT (u.n - 1)::text AS at, m.code, m.name
  FROM unknown u LEFT JOIN LATERAL (
      SELECT k.code, k.name FROM monitoring.measure k
       WHERE starts_with(k.code, left(u.code, 4)) OR strpos(k.name, u.code) > 0
          OR split_part(k.code, '_', 1) = split_part(u.code, '_', 1)
       ORDER BY k.id LIMIT 3) AS m ON true;

-- name: warning_rule_define :one
-- args: code text, title text, measures jsonb, is_stock bool, per jsonb, per_is_stock bool, tag text, step text,
--       area_level text, model text, direction text
WITH judged AS (
    SELECT CASE WHEN NOT platform.whole_city() THEN 'auth.area'
                WHEN EXISTS (SELECT FROM monitoring.warning_rule r WHERE r.code = $code) THEN 'state.exists'
                WHEN $tag::text IS NOT NULL AND EXISTS (
                    SELECT FROM jsonb_array_elements_text($measures::jsonb || coalesce($per::jsonb, '[]')) AS x (m)
                      JOIN monitoring.measure k ON k.code = ltrim(x.m, '-')
                     WHERE split_part($tag, '=', 1) <> ALL (k.dims)) THEN 'field.choice /tag' END AS fault
), made AS (
    INSERT INTO monitoring.warning_rule AS r (code, title, measures, is_stock, per, per_is_stock, tag, step, area_level,
                                              model, direction)
    SELECT $code, $title, ARRAY(SELECT jsonb_array_elements_text($measures::jsonb)), $is_stock,
           CASE WHEN $per::jsonb IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text($per::jsonb)) END, $per_is_stock,
           coalesce($tag, ''), $step, $area_level, $model, coalesce($direction, 'above')
      FROM judged j WHERE j.fault IS NULL
    RETURNING r AS r
)
SELECT monitoring.warning_rule_json(r)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: warning_rule_model :one read
-- args: code text
SELECT r.model, r.direction FROM monitoring.warning_rule r WHERE r.code = $code;

-- name: warning_setting_list :many read
-- args: rule_code text, after text, lim int4, state text
SELECT monitoring.warning_setting_json(s)::text AS reply, s.version::text AS cursor
  FROM monitoring.warning_setting s
 WHERE s.rule_code = $rule_code AND s.version < coalesce($after::text::integer, 2147483647)
   AND ($state::text IS NULL OR s.state = $state)
 ORDER BY s.version DESC
 LIMIT $lim;

-- name: warning_setting_propose :one
-- args: id uuid, rule_code text, levels jsonb, k int8?, reference int8?, periods int8?, years int8?, window_days int8?,
--       wait_days int8, basis text, from_on date, to_on date
WITH made AS (
    INSERT INTO monitoring.warning_setting AS s (id, rule_code, version, levels, k, reference, periods, years, window_days,
                                                 wait_days, basis, from_on, to_on)
    SELECT $id, $rule_code, 1 + coalesce((SELECT max(x.version) FROM monitoring.warning_setting x
                                           WHERE x.rule_code = $rule_code), 0),
           $levels, $k, $reference, $periods::int8::integer, $years::int8::integer, $window_days::int8::integer,
           $wait_days::int8::integer, $basis, $from_on, $to_on
     WHERE platform.whole_city()
    RETURNING s AS s
)
SELECT monitoring.warning_setting_json(s)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('auth.area') WHERE NOT EXISTS (SELECT FROM made);

-- By another officer than the one who proposed it. What holds until then ends the day before.
-- name: warning_setting_decide :one
-- args: id uuid, approve bool, note text
WITH found AS (
    SELECT s.*, CASE WHEN NOT platform.whole_city() THEN 'auth.area' WHEN s.state <> 'proposed' THEN 'state.wrong'
                     WHEN s.made_by = platform.actor() THEN 'monitoring.warning_same_hand'
                     WHEN $approve AND s.from_on < platform.today() THEN 'monitoring.setting_past'
                     WHEN $approve AND EXISTS (SELECT FROM monitoring.warning_setting x WHERE x.rule_code = s.rule_code
                                                  AND x.state = 'approved' AND x.from_on >= s.from_on)
                     THEN 'monitoring.warning_later' END AS fault
      FROM monitoring.warning_setting s WHERE s.id = $id
), ended AS (
    UPDATE monitoring.warning_setting s SET to_on = f.from_on - 1
      FROM found f
     WHERE f.fault IS NULL AND $approve AND s.rule_code = f.rule_code AND s.state = 'approved'
       AND (s.to_on IS NULL OR s.to_on >= f.from_on)
    RETURNING s.id
), moved AS (
    UPDATE monitoring.warning_setting AS s SET state = CASE WHEN $approve THEN 'approved' ELSE 'refused' END,
           decided_by = platform.actor(), decided_at = platform.now(), note = $note
      FROM found f WHERE s.id = f.id AND f.fault IS NULL AND (SELECT count(*) FROM ended) >= 0
    RETURNING s AS s
)
SELECT monitoring.warning_setting_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- Holds no longer: today is its last day.
-- name: warning_setting_end :one
-- args: id uuid, note text
WITH found AS (
    SELECT s.id, CASE WHEN NOT platform.whole_city() THEN 'auth.area'
                      WHEN s.state <> 'approved' OR s.from_on > platform.today() OR s.to_on <= platform.today()
                      THEN 'state.wrong' END AS fault
      FROM monitoring.warning_setting s WHERE s.id = $id
), moved AS (
    UPDATE monitoring.warning_setting AS s SET to_on = platform.today(), note = $note
      FROM found f WHERE s.id = f.id AND f.fault IS NULL
    RETURNING s AS s
)
SELECT monitoring.warning_setting_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: warning_reading_list :many read
-- args: rule_code text, after text, lim int4, county_code text
SELECT jsonb_build_object('area_code', w.area_code, 'county_code', w.county_code, 'period_on', w.period_on,
           'value', w.value, 'score', w.score, 'colour', w.colour, 'setting_id', w.setting_id,
           'judged_at', w.judged_at)::text AS reply,
       to_char(w.period_on, 'YYYY-MM-DD') || w.area_code AS cursor
  FROM monitoring.warning_reading w
 WHERE w.rule_code = $rule_code AND platform.acts_in(w.county_code)
   AND ($county_code::text IS NULL OR w.county_code = $county_code)
   AND ($after::text IS NULL OR (w.period_on, w.area_code) < (left($after, 10)::date, substr($after, 11)))
 ORDER BY w.period_on DESC, w.area_code DESC
 LIMIT $lim;

-- Settings and areas with periods that are over and not judged, oldest setting first.
-- name: warning_due_list :many read
SELECT s.id AS setting_id, r.code, a.area, pend.first_on, pend.last_on, coalesce(w.colour, 'clear') AS was,
       monitoring.warning_document(s, date_trunc(r.step, s.from_on::timestamp)::date)::text AS document
  FROM monitoring.warning_setting s JOIN monitoring.warning_rule r ON r.code = s.rule_code
 CROSS JOIN LATERAL unnest(monitoring.warning_areas(r.area_level)) AS a (area)
  LEFT JOIN LATERAL (SELECT x.period_on, x.colour FROM monitoring.warning_reading x
                      WHERE x.rule_code = r.code AND x.area_code = a.area ORDER BY x.period_on DESC LIMIT 1) AS w ON true
 CROSS JOIN LATERAL (
     SELECT min(q.on_day) AS first_on, max(q.last) AS last_on
       FROM (SELECT g.at::date AS on_day, (g.at + ('1 ' || r.step)::interval)::date - 1 AS last
               FROM generate_series(date_trunc(r.step, greatest(s.from_on, w.period_on)::timestamp),
                                    platform.today()::timestamp, ('1 ' || r.step)::interval) AS g (at)) AS q
      WHERE q.last >= s.from_on AND (s.to_on IS NULL OR q.last <= s.to_on) AND q.last + s.wait_days < platform.today()
        AND (w.period_on IS NULL OR q.on_day > w.period_on)) AS pend
 WHERE s.state = 'approved' AND r.model <> 'report' AND s.from_on <= platform.today() AND pend.first_on IS NOT NULL
 ORDER BY s.from_on, r.code, a.area
 LIMIT 200;

-- name: warning_series_get :one read
-- args: rule text, area text, first_on date, last_on date
SELECT monitoring.warning_series_json($rule, $area, $first_on, $last_on)::text AS series;

-- name: warning_record :one tells
-- args: setting uuid, area text, period_on date, was text, value int8?, score int8?, colour text
SELECT monitoring.warning_record(s, $area, $period_on, $was, $value, $score, $colour) AS is_new
  FROM monitoring.warning_setting s WHERE s.id = $setting;
