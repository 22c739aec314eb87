-- Requests to correct, erase or copy what is held about a person.

-- name: data_request_file :one
-- args: new_id uuid, caller_person uuid, kind text, field text, wanted_sealed text, wanted_shown text, reason text, due_on date
WITH made AS (
    INSERT INTO identity.data_request AS r (id, person_id, kind, field, wanted_sealed, wanted_shown,
        reason, state, county_code, area_code, due_on, decided_at, answer)
    SELECT $new_id, p.id, $kind, $field, $wanted_sealed, $wanted_shown, $reason,
           CASE $kind WHEN 'copy' THEN 'done' ELSE 'filed' END, p.county_code, p.area_code, $due_on,
           CASE $kind WHEN 'copy' THEN platform.now() END,
           CASE $kind WHEN 'copy' THEN '副本可以下载' END
      FROM identity.person p
     WHERE p.id = $caller_person AND p.restricted_at IS NULL
    RETURNING r AS r
)
SELECT identity.data_request_json(r)::text AS reply FROM made;

-- name: data_request_own :many read
-- args: after text, caller_person uuid, lim int8
SELECT identity.data_request_json(r)::text AS reply, r.id::text AS cursor
  FROM identity.data_request r
 WHERE r.person_id = $caller_person AND ($after IS NULL OR r.id < $after::uuid)
 ORDER BY r.id DESC
 LIMIT $lim;

-- name: data_request_list :many read
-- args: after text, state text, overdue bool, escalated bool, lim int8
SELECT identity.data_request_json(r)::text AS reply, r.id::text AS cursor
  FROM identity.data_request r
 WHERE ($state IS NULL OR r.state = $state)
   AND (NOT coalesce($overdue, false)
        OR (r.state IN ('filed', 'taken', 'proposed') AND r.due_on < platform.today()))
   AND (NOT coalesce($escalated, false) OR r.escalated_at IS NOT NULL)
   AND ($after IS NULL OR r.id > $after::uuid)
 ORDER BY r.id
 LIMIT $lim;

-- name: data_request_take :one
-- args: id uuid
WITH taken AS (
    UPDATE identity.data_request AS r
       SET state = 'taken', taken_by = platform.actor(), taken_at = platform.now()
     WHERE r.id = $id AND r.state = 'filed'
    RETURNING r AS r
)
SELECT identity.data_request_json(r)::text AS reply FROM taken
UNION ALL
SELECT platform.refuse('state.wrong') FROM identity.data_request r
 WHERE r.id = $id AND NOT EXISTS (SELECT FROM taken);

-- Under the system role from here on: a decision changes the person's own row.
-- name: data_request_lock :one
-- args: id uuid
SELECT r.id, r.person_id, r.kind, r.field, r.state, r.wanted_sealed, r.taken_by, r.first_by,
       r.taken_by IS NOT DISTINCT FROM platform.actor() AS mine,
       r.first_by IS NOT DISTINCT FROM platform.actor() AS same_hand,
       identity.held_by(r.person_id)::text AS held_by
  FROM identity.data_request r
 WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code)
   FOR UPDATE;

-- name: data_request_move :one
-- args: id uuid, state text, first bool, answer text, held_by jsonb
WITH moved AS (
    UPDATE identity.data_request AS r
       SET state = $state, answer = $answer, held_by = $held_by,
           first_by = CASE WHEN $first THEN platform.actor()
                           WHEN $state = 'taken' THEN NULL ELSE r.first_by END,
           first_at = CASE WHEN $first THEN platform.now()
                           WHEN $state = 'taken' THEN NULL ELSE r.first_at END,
           second_by = CASE WHEN $first OR $state = 'taken' THEN NULL ELSE platform.actor() END,
           decided_at = CASE WHEN $state IN ('done', 'restricted', 'refused') THEN platform.now() END
     WHERE r.id = $id
    RETURNING r AS r
)
SELECT identity.data_request_json(r)::text AS reply FROM moved;

