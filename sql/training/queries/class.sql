-- Filed for the first time. The table judges it: demand, licence, course (training/022).
-- name: class_open :one tells
-- args: org uuid, title text, kind text, module text, occupation_code text, level int4?,
--       course_id uuid, agreement_id uuid, trainers jsonb, county_code text, area_code text,
--       starts_on date, ends_on date, hours int4, capacity int4, pass_score int4,
--       is_subsidised bool, due_on date
WITH made AS (
    INSERT INTO training.class AS c (org_id, org_name, title, kind, module, occupation_code, level,
                                     course_id, agreement_id, trainers, county_code, area_code, starts_on,
                                     ends_on, hours, capacity, pass_score, is_subsidised, due_on)
    SELECT o.id, o.name, $title, $kind, $module, $occupation_code, $level, $course_id, $agreement_id,
           ARRAY(SELECT t::uuid FROM jsonb_array_elements_text($trainers) t), $county_code, $area_code, $starts_on,
           $ends_on, $hours, $capacity, $pass_score, $is_subsidised, $due_on
      FROM training.org o WHERE o.id = $org
    RETURNING c AS c
)
SELECT training.filing_reply(c) AS reply FROM made
UNION ALL
SELECT platform.refuse('training.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- Put right after it was returned, and filed anew: the whole form again.
-- name: class_refile :one tells
-- args: id uuid, org uuid, title text, kind text, module text, occupation_code text, level int4?,
--       course_id uuid, agreement_id uuid, trainers jsonb, county_code text, area_code text,
--       starts_on date, ends_on date, hours int4, capacity int4, pass_score int4,
--       is_subsidised bool, due_on date
WITH found AS (
    SELECT c.id, c.state FROM training.class c WHERE c.id = $id AND c.org_id = $org FOR UPDATE
), moved AS (
    UPDATE training.class AS c
       SET state = 'filed', title = $title, kind = $kind, module = $module,
           occupation_code = $occupation_code, level = $level, course_id = $course_id,
           agreement_id = $agreement_id,
           trainers = ARRAY(SELECT t::uuid FROM jsonb_array_elements_text($trainers) t),
           county_code = $county_code, area_code = $area_code, starts_on = $starts_on, ends_on = $ends_on,
           hours = $hours, capacity = $capacity, pass_score = $pass_score, is_subsidised = $is_subsidised,
           due_on = $due_on, filed_at = platform.now(), filed_by = platform.actor(), checked_by = NULL,
           checked_at = NULL
      FROM found WHERE c.id = found.id AND found.state = 'returned'
    RETURNING c AS c
)
SELECT training.filing_reply(c) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- For the answer to a filing that asks for more than is wanted.
-- name: class_demand :one read
-- args: occupation_code text, level int4, county_code text
SELECT coalesce(training.demand_left($occupation_code, $level, $county_code), 0)::int8 AS people;

-- One officer's answer: open it, give it back, refuse it. Not who filed for this
-- institution, in whatever class.
-- name: class_check :one tells
-- args: id uuid, state text, note text
WITH found AS (
    SELECT c.id, c.state, c.ends_on, EXISTS (SELECT FROM training.class o
               WHERE o.org_id = c.org_id AND o.filed_by = platform.actor()) AS own
      FROM training.class c
     WHERE c.id = $id AND platform.in_areas(c.county_code, c.area_code) FOR UPDATE
), moved AS (
    UPDATE training.class AS c
       SET state = $state, note = $note, checked_by = platform.actor(), checked_at = platform.now()
      FROM found
     WHERE c.id = found.id AND found.state = 'filed' AND NOT found.own
       AND ($state <> 'open' OR found.ends_on >= platform.today())
    RETURNING c AS c
)
SELECT training.filing_reply(c) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state <> 'filed' THEN 'state.wrong'
                            WHEN found.own THEN 'training.class_hand' ELSE 'training.class_over' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By its institution, before it begins.
-- name: class_cancel :one tells
-- args: id uuid, caller_org uuid, note text
WITH found AS (
    SELECT c.id, c.state FROM training.class c WHERE c.id = $id AND c.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE training.class AS c SET state = 'cancelled', note = $note
      FROM found WHERE c.id = found.id AND found.state IN ('filed', 'returned', 'open')
    RETURNING c AS c
)
SELECT training.filing_reply(c) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By an officer, as long as it is not completed.
-- name: class_stop :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT c.id, c.state FROM training.class c
     WHERE c.id = $id AND platform.in_areas(c.county_code, c.area_code) FOR UPDATE
), moved AS (
    UPDATE training.class AS c SET state = 'cancelled', note = $note
      FROM found WHERE c.id = found.id AND found.state IN ('open', 'running')
    RETURNING c AS c
)
SELECT training.filing_reply(c) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: class_get :one read
-- args: id uuid
SELECT training.class_reply(c) AS reply FROM training.class c
 WHERE c.id = $id AND c.state IN ('open', 'running', 'completed', 'cancelled');

