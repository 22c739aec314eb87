-- 脱贫人口、返贫监测对象 and their 务工 spells; files of both rosters.

-- rows: [{l: line, i: id_index, n: masked name, h: household, k: kind, c: county, a: area}]. Sent
-- again, a row changes nothing; a row of another county's is not taken from it.
-- name: roster_poverty_add :one tells
-- args: rows jsonb
WITH input AS (
    SELECT DISTINCT ON (r.i) r.*, jobs.roster_person(r.i) AS person_id
      FROM jsonb_to_recordset($rows) AS r (l bigint, i text, n text, h text, k text, c text, a text)
     ORDER BY r.i, r.l
), put AS (
    INSERT INTO jobs.poverty_member AS m (id_index, person_id, name_masked, household_no, kind, county_code, area_code)
    SELECT x.i, x.person_id, x.n, x.h, x.k, x.c, x.a FROM input x
    ON CONFLICT (id_index) DO UPDATE
       SET household_no = excluded.household_no, kind = excluded.kind, area_code = excluded.area_code
     WHERE m.county_code = excluded.county_code
       AND (m.household_no, m.kind, m.area_code) IS DISTINCT FROM (excluded.household_no, excluded.kind, excluded.area_code)
    RETURNING m.id_index
), flagged AS (
    UPDATE jobs.graduate g SET is_priority = true FROM input x WHERE g.id_index = x.i AND NOT g.is_priority
)
SELECT (SELECT count(*) FROM put) AS applied, (SELECT count(*) FROM input) AS rows,
       (SELECT count(*) FROM input x WHERE x.person_id IS NOT NULL) AS matched,
       (SELECT jsonb_agg((r ->> 'l')::bigint)::text FROM jsonb_array_elements($rows) r
         WHERE NOT EXISTS (SELECT FROM input x WHERE x.l = (r ->> 'l')::bigint)) AS duplicates;

-- name: roster_import_keep :one
-- args: kind text, file_sha256 text, rows_read int4, rows_applied int4, rows_same int4, rows_matched int4,
--       rows_failed int4, report jsonb
INSERT INTO jobs.roster_import AS r (kind, file_sha256, rows_read, rows_applied, rows_same, rows_matched,
                                     rows_failed, report)
VALUES ($kind, $file_sha256, $rows_read, $rows_applied, $rows_same, $rows_matched, $rows_failed, $report)
RETURNING jsonb_build_object('id', r.id, 'kind', r.kind, 'rows_read', r.rows_read, 'rows_applied', r.rows_applied,
    'rows_same', r.rows_same, 'rows_matched', r.rows_matched, 'rows_failed', r.rows_failed,
    'errors', r.report, 'created_at', r.created_at)::text AS reply;

-- An officer's own files.
-- name: roster_import_list :many read
-- args: after text, lim int4, caller uuid
SELECT jsonb_build_object('id', r.id, 'kind', r.kind, 'rows_read', r.rows_read, 'rows_applied', r.rows_applied,
           'rows_same', r.rows_same, 'rows_matched', r.rows_matched, 'rows_failed', r.rows_failed,
           'errors', r.report, 'created_at', r.created_at)::text AS reply, r.id::text AS cursor
  FROM jobs.roster_import r
 WHERE r.imported_by = $caller
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC
 LIMIT $lim;

-- name: roster_poverty_list :many read
-- args: after text, lim int4, county_code text, area_code text, kind text, household_no text, is_working bool?
SELECT jobs.poverty_json(m)::text AS reply, m.id::text AS cursor
  FROM jobs.poverty_member m
 WHERE platform.in_areas(m.county_code, m.area_code)
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR m.county_code = $county_code)
   AND ($area_code::text IS NULL OR m.county_code = $area_code OR starts_with(m.area_code, $area_code))
   AND ($kind::text IS NULL OR m.kind = $kind)
   AND ($household_no::text IS NULL OR m.household_no = $household_no)
   AND ($is_working::bool IS NULL OR $is_working = EXISTS (SELECT FROM jobs.migration_spell s
        WHERE s.member_id = m.id AND s.from_on <= platform.today() AND (s.to_on IS NULL OR s.to_on >= platform.today())))
 ORDER BY m.id DESC
 LIMIT $lim;

