-- Batches to the bank and its answers.

-- Claims whose notice is over without an open objection, and corrected ones.
-- name: claims_payable :one
-- args: policy_code text, county_code text, lim int8
WITH candidate AS (
    SELECT c.id, c.state, n.ends_on,
           EXISTS (SELECT FROM subsidies.objection o
                    WHERE o.notice_line_id = c.notice_line_id AND o.state = 'open') AS contested
      FROM subsidies.claim c
      LEFT JOIN subsidies.notice_line l ON l.id = c.notice_line_id
      LEFT JOIN subsidies.notice n ON n.id = l.notice_id
     WHERE c.policy_code = $policy_code AND c.county_code = $county_code
       AND c.state IN ('public', 'payable')
), ready AS (
    SELECT id FROM candidate
     WHERE NOT contested AND (state = 'payable' OR ends_on < platform.today())
     ORDER BY id LIMIT $lim
)
SELECT (SELECT array_agg(id)::text FROM ready) AS ids,
       (SELECT count(*) FROM ready) AS ready,
       count(*) FILTER (WHERE state = 'public' AND ends_on >= platform.today()) AS running,
       count(*) FILTER (WHERE contested) AS contested
  FROM candidate;

-- name: batch_add :one
-- args: id uuid, ids text[], policy_code text, county_code text, purpose text
WITH claims AS (
    SELECT c.id, c.amount_cents, c.account_sealed, c.account_masked, c.account_name,
           row_number() OVER (ORDER BY c.id) AS seq
      FROM subsidies.claim c WHERE c.id = ANY ($ids::text[]::uuid[])
), batch AS (
    INSERT INTO subsidies.payment_batch (id, batch_no, policy_code, county_code, purpose,
        line_count, total_cents, created_by)
    SELECT $id, subsidies.numbered('B', nextval('subsidies.batch_no_seq')), $policy_code,
           $county_code, $purpose, count(*), sum(amount_cents), platform.actor()
      FROM claims
    RETURNING *
), lines AS (
    INSERT INTO subsidies.payment_line (batch_id, seq, pay_no, claim_id, account_sealed,
        account_masked, account_name, amount_cents, county_code)
    SELECT batch.id, c.seq, subsidies.numbered('P', nextval('subsidies.pay_no_seq')), c.id,
           c.account_sealed, c.account_masked, c.account_name, c.amount_cents, batch.county_code
      FROM batch, claims c
    RETURNING claim_id, pay_no
), pointed AS (
    UPDATE subsidies.claim c SET payment_no = l.pay_no
      FROM lines l WHERE c.id = l.claim_id
)
SELECT jsonb_build_object('id', b.id, 'batch_no', b.batch_no, 'policy_code', b.policy_code,
           'county_code', b.county_code, 'line_count', b.line_count,
           'total_cents', b.total_cents, 'currency', 'CNY', 'state', b.state)::text AS reply
  FROM batch b;

-- name: batch_list :many read
-- args: county_code text, state text, after text, lim int8
SELECT jsonb_build_object('id', b.id, 'batch_no', b.batch_no, 'policy_code', b.policy_code,
           'county_code', b.county_code, 'line_count', b.line_count,
           'total_cents', b.total_cents, 'currency', 'CNY', 'state', b.state,
           'created_at', b.created_at, 'sent_at', b.sent_at,
           'answered_at', b.answered_at)::text AS reply,
       b.id::text AS cursor
  FROM subsidies.payment_batch b
 WHERE ($county_code::text IS NULL OR b.county_code = $county_code)
   AND ($state::text IS NULL OR b.state = $state)
   AND b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY b.id DESC LIMIT $lim;

-- name: batch_get :one read
-- args: id uuid
SELECT jsonb_build_object('id', b.id, 'batch_no', b.batch_no, 'policy_code', b.policy_code,
           'county_code', b.county_code, 'purpose', b.purpose, 'line_count', b.line_count,
           'total_cents', b.total_cents, 'currency', 'CNY', 'state', b.state,
           'created_at', b.created_at, 'sent_at', b.sent_at, 'answered_at', b.answered_at,
           'lines', (SELECT jsonb_agg(jsonb_build_object('seq', l.seq, 'pay_no', l.pay_no,
                         'claim_id', l.claim_id, 'account_masked', l.account_masked,
                         'account_name', l.account_name, 'amount_cents', l.amount_cents,
                         'state', l.state, 'bank_code', l.bank_code,
                         'bank_text', l.bank_text) ORDER BY l.seq)
                       FROM subsidies.payment_line l WHERE l.batch_id = b.id))::text AS reply
  FROM subsidies.payment_batch b WHERE b.id = $id;

