-- Trainers: entered by the institution, confirmed by the person.

-- name: trainer_invite :one tells
-- args: id uuid, org uuid, person uuid, qualification text, occupations jsonb
WITH made AS (
    INSERT INTO training.trainer AS t (id, org_id, org_name, person_id, qualification, occupations,
                                       county_code, area_code)
    SELECT $id, o.id, o.name, $person, $qualification, $occupations, o.county_code, o.area_code
      FROM training.org o WHERE o.id = $org AND training.name_of($person) IS NOT NULL
    RETURNING t AS t
)
SELECT training.trainer_json(t)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM training.org o WHERE o.id = $org)
                            THEN 'training.person_unknown /person_id' ELSE 'training.org_unknown' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: trainer_answer :one tells
-- args: id uuid, caller_person uuid, accept bool
WITH found AS (
    SELECT t.id, t.state FROM training.trainer t
     WHERE t.id = $id AND t.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE training.trainer AS t
       SET state = CASE WHEN $accept THEN 'confirmed' ELSE 'declined' END,
           confirmed_on = CASE WHEN $accept THEN platform.today() END
      FROM found f WHERE t.id = f.id AND f.state = 'invited'
    RETURNING t AS t
)
SELECT training.trainer_json(t)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Ended by either side.
-- name: trainer_leave :one tells
-- args: id uuid
WITH found AS (
    SELECT t.id, t.state FROM training.trainer t
     WHERE t.id = $id AND (t.org_id = platform.org() OR t.person_id = platform.person()) FOR UPDATE
), moved AS (
    UPDATE training.trainer AS t SET state = 'left', left_on = platform.today()
      FROM found f WHERE t.id = f.id AND f.state IN ('invited', 'confirmed')
    RETURNING t AS t
)
SELECT training.trainer_json(t)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Whichever rows the caller may see: the institution's, or the county's.
-- name: trainer_list :many read
-- args: after text, lim int4, state text
SELECT training.trainer_json(t)::text AS reply, t.id::text AS cursor
  FROM training.trainer t
 WHERE (t.org_id = platform.org() OR platform.in_areas(t.county_code, t.area_code))
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR t.state = $state)
 ORDER BY t.id DESC
 LIMIT $lim;

-- name: trainer_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.trainer_json(t)::text AS reply, t.id::text AS cursor
  FROM training.trainer t
 WHERE t.person_id = $caller_person
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY t.id DESC
 LIMIT $lim;
