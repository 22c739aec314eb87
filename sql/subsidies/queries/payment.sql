-- Batches to the bank and its answers.

-- Claims whose notice is over without an open objection, and corrected ones. One
-- that is kept back wholly for a debt is no matter of the bank's.
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
       AND c.state IN ('public', 'payable') AND c.amount_cents > subsidies.offset_for(c.id)
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
    SELECT c.id, c.amount_cents - subsidies.offset_for(c.id) AS amount_cents, c.account_sealed,
           c.account_masked, c.account_name, c.payee_kind, c.payee_id,
           CASE c.payee_kind WHEN 'org' THEN c.org_name ELSE c.person_name_masked END AS payee_name,
           (SELECT l.pay_no FROM subsidies.payment_line l WHERE l.claim_id = c.id
             ORDER BY l.id DESC LIMIT 1) AS resend_of,
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
        account_masked, account_name, amount_cents, payee_kind, payee_id, payee_name, resend_of,
        county_code)
    SELECT batch.id, c.seq, subsidies.numbered('P', nextval('subsidies.pay_no_seq')), c.id,
           c.account_sealed, c.account_masked, c.account_name, c.amount_cents, c.payee_kind,
           c.payee_id, c.payee_name, c.resend_of, batch.county_code
      FROM batch, claims c
    RETURNING claim_id, pay_no
), pointed AS (
    UPDATE subsidies.claim c SET payment_no = l.pay_no
      FROM lines l WHERE c.id = l.claim_id
)
SELECT subsidies.batch_json(b)::text AS reply FROM batch b;

-- name: batch_list :many read
-- args: county_code text, policy_code text, state text, overdue bool, after text, lim int8
SELECT (subsidies.batch_json(b) || jsonb_build_object(
           'waiting', (SELECT count(*) FROM subsidies.payment_line l
                        WHERE l.batch_id = b.id AND l.state = 'queued'),
           'is_overdue', b.state = 'sent' AND b.answer_due_on < platform.today()))::text AS reply,
       b.id::text AS cursor
  FROM subsidies.payment_batch b
 WHERE ($county_code::text IS NULL OR b.county_code = $county_code)
   AND ($policy_code::text IS NULL OR b.policy_code = $policy_code)
   AND ($state::text IS NULL OR b.state = $state)
   AND (NOT coalesce($overdue, false) OR (b.state = 'sent' AND b.answer_due_on < platform.today()))
   AND b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY b.id DESC LIMIT $lim;

-- name: batch_get :one read
-- args: id uuid
SELECT (subsidies.batch_json(b) || jsonb_build_object('purpose', b.purpose,
           'signed_at', (SELECT jsonb_agg(s.created_at ORDER BY s.nth)
                           FROM subsidies.payment_signature s WHERE s.batch_id = b.id),
           'downloads', (SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'actor', d.actor,
                             'at', d.created_at) ORDER BY d.id)
                           FROM subsidies.payment_download d WHERE d.batch_id = b.id),
           'lines', (SELECT jsonb_agg(jsonb_build_object('seq', l.seq, 'pay_no', l.pay_no,
                         'claim_id', l.claim_id, 'person_id', (SELECT c.person_id
                             FROM subsidies.claim c WHERE c.id = l.claim_id),
                         'account_masked', l.account_masked,
                         'account_name', CASE l.payee_kind WHEN 'org' THEN l.account_name
                                         ELSE left(l.account_name, 1) || '*' END,
                         'amount_cents', l.amount_cents, 'state', l.state, 'resend_of', l.resend_of,
                         'bank_code', l.bank_code, 'bank_text', l.bank_text, 'paid_at', l.paid_at,
                         'refunded_at', l.refunded_at) ORDER BY l.seq)
                       FROM subsidies.payment_line l WHERE l.batch_id = b.id)))::text AS reply
  FROM subsidies.payment_batch b WHERE b.id = $id;

-- Whom a file of the batch is about, for the trail.
-- name: batch_people :many read
-- args: id uuid
SELECT DISTINCT c.person_id
  FROM subsidies.payment_line l JOIN subsidies.claim c ON c.id = l.claim_id
 WHERE l.batch_id = $id AND c.person_id IS NOT NULL;

-- name: batch_lines :many read
-- args: id uuid, waiting bool
SELECT b.batch_no, b.purpose, b.line_count, b.total_cents, b.state, b.county_code, l.seq, l.pay_no,
       l.account_sealed, l.account_name, l.amount_cents
  FROM subsidies.payment_batch b JOIN subsidies.payment_line l ON l.batch_id = b.id
 WHERE b.id = $id AND (NOT coalesce($waiting, false) OR l.state = 'queued') ORDER BY l.seq;

