-- The register of demand: wishes and needs, confirmed by officers.

-- name: demand_wish :one tells
-- args: id uuid, person uuid, occupation_code text, level int8?, remark text, to_on date
WITH made AS (
    INSERT INTO training.demand AS d (id, source, occupation_code, level, headcount, person_id, remark, to_on,
                                      county_code, area_code)
    SELECT $id, 'worker', $occupation_code, $level::int8::integer, 1, p.id, $remark, $to_on, p.county_code, p.area_code
      FROM training.person p WHERE p.id = $person
    RETURNING d AS d
)
SELECT training.demand_json(d)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('training.person_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: demand_need :one tells
-- args: id uuid, org uuid, occupation_code text, level int8?, headcount int4, remark text, by_on date,
--       to_on date, county_code text, area_code text
WITH made AS (
    INSERT INTO training.demand AS d (id, source, occupation_code, level, headcount, org_id, org_name, remark,
                                      by_on, to_on, county_code, area_code)
    SELECT $id, CASE o.kind WHEN 'carrier' THEN 'park' ELSE 'employer' END, $occupation_code,
           $level::int8::integer, $headcount, o.id, o.name, $remark, $by_on, $to_on, $county_code, $area_code
      FROM training.org o WHERE o.id = $org
    RETURNING d AS d
)
SELECT training.demand_json(d)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('training.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- By whoever entered it. What was confirmed and asks for more, or for another
-- level, is looked at again; places that classes have taken stay theirs.
-- name: demand_change :one tells
-- args: id uuid, level int8?, headcount int8?, remark text, by_on date, to_on date
WITH found AS (
    SELECT d.id, d.state, d.source, d.covered FROM training.demand d
     WHERE d.id = $id AND (d.person_id = platform.person() OR d.org_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE training.demand AS d
       SET level = coalesce($level::int8::integer, d.level), headcount = coalesce($headcount::int8::integer, d.headcount),
           remark = coalesce($remark, d.remark), by_on = coalesce($by_on, d.by_on), to_on = coalesce($to_on, d.to_on),
           state = CASE WHEN coalesce($headcount::int8::integer, d.headcount) > d.headcount
                          OR coalesce($level::int8::integer, d.level) IS DISTINCT FROM d.level
                        THEN 'registered' ELSE d.state END,
           changed_at = platform.now()
      FROM found f
     WHERE d.id = f.id AND f.state IN ('registered', 'confirmed') AND f.source <> 'agreement'
       AND coalesce($headcount::int8, d.headcount) >= f.covered
       AND (f.source <> 'worker' OR $headcount::int8 IS NULL)
    RETURNING d AS d
)
SELECT training.demand_json(d)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.source = 'worker' AND $headcount::int8 IS NOT NULL THEN 'field.unknown /headcount'
                            WHEN f.state IN ('registered', 'confirmed') AND f.source <> 'agreement'
                            THEN 'training.demand_covered /headcount' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: demand_withdraw :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT d.id, d.state FROM training.demand d
     WHERE d.id = $id AND (d.person_id = platform.person() OR d.org_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE training.demand AS d SET state = 'withdrawn', note = $note, changed_at = platform.now()
      FROM found f WHERE d.id = f.id AND f.state IN ('registered', 'confirmed')
    RETURNING d AS d
)
SELECT training.demand_json(d)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: demand_list_own :many read
-- args: after text, lim int4, state text
SELECT training.demand_json(d)::text AS reply, d.id::text AS cursor
  FROM training.demand d
 WHERE (d.person_id = platform.person() OR d.org_id = platform.org())
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR d.state = $state)
 ORDER BY d.id DESC
 LIMIT $lim;

-- name: demand_list :many read
-- args: after text, lim int4, state text, source text, county_code text, occupation_code text
SELECT training.demand_json(d)::text AS reply, d.id::text AS cursor
  FROM training.demand d
 WHERE platform.in_areas(d.county_code, d.area_code)
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR d.state = $state)
   AND ($source::text IS NULL OR d.source = $source)
   AND ($county_code::text IS NULL OR d.county_code = $county_code)
   AND ($occupation_code::text IS NULL OR starts_with(d.occupation_code, $occupation_code))
 ORDER BY d.id DESC
 LIMIT $lim;

-- By an officer of the town or county, never by whoever entered it.
-- name: demand_judge :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT d.id, d.state, d.entered_by = platform.actor() AS same FROM training.demand d
     WHERE d.id = $id AND platform.in_areas(d.county_code, d.area_code) FOR UPDATE
), moved AS (
    UPDATE training.demand AS d
       SET state = CASE WHEN $pass THEN 'confirmed' ELSE 'refused' END, note = $note,
           checked_by = platform.actor(), checked_on = platform.today(), changed_at = platform.now()
      FROM found f WHERE d.id = f.id AND f.state = 'registered' AND NOT f.same
    RETURNING d AS d
)
SELECT training.demand_json(d)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'training.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- What a class may still be filed against.
-- name: demand_left_of :one read
-- args: occupation_code text, level int8, county_code text
WITH found AS (
    SELECT training.demand_left($occupation_code, $level::int8::integer, $county_code) AS n
)
SELECT jsonb_build_object('occupation_code', $occupation_code, 'level', $level, 'county_code', $county_code,
           'has_demand', f.n IS NOT NULL, 'is_unlimited', coalesce(f.n >= 1000000000, false),
           'left', CASE WHEN f.n >= 1000000000 THEN NULL ELSE coalesce(f.n, 0) END)::text AS reply
  FROM found f;

-- name: demand_expire :one tells
-- args:
SELECT training.demand_expire() AS n;
