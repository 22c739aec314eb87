-- The timetable. What the database refuses is said by training.session_fault().

-- name: session_plan :one tells
-- args: id uuid, caller_org uuid, lines jsonb
SELECT training.session_plan(c.id, c.org_id, $lines) AS reply
  FROM training.class c WHERE c.id = $id AND c.org_id = $caller_org;

-- name: session_change :one tells
-- args: id uuid, caller_org uuid, line jsonb
SELECT training.session_move(s.id, $line) AS reply
  FROM training.session s WHERE s.id = $id AND s.org_id = $caller_org;

-- name: session_cancel :one tells
-- args: id uuid, caller_org uuid, reason text
UPDATE training.session AS s SET state = 'cancelled', reason = $reason
 WHERE s.id = $id AND s.org_id = $caller_org
RETURNING training.session_json(s)::text AS reply;

-- name: session_get :one read
-- args: id uuid
SELECT training.session_json(s)::text AS reply FROM training.session s WHERE s.id = $id;

-- name: session_list_class :many read
-- args: after text, lim int4, id uuid
SELECT training.session_json(s)::text AS reply, s.id::text AS cursor
  FROM training.session s
 WHERE s.class_id = $id
   AND (lower(s.during), s.id) > (SELECT coalesce(max(lower(x.during)), '-infinity'),
           coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000')
          FROM training.session x WHERE x.id = $after::text::uuid)
 ORDER BY lower(s.during), s.id
 LIMIT $lim;

-- What a trainee has still to come to, soonest first.
-- name: session_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT (training.session_json(s) || jsonb_build_object('enrolment_id', e.id,
           'in_at', a.in_at, 'out_at', a.out_at))::text AS reply, s.id::text AS cursor
  FROM training.enrolment e
  JOIN training.session s ON s.class_id = e.class_id
  LEFT JOIN training.attendance a ON a.enrolment_id = e.id AND a.session_id = s.id
 WHERE e.person_id = $caller_person AND e.state = 'enrolled' AND s.state = 'planned'
   AND upper(s.during) + training.sign_margin(s.on_day) > platform.now()
   AND (lower(s.during), s.id) > (SELECT coalesce(max(lower(x.during)), '-infinity'),
           coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000')
          FROM training.session x WHERE x.id = $after::text::uuid)
 ORDER BY lower(s.during), s.id
 LIMIT $lim;

-- name: attend_rule_list :many read
-- args: after text, lim int4
SELECT jsonb_build_object('id', r.id, 'code', r.code, 'value', r.value, 'legal_basis', r.legal_basis,
           'from_on', r.from_on, 'to_on', r.to_on)::text AS reply, r.id::text AS cursor
  FROM training.attend_rule r
 WHERE r.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY r.id
 LIMIT $lim;

-- A new number takes over from its day on; what held until then ends the day before.
-- name: attend_rule_set :one
-- args: code text, value int4, legal_basis text, from_on date
WITH ended AS (
    UPDATE training.attend_rule SET to_on = $from_on - 1
     WHERE code = $code AND from_on < $from_on AND (to_on IS NULL OR to_on >= $from_on)
    RETURNING id
), made AS (
    INSERT INTO training.attend_rule AS r (code, value, legal_basis, from_on)
    SELECT $code, $value, $legal_basis, $from_on
     WHERE (SELECT count(*) FROM ended) >= 0
       AND NOT EXISTS (SELECT FROM training.attend_rule x WHERE x.code = $code AND x.from_on >= $from_on)
    RETURNING r AS r
)
SELECT jsonb_build_object('id', (r).id, 'code', (r).code, 'value', (r).value,
           'legal_basis', (r).legal_basis, 'from_on', (r).from_on, 'to_on', (r).to_on)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse('training.attend_rule_later') WHERE NOT EXISTS (SELECT FROM made);
