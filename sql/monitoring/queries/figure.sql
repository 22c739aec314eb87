-- One indicator: its figure, by area, tag, employer and period.

-- What a statistician sees of one area, or one tag, is what they see of it in the
-- list of its kind.
-- name: figure_get :one read
-- args: indicator text, county text, area text, tag text, from_on date, to_on date, revision int8?, hides bool,
--       codes text[], done int8?, whole int8?
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
), plain AS MATERIALIZED (
    SELECT v, monitoring.figure_of(v, $area, $tag, $from_on, $to_on, $revision::int8) AS f,
           monitoring.before($from_on, $to_on) AS b
      FROM asked CROSS JOIN LATERAL monitoring.indicator_on($indicator, $to_on) AS v
), line AS (
    SELECT plain.*, CASE
        WHEN $hides AND $tag <> '' AND (f).reason IS NULL THEN (SELECT l FROM jsonb_array_elements(monitoring.shown(monitoring.by_tag(
            v, $area, split_part($tag, '=', 1), $from_on, $to_on), true,
            (monitoring.figure_of(v, $area, '', $from_on, $to_on, NULL)).is_small)) AS l WHERE l->>'tag' = $tag)
        WHEN $hides AND cardinality($codes) > 0 THEN (SELECT l FROM jsonb_array_elements(monitoring.shown(monitoring.by_area(
            v, $codes, $codes, '', $from_on, $to_on, $revision::int8), true,
            (monitoring.figure_of(v, '431100', '', $from_on, $to_on, $revision::int8)).is_small)) AS l WHERE l->>'area_code' = $area)
        END AS among
      FROM plain
), shown AS (
    SELECT line.*, coalesce(among - '{tag,code,name,area_code}'::text[],
               monitoring.shown(jsonb_build_array(monitoring.figure_json(f)), $hides, false)->0) AS s
      FROM line
), more AS (
    SELECT shown.*, NOT ($hides AND ((s->>'hidden')::boolean OR $area <> '431100' OR $tag <> '')) AS tells
      FROM shown
)
SELECT (s || jsonb_build_object('code', (v).indicator, 'name', (v).name, 'unit', (v).unit, 'kind', (v).kind,
    'definition', (v).definition, 'version', (v).version, 'definition_hash', (v).hash, 'source', (v).source,
    'area_code', $area, 'tag', nullif($tag, ''), 'from_on', $from_on, 'to_on', $to_on,
    'revision', coalesce($revision::int8, monitoring.newest()), 'as_of', platform.now(),
    'period_before', CASE WHEN tells THEN monitoring.compared((f).value, monitoring.told(monitoring.figure_of(v, $area, $tag,
        lower(b), upper(b) - 1, NULL), $hides), lower(b), upper(b) - 1) END,
    'year_before', CASE WHEN tells THEN monitoring.compared((f).value, monitoring.told(monitoring.figure_of(v, $area, $tag,
        ($from_on::date - interval '1 year')::date, (($to_on::date + 1) - interval '1 year')::date - 1, NULL), $hides),
        ($from_on::date - interval '1 year')::date, (($to_on::date + 1) - interval '1 year')::date - 1) END,
    'target', CASE WHEN tells AND $tag = '' THEN monitoring.progress(v, $area, $from_on, $to_on) END,
    'forecast', CASE WHEN tells AND $tag = '' THEN monitoring.forecast(v, $area, $to_on, $done::int8, $whole::int8) END,
    'imported', CASE WHEN (v).kind = 'imported' THEN (SELECT monitoring.imported_json(i) - 'entered_by'
        FROM monitoring.imported_on((v).indicator, $area, $from_on, $to_on) AS i WHERE i.id IS NOT NULL) END))::text AS reply
  FROM more;

-- name: figure_areas :one read
-- args: indicator text, county text, area text, tag text, from_on date, to_on date, revision int8?, hides bool,
--       codes text[], names text[]
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
), line AS MATERIALIZED (
    SELECT v, monitoring.figure_json(monitoring.figure_of(v, $area, $tag, $from_on, $to_on, $revision::int8)) AS f,
           monitoring.by_area(v, $codes, $names, $tag, $from_on, $to_on, $revision::int8) AS below
      FROM asked CROSS JOIN LATERAL monitoring.indicator_on($indicator, $to_on) AS v
)
SELECT (monitoring.shown(jsonb_build_array(f), $hides, false)->0 || jsonb_build_object('code', (v).indicator,
    'unit', (v).unit, 'version', (v).version, 'definition_hash', (v).hash, 'area_code', $area, 'tag', nullif($tag, ''),
    'from_on', $from_on, 'to_on', $to_on, 'revision', coalesce($revision::int8, monitoring.newest()),
    'areas', monitoring.shown(coalesce(below, '[]'), $hides, (f->>'small')::boolean)))::text AS reply
  FROM line;