-- name: roster_poverty_get :one read
-- args: id uuid
SELECT (jobs.poverty_json(m) || jsonb_build_object('spells', coalesce((SELECT jsonb_agg(jobs.migration_json(s)
           ORDER BY s.from_on) FROM jobs.migration_spell s WHERE s.member_id = m.id), '[]')))::text AS reply
  FROM jobs.poverty_member m WHERE m.id = $id;

-- name: roster_spell_add :one tells
-- args: id uuid, place_kind text, place text, employer text, from_on date, to_on date, income_cents int8, source text
WITH made AS (
    INSERT INTO jobs.migration_spell AS s (member_id, person_id, place_kind, place, employer, from_on, to_on,
                                           income_cents, source, county_code, area_code)
    SELECT m.id, m.person_id, $place_kind, $place, $employer, $from_on, $to_on, $income_cents, $source,
           m.county_code, m.area_code
      FROM jobs.poverty_member m WHERE m.id = $id
    RETURNING s AS s
)
SELECT jobs.migration_json(s)::text AS reply FROM made;

-- name: roster_spell_end :one tells
-- args: id uuid, to_on date
WITH found AS (
    SELECT s.id, s.from_on, s.to_on FROM jobs.migration_spell s WHERE s.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.migration_spell s SET to_on = $to_on FROM found f
     WHERE s.id = f.id AND f.to_on IS NULL AND f.from_on <= $to_on
    RETURNING s AS s
)
SELECT jobs.migration_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.to_on IS NOT NULL THEN 'state.wrong' ELSE 'field.date_order /to_on' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By county, or within one by town; the target is the city's.
-- name: roster_migration_figures :one read
-- args: on_day date, county_code text, hides bool
WITH counted AS (
    SELECT m.county_code, CASE WHEN $county_code::text IS NULL THEN NULL ELSE left(m.area_code, 9) END AS town,
           count(*) AS persons,
           count(*) FILTER (WHERE w.place_kind IS NOT NULL) AS working,
           count(*) FILTER (WHERE w.place_kind = 'outside_province') AS outside_province,
           count(*) FILTER (WHERE w.place_kind = 'within_province') AS within_province,
           count(*) FILTER (WHERE w.place_kind = 'within_county') AS within_county,
           count(*) FILTER (WHERE w.place_kind = 'village_workshop') AS village_workshop
      FROM jobs.poverty_member m
      LEFT JOIN LATERAL (SELECT s.place_kind FROM jobs.migration_spell s WHERE s.member_id = m.id
          AND s.from_on <= $on_day AND (s.to_on IS NULL OR s.to_on >= $on_day) LIMIT 1) AS w ON true
     WHERE platform.in_areas(m.county_code, m.area_code)
       AND ($county_code::text IS NULL OR m.county_code = $county_code)
     GROUP BY 1, 2
), shown AS (
    SELECT c.*, $hides AND (c.persons < 5 OR c.working BETWEEN 1 AND 4 OR c.outside_province BETWEEN 1 AND 4
        OR c.within_province BETWEEN 1 AND 4 OR c.within_county BETWEEN 1 AND 4
        OR c.village_workshop BETWEEN 1 AND 4) AS hidden FROM counted c
)
SELECT jsonb_build_object('on', $on_day::date,
    'target', (SELECT t.value FROM jobs.roster_target t WHERE t.code = 'migration_persons'),
    'target_source', (SELECT t.source FROM jobs.roster_target t WHERE t.code = 'migration_persons'),
    'items', coalesce(jsonb_agg(jsonb_build_object('county_code', s.county_code, 'town_code', s.town, 'hidden', s.hidden)
        || CASE WHEN s.hidden THEN '{}'::jsonb ELSE jsonb_build_object('persons', s.persons, 'working', s.working,
            'outside_province', s.outside_province, 'within_province', s.within_province,
            'within_county', s.within_county, 'village_workshop', s.village_workshop) END
        ORDER BY s.county_code, s.town), '[]'))::text AS reply
  FROM shown s;
