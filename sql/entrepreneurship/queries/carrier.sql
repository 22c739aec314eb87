-- name: carrier_open :one
-- args: org uuid, name text, kind text, county_code text, area_code text, capacity int4, floor_m2 int4?, services text, address text, lat_e6 int4?, lng_e6 int4?, premises text, premises_until date, licence_no text, licence_on date, office_line text, phone_shown text, phone_sealed text
WITH made AS (
    INSERT INTO entrepreneurship.carrier AS c (org_id, name, kind, county_code, area_code, capacity, floor_m2, services,
        address, lat_e6, lng_e6, premises, premises_until, licence_no, licence_on, office_line, phone_shown)
    SELECT o.id, $name, $kind, $county_code, $area_code, $capacity, $floor_m2, coalesce($services, ''),
           coalesce($address, ''), $lat_e6, $lng_e6, $premises, $premises_until, $licence_no, $licence_on, $office_line,
           $phone_shown
      FROM entrepreneurship.org o WHERE o.id = $org
    ON CONFLICT (org_id, name) DO NOTHING
    RETURNING c AS c
), contact AS (
    INSERT INTO entrepreneurship.carrier_contact (carrier_id, org_id, phone_sealed, county_code, area_code)
    SELECT (c).id, (c).org_id, $phone_sealed, (c).county_code, (c).area_code FROM made WHERE $phone_sealed::text IS NOT NULL
)
SELECT entrepreneurship.carrier_reply(c) AS reply FROM made
UNION ALL
SELECT platform.refuse(
           CASE WHEN EXISTS (SELECT FROM entrepreneurship.org o WHERE o.id = $org)
                THEN 'state.exists' ELSE 'entrepreneurship.org_unknown' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- All that a carrier says of itself, anew; a phone that is not said stays.
-- name: carrier_change :one
-- args: id uuid, org uuid, name text, capacity int4, floor_m2 int4?, services text, address text, lat_e6 int4?, lng_e6 int4?, premises text, premises_until date, licence_no text, licence_on date, office_line text, phone_shown text, phone_sealed text
WITH had AS (
    SELECT c.id, c.state, c.tenant_count FROM entrepreneurship.carrier c WHERE c.id = $id AND c.org_id = $org FOR UPDATE
), made AS (
    UPDATE entrepreneurship.carrier AS c
       SET version = c.version + 1, name = $name, capacity = $capacity, floor_m2 = $floor_m2,
           services = coalesce($services, ''), address = coalesce($address, ''), lat_e6 = $lat_e6, lng_e6 = $lng_e6,
           premises = $premises, premises_until = $premises_until, licence_no = $licence_no, licence_on = $licence_on,
           office_line = $office_line, phone_shown = coalesce($phone_shown, c.phone_shown)
      FROM had WHERE c.id = had.id AND had.state = 'open' AND had.tenant_count <= $capacity
    RETURNING c AS c
), contact AS (
    INSERT INTO entrepreneurship.carrier_contact AS x (carrier_id, org_id, phone_sealed, county_code, area_code)
    SELECT (c).id, (c).org_id, $phone_sealed, (c).county_code, (c).area_code FROM made WHERE $phone_sealed::text IS NOT NULL
    ON CONFLICT (carrier_id) DO UPDATE SET phone_sealed = excluded.phone_sealed
)
SELECT entrepreneurship.carrier_reply(c) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE had.state WHEN 'closed' THEN 'state.wrong' ELSE 'entrepreneurship.capacity_held /capacity' END)
  FROM had WHERE NOT EXISTS (SELECT FROM made);

-- name: carrier_get :one read
-- args: id uuid
SELECT entrepreneurship.carrier_reply(c) AS reply
  FROM entrepreneurship.carrier c WHERE c.id = $id;

-- name: carrier_list :many read
-- args: after text, lim int4, area_code text, kind text, tier text, is_recognised bool?, has_places bool?
SELECT entrepreneurship.carrier_reply(c) AS reply, c.id::text AS cursor
  FROM entrepreneurship.carrier c
 WHERE c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($area_code::text IS NULL OR $area_code = '431100' OR c.county_code = $area_code
        OR (length($area_code) > 6 AND starts_with(c.area_code, $area_code)))
   AND ($kind::text IS NULL OR c.kind = $kind)
   AND ($tier::text IS NULL OR c.tier = $tier)
   AND ($is_recognised::bool IS NULL OR (c.tier IS NOT NULL) = $is_recognised)
   AND ($has_places::bool IS NULL OR (c.state = 'open' AND c.tenant_count < c.capacity) = $has_places)
 ORDER BY c.id DESC
 LIMIT $lim;

-- Open carriers that say where they are, nearest first.
-- name: carrier_nearest :many read
-- args: after text, lim int4, lat int4, lng int4, kind text, is_recognised bool?, has_places bool?
SELECT (entrepreneurship.carrier_reply(c)::jsonb || jsonb_build_object('metres', m.metres))::text AS reply,
       lpad(m.metres::text, 9, '0') || c.id AS cursor
  FROM entrepreneurship.carrier c
  CROSS JOIN LATERAL (SELECT entrepreneurship.metres(c.lat_e6, c.lng_e6, $lat, $lng) AS metres) m
 WHERE c.state = 'open' AND c.lat_e6 IS NOT NULL
   AND ($kind::text IS NULL OR c.kind = $kind)
   AND ($is_recognised::bool IS NULL OR (c.tier IS NOT NULL) = $is_recognised)
   AND ($has_places::bool IS NULL OR (c.tenant_count < c.capacity) = $has_places)
   AND ($after::text IS NULL OR lpad(m.metres::text, 9, '0') || c.id > $after)
 ORDER BY m.metres, c.id
 LIMIT $lim;

