-- A firm takes a place. The carrier is locked first, here and in tenant_leave.
-- name: tenant_admit :one
-- args: carrier uuid, carrier_org uuid, org uuid, admitted_on date
WITH carrier AS (
    SELECT c.id, c.tenant_count, c.capacity FROM entrepreneurship.carrier c
     WHERE c.id = $carrier AND c.org_id = $carrier_org FOR UPDATE
), place AS (
    UPDATE entrepreneurship.carrier AS c SET tenant_count = c.tenant_count + 1
      FROM carrier WHERE c.id = carrier.id AND carrier.tenant_count < carrier.capacity
    RETURNING c.id, c.org_id, c.county_code, c.area_code
), made AS (
    INSERT INTO entrepreneurship.tenant AS t (carrier_id, carrier_org_id, org_id, org_name,
                                              admitted_on, county_code, area_code)
    SELECT place.id, place.org_id, o.id, o.name, coalesce($admitted_on, platform.today()),
           place.county_code, place.area_code
      FROM place, entrepreneurship.org o WHERE o.id = $org
    ON CONFLICT (org_id) WHERE left_on IS NULL DO NOTHING
    RETURNING t AS t
), told AS (
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.tenant.admitted.v1', (t).id::text, (t).county_code,
           jsonb_build_object('tenant_id', (t).id, 'carrier_id', (t).carrier_id,
                              'org_id', (t).org_id, 'admitted_on', (t).admitted_on,
                              'county_code', (t).county_code)
      FROM made
)
SELECT entrepreneurship.tenant_reply(t) AS reply FROM made
UNION ALL
SELECT platform.refuse(
           CASE WHEN NOT EXISTS (SELECT FROM entrepreneurship.org o WHERE o.id = $org)
                THEN 'entrepreneurship.org_unknown'
                WHEN c.tenant_count >= c.capacity THEN 'entrepreneurship.carrier_full'
                ELSE 'entrepreneurship.tenant_exists' END)
  FROM carrier c WHERE NOT EXISTS (SELECT FROM made);

-- name: tenant_leave :one
-- args: id uuid, carrier_org uuid, left_on date
WITH carrier AS (
    SELECT c.id FROM entrepreneurship.carrier c
     WHERE c.id = (SELECT t.carrier_id FROM entrepreneurship.tenant t
                    WHERE t.id = $id AND t.carrier_org_id = $carrier_org)
       FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.tenant AS t SET left_on = coalesce($left_on, platform.today())
      FROM carrier
     WHERE t.id = $id AND t.left_on IS NULL
       AND t.admitted_on <= coalesce($left_on, platform.today())
    RETURNING t AS t
), place AS (
    UPDATE entrepreneurship.carrier AS c SET tenant_count = c.tenant_count - 1
      FROM moved WHERE c.id = (moved.t).carrier_id
)
SELECT entrepreneurship.tenant_reply(t) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN t.left_on IS NULL THEN 'field.date_order /left_on'
                            ELSE 'state.wrong' END)
  FROM carrier, entrepreneurship.tenant t
 WHERE t.id = $id AND NOT EXISTS (SELECT FROM moved);

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
