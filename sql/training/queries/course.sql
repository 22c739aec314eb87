-- Courses, version by version.

-- The first version of a series, or (series given) the next of one's own.
-- name: course_add :one tells
-- args: id uuid, org uuid, series_id uuid, title text, occupation_code text, level int8?, module text,
--       theory_hours int4, practice_hours int4, outline text, materials jsonb, fee_cents int8
WITH series AS (
    SELECT c.series_id, c.version FROM training.course c
     WHERE c.series_id = $series_id AND c.org_id = $org
     ORDER BY c.version DESC LIMIT 1
), made AS (
    INSERT INTO training.course AS c (id, series_id, version, org_id, org_name, title, occupation_code, level,
                                      module, theory_hours, practice_hours, outline, materials, fee_cents, county_code)
    SELECT $id, coalesce($series_id, $id), coalesce((SELECT s.version FROM series s), 0) + 1, o.id, o.name, $title,
           $occupation_code, $level::int8::integer, $module, $theory_hours, $practice_hours, $outline,
           coalesce($materials, '[]'::jsonb), $fee_cents, o.county_code
      FROM training.org o
     WHERE o.id = $org AND ($series_id::uuid IS NULL OR EXISTS (SELECT FROM series))
    RETURNING c AS c
)
SELECT training.course_json(c)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM training.org o WHERE o.id = $org)
                            THEN 'training.series_unknown /series_id' ELSE 'training.org_unknown' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- No class takes it any more; those that have it keep it.
-- name: course_retire :one tells
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT c.id FROM training.course c WHERE c.id = $id AND c.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE training.course AS c SET retired_on = platform.today()
      FROM found f WHERE c.id = f.id AND c.retired_on IS NULL
    RETURNING c AS c
)
SELECT training.course_json(c)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: course_list :many read
-- args: after text, lim int4, org_id uuid, occupation_code text, level int8?
SELECT training.course_json(c)::text AS reply, c.id::text AS cursor
  FROM training.course c
 WHERE c.retired_on IS NULL
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($org_id::uuid IS NULL OR c.org_id = $org_id)
   AND ($occupation_code::text IS NULL OR starts_with(c.occupation_code, $occupation_code))
   AND ($level::int8 IS NULL OR c.level = $level)
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: course_get :one read
-- args: id uuid
SELECT training.course_json(c)::text AS reply FROM training.course c WHERE c.id = $id;
