-- Licences of institutions: filed, checked, decided, and who may teach.

-- name: institution_file :one tells
-- args: id uuid, org uuid, licence_no text, kind text, valid_from date, valid_to date, places int4,
--       occupations jsonb, is_startup bool, rooms jsonb
WITH made AS (
    INSERT INTO training.institution AS i (id, org_id, org_name, licence_no, kind, valid_from, valid_to,
                                           places, occupations, is_startup, rooms, county_code, area_code)
    SELECT $id, o.id, o.name, $licence_no, $kind, $valid_from, $valid_to, $places, $occupations,
           $is_startup, coalesce($rooms, '[]'::jsonb), o.county_code, o.area_code
      FROM training.org o WHERE o.id = $org
    RETURNING i AS i
)
SELECT training.institution_json(i)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('training.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: institution_check :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT i.id, i.state, platform.actor() = i.filed_by AS same FROM training.institution i
     WHERE i.id = $id AND platform.in_areas(i.county_code, i.area_code) FOR UPDATE
), moved AS (
    UPDATE training.institution AS i
       SET state = CASE WHEN $pass THEN 'checked' ELSE 'refused' END, checked_by = platform.actor(),
           note = $note, changed_at = platform.now()
      FROM found f WHERE i.id = f.id AND f.state = 'filed' AND NOT f.same
    RETURNING i AS i
)
SELECT training.institution_json(i)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'training.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: institution_decide :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT i.id, i.state, platform.actor() IN (i.filed_by, i.checked_by) AS same FROM training.institution i
     WHERE i.id = $id AND platform.in_areas(i.county_code, i.area_code) FOR UPDATE
), moved AS (
    UPDATE training.institution AS i
       SET state = CASE WHEN $pass THEN 'licensed' ELSE 'refused' END, decided_by = platform.actor(),
           decided_on = platform.today(), note = $note, changed_at = platform.now()
      FROM found f WHERE i.id = f.id AND f.state = 'checked' AND f.same IS NOT TRUE
    RETURNING i AS i
)
SELECT training.institution_json(i)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'checked' THEN 'training.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Suspended, taken up again, or revoked for good.
-- name: institution_move :one tells
-- args: id uuid, state text, note text
WITH found AS (
    SELECT i.id, i.state FROM training.institution i
     WHERE i.id = $id AND platform.in_areas(i.county_code, i.area_code) FOR UPDATE
), moved AS (
    UPDATE training.institution AS i SET state = $state, note = $note, changed_at = platform.now()
      FROM found f
     WHERE i.id = f.id
       AND f.state = ANY (CASE $state WHEN 'suspended' THEN ARRAY['licensed'] WHEN 'licensed' THEN ARRAY['suspended']
                                      ELSE ARRAY['licensed', 'suspended'] END)
    RETURNING i AS i
)
SELECT training.institution_json(i)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Everybody: who holds a licence today.
-- name: institution_list :many read
-- args: after text, lim int4, county_code text, occupation_code text, level int8?, kind text
SELECT training.institution_json(i)::text AS reply, i.id::text AS cursor
  FROM training.institution i
 WHERE i.state = 'licensed' AND platform.today() BETWEEN i.valid_from AND i.valid_to
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR i.county_code = $county_code)
   AND ($kind::text IS NULL OR i.kind = $kind)
   AND ($occupation_code::text IS NULL
        OR training.occupations_cover(i.occupations, $occupation_code, $level::int8::integer))
 ORDER BY i.id DESC
 LIMIT $lim;

-- name: institution_get :one read
-- args: id uuid
SELECT training.institution_json(i)::text AS reply FROM training.institution i
 WHERE i.id = $id AND i.state = 'licensed';

-- name: institution_list_org :many read
-- args: after text, lim int4, caller_org uuid
SELECT training.institution_json(i)::text AS reply, i.id::text AS cursor
  FROM training.institution i
 WHERE i.org_id = $caller_org
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY i.id DESC
 LIMIT $lim;

-- For officers: in any state, or those that run out by a day.
-- name: institution_register :many read
-- args: after text, lim int4, state text, county_code text, expires_by date
SELECT training.institution_json(i)::text AS reply, i.id::text AS cursor
  FROM training.institution i
 WHERE platform.in_areas(i.county_code, i.area_code)
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR i.state = $state)
   AND ($county_code::text IS NULL OR i.county_code = $county_code)
   AND ($expires_by::date IS NULL OR (i.state = 'licensed' AND i.valid_to <= $expires_by
        AND i.valid_to >= platform.today()))
 ORDER BY i.id DESC
 LIMIT $lim;

-- name: institution_warn :one
-- args: days int8
SELECT training.institution_warn($days::int8::integer) AS n;
