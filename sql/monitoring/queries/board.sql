-- The board: every indicator of an area and of what lies directly below it.

-- name: board_get :one read
-- args: from_on date, to_on date, county text, area text, codes text[], names text[], hides bool
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
), defined AS MATERIALIZED (
    SELECT i.ord, v FROM asked CROSS JOIN monitoring.indicator i
     CROSS JOIN LATERAL monitoring.indicator_on(i.code, $to_on) AS v
), counted AS MATERIALIZED (
    SELECT f.* FROM monitoring.figures_in((SELECT array_agg(v) FROM defined), $area || $codes::text[], $from_on, $to_on) AS f
), target AS MATERIALIZED (
    SELECT DISTINCT ON (t.indicator, t.county_code) t.* FROM monitoring.target t
     WHERE t.state = 'confirmed' AND t.from_on <= $to_on AND t.to_on >= $from_on
     ORDER BY t.indicator, t.county_code, t.to_on DESC, t.judged_at DESC, t.id DESC
), below AS MATERIALIZED (
    SELECT c.indicator, jsonb_agg(jsonb_build_object('area_code', a.code, 'name', a.name, 'target', t.amount)
               || monitoring.figure_json(c.f) ORDER BY a.at) AS lines
      FROM counted c JOIN unnest($codes::text[], $names::text[]) WITH ORDINALITY AS a (code, name, at) ON a.code = c.area
      LEFT JOIN target t ON t.indicator = c.indicator AND t.county_code = a.code
     GROUP BY 1
), line AS MATERIALIZED (
    SELECT d.ord, d.v, (c.f).is_small AS small, monitoring.shown(jsonb_build_array(monitoring.figure_json(c.f)), $hides, false)->0 AS f,
           monitoring.shown(coalesce(b.lines, '[]'), $hides, (c.f).is_small) AS below,
           t AS target
      FROM defined d JOIN counted c ON c.indicator = (d.v).indicator AND c.area = $area
      LEFT JOIN below b ON b.indicator = c.indicator
      LEFT JOIN target t ON t.indicator = c.indicator AND t.county_code = $area
), reached AS MATERIALIZED (
    SELECT f.indicator, (f.f).value AS n
      FROM (SELECT (target).from_on AS a_day, least((target).to_on, $to_on) AS z_day, array_agg(v) AS vs
              FROM line WHERE (target).id IS NOT NULL GROUP BY 1, 2) AS p
     CROSS JOIN LATERAL monitoring.figures_in(p.vs, ARRAY[$area::text], p.a_day, p.z_day) AS f
)
SELECT jsonb_build_object('from_on', $from_on, 'to_on', $to_on, 'as_of', platform.now(), 'area_code', $area,
    'revision', monitoring.newest(),
    'indicators', jsonb_agg(f || jsonb_build_object('code', (v).indicator, 'name', (v).name, 'unit', (v).unit,
        'kind', (v).kind, 'definition', (v).definition, 'version', (v).version, 'definition_hash', (v).hash,
        'target', (target).amount,
        'progress_bp', CASE WHEN (target).amount > 0 AND (v).aim = 'more' AND NOT (f->>'hidden')::boolean
                             AND NOT ($hides AND $area <> '431100')
                            THEN round(r.n::numeric * 10000 / (target).amount)::bigint END,
        'areas', below) ORDER BY ord))::text AS reply
  FROM line LEFT JOIN reached r ON r.indicator = (line.v).indicator;

-- City-wide totals without small cells: what anyone may see.
-- name: live_get :one
-- args: from_on date, to_on date
SELECT jsonb_build_object('as_of', platform.now(), 'from_on', $from_on, 'to_on', $to_on,
    'hired', monitoring.sum_of('{employed_new}', '431100', '', $from_on, $to_on),
    'certified', monitoring.sum_of('{certified}', '431100', '', $from_on, $to_on),
    'startup_jobs', monitoring.sum_of('{startup_jobs}', '431100', '', $from_on, $to_on),
    'paid_count', monitoring.sum_of('{paid}', '431100', '', $from_on, $to_on),
    'paid_cents', monitoring.sum_of('{paid_cents}', '431100', '', $from_on, $to_on),
    'events_seen', (SELECT coalesce(sum(seq), 0)::bigint FROM monitoring.event_cursor),
    'currency', 'CNY')::text AS reply;
