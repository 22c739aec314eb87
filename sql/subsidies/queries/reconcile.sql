-- The bank's statements beside the ledger.

-- name: statement_seen :one
-- args: county_code text, file_sha256 text
SELECT (subsidies.statement_json(s) || jsonb_build_object('repeated', true))::text AS reply
  FROM subsidies.bank_statement s
 WHERE s.county_code = $county_code AND s.file_sha256 = $file_sha256;

-- It begins where the statement of the day before ended.
-- rows: [{n: nth, b: bank_no, d: day, p: pay_no, i: direction, a: amount, s: balance, t: text}]
-- name: statement_add :one
-- args: id uuid, county_code text, file_sha256 text, bank text, from_on date, to_on date,
--       opening_cents int8, closing_cents int8, movements int8, rows jsonb
WITH before AS (
    SELECT s.closing_cents FROM subsidies.bank_statement s
     WHERE s.county_code = $county_code AND s.to_on = $from_on - 1
), made AS (
    INSERT INTO subsidies.bank_statement (id, county_code, file_sha256, bank, from_on, to_on,
        opening_cents, closing_cents, movements, created_by)
    SELECT $id, $county_code, $file_sha256, $bank, $from_on, $to_on, $opening_cents, $closing_cents,
           $movements, platform.actor()
     WHERE NOT EXISTS (SELECT FROM before WHERE closing_cents <> $opening_cents)
    RETURNING *
), moved AS (
    INSERT INTO subsidies.bank_movement (statement_id, nth, county_code, bank_no, day, pay_no, direction,
        amount_cents, balance_cents, words)
    SELECT made.id, r.n, made.county_code, r.b, r.d, r.p, r.i, r.a, r.s, nullif(r.t, '')
      FROM made, jsonb_to_recordset($rows) AS r (n bigint, b text, d date, p text, i text, a bigint,
               s bigint, t text)
)
SELECT id FROM made;

-- name: statement_get :one read
-- args: id uuid
SELECT (subsidies.statement_json(s) || jsonb_build_object(
           'days', (SELECT jsonb_agg(d.row ORDER BY d.day, d.policy) FROM (
                SELECT r.content ->> 'day' AS day, coalesce(r.content ->> 'policy_code', '') AS policy,
                       jsonb_build_object('day', r.content ->> 'day',
                           'policy_code', r.content ->> 'policy_code',
                           'ledger_cents', sum(sign.n * (r.content ->> 'ledger_cents')::bigint),
                           'bank_cents', sum(sign.n * (r.content ->> 'bank_cents')::bigint),
                           'correction_cents', sum(sign.n * (r.content ->> 'correction_cents')::bigint),
                           'matched', count(*) FILTER (WHERE r.content ->> 'result' = 'matched'),
                           'missing_at_bank', count(*) FILTER (WHERE r.content ->> 'result' = 'missing_at_bank'),
                           'unknown_here', count(*) FILTER (WHERE r.content ->> 'result' = 'unknown_here'),
                           'amount_differs', count(*) FILTER (WHERE r.content ->> 'result' = 'amount_differs'),
                           'open', count(*) FILTER (WHERE (r.content ->> 'is_open')::boolean),
                           'proved', sum(sign.n * ((r.content ->> 'ledger_cents')::bigint
                               + (r.content ->> 'correction_cents')::bigint
                               - (r.content ->> 'bank_cents')::bigint)) = 0
                               AND NOT bool_or((r.content ->> 'is_open')::boolean)) AS row
                  FROM subsidies.reconcile_rows(s.id) r,
                       LATERAL (SELECT CASE r.content ->> 'direction' WHEN 'in' THEN -1 ELSE 1 END AS n) sign
                 GROUP BY 1, 2, r.content ->> 'day', r.content ->> 'policy_code') d)))::text AS reply
  FROM subsidies.bank_statement s WHERE s.id = $id;

-- name: statement_list :many read
-- args: county_code text, state text, after text, lim int8
SELECT subsidies.statement_json(s)::text AS reply, s.id::text AS cursor
  FROM subsidies.bank_statement s
 WHERE ($county_code::text IS NULL OR s.county_code = $county_code)
   AND ($state::text IS NULL OR s.state = $state)
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY s.id DESC LIMIT $lim;

