-- Public notices and objections.

-- name: claims_approved :one
-- args: policy_code text, county_code text, lim int8
SELECT array_agg(id)::text AS ids, count(*) AS picked FROM (
    SELECT c.id FROM subsidies.claim c
     WHERE c.policy_code = $policy_code AND c.county_code = $county_code
       AND c.state = 'approved'
     ORDER BY c.id LIMIT $lim) ready;

-- Which policies and counties a list of claims belongs to: a notice is of one.
-- name: claims_kinds :one
-- args: ids text[]
SELECT count(DISTINCT (c.policy_code, c.county_code)) AS kinds, min(c.policy_code) AS policy_code,
       min(c.county_code) AS county_code, min(c.policy_version_id::text)::uuid AS policy_version_id
  FROM subsidies.claim c WHERE c.id = ANY ($ids::text[]::uuid[]);

-- name: notice_add :one
-- args: id uuid, ids text[], policy_code text, county_code text, title text, ends_on date
WITH notice AS (
    INSERT INTO subsidies.notice (id, policy_code, title, county_code, starts_on, ends_on,
        published_by)
    VALUES ($id, $policy_code, $title, $county_code, platform.today(), $ends_on,
            platform.actor())
    RETURNING *
), lines AS (
    INSERT INTO subsidies.notice_line (notice_id, payee_id, payee_name, people, amount_cents,
        county_code)
    SELECT notice.id, c.payee_id,
           min(CASE c.payee_kind WHEN 'org' THEN c.org_name ELSE c.person_name_masked END),
           coalesce(jsonb_agg(c.person_name_masked ORDER BY c.id)
               FILTER (WHERE c.person_name_masked IS NOT NULL), '[]'), sum(c.amount_cents),
           notice.county_code
      FROM notice, subsidies.claim c
     WHERE c.id = ANY ($ids::text[]::uuid[])
     GROUP BY notice.id, notice.county_code, c.payee_id
    RETURNING *
), pointed AS (
    UPDATE subsidies.claim c SET notice_line_id = l.id
      FROM lines l WHERE c.id = ANY ($ids::text[]::uuid[]) AND c.payee_id = l.payee_id
    RETURNING c.id
)
SELECT jsonb_build_object('id', n.id, 'policy_code', n.policy_code, 'title', n.title,
           'county_code', n.county_code, 'starts_on', n.starts_on, 'ends_on', n.ends_on,
           'employers', (SELECT count(*) FROM lines), 'claims', (SELECT count(*) FROM pointed),
           'amount_cents', (SELECT sum(amount_cents) FROM lines), 'currency', 'CNY')::text AS reply
  FROM notice n;

-- name: notice_list :many read
-- args: county_code text, policy_code text, after text, lim int8
SELECT jsonb_build_object('id', n.id, 'policy_code', n.policy_code, 'title', n.title,
           'county_code', n.county_code, 'starts_on', n.starts_on, 'ends_on', n.ends_on,
           'open', platform.today() <= n.ends_on,
           'employers', l.employers, 'people', l.people, 'amount_cents', l.cents,
           'currency', 'CNY')::text AS reply,
       n.id::text AS cursor
  FROM subsidies.notice n
  CROSS JOIN LATERAL (
      SELECT count(*) AS employers, sum(jsonb_array_length(nl.people)) AS people,
             sum(nl.amount_cents) AS cents
        FROM subsidies.notice_line nl WHERE nl.notice_id = n.id) l
 WHERE ($county_code::text IS NULL OR n.county_code = $county_code)
   AND ($policy_code::text IS NULL OR n.policy_code = $policy_code)
   AND n.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY n.id DESC LIMIT $lim;

-- name: notice_lines :many read
-- args: id uuid, after text, lim int8
SELECT jsonb_build_object('id', l.id, 'payee_name', l.payee_name, 'people', l.people,
           'count', jsonb_array_length(l.people), 'amount_cents', l.amount_cents,
           'currency', 'CNY')::text AS reply,
       l.id::text AS cursor
  FROM subsidies.notice_line l
 WHERE l.notice_id = $id AND l.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY l.id LIMIT $lim;

-- No row: no such line, or its notice is over.
-- name: objection_file :one
-- args: new_id uuid, notice_id uuid, line_id uuid, content text, contact_sealed text
WITH line AS (
    SELECT l.id, l.county_code FROM subsidies.notice_line l
      JOIN subsidies.notice n ON n.id = l.notice_id
     WHERE l.id = $line_id AND n.id = $notice_id AND platform.today() <= n.ends_on
), filed AS (
    INSERT INTO subsidies.objection (id, notice_line_id, content, contact_sealed, county_code)
    SELECT $new_id, id, $content, $contact_sealed, county_code FROM line
)
SELECT jsonb_build_object('id', $new_id::uuid, 'notice_line_id', id, 'state', 'open',
           'county_code', county_code)::text AS reply
  FROM line;

-- name: objection_list :many read
-- args: state text, after text, lim int8
SELECT jsonb_build_object('id', o.id, 'notice_line_id', o.notice_line_id, 'payee_name', l.payee_name,
           'content', o.content, 'state', o.state, 'answer', o.answer,
           'county_code', o.county_code, 'filed_at', o.created_at,
           'resolved_at', o.resolved_at)::text AS reply,
       o.id::text AS cursor
  FROM subsidies.objection o JOIN subsidies.notice_line l ON l.id = o.notice_line_id
 WHERE ($state::text IS NULL OR o.state = $state)
   AND o.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY o.id DESC LIMIT $lim;

-- name: objection_resolve :one
-- args: id uuid, state text, answer text
WITH done AS (
    UPDATE subsidies.objection
       SET state = $state, answer = $answer, resolved_by = platform.actor(),
           resolved_at = platform.now()
     WHERE id = $id AND state = 'open'
    RETURNING *
)
SELECT jsonb_build_object('id', d.id, 'state', d.state, 'answer', d.answer)::text AS reply,
       (SELECT array_agg(c.id)::text FROM subsidies.claim c
         WHERE c.notice_line_id = d.notice_line_id AND c.state IN ('public', 'suspended')
           AND d.state = 'upheld') AS ids,
       (SELECT count(*) FROM subsidies.claim c
         WHERE c.notice_line_id = d.notice_line_id AND c.state IN ('public', 'suspended')
           AND d.state = 'upheld') AS claims
  FROM done d;
