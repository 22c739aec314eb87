-- Signing in and out, marks by hand, and what has been attended.

-- name: session_key :one read
-- args: id uuid
SELECT k.state, k.opens, k.key_sealed, k.code_seconds FROM training.session_key_of($id) AS k;

-- name: sign_facts :one
-- args: id uuid
SELECT f.enrolment_id, f.state, f.kind, f.opens, f.closes, f.key_sealed, f.tries, f.lat_e6, f.lng_e6, f.near_m,
       f.code_seconds, f.last_lat_e6, f.last_lng_e6,
       extract(epoch FROM platform.now() - f.last_at)::int8 AS last_s, f.in_at IS NOT NULL AS is_in
  FROM training.sign_facts($id) AS f;

-- name: sign_try :exec
-- args: id uuid
INSERT INTO training.sign_try AS t (session_id, person_id, tries, county_code)
SELECT s.id, platform.person(), 1, s.county_code FROM training.session s WHERE s.id = $id
ON CONFLICT (session_id, person_id) DO UPDATE SET tries = t.tries + 1;

-- name: sign_in :one tells
-- args: id uuid, lat_e6 int4?, lng_e6 int4?, accuracy_m int4?, metres int4?, travel_kmh int4?, device text
WITH made AS (
    INSERT INTO training.attendance AS a (enrolment_id, attended_on, org_id, person_id, session_id, way, in_at,
        in_lat_e6, in_lng_e6, in_accuracy_m, in_metres, travel_kmh, device_index, county_code, area_code)
    SELECT e.id, s.on_day, e.org_id, e.person_id, s.id, 'code', platform.now(), $lat_e6, $lng_e6, $accuracy_m,
           $metres, $travel_kmh, $device, e.county_code, e.area_code
      FROM training.session s
      JOIN training.enrolment e ON e.class_id = s.class_id AND e.person_id = platform.person()
     WHERE s.id = $id AND e.state = 'enrolled'
    ON CONFLICT (enrolment_id, session_id) DO NOTHING
    RETURNING a AS a
)
SELECT training.attendance_json(a)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('training.already_signed') WHERE NOT EXISTS (SELECT FROM made);

-- The later of several counts.
-- name: sign_out :one tells
-- args: id uuid, lat_e6 int4?, lng_e6 int4?, accuracy_m int4?, metres int4?, travel_kmh int4?, device text
WITH moved AS (
    UPDATE training.attendance AS a
       SET out_at = platform.now(), out_lat_e6 = $lat_e6, out_lng_e6 = $lng_e6, out_accuracy_m = $accuracy_m,
           out_metres = $metres, travel_kmh = greatest(a.travel_kmh, $travel_kmh), out_device_index = $device
     WHERE a.session_id = $id AND a.person_id = platform.person() AND a.way = 'code'
    RETURNING a AS a
)
SELECT training.attendance_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('training.not_signed_in') WHERE NOT EXISTS (SELECT FROM moved);

-- By hand, by the institution or a clerk: who is not signed in, or could not sign out.
-- name: enrolment_attend :one tells
-- args: id uuid, session_id uuid, reason text
WITH found AS (
    SELECT e.id, e.org_id, e.person_id, e.county_code, e.area_code, s.id AS session, s.on_day,
           CASE WHEN c.state NOT IN ('open', 'running') OR e.state <> 'enrolled' THEN 'state.wrong'
                WHEN s.id IS NULL THEN 'training.session_unknown /session_id'
                WHEN platform.now() < lower(s.during) - training.sign_margin(s.on_day)
                THEN 'training.session_not_now'
                WHEN training.hand_full(s.id) THEN 'training.hand_limit' END AS fault
      FROM training.enrolment e
      JOIN training.class c ON c.id = e.class_id
      LEFT JOIN training.session s ON s.id = $session_id AND s.class_id = e.class_id
     WHERE e.id = $id AND (e.org_id = platform.org() OR platform.in_areas(e.county_code, e.area_code))
), made AS (
    INSERT INTO training.attendance AS a (enrolment_id, attended_on, org_id, person_id, session_id, way, reason,
                                          county_code, area_code)
    SELECT f.id, f.on_day, f.org_id, f.person_id, f.session, 'hand', $reason, f.county_code, f.area_code
      FROM found f WHERE f.fault IS NULL
    ON CONFLICT (enrolment_id, session_id) DO UPDATE SET way = 'hand', reason = excluded.reason,
           marked_by = platform.actor()
     WHERE a.way = 'code' AND a.out_at IS NULL
    RETURNING a AS a
)
SELECT training.attendance_json(a)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(coalesce(f.fault, 'training.already_marked')) FROM found f
 WHERE NOT EXISTS (SELECT FROM made);

-- name: attendance_get :one read
-- args: id uuid
SELECT jsonb_build_object('enrolment_id', e.id, 'class_id', e.class_id, 'org_id', e.org_id,
           'person_id', e.person_id, 'attended_days', e.attended_days,
           'attended_minutes', e.attended_minutes, 'planned_minutes', training.planned_minutes(e.class_id),
           'attended_percent', training.attended_percent(e.id), 'is_enough', training.attended_enough(e.id),
           'county_code', e.county_code,
           'items', (SELECT coalesce(jsonb_agg(training.attendance_json(a) ORDER BY a.attended_on, a.id), '[]')
                       FROM training.attendance a WHERE a.enrolment_id = e.id))::text AS reply
  FROM training.enrolment e
 WHERE e.id = $id AND (e.person_id = platform.person() OR e.org_id = platform.org()
       OR platform.in_areas(e.county_code, e.area_code));

-- The roll of a session: everybody of the class, there or not.
-- name: attendance_list :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('enrolment_id', e.id, 'session_id', s.id, 'org_id', e.org_id, 'person_id', e.person_id,
           'name_masked', e.name_masked, 'way', a.way, 'reason', a.reason, 'in_at', a.in_at, 'out_at', a.out_at,
           'metres', a.in_metres, 'minutes', coalesce(a.minutes, 0),
           'counted_minutes', coalesce(a.counted_minutes, 0), 'is_void', coalesce(a.is_void, false),
           'county_code', e.county_code)::text AS reply, e.id::text AS cursor
  FROM training.session s
  JOIN training.enrolment e ON e.class_id = s.class_id
  LEFT JOIN training.attendance a ON a.enrolment_id = e.id AND a.session_id = s.id
 WHERE s.id = $id AND (e.org_id = platform.org() OR platform.in_areas(e.county_code, e.area_code))
   AND (e.state = 'enrolled' OR a.id IS NOT NULL)
   AND e.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY e.id
 LIMIT $lim;
