-- Plain values for a reason, and exact look-up by number or phone.

-- name: unmask_person :one read
-- args: id uuid
SELECT p.id, p.county_code, p.area_code, p.id_sealed, p.name_sealed, p.phone_sealed
  FROM identity.person p WHERE p.id = $id;

-- Counted, recorded and, at the threshold, told to the security desk; nothing
-- of it happens above the day's cap.
-- name: unmask_record :one
-- args: new_id uuid, kind text, person_id uuid, fields text[], reason_code text, reason text, case_no text, county_code text, area_code text, cap int8, alert_at int8
WITH counted AS (
    INSERT INTO identity.unmask_count AS n (kind) VALUES ($kind)
    ON CONFLICT (officer_id, on_day, kind) DO UPDATE SET times = n.times + 1 WHERE n.times < $cap
    RETURNING n.officer_id, n.times
), noted AS (
    INSERT INTO identity.unmasking AS u (id, kind, person_id, fields, reason_code, reason, case_no,
        county_code, area_code)
    SELECT $new_id, $kind, $person_id, $fields, $reason_code, $reason, $case_no,
           $county_code, $area_code
      FROM counted
    RETURNING u.at
), alerted AS (
    INSERT INTO identity.security_alert (kind, officer_id, times, county_code)
    SELECT $kind || '_often', officer_id, times, $county_code FROM counted WHERE times = $alert_at
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.alert.raised.v1', officer_id::text, $county_code,
           jsonb_build_object('officer_id', officer_id, 'kind', $kind || '_often',
                              'times', times, 'county_code', $county_code)
      FROM counted WHERE times = $alert_at
)
SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM noted
UNION ALL
SELECT platform.refuse('identity.unmask_cap') WHERE NOT EXISTS (SELECT FROM counted);

-- name: person_search :many read
-- args: by text, index text
SELECT p.id, p.county_code, p.area_code,
       jsonb_build_object('person_id', p.id, 'name_masked', p.name_masked,
           'id_masked', p.id_masked, 'phone_masked', p.phone_masked, 'sex', p.sex,
           'birth_on', p.birth_on, 'county_code', p.county_code,
           'area_code', p.area_code)::text AS reply
  FROM identity.person p
 WHERE CASE WHEN $by = 'phone' THEN p.phone_index = $index ELSE p.id_index = $index END;

-- name: unmask_own :many read
-- args: after text, caller_person uuid, lim int8
SELECT jsonb_build_object('id', u.id, 'kind', u.kind, 'fields', u.fields,
        'officer', o.name, 'county_code', u.county_code, 'reason_code', u.reason_code,
        'reason', u.reason, 'case_no', u.case_no, 'at', u.at)::text AS reply,
       u.id::text AS cursor
  FROM identity.unmasking u LEFT JOIN identity.officer o ON o.id = u.officer_id
 WHERE u.person_id = $caller_person AND ($after IS NULL OR u.id < $after::uuid)
 ORDER BY u.id DESC
 LIMIT $lim;

-- name: unmask_list :many read
-- args: after text, officer_id uuid, lim int8
SELECT jsonb_build_object('id', u.id, 'kind', u.kind, 'person_id', u.person_id,
        'officer_id', u.officer_id, 'fields', u.fields, 'reason_code', u.reason_code,
        'reason', u.reason, 'case_no', u.case_no, 'county_code', u.county_code,
        'at', u.at)::text AS reply,
       u.id::text AS cursor
  FROM identity.unmasking u
 WHERE ($officer_id IS NULL OR u.officer_id = $officer_id)
   AND ($after IS NULL OR u.id < $after::uuid)
 ORDER BY u.id DESC
 LIMIT $lim;

-- name: alert_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', a.id, 'kind', a.kind, 'officer_id', a.officer_id,
        'times', a.times, 'county_code', a.county_code, 'at', a.at)::text AS reply,
       a.id::text AS cursor
  FROM identity.security_alert a
 WHERE $after IS NULL OR a.id < $after::uuid
 ORDER BY a.id DESC
 LIMIT $lim;