-- name: batch_lines :many read
-- args: id uuid
SELECT b.batch_no, b.purpose, b.line_count, b.total_cents, l.seq, l.pay_no, l.account_sealed,
       l.account_name, l.amount_cents
  FROM subsidies.payment_batch b JOIN subsidies.payment_line l ON l.batch_id = b.id
 WHERE b.id = $id ORDER BY l.seq;

-- name: batch_send :one
-- args: id uuid
WITH sent AS (
    UPDATE subsidies.payment_batch
       SET state = 'sent', sent_at = platform.now()
     WHERE id = $id AND state = 'built'
    RETURNING *
)
SELECT jsonb_build_object('id', id, 'batch_no', batch_no, 'state', state,
           'sent_at', sent_at)::text AS reply FROM sent;

-- name: batch_hold :one
-- args: id uuid
SELECT b.batch_no, b.state, b.line_count FROM subsidies.payment_batch b WHERE b.id = $id FOR UPDATE;

-- name: reply_seen :one
-- args: id uuid, file_sha256 text
SELECT (r.report || jsonb_build_object('repeated', true))::text AS reply
  FROM subsidies.payment_reply r WHERE r.batch_id = $id AND r.file_sha256 = $file_sha256;

-- What the file says beside what we sent. rows: [{n: pay_no, s: paid|returned}]
-- name: reply_compare :one
-- args: id uuid, rows jsonb
WITH said AS (
    SELECT r.n, r.s, l.amount_cents, l.state, l.id IS NULL AS stranger
      FROM jsonb_to_recordset($rows) AS r (n text, s text)
      LEFT JOIN subsidies.payment_line l ON l.pay_no = r.n AND l.batch_id = $id
)
SELECT count(*) AS lines, coalesce(sum(amount_cents), 0) AS total_cents,
       count(*) FILTER (WHERE stranger) AS strangers,
       count(*) - count(DISTINCT n) AS twice,
       count(*) FILTER (WHERE state <> 'queued' AND state <> s) AS contradicted
  FROM said;

-- Settles the lines still under way; a line answered before is left alone.
-- rows: [{n: pay_no, s: paid|returned, c: code, t: text, w: when}]
-- name: reply_apply :one
-- args: id uuid, rows jsonb
WITH settled AS (
    UPDATE subsidies.payment_line l
       SET state = r.s, bank_code = r.c, bank_text = r.t, bank_time = r.w
      FROM jsonb_to_recordset($rows) AS r (n text, s text, c text, t text, w timestamptz)
     WHERE l.pay_no = r.n AND l.batch_id = $id AND l.state = 'queued'
    RETURNING l.claim_id, l.pay_no, l.amount_cents, l.state
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.paid.v1', c.id::text, c.county_code, jsonb_build_object(
               'claim_id', c.id, 'payment_no', s.pay_no, 'policy_code', c.policy_code,
               'person_id', c.person_id, 'org_id', c.org_id, 'amount_cents', s.amount_cents,
               'paid_on', platform.today(), 'county_code', c.county_code)
      FROM settled s JOIN subsidies.claim c ON c.id = s.claim_id
     WHERE s.state = 'paid'
)
SELECT array_agg(claim_id) FILTER (WHERE state = 'paid')::text AS paid_ids,
       count(*) FILTER (WHERE state = 'paid') AS paid,
       coalesce(sum(amount_cents) FILTER (WHERE state = 'paid'), 0) AS paid_cents,
       array_agg(claim_id) FILTER (WHERE state = 'returned')::text AS returned_ids,
       count(*) FILTER (WHERE state = 'returned') AS returned,
       coalesce(sum(amount_cents) FILTER (WHERE state = 'returned'), 0) AS returned_cents
  FROM settled;

-- name: reply_close :one
-- args: id uuid, file_sha256 text, report jsonb
WITH batch AS (
    UPDATE subsidies.payment_batch b
       SET answered_at = platform.now(),
           state = CASE WHEN EXISTS (SELECT FROM subsidies.payment_line l
                                      WHERE l.batch_id = b.id AND l.state = 'queued')
                        THEN b.state ELSE 'answered' END
     WHERE b.id = $id
    RETURNING b.id, b.batch_no, b.state, b.county_code
), kept AS (
    INSERT INTO subsidies.payment_reply (batch_id, file_sha256, report, actor, county_code)
    SELECT id, $file_sha256, jsonb_build_object('id', id, 'batch_no', batch_no) || $report,
           platform.actor(), county_code
      FROM batch
)
SELECT (jsonb_build_object('id', id, 'batch_no', batch_no, 'state', state, 'repeated', false)
           || $report)::text AS reply FROM batch;
