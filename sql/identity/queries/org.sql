-- Organisations and who may act for them.

-- name: org_register :one
-- args: id uuid, uscc text, name text, kind text, industry_code text, county_code text, area_code text, caller_person uuid
WITH made AS (
    INSERT INTO identity.org (id, uscc, name, kind, industry_code, county_code, area_code)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING *
), member AS (
    INSERT INTO identity.org_member (org_id, person_id, title)
    SELECT id, $8, 'legal' FROM made
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.org.registered.v1', id::text, area_code,
        jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
            'industry_code', industry_code, 'county_code', county_code, 'area_code', area_code)
      FROM made
)
SELECT jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
    'industry_code', industry_code, 'county_code', county_code,
    'area_code', area_code)::text AS reply
  FROM made;

-- name: org_of_member :one read
-- args: org uuid, person uuid
SELECT o.id, o.kind
  FROM identity.org_member m
  JOIN identity.org o ON o.id = m.org_id
 WHERE m.org_id = $1 AND m.person_id = $2 AND m.to_at IS NULL;

-- name: org_own :one read
-- args: caller_org uuid
SELECT jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
    'industry_code', industry_code, 'county_code', county_code,
    'area_code', area_code)::text AS reply
  FROM identity.org
 WHERE id = $1;

-- name: org_list :many read
-- args: after text, county_code text, lim int8
SELECT jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
        'industry_code', industry_code, 'county_code', county_code,
        'area_code', area_code)::text AS reply,
       id::text AS cursor
  FROM identity.org
 WHERE ($1::text IS NULL OR id > $1::uuid)
   AND ($2::text IS NULL OR county_code = $2)
 ORDER BY id
 LIMIT $3;
