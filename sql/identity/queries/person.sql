-- People: registration with a real name, reading oneself, officers' look-up.

-- name: person_register :one
-- args: id uuid, id_index text, phone_index text, id_sealed text, name_sealed text, phone_sealed text, name_masked text, id_masked text, phone_masked text, sex int8, birth_on date, county_code text, area_code text
WITH made AS (
    INSERT INTO identity.person (id, id_index, phone_index, id_sealed, name_sealed,
        phone_sealed, name_masked, id_masked, phone_masked, sex, birth_on, county_code, area_code)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    RETURNING *
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.person.registered.v1', id::text, area_code,
        jsonb_build_object('person_id', id, 'id_index', id_index, 'name_masked', name_masked,
            'sex', sex, 'birth_on', birth_on, 'county_code', county_code,
            'area_code', area_code)
      FROM made
)
SELECT id FROM made;

-- name: person_by_phone :one read
-- args: phone_index text
SELECT id FROM identity.person WHERE phone_index = $1;

-- name: person_me :one read
-- args: caller_person uuid
SELECT jsonb_build_object('person_id', p.id, 'name_masked', p.name_masked,
    'id_masked', p.id_masked, 'phone_masked', p.phone_masked, 'sex', p.sex,
    'birth_on', p.birth_on, 'county_code', p.county_code, 'area_code', p.area_code,
    'orgs', coalesce((SELECT jsonb_agg(jsonb_build_object('org_id', m.org_id, 'title', m.title)
                               ORDER BY m.from_at)
                        FROM identity.org_member m
                       WHERE m.person_id = p.id AND m.to_at IS NULL), '[]'::jsonb))::text AS reply
  FROM identity.person p
 WHERE p.id = $1;

-- name: person_list :many read
-- args: after text, county_code text, lim int8
SELECT jsonb_build_object('person_id', id, 'name_masked', name_masked, 'id_masked', id_masked,
        'phone_masked', phone_masked, 'sex', sex, 'birth_on', birth_on,
        'county_code', county_code, 'area_code', area_code)::text AS reply,
       id::text AS cursor
  FROM identity.person
 WHERE ($1::text IS NULL OR id > $1::uuid)
   AND ($2::text IS NULL OR county_code = $2)
 ORDER BY id
 LIMIT $3;
