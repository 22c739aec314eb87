-- Datasets: proposed, checked, put in force, revoked; and who receives them.

-- name: dataset_faults :many read
-- args: kind text, measure text, dim text, counties jsonb, fields jsonb
SELECT platform.whole_city() AS is_city, f.pointer, f.fault, array_to_string(f.near, ',') AS near
  FROM (SELECT 1) AS one
  LEFT JOIN monitoring.dataset_faults($kind, $measure, $dim, $counties, $fields) AS f ON true;

-- name: dataset_column_list :many read
-- args: after text, lim int4
SELECT jsonb_build_object('code', c.code, 'name', c.name, 'masks', to_jsonb(c.masks), 'is_personal', c.is_personal,
           'dim', c.dim)::text AS reply, c.code AS cursor
  FROM monitoring.share_column c
 WHERE c.code > coalesce($after, '')
 ORDER BY c.code LIMIT $lim;

-- name: dataset_propose :one tells
-- args: id uuid, code text, name text, kind text, owner text, owner_org_id uuid, purpose text, legal_basis text,
--       measure text, dim text, grain text, least_n int8, counties jsonb, tags jsonb, from_on date, reads_a_day int8,
--       rows_a_day int8, expires_on date
INSERT INTO monitoring.dataset (id, code, version, name, kind, owner, owner_org_id, purpose, legal_basis, measure,
       about_persons, dim, grain, least_n, counties, tags, from_on, reads_a_day, rows_a_day, expires_on)
SELECT $id, $code, 1 + coalesce((SELECT max(x.version) FROM monitoring.dataset x WHERE x.code = $code), 0), $name, $kind,
       $owner, $owner_org_id, $purpose, $legal_basis, m.id,
       $kind = 'rows' AND m.kind NOT IN ('vacancy', 'carrier', 'place', 'brand'), $dim,
       CASE WHEN $kind = 'aggregate' THEN coalesce($grain, 'month') END,
       CASE WHEN $kind = 'aggregate' THEN greatest($least_n, 5) END,
       ARRAY(SELECT jsonb_array_elements_text(coalesce($counties, '[]'))),
       ARRAY(SELECT jsonb_array_elements_text(coalesce($tags, '[]'))), $from_on, $reads_a_day, $rows_a_day, $expires_on
  FROM monitoring.measure m WHERE m.code = $measure
RETURNING id;

-- name: dataset_fields_put :exec
-- args: id uuid, fields jsonb
INSERT INTO monitoring.dataset_field (dataset_id, ord, column_code, mask)
SELECT $id, e.n, e.item->>'column', coalesce(e.item->>'mask', 'none')
  FROM jsonb_array_elements(coalesce($fields, '[]')) WITH ORDINALITY AS e (item, n);

-- name: dataset_get :one read
-- args: id uuid
SELECT monitoring.dataset_json(d)::text AS reply FROM monitoring.dataset d
 WHERE d.id = $id;

-- The newest first.
-- name: dataset_list :many read
-- args: after text, lim int4, code text, kind text, state text
SELECT monitoring.dataset_json(d)::text AS reply, d.id::text AS cursor
  FROM monitoring.dataset d
 WHERE d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($code::text IS NULL OR d.code = $code)
   AND ($kind::text IS NULL OR d.kind = $kind)
   AND ($state::text IS NULL OR d.state = $state)
 ORDER BY d.id DESC LIMIT $lim;

-- The second of three hands, for rows about persons.
-- name: dataset_check :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT d.id, d.state, d.about_persons, d.proposed_by = platform.actor() AS same
      FROM monitoring.dataset d WHERE d.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.dataset AS d SET state = 'checked', checked_by = platform.actor(), note = $note
      FROM found f WHERE d.id = f.id AND f.state = 'proposed' AND f.about_persons AND NOT f.same
    RETURNING d AS d
)
SELECT monitoring.dataset_json(d)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'proposed' AND f.same THEN 'monitoring.sharing_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By another hand than the ones before. The version in force until now is replaced.
-- name: dataset_approve :one tells
-- args: id uuid
WITH found AS (
    SELECT d.id, d.code, d.state, d.about_persons, d.expires_on < platform.today() AS is_past,
           platform.actor() IN (d.proposed_by, coalesce(d.checked_by, d.proposed_by)) AS same
      FROM monitoring.dataset d WHERE d.id = $id AND platform.whole_city() FOR UPDATE
), fit AS (
    SELECT f.* FROM found f
     WHERE NOT f.same AND NOT f.is_past AND f.state = CASE WHEN f.about_persons THEN 'checked' ELSE 'proposed' END
), ended AS (
    UPDATE monitoring.dataset AS d SET state = 'replaced', ended_by = platform.actor(), ended_at = platform.now()
      FROM fit f WHERE d.code = f.code AND d.state = 'active'
    RETURNING d.id
), moved AS (
    UPDATE monitoring.dataset AS d SET state = 'active', approved_by = platform.actor(), approved_at = platform.now()
      FROM fit f WHERE d.id = f.id AND (SELECT count(*) FROM ended) >= 0
    RETURNING d AS d
)
SELECT monitoring.dataset_json(d)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state NOT IN ('proposed', 'checked') THEN 'state.wrong'
                            WHEN f.same THEN 'monitoring.sharing_hand' WHEN f.is_past THEN 'monitoring.sharing_past'
                            ELSE 'monitoring.sharing_third' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Not to be put in force, or no longer: at once.