-- name: batch_hold :one
-- args: id uuid
SELECT b.batch_no, b.state, b.line_count, b.file_sm3 FROM subsidies.payment_batch b
 WHERE b.id = $id FOR UPDATE;

-- name: batch_claims :one read
-- args: id uuid
SELECT array_agg(l.claim_id)::text AS ids FROM subsidies.payment_line l WHERE l.batch_id = $id;

-- name: download_add :exec
-- args: batch_id uuid, kind text
INSERT INTO subsidies.payment_download (batch_id, kind, actor, county_code)
SELECT b.id, $kind, platform.actor(), b.county_code FROM subsidies.payment_batch b WHERE b.id = $batch_id;

-- The money is there. Who released it is a hand of every claim in the batch,
-- and must not be another one (claim_step_hands_fkey).
-- name: batch_release :one
-- args: id uuid, release_no text
WITH batch AS (
    UPDATE subsidies.payment_batch
       SET state = 'released', release_no = $release_no, released_by = platform.actor(),
           released_at = platform.now()
     WHERE id = $id AND state = 'requested'
    RETURNING *
), handed AS (
    INSERT INTO subsidies.claim_hand (claim_id, actor, hand)
    SELECT l.claim_id, platform.actor(), 'release'
      FROM batch b JOIN subsidies.payment_line l ON l.batch_id = b.id
        ON CONFLICT DO NOTHING
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, hand)
    SELECT l.claim_id, 'release', 'batched', 'batched', platform.actor(), 'release'
      FROM batch b JOIN subsidies.payment_line l ON l.batch_id = b.id
)
SELECT subsidies.batch_json(b)::text AS reply FROM batch b;

-- One of two signatures under the file as it is. The signer is a hand, too.
-- name: batch_sign :one
-- args: id uuid, file_sm3 text
WITH batch AS (
    UPDATE subsidies.payment_batch b
       SET signatures = b.signatures + 1, file_sm3 = $file_sm3,
           state = CASE WHEN b.signatures = 1 THEN 'signed' ELSE b.state END
     WHERE b.id = $id AND b.state = 'released' AND coalesce(b.file_sm3, $file_sm3) = $file_sm3
    RETURNING *
), signature AS (
    INSERT INTO subsidies.payment_signature (batch_id, nth, actor, file_sm3, county_code)
    SELECT b.id, b.signatures, platform.actor(), $file_sm3, b.county_code FROM batch b
), handed AS (
    INSERT INTO subsidies.claim_hand (claim_id, actor, hand)
    SELECT l.claim_id, platform.actor(), 'sign'
      FROM batch b JOIN subsidies.payment_line l ON l.batch_id = b.id
        ON CONFLICT DO NOTHING
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, hand)
    SELECT l.claim_id, 'sign', 'batched', 'batched', platform.actor(), 'sign'
      FROM batch b JOIN subsidies.payment_line l ON l.batch_id = b.id
)
SELECT subsidies.batch_json(b)::text AS reply FROM batch b;

-- name: batch_send :one
-- args: id uuid, answer_due_on date
WITH sent AS (
    UPDATE subsidies.payment_batch
       SET state = 'sent', sent_at = platform.now(), sent_by = platform.actor(),
           answer_due_on = $answer_due_on
     WHERE id = $id AND state IN ('requested', 'released', 'signed')
    RETURNING *
)
SELECT subsidies.batch_json(b)::text AS reply FROM sent b;

-- Before it is sent: its lines are void, their numbers spent, its claims payable again.
-- name: batch_take_back :one
-- args: id uuid, reason text
WITH batch AS (
    UPDATE subsidies.payment_batch
       SET state = 'taken_back', taken_back_by = platform.actor(), taken_back_at = platform.now(),
           take_back_reason = $reason
     WHERE id = $id AND state IN ('requested', 'released', 'signed')
    RETURNING *
), lines AS (
    UPDATE subsidies.payment_line l SET state = 'taken_back'
      FROM batch b WHERE l.batch_id = b.id
    RETURNING l.claim_id
), pointed AS (
    UPDATE subsidies.claim c SET payment_no = NULL FROM lines l WHERE c.id = l.claim_id
)
SELECT subsidies.batch_json(b)::text AS reply,
       (SELECT array_agg(claim_id) FROM lines)::text AS ids, (SELECT count(*) FROM lines) AS count
  FROM batch b;

-- name: batch_by_no :one read
-- args: batch_no text
SELECT id FROM subsidies.payment_batch WHERE batch_no = $batch_no;

-- name: batches_to_lay_out :many read
-- args: lim int8
SELECT id, batch_no FROM subsidies.payment_batch
 WHERE state = 'sent' AND outbox_at IS NULL ORDER BY id LIMIT $lim;

-- name: batch_laid_out :exec
-- args: id uuid
UPDATE subsidies.payment_batch SET outbox_at = platform.now() WHERE id = $id AND outbox_at IS NULL;