-- name: carrier_list_org :many read
-- args: after text, lim int4, caller_org uuid
SELECT entrepreneurship.carrier_reply(c) AS reply, c.id::text AS cursor
  FROM entrepreneurship.carrier c
 WHERE c.org_id = $caller_org
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: carrier_own :one read
-- args: id uuid, org uuid
SELECT c.county_code, c.area_code, c.state FROM entrepreneurship.carrier c WHERE c.id = $id AND c.org_id = $org;

-- name: carrier_version_list :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('carrier_id', v.carrier_id, 'no', v.no, 'said', v.said, 'said_at', v.said_at,
                          'county_code', v.county_code)::text AS reply, v.no::text AS cursor
  FROM entrepreneurship.carrier_version v
 WHERE v.carrier_id = $id AND v.no < (SELECT coalesce($after::text::int4, 2147483647))
 ORDER BY v.no DESC
 LIMIT $lim;

-- name: carrier_contact :one read
-- args: id uuid
SELECT x.phone_sealed, x.county_code FROM entrepreneurship.carrier_contact x WHERE x.carrier_id = $id;

-- name: carrier_photo_list :many read
-- args: after text, lim int4, id uuid
SELECT entrepreneurship.file_json(f)::text AS reply, f.id::text AS cursor
  FROM entrepreneurship.file f
 WHERE f.subject_id = $id AND f.slot = 'carrier_photo' AND f.locked_at IS NOT NULL
   AND f.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY f.id
 LIMIT $lim;

-- name: recognition_ask :one
-- args: id uuid, caller_org uuid, tier text, reason text
WITH carrier AS (
    SELECT c.* FROM entrepreneurship.carrier c WHERE c.id = $id AND c.org_id = $caller_org
), made AS (
    INSERT INTO entrepreneurship.recognition AS r (carrier_id, org_id, tier, reason, county_code, area_code)
    SELECT c.id, c.org_id, $tier, $reason, c.county_code, c.area_code FROM carrier c WHERE c.state = 'open'
    RETURNING r AS r
)
SELECT entrepreneurship.recognition_reply(r) AS reply FROM made
UNION ALL
SELECT platform.refuse('entrepreneurship.carrier_closed') FROM carrier WHERE NOT EXISTS (SELECT FROM made);

-- name: recognition_check :one
-- args: id uuid, pass bool, note text
SELECT r AS reply FROM entrepreneurship.recognition_judge($id, 'check', $pass, $note, NULL) r WHERE r IS NOT NULL;

-- name: recognition_decide :one tells
-- args: id uuid, pass bool, note text, document text
SELECT r AS reply FROM entrepreneurship.recognition_judge($id, 'decide', $pass, $note, $document) r WHERE r IS NOT NULL;

-- The organisation's own, or of the area.
-- name: recognition_list :many read
-- args: after text, lim int4, state text, tier text, county_code text
SELECT entrepreneurship.recognition_reply(r) AS reply, r.id::text AS cursor
  FROM entrepreneurship.recognition r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR r.state = $state)
   AND ($tier::text IS NULL OR r.tier = $tier)
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
 ORDER BY r.id DESC
 LIMIT $lim;

-- name: carrier_year :one read
-- args: id uuid, year int4
SELECT (entrepreneurship.carrier_year(c.id, $year) || jsonb_build_object('carrier_id', c.id, 'county_code', c.county_code))::text AS reply
  FROM entrepreneurship.carrier c
 WHERE c.id = $id AND (c.org_id = platform.org() OR platform.in_areas(c.county_code, c.area_code));

-- name: carrier_check_make :one
-- args: id uuid, year int4, met bool, note text
INSERT INTO entrepreneurship.carrier_check AS k (carrier_id, org_id, year, met, note, known, county_code, area_code)
SELECT c.id, c.org_id, $year, $met, $note, entrepreneurship.carrier_year(c.id, $year), c.county_code, c.area_code
  FROM entrepreneurship.carrier c
 WHERE c.id = $id AND c.state = 'open' AND c.tier IS NOT NULL AND platform.in_areas(c.county_code, c.area_code)
RETURNING entrepreneurship.carrier_check_reply(k) AS reply;

-- name: carrier_check_list :many read
-- args: after text, lim int4, id uuid
SELECT entrepreneurship.carrier_check_reply(k) AS reply, k.year::text AS cursor
  FROM entrepreneurship.carrier_check k
 WHERE k.carrier_id = $id AND k.year < (SELECT coalesce($after::text::int4, 9999))
 ORDER BY k.year DESC
 LIMIT $lim;

-- name: carrier_exit :one tells
-- args: id uuid, reason text
SELECT r AS reply FROM entrepreneurship.carrier_exit($id, $reason) r WHERE r IS NOT NULL;
