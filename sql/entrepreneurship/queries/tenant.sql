-- Turns of the firm of a tenancy come first (org_turn in job_created.sql): its
-- carrier lets it go while its hire is being recorded.
-- name: tenant_turn :exec
-- args: id uuid
SELECT pg_advisory_xact_lock(hashtextextended('entrepreneurship.org ' || t.org_id, 0))
  FROM entrepreneurship.tenant t WHERE t.id = $id;

-- name: tenant_admit :one
-- args: carrier uuid, carrier_org uuid, org uuid, admitted_on date, established_on date, groups jsonb, terms jsonb
SELECT r AS reply FROM entrepreneurship.tenant_admit($carrier, $carrier_org, $org, coalesce($admitted_on, platform.today()),
    $established_on, ARRAY(SELECT jsonb_array_elements_text($groups)), $terms) r WHERE r IS NOT NULL;

-- name: tenant_leave :one tells
-- args: id uuid, carrier_org uuid, left_on date, reason text, note text
SELECT r AS reply FROM entrepreneurship.tenant_leave($id, $carrier_org, coalesce($left_on, platform.today()), $reason, $note) r
 WHERE r IS NOT NULL;

-- name: tenant_list_carrier :many read
-- args: after text, lim int4, id uuid, caller_org uuid, is_open bool?
SELECT entrepreneurship.tenant_reply(t) AS reply, t.id::text AS cursor
  FROM entrepreneurship.tenant t
 WHERE t.carrier_id = $id AND t.carrier_org_id = $caller_org
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($is_open::bool IS NULL OR (t.state IN ('offered', 'in')) = $is_open)
 ORDER BY t.id DESC
 LIMIT $lim;

-- A firm's own.
-- name: tenancy_list :many read
-- args: after text, lim int4, caller_org uuid
SELECT entrepreneurship.tenant_reply(t) AS reply, t.id::text AS cursor
  FROM entrepreneurship.tenant t
 WHERE t.org_id = $caller_org
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY t.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: tenant_list :many read
-- args: after text, lim int4, county_code text, is_open bool?
SELECT entrepreneurship.tenant_reply(t) AS reply, t.id::text AS cursor
  FROM entrepreneurship.tenant t
 WHERE t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR t.county_code = $county_code)
   AND ($is_open::bool IS NULL OR (t.state IN ('offered', 'in')) = $is_open)
 ORDER BY t.id DESC
 LIMIT $lim;

-- name: contract_offer :one
-- args: id uuid, carrier_org uuid, terms jsonb
WITH t AS (
    SELECT x AS t FROM entrepreneurship.tenant x WHERE x.id = $id AND x.carrier_org_id = $carrier_org FOR UPDATE
)
SELECT CASE (t).state WHEN 'in' THEN entrepreneurship.contract_json(entrepreneurship.contract_make(t, $terms))::text
                      ELSE platform.refuse('state.wrong') END AS reply FROM t;

-- name: contract_answer :one tells
-- args: id uuid, org uuid, agree bool, note text
SELECT r AS reply FROM entrepreneurship.contract_answer($id, $org, $agree, $note) r WHERE r IS NOT NULL;

-- Whoever is a party to it, or of the area. Ending soon: nothing follows it.
-- name: contract_list :many read
-- args: after text, lim int4, state text, carrier_id uuid, county_code text, ends_within int4?
SELECT entrepreneurship.contract_json(c)::text AS reply, c.id::text AS cursor
  FROM entrepreneurship.contract c
 WHERE c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR c.state = $state)
   AND ($carrier_id::uuid IS NULL OR c.carrier_id = $carrier_id)
   AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND ($ends_within::int4 IS NULL OR (c.state = 'confirmed' AND c.to_on <= platform.today() + $ends_within
        AND NOT EXISTS (SELECT FROM entrepreneurship.contract n WHERE n.tenant_id = c.tenant_id AND n.no > c.no
                           AND n.state IN ('offered', 'confirmed'))))
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: admission_ask :one
-- args: carrier uuid, org uuid, project text, area_m2 int4?, established_on date, groups jsonb
WITH c AS (
    SELECT x.* FROM entrepreneurship.carrier x WHERE x.id = $carrier
), made AS (
    INSERT INTO entrepreneurship.admission AS a (carrier_id, carrier_org_id, org_id, org_name, project, area_m2,
        established_on, groups, county_code, area_code)
    SELECT c.id, c.org_id, o.id, o.name, $project, $area_m2, $established_on,
           ARRAY(SELECT jsonb_array_elements_text($groups)), c.county_code, c.area_code
      FROM c, entrepreneurship.org o
     WHERE o.id = $org AND c.state = 'open' AND c.org_id <> o.id
       AND NOT EXISTS (SELECT FROM entrepreneurship.tenant t WHERE t.org_id = o.id AND t.state IN ('offered', 'in'))
    RETURNING a AS a
), told AS (
    SELECT entrepreneurship.tell(NULL, (a).carrier_org_id, 'admission', '有企业申请入驻', (a).org_name, 'admission', (a).id) FROM made
)
SELECT entrepreneurship.admission_reply(a) AS reply FROM made, told
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM entrepreneurship.org o WHERE o.id = $org) THEN 'entrepreneurship.org_unknown'
                            WHEN c.state = 'closed' THEN 'entrepreneurship.carrier_closed' ELSE 'entrepreneurship.tenant_exists' END)
  FROM c WHERE NOT EXISTS (SELECT FROM made);

-- Refused by the carrier.
-- name: admission_refuse :one
-- args: id uuid, caller_org uuid, note text
WITH a AS (
    SELECT x.id, x.state FROM entrepreneurship.admission x WHERE x.id = $id AND x.carrier_org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.admission x SET state = 'refused', note = $note, answered_at = platform.now()
      FROM a WHERE x.id = a.id AND a.state = 'submitted' RETURNING x AS x
)
SELECT entrepreneurship.admission_reply(x) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM a WHERE NOT EXISTS (SELECT FROM moved);

-- Withdrawn by the firm.
-- name: admission_withdraw :one
-- args: id uuid, caller_org uuid
WITH a AS (
    SELECT x.id, x.state FROM entrepreneurship.admission x WHERE x.id = $id AND x.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.admission x SET state = 'withdrawn', answered_at = platform.now()
      FROM a WHERE x.id = a.id AND a.state = 'submitted' RETURNING x AS x
)
SELECT entrepreneurship.admission_reply(x) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM a WHERE NOT EXISTS (SELECT FROM moved);

-- name: admission_list :many read
-- args: after text, lim int4, state text, carrier_id uuid
SELECT entrepreneurship.admission_reply(a) AS reply, a.id::text AS cursor
  FROM entrepreneurship.admission a
 WHERE a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR a.state = $state)
   AND ($carrier_id::uuid IS NULL OR a.carrier_id = $carrier_id)
 ORDER BY a.id DESC
 LIMIT $lim;
