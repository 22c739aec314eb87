-- From jobs.employment.registered.v1: counts when the employer was a tenant on
-- the day of the hire, and says so; otherwise, and the second time, nothing.
-- name: job_record :exec
-- args: employment uuid, org uuid, person uuid, hired_on date
WITH tenancy AS (
    SELECT t.id, t.carrier_id, t.carrier_org_id, t.org_id, t.county_code, t.area_code
      FROM entrepreneurship.tenant t
     WHERE t.org_id = $org AND t.admitted_on <= $hired_on
       AND (t.left_on IS NULL OR t.left_on >= $hired_on)
     ORDER BY t.admitted_on DESC
     LIMIT 1
), made AS (
    INSERT INTO entrepreneurship.job_created AS j (employment_id, tenant_id, carrier_id,
                                                   carrier_org_id, org_id, person_id, hired_on,
                                                   county_code, area_code)
    SELECT $employment, t.id, t.carrier_id, t.carrier_org_id, t.org_id, $person, $hired_on,
           t.county_code, t.area_code
      FROM tenancy t
    ON CONFLICT (employment_id) DO NOTHING
    RETURNING j AS j
), counted AS (
    UPDATE entrepreneurship.carrier AS c SET job_count = c.job_count + 1
      FROM made WHERE c.id = (made.j).carrier_id
)
INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
SELECT 'entrepreneurship.job.created.v1', (j).employment_id::text, (j).county_code,
       jsonb_build_object('employment_id', (j).employment_id, 'carrier_id', (j).carrier_id,
                          'tenant_id', (j).tenant_id, 'org_id', (j).org_id,
                          'person_id', (j).person_id, 'hired_on', (j).hired_on,
                          'county_code', (j).county_code)
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
