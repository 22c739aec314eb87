-- People: registration with a real name, reading and changing oneself,
-- officers' look-up, and who verified a name.

-- name: person_register :one
-- args: id uuid, id_index text, phone_index text, id_sealed text, name_sealed text, phone_sealed text, name_masked text, id_masked text, phone_masked text, sex int8, birth_on date, county_code text, area_code text, verified text, verified_source text, verified_by uuid, verified_reason text, retry_s int8
WITH made AS (
    INSERT INTO identity.person (id, id_index, phone_index, id_sealed, name_sealed,
        phone_sealed, name_masked, id_masked, phone_masked, sex, birth_on, county_code, area_code,
        verified, verified_at, verified_source, verified_by, verified_reason, verify_next_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
        $14, CASE WHEN $15::text IS NOT NULL THEN platform.now() END, $15, $16, $17,
        CASE WHEN $18 > 0 THEN clock_timestamp() + $18 * interval '1 second' END)
    RETURNING *
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.person.registered.v1', id::text, area_code,
        jsonb_build_object('person_id', id, 'id_index', id_index, 'name_masked', name_masked,
            'sex', sex, 'birth_on', birth_on, 'county_code', county_code,
            'area_code', area_code)
      FROM made
)
SELECT jsonb_build_object('person_id', id, 'verified', verified)::text AS reply,
       identity.notice_shown(id)
  FROM made;

-- name: person_by_phone :one read
-- args: phone_index text
SELECT coalesce(merged_into, id) AS id, verified = 'mismatched' AS mismatched
  FROM identity.person WHERE phone_index = $1;

-- For a clerk who has the card before them: before the area was judged.
-- name: person_by_number :one read
-- args: id_index text
SELECT coalesce(merged_into, id) AS id, name_sealed, phone_index, name_masked, county_code,
       area_code, assist_by_card
  FROM identity.person
 WHERE id_index = $1;

-- name: person_held :one read
-- args: id uuid
SELECT id, name_sealed, id_sealed, id_index, phone_index, county_code, area_code
  FROM identity.person
 WHERE id = $1;

-- name: person_me :one read
-- args: caller_person uuid
SELECT jsonb_build_object('person_id', p.id, 'name_masked', p.name_masked,
    'id_masked', p.id_masked, 'phone_masked', p.phone_masked, 'sex', p.sex,
    'birth_on', p.birth_on, 'county_code', p.county_code, 'area_code', p.area_code,
    'verified', p.verified, 'assist_by_card', p.assist_by_card,
    'orgs', coalesce((SELECT jsonb_agg(jsonb_build_object('org_id', m.org_id, 'title', m.title,
                                   'rights', identity.member_rights(m.title, m.rights))
                               ORDER BY m.from_at)
                        FROM identity.org_member m
                       WHERE m.person_id = p.id AND m.to_at IS NULL), '[]'::jsonb))::text AS reply
  FROM identity.person p
 WHERE p.id = $1;

-- name: person_list :many read
-- args: after text, county_code text, lim int8
SELECT jsonb_build_object('person_id', id, 'name_masked', name_masked, 'id_masked', id_masked,
        'phone_masked', phone_masked, 'sex', sex, 'birth_on', birth_on, 'verified', verified,
        'county_code', county_code, 'area_code', area_code)::text AS reply,
       id::text AS cursor
  FROM identity.person
 WHERE ($1::text IS NULL OR id > $1::uuid)
   AND ($2::text IS NULL OR county_code = $2)
 ORDER BY id
 LIMIT $3;

-- name: person_phone_set :one
-- args: id uuid, phone_index text, phone_sealed text, phone_masked text
UPDATE identity.person
   SET phone_index = $2, phone_sealed = $3, phone_masked = $4
 WHERE id = $1
RETURNING jsonb_build_object('person_id', id, 'phone_masked', phone_masked)::text AS reply;

-- name: person_move :one
-- args: caller_person uuid, county_code text, area_code text
WITH before AS (
    SELECT id, county_code, area_code FROM identity.person WHERE id = $1 FOR UPDATE
), moved AS (
    UPDATE identity.person p SET county_code = $2, area_code = $3
      FROM before b
     WHERE p.id = b.id
    RETURNING p.*, b.county_code AS from_county_code, b.area_code AS from_area_code
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.person.moved.v1', id::text, area_code,
        jsonb_build_object('person_id', id, 'id_index', id_index, 'name_masked', name_masked,
            'sex', sex, 'birth_on', birth_on, 'county_code', county_code,
            'area_code', area_code, 'from_county_code', from_county_code,
            'from_area_code', from_area_code)
      FROM moved
     WHERE area_code <> from_area_code
)
SELECT jsonb_build_object('person_id', id, 'county_code', county_code,
    'area_code', area_code)::text AS reply
  FROM moved;

-- name: person_assist_rule :one
-- args: caller_person uuid, by_card bool
UPDATE identity.person SET assist_by_card = $2 WHERE id = $1
RETURNING jsonb_build_object('person_id', id, 'assist_by_card', assist_by_card)::text AS reply;

-- name: person_verify :one
-- args: id uuid, caller uuid, reason text
UPDATE identity.person
   SET verified = 'matched', verified_at = platform.now(), verified_source = 'officer',
       verified_by = $2, verified_reason = $3, verify_next_at = NULL
 WHERE id = $1 AND platform.in_areas(county_code, area_code)
RETURNING jsonb_build_object('person_id', id, 'verified', verified)::text AS reply;

-- Taken until the next try is due, so that a process that dies loses nobody.
-- name: verify_take :many
-- args: retry_s int8, lim int8
UPDATE identity.person
   SET verify_tries = verify_tries + 1,
       verify_next_at = clock_timestamp() +
           least($1 * power(2, least(verify_tries, 16)), 86400) * interval '1 second'
 WHERE id IN (SELECT id FROM identity.person
               WHERE verify_next_at <= clock_timestamp() AND verified = 'unverified'
               ORDER BY verify_next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id, name_sealed, id_sealed;

-- name: verify_done :exec
-- args: id uuid, verified text
WITH done AS (
    UPDATE identity.person
       SET verified = $2, verified_at = platform.now(), verified_source = 'ministry',
           verify_next_at = NULL
     WHERE id = $1 AND verified = 'unverified'
    RETURNING id, verified
), ended AS (
    UPDATE identity.session s SET ended_at = clock_timestamp()
      FROM done
     WHERE s.subject = done.id AND done.verified = 'mismatched' AND s.ended_at IS NULL
)
SELECT identity.revoke(id, 'real name') FROM done WHERE verified = 'mismatched';