-- Open to anybody; those still taking people unless another state is asked for.
-- name: class_list :many read
-- args: after text, lim int4, area_code text, occupation_code text, level int4?, state text, kind text,
--       module text, starts_by date, has_places bool?
SELECT training.class_reply(c) AS reply, c.id::text AS cursor
  FROM training.class c
 WHERE c.state = coalesce($state, 'open')
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($area_code::text IS NULL OR $area_code = '431100' OR c.county_code = $area_code
        OR (length($area_code) > 6 AND starts_with(c.area_code, $area_code)))
   AND ($occupation_code::text IS NULL OR starts_with(c.occupation_code, $occupation_code))
   AND ($level::int4 IS NULL OR c.level = $level)
   AND ($kind::text IS NULL OR c.kind = $kind)
   AND ($module::text IS NULL OR c.module = $module)
   AND ($starts_by::date IS NULL OR c.starts_on BETWEEN platform.today() AND $starts_by)
   AND ($has_places::bool IS NULL OR (c.enrolled < c.capacity) = $has_places)
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: class_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT training.filing_reply(c) AS reply, c.id::text AS cursor
  FROM training.class c
 WHERE c.org_id = $caller_org
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR c.state = $state)
 ORDER BY c.id DESC
 LIMIT $lim;

-- For the officers of its area.
-- name: filing_list :many read
-- args: after text, lim int4, state text, county_code text, kind text, org_id uuid, occupation_code text,
--       is_overdue bool?
SELECT training.filing_reply(c) AS reply, c.id::text AS cursor
  FROM training.class c
 WHERE platform.in_areas(c.county_code, c.area_code)
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR c.state = $state)
   AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND ($kind::text IS NULL OR c.kind = $kind)
   AND ($org_id::uuid IS NULL OR c.org_id = $org_id)
   AND ($occupation_code::text IS NULL OR starts_with(c.occupation_code, $occupation_code))
   AND ($is_overdue::bool IS NULL
        OR (c.state = 'filed' AND coalesce(c.due_on < platform.today(), false)) = $is_overdue)
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: filing_get :one read
-- args: id uuid
SELECT training.filing_reply(c) AS reply FROM training.class c
 WHERE c.id = $id AND platform.in_areas(c.county_code, c.area_code);

-- Teaching begins: nobody enrols any more.
-- name: class_start :one tells
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
-- name: class_complete :one tells
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
      FROM moved WHERE e.class_id = (moved.c).id AND e.state = 'enrolled'
    RETURNING e AS e
), told AS (
    INSERT INTO training.outbox (type, key, area_code, payload)
    SELECT 'training.enrolment.completed.v1', (e).id::text, (e).county_code,
           jsonb_build_object('enrolment_id', (e).id, 'class_id', (e).class_id,
                              'person_id', (e).person_id, 'completed_on', (e).completed_on,
                              'passed', (e).is_passed, 'kind', (e).class_kind, 'module', (e).module,
                              'attended_minutes', (e).attended_minutes, 'county_code', (e).county_code)
      FROM done
)
SELECT training.class_reply(c) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);
