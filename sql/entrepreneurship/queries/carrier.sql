-- name: carrier_open :one
-- args: org uuid, name text, kind text, county_code text, area_code text, capacity int4
WITH made AS (
    INSERT INTO entrepreneurship.carrier AS c (org_id, name, kind, county_code, area_code, capacity)
    SELECT o.id, $name, $kind, $county_code, $area_code, $capacity
      FROM entrepreneurship.org o WHERE o.id = $org
    ON CONFLICT (org_id, name) DO NOTHING
    RETURNING c AS c
)
SELECT entrepreneurship.carrier_reply(c) AS reply FROM made
UNION ALL
SELECT platform.refuse(
           CASE WHEN EXISTS (SELECT FROM entrepreneurship.org o WHERE o.id = $org)
                THEN 'state.exists' ELSE 'entrepreneurship.org_unknown' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: carrier_get :one read
-- args: id uuid
SELECT entrepreneurship.carrier_reply(c) AS reply
  FROM entrepreneurship.carrier c WHERE c.id = $id;

-- name: carrier_list :many read
-- args: after text, lim int4, area_code text, kind text
SELECT entrepreneurship.carrier_reply(c) AS reply, c.id::text AS cursor
  FROM entrepreneurship.carrier c
 WHERE c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($area_code::text IS NULL OR $area_code = '431100' OR c.county_code = $area_code
        OR (length($area_code) > 6 AND starts_with(c.area_code, $area_code)))
   AND ($kind::text IS NULL OR c.kind = $kind)
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: carrier_list_org :many read
-- args: after text, lim int4, caller_org uuid
SELECT entrepreneurship.carrier_reply(c) AS reply, c.id::text AS cursor
  FROM entrepreneurship.carrier c
 WHERE c.org_id = $caller_org
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY c.id DESC
 LIMIT $lim;
