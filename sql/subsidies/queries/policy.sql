-- Policies as published.

-- name: policy_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', v.id, 'code', v.code, 'version', v.version,
           'title', v.document ->> 'title', 'legal_basis', v.document -> 'legal_basis',
           'beneficiary', v.document ->> 'beneficiary', 'effective_from', v.effective_from,
           'effective_to', v.effective_to, 'amount', v.document -> 'amount',
           'hash', v.hash)::text AS reply,
       v.id::text AS cursor
  FROM subsidies.policy_version v
 WHERE v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY v.id DESC LIMIT $lim;

-- name: policy_get :one read
-- args: id uuid
SELECT jsonb_build_object('id', v.id, 'hash', v.hash, 'published_by', v.published_by,
           'published_at', v.created_at, 'document', v.document)::text AS reply
  FROM subsidies.policy_version v WHERE v.id = $id;

-- name: policy_document :one read
-- args: id uuid
SELECT v.document::text AS document, v.hash FROM subsidies.policy_version v WHERE v.id = $id;

-- name: policy_newest :one read
-- args: code text
SELECT v.id FROM subsidies.policy_version v WHERE v.code = $code ORDER BY v.version DESC LIMIT 1;

-- name: policy_publish :one
-- args: document jsonb
SELECT jsonb_build_object('id', p.id, 'code', p.code, 'version', p.version,
           'hash', p.hash)::text AS reply
  FROM subsidies.policy_publish($document, platform.actor()) p;
