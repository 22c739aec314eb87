-- One at a time for a firm: a hire being recorded and an admission being made
-- would otherwise not see each other, and the job would be lost.
-- name: org_turn :exec
-- args: org_id uuid
SELECT pg_advisory_xact_lock(hashtextextended('entrepreneurship.org ' || $org_id, 0));

-- The same for an event; a corrected declaration has no employer, and is no hire.
-- name: hire_turn :exec
-- args: org_id text
SELECT pg_advisory_xact_lock(hashtextextended('entrepreneurship.org ' || $org_id, 0)) WHERE $org_id IS NOT NULL;

-- From jobs.employment.registered.v1, after hire_turn: kept. The second time,
-- or after a correction, nothing.
-- name: job_record :exec
-- args: employment_id uuid, org_id uuid, person_id uuid, hired_on date, was_unemployed bool?, was_difficult bool?
INSERT INTO entrepreneurship.hire AS h (id, org_id, person_id, hired_on, was_unemployed, was_difficult)
VALUES ($employment_id, $org_id, $person_id, $hired_on, $was_unemployed, $was_difficult)
ON CONFLICT (id) DO NOTHING;

-- From jobs.employment.corrected.v1, after hire_turn: the hire as it is now.
-- name: job_correct :exec
-- args: employment_id uuid, org_id text, person_id uuid, hired_on date, was_unemployed bool?, was_difficult bool?
INSERT INTO entrepreneurship.hire AS h (id, org_id, person_id, hired_on, was_unemployed, was_difficult)
SELECT $employment_id, $org_id::text::uuid, $person_id, $hired_on, $was_unemployed, $was_difficult
 WHERE $org_id::text IS NOT NULL
ON CONFLICT (id) DO UPDATE
   SET org_id = excluded.org_id, person_id = excluded.person_id, hired_on = excluded.hired_on,
       was_unemployed = excluded.was_unemployed, was_difficult = excluded.was_difficult;

-- After either: what counts is counted, what no longer does is taken out.
-- name: job_settle :exec tells
-- args: employment_id uuid, org_id text
SELECT entrepreneurship.jobs_settle($org_id::text::uuid, $employment_id) WHERE $org_id::text IS NOT NULL;

-- name: job_end :exec
-- args: employment_id uuid, org_id uuid, ended_on date
INSERT INTO entrepreneurship.hire_end AS e (employment_id, org_id, ended_on)
VALUES ($employment_id, $org_id, $ended_on)
ON CONFLICT (employment_id) DO UPDATE SET org_id = excluded.org_id, ended_on = excluded.ended_on;

-- For officers: what row-level security leaves of it.
-- name: job_created_list :many read
-- args: after text, lim int4, county_code text, hired_from date, hired_to date
SELECT entrepreneurship.job_created_reply(j) AS reply, j.id::text AS cursor
  FROM entrepreneurship.job_created j
 WHERE j.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR j.county_code = $county_code)
   AND ($hired_from::date IS NULL OR j.hired_on >= $hired_from)
   AND ($hired_to::date IS NULL OR j.hired_on <= $hired_to)
 ORDER BY j.id DESC
 LIMIT $lim;
