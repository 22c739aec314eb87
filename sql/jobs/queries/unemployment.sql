-- Registered where the person lives. Refused while a job is open (无业 is the
-- condition), under sixteen, and while another registration is open.
-- name: unemployment_register :one
-- args: person uuid, reason text, lost_on date, is_difficult bool
WITH person AS (
    SELECT p.id, p.name_masked, p.county_code, p.area_code,
           (p.birth_on + interval '16 years')::date <= platform.today() AS of_age,
           EXISTS (SELECT FROM jobs.employment e
                    WHERE e.person_id = p.id AND e.ended_on IS NULL) AS has_job
      FROM jobs.person p WHERE p.id = $person
), made AS (
    INSERT INTO jobs.unemployment AS u (person_id, name_masked, registered_on, lost_on, reason,
                                        is_difficult, county_code, area_code)
    SELECT p.id, p.name_masked, platform.today(), $lost_on, $reason,
           $is_difficult, p.county_code, p.area_code
      FROM person p WHERE p.of_age AND NOT p.has_job
    ON CONFLICT (person_id) WHERE ended_on IS NULL DO NOTHING
    RETURNING u AS u
), told AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.unemployment.registered.v1', (u).id::text, (u).county_code,
           jsonb_build_object('registration_id', (u).id, 'person_id', (u).person_id,
                              'registered_on', (u).registered_on,
                              'county_code', (u).county_code)
      FROM made
)
SELECT jobs.unemployment_reply(u) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM person) THEN 'jobs.person_unknown'
                            WHEN NOT (SELECT p.of_age FROM person p) THEN 'jobs.under_age'
                            WHEN (SELECT p.has_job FROM person p) THEN 'jobs.has_job'
                            ELSE 'jobs.already_unemployed' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- By the person or an officer of the area; never as hired, which only
-- 就业登记 can say.
-- name: unemployment_end :one
-- args: id uuid, reason text
WITH found AS (
    SELECT u.id, u.ended_on FROM jobs.unemployment u WHERE u.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.unemployment AS u SET ended_on = platform.today(), end_reason = $reason
      FROM found WHERE u.id = found.id AND found.ended_on IS NULL
    RETURNING u AS u
), told AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.unemployment.ended.v1', (u).id::text, (u).county_code,
           jsonb_build_object('registration_id', (u).id, 'person_id', (u).person_id,
                              'ended_on', (u).ended_on, 'reason', (u).end_reason,
                              'county_code', (u).county_code)
      FROM moved
)
SELECT jobs.unemployment_reply(u) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: unemployment_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.unemployment_reply(u) AS reply, u.id::text AS cursor
  FROM jobs.unemployment u
 WHERE u.person_id = $caller_person
   AND u.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY u.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: unemployment_list :many read
-- args: after text, lim int4, county_code text, is_open bool?
SELECT jobs.unemployment_reply(u) AS reply, u.id::text AS cursor
  FROM jobs.unemployment u
 WHERE u.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR u.county_code = $county_code)
   AND ($is_open::bool IS NULL OR (u.ended_on IS NULL) = $is_open)
 ORDER BY u.id DESC
 LIMIT $lim;
