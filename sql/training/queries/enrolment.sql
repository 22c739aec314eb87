-- name: enrolment_open :one
-- args: id uuid, caller_person uuid
WITH found AS (
    SELECT c.id, c.state, c.enrolled, c.capacity FROM training.class c WHERE c.id = $id FOR UPDATE
), person AS (
    SELECT p.id, p.name_masked FROM training.person p WHERE p.id = $caller_person
), place AS (
    UPDATE training.class AS c SET enrolled = c.enrolled + 1
      FROM found, person
     WHERE c.id = found.id AND found.state = 'open' AND found.enrolled < found.capacity
    RETURNING c.id, c.title, c.org_id, c.county_code, c.area_code
), made AS (
    INSERT INTO training.enrolment AS e (class_id, class_title, org_id, person_id, name_masked,
                                         county_code, area_code)
    SELECT place.id, place.title, place.org_id, person.id, person.name_masked,
           place.county_code, place.area_code
      FROM place, person
    ON CONFLICT (person_id, class_id) DO NOTHING
    RETURNING e AS e
)
SELECT training.enrolment_reply(e) AS reply FROM made
UNION ALL
SELECT platform.refuse(
           CASE WHEN NOT EXISTS (SELECT FROM person) THEN 'training.person_unknown'
                WHEN EXISTS (SELECT FROM training.enrolment e
                              WHERE e.class_id = found.id AND e.person_id = $caller_person)
                THEN 'training.already_enrolled'
                WHEN found.state <> 'open' THEN 'training.class_not_open'
                WHEN found.enrolled >= found.capacity THEN 'training.class_full'
                ELSE 'training.already_enrolled' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- The examination. Its first score ends enrolment; it may be put right until
-- the class is completed or a certificate stands on it.
-- name: enrolment_score :one
-- args: id uuid, caller_org uuid, score int4
WITH class AS (
    SELECT c.id, c.state, c.starts_on, c.pass_score FROM training.class c
     WHERE c.id = (SELECT e.class_id FROM training.enrolment e
                    WHERE e.id = $id AND e.org_id = $caller_org)
       FOR UPDATE
), began AS (
    UPDATE training.class AS c SET state = 'running'
      FROM class WHERE c.id = class.id AND class.state = 'open'
), moved AS (
    UPDATE training.enrolment AS e SET score = $score, is_passed = $score >= class.pass_score
      FROM class
     WHERE e.id = $id AND class.state <> 'completed' AND class.starts_on <= platform.today()
       AND e.certificate_number IS NULL
    RETURNING e AS e
)
SELECT training.enrolment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN c.starts_on > platform.today() THEN 'training.not_started'
                            ELSE 'state.wrong' END)
  FROM class c WHERE NOT EXISTS (SELECT FROM moved);

-- name: enrolment_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.enrolment_reply(e) AS reply, e.id::text AS cursor
  FROM training.enrolment e
 WHERE e.person_id = $caller_person
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY e.id DESC
 LIMIT $lim;

-- name: enrolment_list_class :many read
-- args: after text, lim int4, id uuid, caller_org uuid
SELECT training.enrolment_reply(e) AS reply, e.id::text AS cursor
  FROM training.enrolment e
 WHERE e.class_id = $id AND e.org_id = $caller_org
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY e.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: enrolment_list :many read
-- args: after text, lim int4, county_code text, is_passed bool?
SELECT training.enrolment_reply(e) AS reply, e.id::text AS cursor
  FROM training.enrolment e
 WHERE e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR e.county_code = $county_code)
   AND ($is_passed::bool IS NULL OR e.is_passed = $is_passed)
 ORDER BY e.id DESC
 LIMIT $lim;