-- Once a business day, for each that should have been answered.
-- name: batches_to_inquire :many read
-- args: lim int8
SELECT id, batch_no FROM subsidies.payment_batch
 WHERE state = 'sent' AND answer_due_on < platform.today()
   AND coalesce(inquired_on, '-infinity') < platform.today()
 ORDER BY id LIMIT $lim;

-- name: batch_inquired :exec
-- args: id uuid
UPDATE subsidies.payment_batch SET inquired_on = platform.today() WHERE id = $id;

-- name: reply_seen :one
-- args: id uuid, file_sha256 text
SELECT (r.report || jsonb_build_object('repeated', true))::text AS reply
  FROM subsidies.payment_reply r WHERE r.batch_id = $id AND r.file_sha256 = $file_sha256;

-- What the file says beside what we know. rows: [{n: pay_no, s: status, w: when, l: line}]
-- An earlier payment heard of after the money came back is no contradiction.
-- name: reply_compare :one
-- args: id uuid, rows jsonb
WITH said AS (
    SELECT r.n, r.s, r.l AS row, l.amount_cents, l.state, l.refunded_at,
           CASE WHEN l.id IS NULL THEN '不属于本批次'
                WHEN l.state = 'queued' OR (l.state = 'paid' AND r.s = 'paid')
                  OR (l.state = 'taken_back' AND r.s = 'unknown')
                  OR (l.state = 'returned' AND r.s = CASE WHEN l.refunded_at IS NULL THEN 'returned'
                                                          ELSE 'refunded' END)
                  OR (l.refunded_at IS NOT NULL AND r.s = 'paid' AND r.w <= l.refunded_at) THEN NULL
                WHEN l.state = 'paid' AND r.s = 'refunded' THEN
                    CASE WHEN c.recovered_cents > 0 THEN '已追回，须人工处理' END
                ELSE '与先前的结果（' || CASE l.state WHEN 'paid' THEN '已付' WHEN 'taken_back' THEN '已撤回'
                     ELSE '已退回' END || '）矛盾' END AS fault
      FROM jsonb_to_recordset($rows) AS r (n text, s text, w timestamptz, l bigint)
      LEFT JOIN subsidies.payment_line l ON l.pay_no = r.n AND l.batch_id = $id
      LEFT JOIN subsidies.claim c ON c.id = l.claim_id
), faulty AS (
    SELECT row, n, fault FROM said WHERE fault IS NOT NULL
    UNION ALL
    SELECT max(row), n, '支付编号重复' FROM said GROUP BY n HAVING count(*) > 1
)
SELECT count(*) AS lines, coalesce(sum(amount_cents), 0) AS total_cents,
       (SELECT count(*) FROM faulty) AS faults,
       (SELECT string_agg(f.text, '；' ORDER BY f.row) FROM (
            SELECT row, format('第 %s 行 %s：%s', row, n, fault) AS text FROM faulty
             ORDER BY row LIMIT 20) f) AS report
  FROM said;

-- Settles what is under way, and takes back what was paid and came back; what
-- was answered before is left alone. A payment that came back before we heard
-- of it was paid all the same: the books show both.
-- rows: [{n: pay_no, s: status, c: code, t: text, w: when}]
-- name: reply_apply :one
-- args: id uuid, rows jsonb
WITH picked AS MATERIALIZED (
    SELECT l.id, l.state AS was, r.s, r.c, r.t, r.w
      FROM jsonb_to_recordset($rows) AS r (n text, s text, c text, t text, w timestamptz)
      JOIN subsidies.payment_line l ON l.pay_no = r.n AND l.batch_id = $id
     WHERE (l.state = 'queued' AND r.s IN ('paid', 'returned', 'refunded'))
        OR (l.state = 'paid' AND r.s = 'refunded')
     ORDER BY l.id FOR UPDATE OF l
), settled AS (
    UPDATE subsidies.payment_line l
       SET state = CASE p.s WHEN 'paid' THEN 'paid' ELSE 'returned' END, bank_code = p.c,
           bank_text = p.t, bank_time = p.w,
           paid_at = CASE WHEN p.s = 'returned' THEN NULL ELSE coalesce(l.paid_at, p.w) END,
           refunded_at = CASE p.s WHEN 'refunded' THEN p.w END
      FROM picked p WHERE l.id = p.id
    RETURNING l.claim_id, l.pay_no, l.amount_cents, p.s, p.was = 'queued' AND p.s <> 'returned' AS pays
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.paid.v1', c.id::text, c.county_code, jsonb_build_object(
               'claim_id', c.id, 'payment_no', s.pay_no, 'policy_code', c.policy_code,
               'person_id', c.person_id, 'org_id', c.org_id, 'amount_cents', c.amount_cents,
               'paid_on', platform.today(), 'county_code', c.county_code)
      FROM settled s JOIN subsidies.claim c ON c.id = s.claim_id
     WHERE s.pays
)
SELECT array_agg(claim_id) FILTER (WHERE pays)::text AS paid_ids, count(*) FILTER (WHERE pays) AS paid,
       coalesce(sum(amount_cents) FILTER (WHERE pays), 0) AS paid_cents,
       array_agg(claim_id) FILTER (WHERE s = 'returned')::text AS returned_ids,
       count(*) FILTER (WHERE s = 'returned') AS returned,
       coalesce(sum(amount_cents) FILTER (WHERE s = 'returned'), 0) AS returned_cents,
       array_agg(claim_id) FILTER (WHERE s = 'refunded')::text AS refunded_ids,
       count(*) FILTER (WHERE s = 'refunded') AS refunded,
       coalesce(sum(amount_cents) FILTER (WHERE s = 'refunded'), 0) AS refunded_cents
  FROM settled;