-- Members that are not corrected are NULL. The old value stays, as it was kept.
-- name: person_correct :one
-- args: request_id uuid, person_id uuid, first_by uuid, field text, id_sealed text, id_index text, id_masked text, name_sealed text, name_masked text, sex int8, birth_on date, county_code text, area_code text
WITH old AS (
    SELECT * FROM identity.person WHERE id = $person_id AND restricted_at IS NULL FOR UPDATE
), kept AS (
    INSERT INTO identity.person_change (person_id, request_id, field, old_sealed, old_index, old_text,
        first_by, second_by)
    SELECT o.id, $request_id, $field,
           CASE $field WHEN 'name' THEN o.name_sealed WHEN 'id_number' THEN o.id_sealed END,
           CASE $field WHEN 'id_number' THEN o.id_index END,
           CASE $field WHEN 'birth_on' THEN o.birth_on::text WHEN 'sex' THEN o.sex::text
                       WHEN 'area_code' THEN o.area_code END,
           coalesce($first_by, platform.actor()),
           CASE WHEN $first_by IS NOT NULL THEN platform.actor() END
      FROM old o
), put AS (
    UPDATE identity.person AS p
       SET id_sealed = coalesce($id_sealed, p.id_sealed), id_index = coalesce($id_index, p.id_index),
           id_masked = coalesce($id_masked, p.id_masked),
           name_sealed = coalesce($name_sealed, p.name_sealed),
           name_masked = coalesce($name_masked, p.name_masked),
           sex = coalesce(nullif($sex, 0)::int, p.sex), birth_on = coalesce($birth_on, p.birth_on),
           county_code = coalesce($county_code, p.county_code),
           area_code = coalesce($area_code, p.area_code)
      FROM old WHERE p.id = old.id
    RETURNING p.*
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.person.corrected.v1', id::text, area_code,
        jsonb_build_object('person_id', id, 'id_index', id_index, 'name_masked', name_masked,
            'sex', sex, 'birth_on', birth_on, 'county_code', county_code, 'area_code', area_code)
      FROM put
)
SELECT id FROM put;

-- With something held: sealed away and closed. With nothing: the sealed values
-- and the index of the number are gone, and with them the way back.
-- name: person_restrict :one
-- args: person_id uuid, held_by jsonb
WITH old AS (
    SELECT * FROM identity.person WHERE id = $person_id AND restricted_at IS NULL FOR UPDATE
), kept AS (
    INSERT INTO identity.person_vault (person_id, id_sealed, name_sealed, phone_sealed, held_by)
    SELECT id, id_sealed, name_sealed, phone_sealed, $held_by FROM old WHERE $held_by IS NOT NULL
), put AS (
    UPDATE identity.person AS p
       SET restricted_at = platform.now(), id_sealed = '', name_sealed = '', phone_sealed = NULL,
           id_masked = '*', name_masked = '*', phone_masked = NULL, phone_index = NULL,
           verify_next_at = NULL,
           id_index = CASE WHEN $held_by IS NULL THEN 'erased:' || p.id ELSE p.id_index END,
           birth_on = CASE WHEN $held_by IS NULL THEN DATE '1900-01-01' ELSE p.birth_on END
      FROM old WHERE p.id = old.id
    RETURNING p.id, p.county_code, old.phone_index AS phone_was
), left_orgs AS (
    UPDATE identity.org_member m SET to_at = platform.now()
      FROM put WHERE m.person_id = put.id AND m.to_at IS NULL
), requests AS (
    UPDATE identity.data_request r SET wanted_sealed = NULL, wanted_shown = NULL
      FROM put WHERE r.person_id = put.id AND $held_by IS NULL
), changes AS (
    UPDATE identity.person_change h SET old_sealed = NULL, old_index = NULL, old_text = NULL
      FROM put WHERE h.person_id = put.id AND $held_by IS NULL
), codes AS (
    DELETE FROM identity.text_code t USING put WHERE t.phone_index = put.phone_was
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.person.restricted.v1', id::text, county_code,
           jsonb_build_object('person_id', id, 'erased', $held_by IS NULL)
      FROM put
)
SELECT id, identity.close_account(id, 'person.restricted') FROM put;