-- name: dataset_end :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT d.id, d.state FROM monitoring.dataset d WHERE d.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.dataset AS d SET state = CASE f.state WHEN 'active' THEN 'revoked' ELSE 'refused' END,
           note = $note, ended_by = platform.actor(), ended_at = platform.now()
      FROM found f WHERE d.id = f.id AND f.state IN ('proposed', 'checked', 'active')
    RETURNING d AS d
)
SELECT monitoring.dataset_json(d)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- The department asks itself.
-- name: recipient_ask :one tells
-- args: new_id uuid, caller_org uuid, dataset_code text, purpose text, legal_basis text, until_on date
INSERT INTO monitoring.dataset_recipient AS r (id, dataset_code, org_id, org_name, purpose, legal_basis, until_on, state)
VALUES ($new_id, $dataset_code, $caller_org, '', $purpose, $legal_basis, $until_on, 'asked')
RETURNING monitoring.recipient_json(r)::text AS reply;

-- name: recipient_propose :one tells
-- args: new_id uuid, org_id uuid, dataset_code text, purpose text, legal_basis text, until_on date
WITH made AS (
    INSERT INTO monitoring.dataset_recipient AS r (id, dataset_code, org_id, org_name, purpose, legal_basis, until_on, state,
                                                   proposed_by)
    SELECT $new_id, $dataset_code, $org_id, '', $purpose, $legal_basis, $until_on, 'proposed', platform.actor()
     WHERE platform.whole_city()
    RETURNING r AS r
)
SELECT monitoring.recipient_json(r)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('auth.area') WHERE NOT EXISTS (SELECT FROM made);

-- What a department asked for becomes a proposal of the officer.
-- name: recipient_endorse :one tells
-- args: id uuid
WITH found AS (
    SELECT r.id, r.state FROM monitoring.dataset_recipient r WHERE r.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.dataset_recipient AS r SET state = 'proposed', proposed_by = platform.actor()
      FROM found f WHERE r.id = f.id AND f.state = 'asked'
    RETURNING r AS r
)
SELECT monitoring.recipient_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: recipient_approve :one tells
-- args: id uuid
WITH found AS (
    SELECT r.id, r.state, r.proposed_by = platform.actor() AS same
      FROM monitoring.dataset_recipient r WHERE r.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.dataset_recipient AS r SET state = 'active', approved_by = platform.actor()
      FROM found f WHERE r.id = f.id AND f.state = 'proposed' AND NOT f.same
    RETURNING r AS r
)
SELECT monitoring.recipient_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'proposed' THEN 'monitoring.sharing_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: recipient_end :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT r.id, r.state FROM monitoring.dataset_recipient r WHERE r.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.dataset_recipient AS r SET state = CASE f.state WHEN 'active' THEN 'ended' ELSE 'refused' END,
           note = $note, ended_by = platform.actor(), ended_at = platform.now()
      FROM found f WHERE r.id = f.id AND f.state IN ('asked', 'proposed', 'active')
    RETURNING r AS r
)
SELECT monitoring.recipient_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: recipient_list :many read
-- args: after text, lim int4, dataset_code text, state text
SELECT monitoring.recipient_json(r)::text AS reply, r.id::text AS cursor
  FROM monitoring.dataset_recipient r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($dataset_code::text IS NULL OR r.dataset_code = $dataset_code)
   AND ($state::text IS NULL OR r.state = $state)
 ORDER BY r.id DESC LIMIT $lim;

-- name: dataset_read_list :many read
-- args: id uuid, after text, lim int4
SELECT jsonb_build_object('id', l.id, 'dataset_code', l.dataset_code, 'version', l.version, 'org_id', l.org_id,
           'reader', l.reader, 'what', l.what, 'rows', l.rows, 'position', l.position, 'upto_revision', l.upto_revision,
           'request_id', l.request_id, 'read_at', l.read_at)::text AS reply, l.id::text AS cursor
  FROM monitoring.dataset d JOIN monitoring.dataset_read l ON l.dataset_code = d.code
 WHERE d.id = $id AND l.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY l.id DESC LIMIT $lim;

-- For the city, and for the department that owns it.
-- name: dataset_usage :one read
-- args: id uuid, from_on date, to_on date
SELECT jsonb_build_object('dataset_code', d.code, 'from_on', coalesce($from_on, d.created_at::date),
           'to_on', coalesce($to_on, platform.today()),
           'recipients', monitoring.dataset_usage(d.code, coalesce($from_on, '2024-01-01'), coalesce($to_on, platform.today())))::text AS reply
  FROM monitoring.dataset d
 WHERE d.id = $id AND (platform.whole_city() OR d.owner_org_id = platform.org());

-- name: shared_page :many
-- args: code text, after text, lim int8, request uuid
SELECT item, next FROM monitoring.shared_page($code, $after, $lim, $request);

-- name: shared_cells :one
-- args: code text, period date, request uuid
SELECT reply FROM monitoring.shared_cells($code, $period, $request);