-- name: figure_tags :one read
-- args: indicator text, county text, area text, dim text, from_on date, to_on date, hides bool
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
), line AS MATERIALIZED (
    SELECT v, monitoring.figure_json(monitoring.figure_of(v, $area, '', $from_on, $to_on, NULL)) AS f,
           monitoring.no_figure(v, $area, $dim || '=') AS why
      FROM asked CROSS JOIN LATERAL monitoring.indicator_on($indicator, $to_on) AS v
)
SELECT (monitoring.shown(jsonb_build_array(f), $hides, false)->0 || jsonb_build_object('code', (v).indicator,
    'unit', (v).unit, 'version', (v).version, 'definition_hash', (v).hash, 'area_code', $area, 'dim', $dim,
    'from_on', $from_on, 'to_on', $to_on, 'revision', monitoring.newest(), 'reason', coalesce(f->>'reason', why),
    'tags', CASE WHEN why IS NOT NULL THEN '[]' ELSE monitoring.shown(
        monitoring.by_tag(v, $area, $dim, $from_on, $to_on), $hides, (f->>'small')::boolean) END))::text AS reply
  FROM line;

-- name: figure_employers :one read
-- args: indicator text, county text, area text, year_on date, lim int8
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
), line AS MATERIALIZED (
    SELECT v, monitoring.no_employers(v, $area) AS why
      FROM asked CROSS JOIN LATERAL monitoring.indicator_on($indicator,
           least(($year_on::date + interval '1 year - 1 day')::date, platform.today())) AS v
)
SELECT jsonb_build_object('code', (v).indicator, 'unit', (v).unit, 'version', (v).version, 'definition_hash', (v).hash,
    'area_code', $area, 'year', extract(year FROM $year_on::date)::integer, 'revision', monitoring.newest(), 'reason', why,
    'employers', CASE WHEN why IS NOT NULL THEN '[]' ELSE monitoring.by_employer(v, $area, $year_on, $lim) END)::text AS reply
  FROM line;

-- name: figure_series :one read
-- args: indicator text, county text, area text, tag text, step text, from_on date, to_on date, hides bool
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
)
SELECT jsonb_build_object('code', v.indicator, 'unit', v.unit, 'area_code', $area, 'tag', nullif($tag, ''), 'by', $step,
    'revision', monitoring.newest(),
    'points', monitoring.series($indicator, $area, $tag, $step, $from_on, $to_on, $hides))::text AS reply
  FROM asked CROSS JOIN LATERAL monitoring.indicator_on($indicator, $to_on) AS v;

-- The rows behind a figure as they were at a revision, newest first. A stock is
-- made of what had begun and not ended.
-- name: board_rows :many read
-- args: indicator text, county text, area text, tag text, from_on date, to_on date, revision int8, below bool, after text, lim int8
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
), part AS MATERIALIZED (
    SELECT m.id, m.code, m.name, m.kind, m.counts, m.moment, CASE WHEN f LIKE '-%' THEN -1 ELSE 1 END AS sign,
           CASE WHEN v.kind IN ('stock', 'share') THEN '-infinity' ELSE $from_on::date END AS a_day
      FROM asked CROSS JOIN LATERAL monitoring.indicator_on($indicator, $to_on) AS v
     CROSS JOIN LATERAL unnest(CASE WHEN $below THEN v.denominator ELSE v.numerator END) AS f
      JOIN monitoring.measure m ON m.code = ltrim(f, '-')
     WHERE monitoring.no_figure(v, $area, $tag) IS NULL
), seek AS (
    SELECT split_part($after::text, ' ', 1)::date AS on_day, split_part($after::text, ' ', 2)::uuid AS fact_id,
           split_part($after::text, ' ', 3)::integer AS id
     WHERE $after::text IS NOT NULL
), unit AS (
    SELECT u AS code FROM unnest(monitoring.units()) AS u WHERE u = $county OR $area = '431100'
)
SELECT jsonb_build_object('id', r.fact_id, 'kind', r.kind, 'measure', r.code, 'measure_name', r.name,
        'on', r.on_day, 'value', r.value,
        'county_code', r.county_code, 'area_code', r.area_code, 'org_id', r.org_id, 'org_name', monitoring.org_name(r.org_id),
        'amount_cents', r.cents, 'since_revision', r.born)::text AS reply,
       concat_ws(' ', r.on_day, r.fact_id, r.id) AS cursor
  FROM (SELECT part.id, part.code, part.name, part.kind, t.fact_id, t.on_day, part.sign * t.value AS value, t.county_code, t.area_code,
               t.org_id, CASE part.counts WHEN 'amount' THEN t.value END AS cents, t.born
          FROM part CROSS JOIN unit CROSS JOIN LATERAL (
              SELECT t.* FROM monitoring.tally t
               WHERE t.measure = part.id AND t.county_code = unit.code AND t.on_day BETWEEN part.a_day AND $to_on
                 AND t.born <= $revision AND t.gone > $revision
                 AND ($tag::text = '' OR $tag = ANY (t.tags))
                 AND (length($area) <= 6 OR left(t.area_code, 9) = $area OR t.area_code = $area)
                 AND (part.a_day > '-infinity' OR part.moment <> 'span' OR (t.leg = 0 AND NOT EXISTS (
                     SELECT FROM monitoring.tally e WHERE e.fact_id = t.fact_id AND e.measure = t.measure AND e.leg = 1
                        AND e.on_day <= $to_on AND e.born <= $revision AND e.gone > $revision)))
                 AND ($after::text IS NULL OR (t.on_day, t.fact_id, part.id) < (SELECT s.on_day, s.fact_id, s.id FROM seek s))
               ORDER BY t.on_day DESC, t.fact_id DESC LIMIT $lim) AS t
         ORDER BY t.on_day DESC, t.fact_id DESC, part.id DESC LIMIT $lim) AS r
 ORDER BY r.on_day DESC, r.fact_id DESC, r.id DESC;

