-- What the books do, told as it is: each entry by what it adds to the columns of
-- its allotment, and after each statement how the allotment stands by its own
-- columns, so that who follows can hold the one against the other.

CREATE FUNCTION subsidies.ledger_payload(e subsidies.ledger_entry, a subsidies.allotment) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('entry_id', e.id, 'allotment_id', a.id, 'line_code', a.line_code,
        'year', a.year, 'reason', e.reason, 'claim_id', e.claim_id,
        'confirmed_claim_id', CASE e.reason WHEN 'reserve' THEN e.claim_id END,
        'on', subsidies.local_day(e.created_at), 'county_code', e.county_code,
        'appropriated_cents', nullif(e.amount_cents * ((e.debit = 'treasury')::int - (e.credit = 'treasury')::int), 0),
        'reserved_cents', nullif(e.amount_cents * ((e.credit = 'reserved')::int - (e.debit = 'reserved')::int), 0),
        'committed_cents', nullif(e.amount_cents * ((e.credit = 'committed')::int - (e.debit = 'committed')::int), 0),
        'paid_cents', nullif(e.amount_cents * ((e.credit = 'paid')::int - (e.debit = 'paid')::int), 0),
        'returned_cents', CASE WHEN e.reason IN ('refund', 'refund_reversal') THEN
            nullif(e.amount_cents * ((e.debit = 'paid')::int - (e.credit = 'paid')::int), 0) END))
$$;

CREATE FUNCTION subsidies.allotment_payload(a subsidies.allotment) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('allotment_id', a.id, 'line_code', a.line_code, 'line_title', l.title,
        'fund_source', l.fund_source, 'year', a.year, 'appropriated_cents', a.appropriated_cents,
        'reserved_cents', a.reserved_cents, 'committed_cents', a.committed_cents, 'paid_cents', a.paid_cents,
        'returned_cents', a.returned_cents, 'county_code', a.county_code)
      FROM subsidies.budget_line l WHERE l.code = a.line_code
$$;

-- Its name comes after ledger_apply: the columns are moved, and still locked.
CREATE FUNCTION subsidies.ledger_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.ledger.posted.v1', x.id::text, x.county_code,
           subsidies.ledger_payload(ROW(x.*)::subsidies.ledger_entry, a)
      FROM fresh x JOIN subsidies.allotment a ON a.id = x.allotment_id
     ORDER BY x.ord;
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.allotment.moved.v1', a.id::text, a.county_code, subsidies.allotment_payload(a)
      FROM subsidies.allotment a WHERE a.id IN (SELECT x.allotment_id FROM fresh x) ORDER BY a.id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_told AFTER INSERT ON subsidies.ledger_entry
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION subsidies.ledger_told();
REVOKE EXECUTE ON FUNCTION subsidies.ledger_told() FROM subsidies_app, subsidies_system;

-- What was booked before.
INSERT INTO subsidies.outbox (type, key, area_code, payload, occurred_at)
SELECT 'subsidies.ledger.posted.v1', e.id::text, e.county_code, subsidies.ledger_payload(e, a), e.created_at
  FROM subsidies.ledger_entry e JOIN subsidies.allotment a ON a.id = e.allotment_id ORDER BY e.ord;
INSERT INTO subsidies.outbox (type, key, area_code, payload)
SELECT 'subsidies.allotment.moved.v1', a.id::text, a.county_code, subsidies.allotment_payload(a)
  FROM subsidies.allotment a ORDER BY a.id;