-- name: data_copy_read :one
-- args: id uuid, caller_person uuid
WITH asked AS (
    SELECT p.* FROM identity.data_request r JOIN identity.person p ON p.id = r.person_id
     WHERE r.id = $id AND r.person_id = $caller_person AND r.kind = 'copy'
), noted AS (
    INSERT INTO identity.data_copy (request_id, person_id)
    SELECT $id, $caller_person FROM asked
)
SELECT p.id_sealed, p.name_sealed, p.phone_sealed, jsonb_build_object(
    'person', jsonb_build_object('person_id', p.person_id, 'sex', p.sex, 'birth_on', p.birth_on,
        'county_code', p.county_code, 'area_code', p.area_code, 'registered_at', p.created_at),
    'orgs', (SELECT coalesce(jsonb_agg(jsonb_build_object('org_id', m.org_id, 'title', m.title,
                'from_at', m.from_at, 'to_at', m.to_at) ORDER BY m.from_at), '[]')
               FROM identity.org_member m WHERE m.person_id = $caller_person),
    'consents', (SELECT coalesce(jsonb_agg(identity.consent_json(c) ORDER BY c.ord), '[]')
                   FROM identity.consent c WHERE c.person_id = $caller_person),
    'requests', (SELECT coalesce(jsonb_agg(identity.data_request_json(r) ORDER BY r.id), '[]')
                   FROM identity.data_request r WHERE r.person_id = $caller_person),
    'unmaskings', (SELECT coalesce(jsonb_agg(jsonb_build_object('fields', u.fields, 'reason', u.reason,
                'at', u.at) ORDER BY u.id), '[]')
                     FROM identity.unmasking u WHERE u.person_id = $caller_person),
    'changes', (SELECT coalesce(jsonb_agg(jsonb_build_object('field', h.field, 'at', h.at)
                ORDER BY h.id), '[]')
                  FROM identity.person_change h WHERE h.person_id = $caller_person),
    'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('client', s.client_id, 'method', s.method,
                'opened_at', s.opened_at, 'ended_at', s.ended_at) ORDER BY s.opened_at), '[]')
                   FROM identity.session s WHERE s.subject = $caller_person))::text AS held
  FROM (SELECT a.id_sealed, a.name_sealed, a.phone_sealed, a.sex, a.birth_on, a.county_code,
               a.area_code, a.created_at, $caller_person AS person_id FROM asked a) p;

-- name: data_request_escalate :exec
UPDATE identity.data_request SET escalated_at = platform.now()
 WHERE state IN ('filed', 'taken', 'proposed') AND escalated_at IS NULL
   AND due_on < platform.today();

-- Terms run from the business day of what happened: 人社部令第44号 three years,
-- payment vouchers thirty.
-- A claim of an organisation's own names nobody: there is nothing to keep.
-- name: hold_service :exec
-- args: person_id text, occurred_at timestamptz
INSERT INTO identity.retention_hold AS h (person_id, basis, until_on)
SELECT $person_id::text::uuid, 'service_record',
       (($occurred_at AT TIME ZONE 'Asia/Shanghai')::date + interval '3 years')::date
 WHERE $person_id::text IS NOT NULL
ON CONFLICT (person_id, basis) DO UPDATE SET until_on = greatest(h.until_on, excluded.until_on);

-- name: hold_payment :exec
-- args: person_id text, occurred_at timestamptz
INSERT INTO identity.retention_hold AS h (person_id, basis, until_on)
SELECT $person_id::text::uuid, 'payment_voucher',
       (($occurred_at AT TIME ZONE 'Asia/Shanghai')::date + interval '30 years')::date
 WHERE $person_id::text IS NOT NULL
ON CONFLICT (person_id, basis) DO UPDATE SET until_on = greatest(h.until_on, excluded.until_on);