-- name: statement_item_list :many read
-- args: id uuid, result text, day date, policy_code text, is text, after text, lim int8
SELECT r.content::text AS reply, r.item AS cursor
  FROM subsidies.bank_statement s, subsidies.reconcile_rows(s.id) r
 WHERE s.id = $id
   AND ($result::text IS NULL OR r.content ->> 'result' = $result)
   AND ($day::date IS NULL OR r.content ->> 'day' = $day::text)
   AND ($policy_code::text IS NULL OR r.content ->> 'policy_code' = $policy_code)
   AND ($is::text IS NULL OR (r.content ->> 'result' <> 'matched'
        AND (r.content ->> 'is_open')::boolean = ($is = 'open')))
   AND r.item > coalesce($after, '')
 ORDER BY r.item LIMIT $lim;

-- name: statement_rows :many read
-- args: id uuid
SELECT s.county_code, s.from_on::text, s.to_on::text, r.item, r.content ->> 'day' AS day,
       r.content ->> 'policy_code' AS policy_code, r.content ->> 'direction' AS direction,
       r.content ->> 'pay_no' AS pay_no, r.content ->> 'bank_no' AS bank_no,
       r.content ->> 'ledger_cents' AS ledger_cents, r.content ->> 'bank_cents' AS bank_cents,
       r.content ->> 'correction_cents' AS correction_cents, r.content ->> 'result' AS result,
       r.content ->> 'correction_kind' AS kind, r.content ->> 'correction_note' AS note
  FROM subsidies.bank_statement s LEFT JOIN subsidies.reconcile_rows(s.id) r ON true
 WHERE s.id = $id ORDER BY r.item;

-- No row: there is no such difference, or it is explained.
-- name: statement_correct :one
-- args: id uuid, item text, kind text, note text
WITH made AS (
    INSERT INTO subsidies.reconcile_correction (statement_id, county_code, item, difference_cents, kind,
        note, actor)
    SELECT s.id, s.county_code, i.item, i.bank_cents - i.ledger_cents, $kind, $note, platform.actor()
      FROM subsidies.bank_statement s, subsidies.reconcile_items(s.id) i
     WHERE s.id = $id AND i.item = $item AND i.result <> 'matched'
    RETURNING *
)
SELECT jsonb_build_object('id', id, 'statement_id', statement_id, 'item', item,
           'difference_cents', difference_cents, 'kind', kind, 'note', note,
           'created_at', created_at)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('request.not_found') WHERE NOT EXISTS (SELECT FROM made);

-- name: statement_sign :one
-- args: id uuid
WITH s AS (
    SELECT x.id, x.state FROM subsidies.bank_statement x WHERE x.id = $id FOR UPDATE
), made AS (
    UPDATE subsidies.bank_statement b
       SET state = 'finance_signed', finance_by = platform.actor(), finance_at = platform.now()
      FROM s WHERE b.id = s.id AND b.state = 'open'
    RETURNING b.*
)
SELECT CASE WHEN EXISTS (SELECT FROM subsidies.reconcile_rows(made.id) r WHERE (r.content ->> 'is_open')::boolean)
            THEN platform.refuse('subsidies.differences_open')
            ELSE subsidies.statement_json(made)::text END AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM s WHERE s.state <> 'open';

-- The second signature fixes what the first one saw, if it is still so.
-- name: statement_audit :one
-- args: id uuid
WITH s AS (
    SELECT x.id, x.state, x.county_code, x.finance_by = platform.actor() AS again
      FROM subsidies.bank_statement x WHERE x.id = $id FOR UPDATE
), rows AS MATERIALIZED (
    SELECT s.id, s.county_code, r.item, r.content FROM s, subsidies.reconcile_rows(s.id) r
     WHERE s.state = 'finance_signed' AND NOT s.again
), kept AS (
    INSERT INTO subsidies.reconcile_item (statement_id, county_code, item, content)
    SELECT id, county_code, item, content FROM rows
), made AS (
    UPDATE subsidies.bank_statement b
       SET state = 'signed', audit_by = platform.actor(), audit_at = platform.now()
      FROM s WHERE b.id = s.id AND b.state = 'finance_signed' AND NOT s.again
    RETURNING b.*
)
SELECT CASE WHEN EXISTS (SELECT FROM rows WHERE (content ->> 'is_open')::boolean)
            THEN platform.refuse('subsidies.differences_open')
            ELSE subsidies.statement_json(made)::text END AS reply FROM made
UNION ALL
SELECT platform.refuse('subsidies.same_hand') FROM s WHERE s.again AND s.state = 'finance_signed'
UNION ALL
SELECT platform.refuse('state.wrong') FROM s WHERE s.state <> 'finance_signed';
