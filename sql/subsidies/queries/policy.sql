-- Policies as published, and the drafts they come from.

-- On a day: of each policy the newest version whose days it is in.
-- name: policy_list :many read
-- args: code text, on date, beneficiary text, mode text, subject text, after text, lim int8
SELECT subsidies.policy_json(v)::text AS reply, v.id::text AS cursor
  FROM subsidies.policy_version v
 WHERE v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($code::text IS NULL OR v.code = $code)
   AND ($beneficiary::text IS NULL OR v.beneficiary = $beneficiary)
   AND ($mode::text IS NULL OR v.mode = $mode)
   AND ($subject::text IS NULL OR v.subject = $subject)
   AND ($on::date IS NULL OR (
        $on BETWEEN v.effective_from AND coalesce(v.effective_to, 'infinity')
        AND NOT EXISTS (SELECT FROM subsidies.policy_version n
                         WHERE n.code = v.code AND n.version > v.version
                           AND $on BETWEEN n.effective_from AND coalesce(n.effective_to, 'infinity'))))
 ORDER BY v.id DESC LIMIT $lim;

-- name: policy_get :one read
-- args: id uuid
SELECT (subsidies.policy_json(v) || jsonb_build_object('published_by', v.published_by,
           'published_at', v.created_at, 'document', v.document))::text AS reply
  FROM subsidies.policy_version v WHERE v.id = $id;

-- name: policy_in_force :one read
-- args: policy_code text, on date
SELECT (subsidies.policy_json(v) || jsonb_build_object('published_by', v.published_by,
           'published_at', v.created_at, 'document', v.document))::text AS reply
  FROM subsidies.policy_version v
 WHERE v.code = $policy_code
   AND coalesce($on::date, platform.today()) BETWEEN v.effective_from AND coalesce(v.effective_to, 'infinity')
 ORDER BY v.version DESC LIMIT 1;

-- name: policy_document :one read
-- args: id uuid
SELECT v.document::text AS document, v.hash FROM subsidies.policy_version v WHERE v.id = $id;

-- name: policy_newest :one read
-- args: code text
SELECT v.id FROM subsidies.policy_version v WHERE v.code = $code ORDER BY v.version DESC LIMIT 1;

-- name: policy_draft_add :one
-- args: document jsonb, problems jsonb
INSERT INTO subsidies.policy_draft AS d (code, document, problems, writers)
VALUES ($document::jsonb ->> 'code', $document, $problems, ARRAY[platform.actor()])
RETURNING subsidies.policy_draft_json(d)::text AS reply;

-- name: policy_draft_change :one
-- args: id uuid, document jsonb, problems jsonb
UPDATE subsidies.policy_draft AS d
   SET code = $document::jsonb ->> 'code', document = $document, problems = $problems,
       writers = CASE WHEN platform.actor() = ANY (d.writers) THEN d.writers
                      ELSE d.writers || platform.actor() END,
       changed_at = platform.now()
 WHERE d.id = $id
RETURNING subsidies.policy_draft_json(d)::text AS reply;

-- name: policy_draft_drop :one
-- args: id uuid
UPDATE subsidies.policy_draft AS d SET state = 'dropped', changed_at = platform.now()
 WHERE d.id = $id
RETURNING subsidies.policy_draft_json(d)::text AS reply;

-- name: policy_draft_take :one
-- args: id uuid
SELECT d.document::text AS document, d.state, platform.actor() = ANY (d.writers) AS mine, d.code,
       (SELECT f.title FROM subsidies.fund_source f WHERE f.code = d.document ->> 'fund_source') AS fund,
       EXISTS (SELECT FROM subsidies.budget_line_policy l WHERE l.policy_code = d.code) AS funded
  FROM subsidies.policy_draft d WHERE d.id = $id FOR UPDATE;

-- name: policy_draft_publish :one
-- args: id uuid, supersedes uuid
SELECT jsonb_build_object('id', p.id, 'code', p.code, 'version', p.version, 'hash', p.hash,
           'supersedes', p.supersedes)::text AS reply
  FROM subsidies.policy_draft_publish($id, $supersedes) p;

-- name: policy_draft_list :many read
-- args: state text, code text, after text, lim int8
SELECT subsidies.policy_draft_json(d)::text AS reply, d.id::text AS cursor
  FROM subsidies.policy_draft d
 WHERE d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR d.state = $state)
   AND ($code::text IS NULL OR d.code = $code)
 ORDER BY d.id DESC LIMIT $lim;

-- name: policy_draft_get :one read
-- args: id uuid
SELECT (subsidies.policy_draft_json(d) || jsonb_build_object('document', d.document))::text AS reply
  FROM subsidies.policy_draft d WHERE d.id = $id;
