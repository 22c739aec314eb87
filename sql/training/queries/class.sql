-- name: class_open :one
-- args: org uuid, title text, occupation_code text, level int4, county_code text, area_code text,
--       starts_on date, ends_on date, capacity int4, pass_score int4
WITH made AS (
    INSERT INTO training.class AS c (org_id, org_name, title, occupation_code, level, county_code,
                                     area_code, starts_on, ends_on, capacity, pass_score)
    SELECT o.id, o.name, $title, $occupation_code, $level, $county_code,
           $area_code, $starts_on, $ends_on, $capacity, $pass_score
      FROM training.org o WHERE o.id = $org
    RETURNING c AS c
)
SELECT training.class_reply(c) AS reply FROM made
UNION ALL
SELECT platform.refuse('training.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: class_get :one read
-- args: id uuid
SELECT training.class_reply(c) AS reply FROM training.class c WHERE c.id = $id;

-- Open to anybody; those still taking people unless another state is asked for.
-- name: class_list :many read
-- args: after text, lim int4, area_code text, occupation_code text, level int4?, state text
SELECT training.class_reply(c) AS reply, c.id::text AS cursor
  FROM training.class c
 WHERE c.state = coalesce($state, 'open')
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($area_code::text IS NULL OR $area_code = '431100' OR c.county_code = $area_code
        OR (length($area_code) > 6 AND starts_with(c.area_code, $area_code)))
   AND ($occupation_code::text IS NULL OR starts_with(c.occupation_code, $occupation_code))
   AND ($level::int4 IS NULL OR c.level = $level)
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: class_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT training.class_reply(c) AS reply, c.id::text AS cursor
  FROM training.class c
 WHERE c.org_id = $caller_org
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR c.state = $state)
 ORDER BY c.id DESC
 LIMIT $lim;

-- Teaching begins: nobody enrols any more.
-- name: class_start :one
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT c.id, c.state, c.starts_on FROM training.class c
     WHERE c.id = $id AND c.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE training.class AS c SET state = 'running'
      FROM found
     WHERE c.id = found.id AND found.state = 'open' AND found.starts_on <= platform.today()
    RETURNING c AS c
)
SELECT training.class_reply(c) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state = 'open' THEN 'training.not_started'
                            ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Every enrolment is completed with it, passed or not. Only a running class:
-- its list of enrolments was final before this statement began.
-- name: class_complete :one
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT c.id, c.state FROM training.class c
     WHERE c.id = $id AND c.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE training.class AS c SET state = 'completed', completed_on = platform.today()
      FROM found WHERE c.id = found.id AND found.state = 'running'
    RETURNING c AS c
), done AS (
    UPDATE training.enrolment AS e SET completed_on = platform.today()
      FROM moved WHERE e.class_id = (moved.c).id
    RETURNING e AS e
), told AS (
    INSERT INTO training.outbox (type, key, area_code, payload)
    SELECT 'training.enrolment.completed.v1', (e).id::text, (e).county_code,
           jsonb_build_object('enrolment_id', (e).id, 'class_id', (e).class_id,
                              'person_id', (e).person_id, 'completed_on', (e).completed_on,
                              'passed', (e).is_passed, 'county_code', (e).county_code)
      FROM done
)
SELECT training.class_reply(c) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);