-- name: figure_about :one read
-- args: indicator text, to_on date, revision int8?
SELECT jsonb_build_object('revision', coalesce($revision::int8, monitoring.newest()), 'version', v.version,
           'definition_hash', v.hash)::text AS members,
       coalesce($revision::int8, monitoring.newest()) AS revision
  FROM monitoring.indicator_on($indicator, $to_on) AS v;

-- What changed in a past period after it had ended, by the day on which it was learnt.
-- name: figure_revisions :many read
-- args: indicator text, county text, area text, from_on date, to_on date, after text, lim int8
WITH asked AS MATERIALIZED (
    SELECT monitoring.admit($county, $area)
), closed AS MATERIALIZED (
    SELECT coalesce((SELECT max(r.id) FROM monitoring.revision r
                      WHERE r.at < (($to_on::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')), 0) AS id
), part AS MATERIALIZED (
    SELECT m.id, CASE WHEN f LIKE '-%' THEN -1 ELSE 1 END AS sign,
           CASE WHEN v.kind IN ('stock', 'share') THEN '-infinity' ELSE $from_on::date END AS a_day
      FROM asked CROSS JOIN LATERAL monitoring.indicator_on($indicator, $to_on) AS v
     CROSS JOIN LATERAL unnest(v.numerator) AS f JOIN monitoring.measure m ON m.code = ltrim(f, '-')
), unit AS (
    SELECT u AS code FROM unnest(monitoring.units()) AS u WHERE u = $county OR $area = '431100'
), moved AS (
    SELECT t.born AS rev, part.sign * t.value AS added, 0::bigint AS withdrawn, t.county_code, t.area_code
      FROM part CROSS JOIN closed CROSS JOIN unit CROSS JOIN LATERAL (
           SELECT x.* FROM monitoring.tally x
            WHERE x.measure = part.id AND x.county_code = unit.code AND x.on_day BETWEEN part.a_day AND $to_on
              AND x.born > closed.id OFFSET 0) AS t
    UNION ALL
    SELECT t.gone, 0, part.sign * t.value, t.county_code, t.area_code
      FROM part CROSS JOIN closed CROSS JOIN unit CROSS JOIN LATERAL (
           SELECT x.* FROM monitoring.tally x
            WHERE x.measure = part.id AND x.county_code = unit.code AND x.on_day BETWEEN part.a_day AND $to_on
              AND x.gone > closed.id AND x.gone < 9223372036854775807 OFFSET 0) AS t
), days AS (
    SELECT (r.at AT TIME ZONE 'Asia/Shanghai')::date AS on_day, r.source, sum(m.added)::bigint AS added,
           sum(m.withdrawn)::bigint AS withdrawn, min(r.id) AS from_revision, max(r.id) AS to_revision,
           min(r.from_seq) AS from_seq, max(r.to_seq) AS to_seq
      FROM moved m JOIN monitoring.revision r ON r.id = m.rev
     WHERE monitoring.lies_in(m.county_code, m.area_code, $area)
     GROUP BY 1, 2
)
SELECT jsonb_build_object('on', d.on_day, 'source', d.source, 'added', d.added, 'withdrawn', d.withdrawn,
        'from_revision', d.from_revision, 'to_revision', d.to_revision, 'from_seq', d.from_seq, 'to_seq', d.to_seq)::text AS reply,
       concat_ws(' ', d.on_day, d.source) AS cursor
  FROM days d
 WHERE $after::text IS NULL OR (d.on_day, d.source) < (split_part($after::text, ' ', 1)::date, split_part($after::text, ' ', 2))
 ORDER BY d.on_day DESC, d.source DESC
 LIMIT $lim;
