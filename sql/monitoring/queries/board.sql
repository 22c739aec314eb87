-- The board: each indicator by county within the caller's areas, and the rows
-- behind a figure.

-- name: board_get :one read
-- args: from_on date, to_on date
WITH counted AS (
    SELECT i.code, a.area, monitoring.sum_of(i.measures, a.area, '', $from_on, $to_on) AS n
      FROM monitoring.indicator i
     CROSS JOIN (SELECT DISTINCT county_code AS area FROM monitoring.cell_day
                  WHERE county_code = '431100' OR platform.in_areas(county_code, NULL)) a
), lines AS (
    SELECT i.code, jsonb_build_object('code', i.code, 'name', i.name, 'unit', i.unit,
        'definition', i.definition, 'definition_hash',
            encode(sha256(convert_to(i.code || '|' || i.unit || '|' || i.definition, 'UTF8')), 'hex'),
        'value', CASE WHEN platform.whole_city() THEN coalesce(sum(c.n) FILTER (WHERE c.area = '431100'), 0)
                      ELSE coalesce(sum(c.n) FILTER (WHERE c.area <> '431100'), 0) END::bigint,
        'target', (SELECT max(t.amount) FROM monitoring.target t
                    WHERE t.indicator = i.code AND t.county_code = '431100'
                      AND t.from_on <= $to_on AND t.to_on >= $from_on),
        'counties', coalesce(jsonb_agg(jsonb_build_object('county_code', c.area,
            'value', c.n::bigint,
            'target', (SELECT max(t.amount) FROM monitoring.target t
                        WHERE t.indicator = i.code AND t.county_code = c.area
                          AND t.from_on <= $to_on AND t.to_on >= $from_on))
            ORDER BY c.area) FILTER (WHERE c.area <> '431100' AND c.n <> 0), '[]'::jsonb)) AS line
      FROM monitoring.indicator i LEFT JOIN counted c ON c.code = i.code
     GROUP BY i.code
)
SELECT jsonb_build_object('from_on', $from_on, 'to_on', $to_on, 'as_of', platform.now(),
    'indicators', jsonb_agg(line ORDER BY code))::text AS reply
  FROM lines;

-- name: indicator_find :one read
-- args: indicator text
SELECT code FROM monitoring.indicator WHERE code = $indicator;

-- name: board_rows :many read
-- args: indicator text, from_on date, to_on date, county_code text, after text, lim int8
SELECT jsonb_build_object('id', t.fact_id, 'on', t.on_day, 'county_code', t.county_code,
        'org_id', t.org_id, 'amount_cents', CASE WHEN m.counts = 'amount' THEN t.value END)::text AS reply,
       to_char(t.on_day, 'YYYY-MM-DD') || t.fact_id::text AS cursor
  FROM monitoring.indicator i JOIN monitoring.measure m ON m.code = ANY (i.measures)
  JOIN monitoring.tally t ON t.measure = m.id AND t.gone = 9223372036854775807
 WHERE i.code = $indicator AND t.on_day BETWEEN $from_on AND $to_on
   AND ($county_code::text IS NULL OR t.county_code = $county_code)
   AND ($after::text IS NULL OR (t.on_day, t.fact_id) < (left($after, 10)::date, substr($after, 11)::uuid))
 ORDER BY t.on_day DESC, t.fact_id DESC
 LIMIT $lim;

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