-- After the claims are returned: who counted the payment hears that it came back.
-- name: refunds_tell :exec
-- args: ids text[]
INSERT INTO subsidies.outbox (type, key, area_code, payload)
SELECT 'subsidies.payment.returned.v1', c.id::text, c.county_code, jsonb_build_object(
           'claim_id', c.id, 'payment_no', c.payment_no, 'policy_code', c.policy_code,
           'person_id', c.person_id, 'org_id', c.org_id, 'amount_cents', c.amount_cents,
           'returned_on', platform.today(), 'county_code', c.county_code)
  FROM subsidies.claim c WHERE c.id = ANY ($ids::text[]::uuid[]);

-- What the bank has never had is laid out for it again: the same file, which it pays once.
-- name: reply_close :one
-- args: id uuid, file_sha256 text, bank text, report jsonb, unknown int8
WITH batch AS (
    UPDATE subsidies.payment_batch b
       SET answered_at = platform.now(),
           outbox_at = CASE WHEN $unknown > 0 THEN NULL ELSE b.outbox_at END,
           state = CASE WHEN b.state = 'sent' AND NOT EXISTS (SELECT FROM subsidies.payment_line l
                                      WHERE l.batch_id = b.id AND l.state = 'queued')
                        THEN 'answered' ELSE b.state END
     WHERE b.id = $id
    RETURNING b.id, b.batch_no, b.state, b.county_code
), kept AS (
    INSERT INTO subsidies.payment_reply (batch_id, file_sha256, report, actor, bank, county_code)
    SELECT id, $file_sha256, jsonb_build_object('id', id, 'batch_no', batch_no, 'state', state) || $report,
           platform.actor(), $bank, county_code
      FROM batch
)
SELECT (jsonb_build_object('id', id, 'batch_no', batch_no, 'state', state, 'repeated', false)
           || $report)::text AS reply FROM batch;

-- Where a payee's money is.
-- name: my_payment_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('pay_no', l.pay_no, 'claim_id', l.claim_id, 'policy_code', b.policy_code,
           'title', b.purpose, 'amount_cents', l.amount_cents, 'currency', 'CNY',
           'account_masked', l.account_masked, 'resend_of', l.resend_of,
           'stage', CASE WHEN l.state = 'queued' AND b.state IN ('sent', 'answered') THEN 'at_bank'
                         WHEN l.state = 'queued' THEN 'requested' ELSE l.state END,
           'day', (CASE WHEN l.state IN ('paid', 'returned') THEN l.bank_time
                        ELSE coalesce(b.sent_at, l.created_at) END AT TIME ZONE 'Asia/Shanghai')::date,
           'reason', CASE l.state WHEN 'returned' THEN subsidies.bank_words(l.bank_code, l.bank_text) END
       )::text AS reply, l.id::text AS cursor
  FROM subsidies.payment_line l JOIN subsidies.payment_batch b ON b.id = l.batch_id
 WHERE l.payee_id IN (platform.person(), platform.org()) AND l.state <> 'taken_back'
   AND l.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY l.id DESC LIMIT $lim;

-- name: published_payment_list :many read
-- args: kind text, policy_code text, county_code text, after text, lim int8
SELECT jsonb_build_object('kind', p.kind, 'policy_code', p.policy_code, 'title', p.title,
           'payee_name', p.payee_name, 'amount_cents', p.amount_cents, 'currency', 'CNY',
           'day', p.day, 'reason', p.reason, 'county_code', p.county_code)::text AS reply,
       p.id::text AS cursor
  FROM subsidies.payment_published p
 WHERE ($kind::text IS NULL OR p.kind = $kind)
   AND ($policy_code::text IS NULL OR p.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY p.id DESC LIMIT $lim;
