-- Organisations, and whether their legal representative is confirmed.

-- name: org_register :one
-- args: id uuid, uscc text, name text, kind text, industry_code text, county_code text, area_code text, caller_person uuid, check_id uuid, source text, override uuid
WITH made AS (
    INSERT INTO identity.org (id, uscc, name, kind, industry_code, county_code, area_code,
        state, state_at, uscc_override_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7,
        CASE WHEN $10::text IS NULL THEN 'pending' ELSE 'confirmed' END,
        CASE WHEN $10 IS NOT NULL THEN platform.now() END, $11)
    RETURNING *
), asked AS (
    INSERT INTO identity.org_legal (id, org_id, person_id, kind, state, source, decided_at,
        county_code, area_code)
    SELECT $9, id, $8, 'first', state, $10, state_at, county_code, area_code FROM made
), member AS (
    INSERT INTO identity.org_member (org_id, person_id, title)
    SELECT id, $8, 'legal' FROM made
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.org.registered.v1', id::text, area_code,
        jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
            'industry_code', industry_code, 'county_code', county_code, 'area_code', area_code)
      FROM made
     WHERE state = 'confirmed'
)
SELECT jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
    'industry_code', industry_code, 'county_code', county_code, 'area_code', area_code,
    'state', state)::text AS reply
  FROM made;

-- name: uscc_override_get :one read
-- args: uscc text
SELECT id FROM identity.uscc_override WHERE uscc = $1;

-- name: uscc_override_put :one
-- args: id uuid, uscc text, reason text, county_code text, area_code text
INSERT INTO identity.uscc_override (id, uscc, reason, county_code, area_code)
VALUES ($1, $2, $3, $4, $5)
RETURNING jsonb_build_object('id', id, 'uscc', uscc, 'reason', reason, 'officer_id', officer_id,
    'county_code', county_code)::text AS reply;

-- Only of one that is confirmed.
-- name: org_of_member :one read
-- args: org uuid, person uuid
SELECT o.id, o.kind, array_to_string(identity.member_rights(m.title, m.rights), ' ') AS rights
  FROM identity.org_member m
  JOIN identity.org o ON o.id = m.org_id
 WHERE m.org_id = $1 AND m.to_at IS NULL AND o.state = 'confirmed'
   AND (m.person_id = $2
        OR m.person_id IN (SELECT p.id FROM identity.person p WHERE p.merged_into = $2))
 LIMIT 1;

-- name: org_pending_of :one read
-- args: org uuid, person uuid
SELECT 1 AS yes
  FROM identity.org_member m
  JOIN identity.org o ON o.id = m.org_id
 WHERE m.org_id = $1 AND m.person_id = $2 AND m.to_at IS NULL AND o.state = 'pending';

-- name: org_own :one read
-- args: caller_org uuid
SELECT jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
    'industry_code', industry_code, 'county_code', county_code, 'area_code', area_code,
    'state', state)::text AS reply
  FROM identity.org
 WHERE id = $1;

-- name: org_list :many read
-- args: after text, county_code text, lim int8
SELECT jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
        'industry_code', industry_code, 'county_code', county_code, 'area_code', area_code,
        'state', state)::text AS reply,
       id::text AS cursor
  FROM identity.org
 WHERE ($1::text IS NULL OR id > $1::uuid)
   AND ($2::text IS NULL OR county_code = $2)
 ORDER BY id
 LIMIT $3;

-- name: legal_list :many read
-- args: after text, state text, county_code text, lim int8
SELECT jsonb_build_object('id', l.id, 'org_id', l.org_id, 'org_name', o.name, 'uscc', o.uscc,
        'person_id', l.person_id, 'name_masked', p.name_masked, 'kind', l.kind,
        'state', l.state, 'source', l.source, 'reason', l.reason, 'county_code', l.county_code,
        'created_at', l.created_at, 'decided_at', l.decided_at)::text AS reply,
       l.id::text AS cursor
  FROM identity.org_legal l
  JOIN identity.org o ON o.id = l.org_id
  LEFT JOIN identity.person p ON p.id = l.person_id
 WHERE ($1::text IS NULL OR l.id > $1::uuid)
   AND ($2::text IS NULL OR l.state = $2)
   AND ($3::text IS NULL OR l.county_code = $3)
 ORDER BY l.id
 LIMIT $4;

