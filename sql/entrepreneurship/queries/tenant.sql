-- A firm takes a place, and its hires since the day of admission count at once:
-- org_turn (job_created.sql) comes first in the transaction. The carrier is
-- locked first, here and in tenant_leave.
-- name: tenant_admit :one
-- args: carrier uuid, carrier_org uuid, org uuid, admitted_on date
WITH carrier AS (
    SELECT c.id, c.org_id, c.county_code, c.area_code, c.tenant_count < c.capacity AS has_place
      FROM entrepreneurship.carrier c
     WHERE c.id = $carrier AND c.org_id = $carrier_org FOR UPDATE
), made AS (
    INSERT INTO entrepreneurship.tenant AS t (carrier_id, carrier_org_id, org_id, org_name,
                                              admitted_on, county_code, area_code)
    SELECT c.id, c.org_id, o.id, o.name, coalesce($admitted_on, platform.today()),
           c.county_code, c.area_code
      FROM carrier c, entrepreneurship.org o WHERE c.has_place AND o.id = $org
    ON CONFLICT DO NOTHING
    RETURNING t AS t
), jobs AS (
    INSERT INTO entrepreneurship.job_created AS j (employment_id, tenant_id, carrier_id,
                                                   carrier_org_id, org_id, person_id, hired_on,
                                                   county_code, area_code)
    SELECT h.id, (t).id, (t).carrier_id, (t).carrier_org_id, (t).org_id, h.person_id, h.hired_on,
           (t).county_code, (t).area_code
      FROM made JOIN entrepreneurship.hire h
        ON h.org_id = (t).org_id AND h.hired_on >= (t).admitted_on
    ON CONFLICT (employment_id) DO NOTHING
    RETURNING j AS j
), counted AS (
    UPDATE entrepreneurship.carrier AS c
       SET tenant_count = c.tenant_count + 1,
           job_count = c.job_count + (SELECT count(*) FROM jobs)
      FROM made WHERE c.id = (made.t).carrier_id
), told AS (
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.tenant.admitted.v1', (t).id::text, (t).county_code,
           jsonb_build_object('tenant_id', (t).id, 'carrier_id', (t).carrier_id,
                              'org_id', (t).org_id, 'admitted_on', (t).admitted_on,
                              'county_code', (t).county_code)
      FROM made
), told_jobs AS (
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.job.created.v1', (j).employment_id::text, (j).county_code,
           entrepreneurship.job_created_payload(j)
      FROM jobs
)
SELECT entrepreneurship.tenant_reply(t) AS reply FROM made
UNION ALL
SELECT platform.refuse(
           CASE WHEN NOT EXISTS (SELECT FROM entrepreneurship.org o WHERE o.id = $org)
                THEN 'entrepreneurship.org_unknown'
                WHEN NOT c.has_place THEN 'entrepreneurship.carrier_full'
                ELSE 'entrepreneurship.tenant_exists' END)
  FROM carrier c WHERE NOT EXISTS (SELECT FROM made);

-- The last day in the carrier: not before the first, nor before a hire that
-- has been counted.
-- name: tenant_leave :one
-- args: id uuid, carrier_org uuid, left_on date
WITH carrier AS (
    SELECT c.id FROM entrepreneurship.carrier c
     WHERE c.id = (SELECT t.carrier_id FROM entrepreneurship.tenant t
                    WHERE t.id = $id AND t.carrier_org_id = $carrier_org)
       FOR UPDATE
), tenancy AS (
    SELECT t.left_on, t.admitted_on, coalesce($left_on, platform.today()) AS leaves_on,
           (SELECT max(j.hired_on) FROM entrepreneurship.job_created j
             WHERE j.tenant_id = t.id) AS last_hired_on
      FROM carrier, entrepreneurship.tenant t WHERE t.id = $id
), moved AS (
    UPDATE entrepreneurship.tenant AS t SET left_on = tenancy.leaves_on
      FROM tenancy
     WHERE t.id = $id AND t.left_on IS NULL AND t.admitted_on <= tenancy.leaves_on
       AND (tenancy.last_hired_on IS NULL OR tenancy.last_hired_on <= tenancy.leaves_on)
    RETURNING t AS t
), place AS (
    UPDATE entrepreneurship.carrier AS c SET tenant_count = c.tenant_count - 1
      FROM moved WHERE c.id = (moved.t).carrier_id
)
SELECT entrepreneurship.tenant_reply(t) AS reply FROM moved
UNION ALL
SELECT platform.refuse(
           CASE WHEN t.left_on IS NOT NULL THEN 'state.wrong'
                WHEN t.admitted_on > t.leaves_on THEN 'field.date_order /left_on'
                ELSE 'entrepreneurship.jobs_after /left_on' END)
  FROM tenancy t WHERE NOT EXISTS (SELECT FROM moved);

-- name: tenant_list_carrier :many read
-- args: after text, lim int4, id uuid, caller_org uuid, is_open bool?
SELECT entrepreneurship.tenant_reply(t) AS reply, t.id::text AS cursor
  FROM entrepreneurship.tenant t
 WHERE t.carrier_id = $id AND t.carrier_org_id = $caller_org
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($is_open::bool IS NULL OR (t.left_on IS NULL) = $is_open)
 ORDER BY t.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: tenant_list :many read
-- args: after text, lim int4, county_code text, is_open bool?
SELECT entrepreneurship.tenant_reply(t) AS reply, t.id::text AS cursor
  FROM entrepreneurship.tenant t
 WHERE t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR t.county_code = $county_code)
   AND ($is_open::bool IS NULL OR (t.left_on IS NULL) = $is_open)
 ORDER BY t.id DESC
 LIMIT $lim;
