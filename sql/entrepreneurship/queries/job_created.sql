-- One at a time for a firm: a hire being recorded and an admission being made
-- would otherwise not see each other, and the job would be lost.
-- name: org_turn :exec
-- args: org_id uuid
SELECT pg_advisory_xact_lock(hashtextextended('entrepreneurship.org ' || $org_id, 0));

-- From jobs.employment.registered.v1, after org_turn: kept, and counted when
-- the employer was a tenant on the day of the hire. The second time, nothing.
-- name: job_record :exec
-- args: employment_id uuid, org_id uuid, person_id uuid, hired_on date
WITH kept AS (
    INSERT INTO entrepreneurship.hire (id, org_id, person_id, hired_on)
    VALUES ($employment_id, $org_id, $person_id, $hired_on)
    ON CONFLICT (id) DO NOTHING
), made AS (
    INSERT INTO entrepreneurship.job_created AS j (employment_id, tenant_id, carrier_id,
                                                   carrier_org_id, org_id, person_id, hired_on,
                                                   county_code, area_code)
    SELECT $employment_id, t.id, t.carrier_id, t.carrier_org_id, t.org_id, $person_id, $hired_on,
           t.county_code, t.area_code
      FROM entrepreneurship.tenant t
     WHERE t.org_id = $org_id AND t.admitted_on <= $hired_on
       AND (t.left_on IS NULL OR t.left_on >= $hired_on)
    ON CONFLICT (employment_id) DO NOTHING
    RETURNING j AS j
), counted AS (
    UPDATE entrepreneurship.carrier AS c SET job_count = c.job_count + 1
      FROM made WHERE c.id = (made.j).carrier_id
)
INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
SELECT 'entrepreneurship.job.created.v1', (j).employment_id::text, (j).county_code,
       entrepreneurship.job_created_payload(j)
  FROM made;

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
