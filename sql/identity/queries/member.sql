-- Who may act for an organisation, and what.

-- name: member_may :one read
-- args: org uuid, person uuid, rights text[]
SELECT 'manage' = ANY (identity.member_rights(title, rights)) AS manage,
       $3::text[] <@ identity.member_rights(title, rights) AS covers
  FROM identity.org_member
 WHERE org_id = $1 AND person_id = $2 AND to_at IS NULL;

-- name: member_list :many read
-- args: caller_org uuid, after text, lim int8
SELECT jsonb_build_object('person_id', m.person_id, 'name_masked', p.name_masked,
        'title', m.title, 'rights', identity.member_rights(m.title, m.rights),
        'from_at', m.from_at)::text AS reply,
       m.person_id::text AS cursor
  FROM identity.org_member m
  JOIN identity.person p ON p.id = m.person_id
 WHERE m.org_id = $1 AND m.to_at IS NULL
   AND ($2::text IS NULL OR m.person_id > $2::uuid)
 ORDER BY m.person_id
 LIMIT $3;

-- A change of rights is a new stretch of membership; tokens with the old ones
-- are dead, and renewed with the new.
-- name: member_rights_set :one
-- args: org uuid, person uuid, rights text[], caller uuid
WITH old AS (
    UPDATE identity.org_member SET to_at = platform.now(), ended_by = $4, ended_why = 'rights'
     WHERE org_id = $1 AND person_id = $2 AND to_at IS NULL AND title <> 'legal'
    RETURNING *
), new AS (
    INSERT INTO identity.org_member (org_id, person_id, title, rights, invited_by, from_at)
    SELECT org_id, person_id, title, $3, invited_by, to_at FROM old
    RETURNING *
), revoked AS (
    SELECT count(identity.revoke(s.id, 'rights')) AS n
      FROM old o JOIN identity.session s ON s.subject = o.person_id AND s.org_id = o.org_id
     WHERE s.ended_at IS NULL
)
SELECT jsonb_build_object('person_id', person_id, 'title', title, 'rights', rights)::text AS reply
  FROM new, revoked;

-- The legal representative stays until there is another.
-- name: member_end :one
-- args: org uuid, person uuid, caller uuid, why text
WITH gone AS (
    UPDATE identity.org_member SET to_at = platform.now(), ended_by = $3, ended_why = $4
     WHERE org_id = $1 AND person_id = $2 AND to_at IS NULL AND title <> 'legal'
    RETURNING *
), ended AS (
    UPDATE identity.session s SET ended_at = clock_timestamp(), ended_why = 'no member'
      FROM gone g
     WHERE s.subject = g.person_id AND s.org_id = g.org_id AND s.ended_at IS NULL
    RETURNING s.id
), revoked AS (
    SELECT count(identity.revoke(id, 'no member')) AS n FROM ended
)
SELECT jsonb_build_object('person_id', person_id, 'org_id', org_id, 'to_at', to_at)::text AS reply
  FROM gone, revoked;

-- name: invitation_make :one
-- args: id uuid, org uuid, person uuid, phone_index text, phone_masked text, code_hash bytea, rights text[], caller_person uuid, valid_s int8
INSERT INTO identity.org_invitation (id, org_id, person_id, phone_index, phone_masked, code_hash,
    rights, invited_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + $9 * interval '1 second')
RETURNING jsonb_build_object('id', id, 'org_id', org_id, 'person_id', person_id,
    'phone_masked', phone_masked, 'rights', rights, 'state', state,
    'expires_at', expires_at)::text AS reply;

-- name: invitation_list :many read
-- args: caller_org uuid, after text, lim int8
SELECT jsonb_build_object('id', id, 'org_id', org_id, 'person_id', person_id,
        'phone_masked', phone_masked, 'rights', rights, 'state', state,
        'expires_at', expires_at)::text AS reply,
       id::text AS cursor
  FROM identity.org_invitation
 WHERE org_id = $1 AND ($2::text IS NULL OR id < $2::uuid)
 ORDER BY id DESC
 LIMIT $3;

-- name: invitation_own :many read
-- args: caller_person uuid, after text, lim int8
SELECT jsonb_build_object('id', i.id, 'org_id', i.org_id, 'org_name', o.name,
        'rights', i.rights, 'by_code', i.code_hash IS NOT NULL, 'state', i.state,
        'expires_at', i.expires_at)::text AS reply,
       i.id::text AS cursor
  FROM identity.org_invitation i
  JOIN identity.org o ON o.id = i.org_id
 WHERE i.state = 'open' AND i.expires_at > clock_timestamp()
   AND (i.person_id = $1 OR i.phone_index = (SELECT phone_index FROM identity.person WHERE id = $1))
   AND ($2::text IS NULL OR i.id < $2::uuid)
 ORDER BY i.id DESC
 LIMIT $3;

-- The invited person's alone, while it is open. A try is counted.
-- name: invitation_try :one
-- args: id uuid, caller_person uuid, most_tries int8
UPDATE identity.org_invitation i SET tries = tries + 1
 WHERE i.id = $1 AND i.state = 'open' AND i.expires_at > clock_timestamp() AND i.tries < $3
   AND (i.person_id = $2 OR i.phone_index = (SELECT phone_index FROM identity.person WHERE id = $2))
RETURNING i.code_hash;

-- name: invitation_accept :one
-- args: id uuid, caller_person uuid
WITH taken AS (
    UPDATE identity.org_invitation SET state = 'accepted', decided_at = clock_timestamp()
     WHERE id = $1 AND state = 'open'
    RETURNING *
), made AS (
    INSERT INTO identity.org_member (org_id, person_id, title, rights, invited_by)
    SELECT org_id, $2, 'agent', rights, invited_by FROM taken
    RETURNING *
)
SELECT jsonb_build_object('org_id', org_id, 'person_id', person_id, 'title', title,
    'rights', rights)::text AS reply
  FROM made;

-- name: invitation_close :one
-- args: id uuid, org uuid, caller_person uuid, state text
UPDATE identity.org_invitation i SET state = $4, decided_at = clock_timestamp()
 WHERE i.id = $1 AND i.state = 'open'
   AND (i.org_id = $2 OR i.person_id = $3
        OR i.phone_index = (SELECT phone_index FROM identity.person WHERE id = $3))
RETURNING jsonb_build_object('id', i.id, 'state', i.state)::text AS reply;