-- What is said of an organisation that is still asked about.
-- name: legal_get :one
-- args: id uuid
SELECT l.id, l.area_code, l.state FROM identity.org_legal l
 WHERE l.id = $1 AND platform.in_areas(l.county_code, l.area_code)
   FOR UPDATE;

-- name: legal_ask :one
-- args: id uuid, org uuid, person uuid
INSERT INTO identity.org_legal (id, org_id, person_id, kind, state, county_code, area_code)
SELECT $1, o.id, $3, 'change', 'pending', o.county_code, o.area_code
  FROM identity.org o
  JOIN identity.org_member m ON m.org_id = o.id AND m.person_id = $3 AND m.to_at IS NULL
 WHERE o.id = $2 AND m.title <> 'legal'
RETURNING jsonb_build_object('id', id, 'org_id', org_id, 'person_id', person_id, 'kind', kind,
    'state', state)::text AS reply;

-- A first one decides the organisation; a change replaces the representative,
-- who is then no member any more. Who is out is out at once.
-- name: legal_decide :one
-- args: id uuid, state text, source text, officer uuid, reason text
WITH decided AS (
    UPDATE identity.org_legal
       SET state = $2, source = $3, decided_by = $4, reason = $5, decided_at = platform.now()
     WHERE id = $1 AND state = 'pending'
    RETURNING *
), org AS (
    UPDATE identity.org o SET state = d.state, state_at = platform.now()
      FROM decided d
     WHERE o.id = d.org_id AND d.kind = 'first'
    RETURNING o.*
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.org.registered.v1', id::text, area_code,
        jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
            'industry_code', industry_code, 'county_code', county_code, 'area_code', area_code)
      FROM org
     WHERE state = 'confirmed'
), gone AS (
    UPDATE identity.org_member m
       SET to_at = platform.now(), ended_by = $4, ended_why = 'legal representative'
      FROM decided d
     WHERE m.org_id = d.org_id AND m.to_at IS NULL
       AND ((d.kind = 'first' AND d.state = 'refused')
            OR (d.kind = 'change' AND d.state = 'confirmed'
                AND (m.title = 'legal' OR m.person_id = d.person_id)))
    RETURNING m.org_id, m.person_id
), came AS (
    INSERT INTO identity.org_member (org_id, person_id, title)
    SELECT d.org_id, d.person_id, 'legal'
      FROM decided d, (SELECT count(*) FROM gone) AS first_the_old_ones
     WHERE d.kind = 'change' AND d.state = 'confirmed'
), ended AS (
    UPDATE identity.session s SET ended_at = clock_timestamp(), ended_why = 'no member'
      FROM gone g
     WHERE s.subject = g.person_id AND s.org_id = g.org_id AND s.ended_at IS NULL
    RETURNING s.id
), revoked AS (
    SELECT count(identity.revoke(id, 'no member')) AS n FROM ended
)
SELECT jsonb_build_object('id', id, 'org_id', org_id, 'person_id', person_id, 'kind', kind,
    'state', state)::text AS reply
  FROM decided, revoked;

-- name: org_uscc :one read
-- args: org uuid
SELECT uscc, name FROM identity.org WHERE id = $1;

-- Taken until the next try is due, so that a process that dies loses nobody.
-- name: legal_take :many
-- args: retry_s int8, lim int8
UPDATE identity.org_legal l
   SET ask_tries = ask_tries + 1,
       ask_next_at = clock_timestamp() +
           least($1 * power(2, least(ask_tries, 16)), 86400) * interval '1 second'
  FROM identity.org o, identity.person p
 WHERE o.id = l.org_id AND p.id = l.person_id
   AND l.id IN (SELECT id FROM identity.org_legal
                 WHERE state = 'pending' AND ask_next_at <= clock_timestamp()
                 ORDER BY ask_next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING l.id, o.uscc, p.name_sealed, p.id_sealed;
