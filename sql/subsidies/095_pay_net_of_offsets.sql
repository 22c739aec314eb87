-- A claim with an offset is paid net: the bank has the rest, the ledger all of
-- it on this claim and what was kept back on the one it was owed for.

CREATE OR REPLACE FUNCTION subsidies.booked(county text) RETURNS TABLE (
    direction text, pay_no text, policy_code text, day date, amount_cents bigint)
LANGUAGE sql STABLE AS $$
    WITH line AS (
        SELECT 'out' AS direction, l.pay_no, l.claim_id, l.batch_id, l.paid_at AS at,
               row_number() OVER (PARTITION BY l.claim_id ORDER BY l.id) AS n
          FROM subsidies.payment_line l WHERE l.county_code = county AND l.paid_at IS NOT NULL
        UNION ALL
        SELECT 'in', l.pay_no, l.claim_id, l.batch_id, l.refunded_at,
               row_number() OVER (PARTITION BY l.claim_id ORDER BY l.id)
          FROM subsidies.payment_line l WHERE l.county_code = county AND l.refunded_at IS NOT NULL
    ), entry AS (
        SELECT CASE e.reason WHEN 'pay' THEN 'out' ELSE 'in' END AS direction, e.claim_id,
               e.amount_cents, row_number() OVER (PARTITION BY e.claim_id, e.reason ORDER BY e.id) AS n
          FROM subsidies.ledger_entry e
         WHERE e.county_code = county AND e.reason IN ('pay', 'bank_return')
    )
    SELECT line.direction, line.pay_no, b.policy_code, (line.at AT TIME ZONE 'Asia/Shanghai')::date,
           entry.amount_cents - coalesce((
               SELECT sum(x.amount_cents) FROM subsidies.recovery_offset o
                 JOIN subsidies.recovery_receipt x ON x.offset_id = o.id WHERE o.claim_id = line.claim_id), 0)::bigint
      FROM line JOIN subsidies.payment_batch b ON b.id = line.batch_id
      JOIN entry USING (direction, claim_id, n)
$$;
