-- Definitions, targets and imported values.

-- name: indicator_list :many read
-- args: after text, lim int8
SELECT monitoring.indicator_json(v)::text AS reply, i.ord::text AS cursor
  FROM monitoring.indicator i CROSS JOIN LATERAL monitoring.indicator_on(i.code, platform.today()) AS v
 WHERE i.ord > coalesce($after::text::integer, 0)
 ORDER BY i.ord
 LIMIT $lim;

-- name: indicator_names :many read
SELECT i.code, v.name FROM monitoring.indicator i
 CROSS JOIN LATERAL monitoring.indicator_on(i.code, platform.today()) AS v
 ORDER BY i.ord;

-- name: version_list :many read
-- args: indicator text, after text, lim int8
SELECT monitoring.indicator_json(v)::text AS reply, v.version::text AS cursor
  FROM monitoring.indicator_version v
 WHERE v.indicator = $indicator AND v.version < coalesce($after::text::integer, 2147483647)
 ORDER BY v.version DESC
 LIMIT $lim;

-- What is not given stays as it is.
-- name: version_propose :one
-- args: id uuid, indicator text, name text, name_en text, unit text, kind text, numerator text[], denominator text[],
--       cases text[], missing text, aim text, period text, area_level text, definition text, source text, basis text, from_on date
WITH last AS (
    SELECT v.* FROM monitoring.indicator_version v
     WHERE v.indicator = $indicator AND v.state = 'confirmed' ORDER BY v.from_on DESC LIMIT 1
), made AS (
    INSERT INTO monitoring.indicator_version AS v (id, indicator, version, name, name_en, unit, kind, numerator,
        denominator, cases, missing, aim, period, area_level, definition, source, basis, from_on)
    SELECT $id, l.indicator, (SELECT max(x.version) + 1 FROM monitoring.indicator_version x WHERE x.indicator = l.indicator),
           coalesce($name, l.name), coalesce($name_en, l.name_en), coalesce($unit, l.unit), coalesce($kind, l.kind),
           coalesce($numerator::text[], l.numerator), coalesce($denominator::text[], l.denominator),
           coalesce($cases::text[], l.cases), CASE WHEN $numerator::text[] IS NULL THEN coalesce($missing, l.missing) ELSE $missing END,
           coalesce($aim, l.aim), coalesce($period, l.period), coalesce($area_level, l.area_level),
           $definition, coalesce($source, l.source), $basis, $from_on
      FROM last l WHERE $from_on > l.from_on AND platform.whole_city()
    RETURNING v AS v
)
SELECT monitoring.indicator_json(v)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN platform.whole_city() THEN 'field.date_order /from_on' ELSE 'auth.area' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: version_judge :one
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT v.id, v.state, v.proposed_by = platform.actor() AS same FROM monitoring.indicator_version v
     WHERE v.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.indicator_version AS v SET state = CASE WHEN $pass THEN 'confirmed' ELSE 'refused' END,
           judged_by = platform.actor(), judged_at = platform.now(), note = $note
      FROM found f WHERE v.id = f.id AND f.state = 'proposed' AND NOT f.same
    RETURNING v AS v
)
SELECT monitoring.indicator_json(v)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'proposed' THEN 'state.wrong' ELSE 'monitoring.figures_same_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: target_list :many read
-- args: indicator text, area_code text, state text, after text, lim int8
SELECT monitoring.target_json(t)::text AS reply, t.id::text AS cursor
  FROM monitoring.target t
 WHERE ($indicator::text IS NULL OR t.indicator = $indicator) AND ($area_code::text IS NULL OR t.county_code = $area_code)
   AND ($state::text IS NULL OR t.state = $state)
   AND ($after::text IS NULL OR t.id < $after::text::uuid)
 ORDER BY t.id DESC
 LIMIT $lim;

-- name: target_propose :one
-- args: id uuid, indicator text, area_code text, from_on date, to_on date, amount int8, basis text
WITH made AS (
    INSERT INTO monitoring.target AS t (id, indicator, county_code, from_on, to_on, amount, basis)
    SELECT $id, i.code, $area_code, $from_on, $to_on, $amount, $basis
      FROM monitoring.indicator i WHERE i.code = $indicator AND platform.whole_city() AND $to_on >= $from_on
    RETURNING t AS t
)
SELECT monitoring.target_json(t)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT platform.whole_city() THEN 'auth.area'
                            WHEN $to_on < $from_on THEN 'field.date_order /to_on' ELSE 'monitoring.indicator_unknown /indicator' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: target_judge :one
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT t.id, t.state, t.proposed_by = platform.actor() AS same FROM monitoring.target t
     WHERE t.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.target AS t SET state = CASE WHEN $pass THEN 'confirmed' ELSE 'refused' END,
           judged_by = platform.actor(), judged_at = platform.now(), note = $note
      FROM found f WHERE t.id = f.id AND f.state = 'proposed' AND NOT f.same
    RETURNING t AS t
)
SELECT monitoring.target_json(t)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'proposed' THEN 'state.wrong' ELSE 'monitoring.figures_same_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: value_list :many read
-- args: indicator text, after text, lim int8
SELECT monitoring.imported_json(i)::text AS reply, i.id::text AS cursor
  FROM monitoring.imported_value i
 WHERE i.indicator = $indicator AND ($after::text IS NULL OR i.id < $after::text::uuid)
 ORDER BY i.id DESC
 LIMIT $lim;

-- name: value_import :one
-- args: id uuid, indicator text, area_code text, from_on date, to_on date, value int8, source text, published_on date
WITH made AS (
    INSERT INTO monitoring.imported_value AS i (id, indicator, county_code, from_on, to_on, value, source, published_on)
    SELECT $id, $indicator, $area_code, $from_on, $to_on, $value, $source, $published_on WHERE platform.whole_city()
    RETURNING i AS i
)
SELECT monitoring.imported_json(i)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('auth.area') WHERE NOT EXISTS (SELECT FROM made);
