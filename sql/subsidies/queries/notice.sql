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
           'open', platform.today() <= n.ends_on AND n.withdrawn_at IS NULL,
           'withdrawn_at', n.withdrawn_at, 'withdraw_reason', n.withdraw_reason,
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
  FROM subsidies.notice_line l JOIN subsidies.notice n ON n.id = l.notice_id AND n.withdrawn_at IS NULL
 WHERE l.notice_id = $id AND l.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY l.id LIMIT $lim;

-- Claims of a list that an objection holds, on whatever line it was raised.
-- name: claims_contested :one
-- args: ids text[]
SELECT count(*) AS contested FROM subsidies.claim c
 WHERE c.id = ANY ($ids::text[]::uuid[]) AND subsidies.line_contested(c.notice_line_id);

-- Its claims may be published again. No row: not the caller's, or taken down already.
-- name: notice_withdraw :one
-- args: id uuid, reason text
WITH gone AS (
    UPDATE subsidies.notice n SET withdrawn_at = platform.now(), withdrawn_by = platform.actor(),
           withdraw_reason = $reason
     WHERE n.id = $id AND n.withdrawn_at IS NULL AND platform.in_areas(n.county_code, NULL)
    RETURNING n.*
), held AS (
    SELECT c.id FROM subsidies.claim c JOIN subsidies.notice_line l ON l.id = c.notice_line_id
      JOIN gone ON gone.id = l.notice_id
     WHERE c.state = 'public'
)
SELECT jsonb_build_object('id', g.id, 'policy_code', g.policy_code, 'county_code', g.county_code,
           'withdrawn_at', g.withdrawn_at, 'withdraw_reason', g.withdraw_reason,
           'claims', (SELECT count(*) FROM held))::text AS reply,
       (SELECT array_agg(id)::text FROM held) AS ids, (SELECT count(*) FROM held) AS claims
  FROM gone g;

-- No row: no such line, or its notice is over.
-- name: objection_file :one
-- args: new_id uuid, notice_id uuid, line_id uuid, content text, contact_sealed text, due_on date
WITH line AS (
    SELECT l.id, l.county_code FROM subsidies.notice_line l
      JOIN subsidies.notice n ON n.id = l.notice_id
     WHERE l.id = $line_id AND n.id = $notice_id AND platform.today() <= n.ends_on
       AND n.withdrawn_at IS NULL
), number AS MATERIALIZED (
    SELECT 'YY' || upper(left(replace(gen_random_uuid()::text, '-', ''), 16)) AS no
), filed AS (
    INSERT INTO subsidies.objection (id, notice_line_id, objection_no, content, contact_sealed, county_code, due_on)
    SELECT $new_id, id, number.no, $content, $contact_sealed, county_code, $due_on FROM line, number
)
SELECT jsonb_build_object('id', $new_id::uuid, 'objection_no', number.no, 'notice_line_id', id, 'state', 'open',
           'county_code', county_code, 'due_on', $due_on::date)::text AS reply
  FROM line, number;

-- What the objector may know.
-- name: objection_follow :one read
-- args: objection_no text
SELECT jsonb_build_object('objection_no', o.objection_no, 'state', o.state, 'filed_at', o.created_at,
           'due_on', o.due_on, 'assigned', o.officer_id IS NOT NULL, 'extend_reason', o.extend_reason,
           'answer', o.answer, 'resolved_at', o.resolved_at)::text AS reply
  FROM subsidies.objection o WHERE o.objection_no = $objection_no;

-- name: objection_get :one read
-- args: id uuid
SELECT subsidies.objection_json(o)::text AS reply, o.due_on
  FROM subsidies.objection o WHERE o.id = $id;

-- name: clock_days :one read
-- args: step text
SELECT subsidies.clock_days($step) AS days;

-- name: objection_assign :one
-- args: id uuid, officer_id uuid
UPDATE subsidies.objection o SET officer_id = $officer_id, assigned_at = platform.now()
 WHERE o.id = $id AND o.state = 'open'
RETURNING subsidies.objection_json(o)::text AS reply;

-- Once, and while there is still time.
-- name: objection_extend :one
-- args: id uuid, due_on date, reason text
UPDATE subsidies.objection o SET due_on = $due_on, extended_at = platform.now(), extend_reason = $reason
 WHERE o.id = $id AND o.state = 'open' AND o.extended_at IS NULL AND platform.today() <= o.due_on
RETURNING subsidies.objection_json(o)::text AS reply;

-- By the officer it was given to.
-- name: objection_find :one
-- args: id uuid, finding text
UPDATE subsidies.objection o SET finding = $finding, found_at = platform.now()
 WHERE o.id = $id AND o.state = 'open' AND o.officer_id = platform.actor()
RETURNING subsidies.objection_json(o)::text AS reply;

-- The line's claims that an answer would move, with what they are worth now.
-- name: objection_before :one
-- args: id uuid
SELECT o.officer_id IS NULL OR o.finding IS NOT NULL OR o.officer_id = platform.actor() AS ready
  FROM subsidies.objection o WHERE o.id = $id AND o.state = 'open' FOR UPDATE;

-- Which of the corrections are of the line's claims, and less than before.
-- name: objection_corrections :one
-- args: id uuid, corrections jsonb
SELECT array_agg(c.id)::text AS ids, count(*) AS claims, count(*) = jsonb_array_length($corrections) AS known
  FROM jsonb_to_recordset($corrections) AS r (claim_id uuid, amount_cents bigint)
  JOIN subsidies.objection o ON o.id = $id
  JOIN subsidies.claim c ON c.id = r.claim_id AND c.notice_line_id = o.notice_line_id
   AND c.state IN ('public', 'suspended') AND r.amount_cents BETWEEN 1 AND c.amount_cents - 1;

-- After their money was freed.
-- name: claims_corrected :exec
-- args: corrections jsonb
UPDATE subsidies.claim c SET amount_cents = r.amount_cents
  FROM jsonb_to_recordset($corrections) AS r (claim_id uuid, amount_cents bigint)
 WHERE c.id = r.claim_id AND c.funds = 'available';

-- name: objection_list :many read
-- args: state text, county_code text, officer_id uuid, overdue bool, after text, lim int8
SELECT subsidies.objection_json(o)::text AS reply, o.id::text AS cursor
  FROM subsidies.objection o
 WHERE ($state::text IS NULL OR o.state = $state)
   AND ($county_code::text IS NULL OR o.county_code = $county_code)
   AND ($officer_id::uuid IS NULL OR o.officer_id = $officer_id)
   AND ($overdue::bool IS NOT TRUE OR (o.state = 'open' AND o.due_on < platform.today()))
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
