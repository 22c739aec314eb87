-- What is asked of all that a statement moved is counted, not looked for: an
-- EXISTS over the two sides of a change is planned as if it would be found at
-- once, and compares each with each when it is not.
CREATE OR REPLACE FUNCTION subsidies.claim_money() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, claim_id, debit, credit,
        amount_cents, reason, actor)
    SELECT a.allotment_id, a.county_code, a.id, b.funds, a.funds, a.amount_cents,
           CASE WHEN a.funds = 'available' THEN 'release' WHEN b.funds = 'paid' THEN 'bank_return'
                WHEN a.funds = 'reserved' THEN 'reserve' WHEN a.funds = 'committed' THEN 'commit'
                ELSE 'pay' END, platform.actor()
      FROM after a JOIN before b ON b.id = a.id
     WHERE a.funds <> b.funds;
    IF EXISTS (SELECT FROM after WHERE recovered_cents > 0)
       OR EXISTS (SELECT FROM before WHERE recovered_cents > 0) THEN
        INSERT INTO subsidies.ledger_entry (allotment_id, county_code, claim_id, debit, credit,
            amount_cents, reason, note, corrects, actor)
        SELECT a.allotment_id, a.county_code, a.id,
               CASE WHEN a.recovered_cents > b.recovered_cents THEN 'paid' ELSE o.place END,
               CASE WHEN a.recovered_cents > b.recovered_cents THEN o.place ELSE 'paid' END,
               abs(a.recovered_cents - b.recovered_cents),
               CASE WHEN a.recovered_cents > b.recovered_cents THEN 'refund' ELSE 'refund_reversal' END,
               nullif(current_setting('app.ledger_note', true), ''),
               nullif(current_setting('app.ledger_corrects', true), '')::uuid, platform.actor()
          FROM after a
          JOIN before b ON b.id = a.id AND b.recovered_cents <> a.recovered_cents
          JOIN LATERAL (SELECT CASE WHEN al.closed_on IS NULL THEN 'available' ELSE 'treasury' END AS place
                          FROM subsidies.allotment al WHERE al.id = a.allotment_id FOR NO KEY UPDATE) o ON true;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION subsidies.claim_hands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT count(*) FROM after a JOIN before b ON b.id = a.id
         CROSS JOIN LATERAL (SELECT CASE a.state
             WHEN 'first_reviewed' THEN ARRAY['first_review']
             WHEN 'rechecked' THEN ARRAY['first_review', 'recheck']
             WHEN 'approved' THEN ARRAY['first_review', 'recheck', 'approve']
             WHEN 'batched' THEN ARRAY['first_review', 'recheck', 'approve', 'pay']
             WHEN 'paid' THEN ARRAY['first_review', 'recheck', 'approve', 'pay'] END AS hands) need
         WHERE a.state <> b.state AND b.state <> 'suspended' AND need.hands IS NOT NULL
           AND (SELECT count(DISTINCT h.hand) FROM subsidies.claim_hand h
                 WHERE h.claim_id = a.id AND h.hand = ANY (need.hands)) < cardinality(need.hands)) > 0 THEN
        RAISE EXCEPTION 'claim_hands_check: a step is missing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_hands_check';
    END IF;
    RETURN NULL;
END $$;
