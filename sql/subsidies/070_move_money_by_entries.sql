-- The ledger: an entry is the only thing that moves a balance.
--
-- No role of the service may write an allotment, a line's sum or an entry. A
-- claim whose `funds` change makes its entry (claim_money); an entry moves the
-- columns of its allotment and of its line (ledger_apply); what 财政 does goes
-- through the functions below. So the columns are what the entries sum to, and
-- the entries what the claims say, at all times and whoever asks.

-- County 431100: the city's money; any other: that county's own, for itself.
ALTER TABLE subsidies.budget_line ADD COLUMN county_code text NOT NULL DEFAULT '431100';
-- Of several lines that may pay a policy the lowest is asked first.
ALTER TABLE subsidies.budget_line_policy ADD COLUMN ord smallint NOT NULL DEFAULT 1;
-- Policies a source may pay beside those whose document names it; '*': any.
ALTER TABLE subsidies.fund_source ADD COLUMN pays text[] NOT NULL DEFAULT '{}';
INSERT INTO subsidies.fund_source (code, title, legal_basis, pays)
VALUES ('county_budget', '县区财政自有资金', '县区财政预算', '{*}');
-- 就业帮扶车间: the city's plan names both funds for it.
UPDATE subsidies.fund_source SET pays = '{BFCJ}'
 WHERE code = 'rural_revitalization';

ALTER TABLE subsidies.allotment
    ADD COLUMN year integer,            -- of the budget: what is left goes back when it closes
    ADD COLUMN returned_cents bigint NOT NULL DEFAULT 0,    -- came back of what had been paid
    ADD COLUMN closed_on date,
    DROP CONSTRAINT allotment_county_key;
UPDATE subsidies.allotment SET year = extract(year FROM created_at AT TIME ZONE 'Asia/Shanghai');
ALTER TABLE subsidies.allotment
    ALTER COLUMN year SET NOT NULL,
    ADD CONSTRAINT allotment_county_key UNIQUE (line_code, county_code, year),
    ADD CONSTRAINT allotment_place_key UNIQUE (id, line_code, county_code),
    ADD CONSTRAINT allotment_returned_check CHECK (returned_cents >= 0),
    ADD CONSTRAINT allotment_closed_check CHECK (closed_on IS NULL
        OR (reserved_cents = 0 AND committed_cents = 0 AND appropriated_cents = paid_cents));

ALTER TABLE subsidies.ledger_entry
    ADD COLUMN ord bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN corrects uuid REFERENCES subsidies.ledger_entry,
    ADD COLUMN transfer_id uuid,        -- both sides of a transfer have it
    ADD COLUMN document_no text,
    ADD COLUMN note text;
-- A reversal is reversed by doing it anew, an entry is reversed once.
CREATE UNIQUE INDEX ledger_entry_corrects_key ON subsidies.ledger_entry (corrects) WHERE corrects IS NOT NULL;
CREATE UNIQUE INDEX ledger_entry_ord_key ON subsidies.ledger_entry (allotment_id, ord);
DROP INDEX subsidies.ledger_entry_allotment;

-- A claim takes the money of its own county's share.
ALTER TABLE subsidies.claim
    DROP CONSTRAINT claim_allotment_fkey,
    ADD CONSTRAINT claim_allotment_fkey FOREIGN KEY (allotment_id, line_code, county_code)
        REFERENCES subsidies.allotment (id, line_code, county_code),
    DROP CONSTRAINT claim_recovered_check,
    ADD CONSTRAINT claim_recovered_check CHECK (recovered_cents = 0
        OR (funds = 'paid' AND recovered_cents BETWEEN 0 AND amount_cents));

-- ---- entries move balances ------------------------------------------------------------

-- Fires when the statement has done all its other work: the allotment's row,
-- which everybody wants, is locked for as short as can be.
CREATE FUNCTION subsidies.ledger_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh WHERE 'treasury' IN (debit, credit)) THEN
        UPDATE subsidies.budget_line l SET allotted_cents = l.allotted_cents + x.given
          FROM (SELECT a.line_code, sum(CASE e.debit WHEN 'treasury' THEN e.amount_cents
                                                     ELSE -e.amount_cents END) AS given
                  FROM fresh e JOIN subsidies.allotment a ON a.id = e.allotment_id
                 WHERE 'treasury' IN (e.debit, e.credit) GROUP BY 1) x
         WHERE l.code = x.line_code;
    END IF;
    WITH change AS (
        SELECT e.allotment_id,
               sum(e.amount_cents * ((e.debit = 'treasury')::int - (e.credit = 'treasury')::int)) AS given,
               sum(e.amount_cents * ((e.credit = 'reserved')::int - (e.debit = 'reserved')::int)) AS reserved,
               sum(e.amount_cents * ((e.credit = 'committed')::int - (e.debit = 'committed')::int)) AS committed,
               sum(e.amount_cents * ((e.credit = 'paid')::int - (e.debit = 'paid')::int)) AS paid,
               coalesce(sum(e.amount_cents * ((e.debit = 'paid')::int - (e.credit = 'paid')::int))
                   FILTER (WHERE e.reason IN ('refund', 'refund_reversal')), 0) AS returned
          FROM fresh e GROUP BY e.allotment_id
    ), turn AS MATERIALIZED (           -- everybody locks them in the same order
        SELECT a.id FROM subsidies.allotment a
         WHERE a.id IN (SELECT allotment_id FROM change) ORDER BY a.id FOR NO KEY UPDATE
    )
    UPDATE subsidies.allotment a
       SET appropriated_cents = a.appropriated_cents + c.given,
           reserved_cents = a.reserved_cents + c.reserved,
           committed_cents = a.committed_cents + c.committed,
           paid_cents = a.paid_cents + c.paid,
           returned_cents = a.returned_cents + c.returned
      FROM change c JOIN turn ON turn.id = c.allotment_id
     WHERE a.id = c.allotment_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_apply AFTER INSERT ON subsidies.ledger_entry
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION subsidies.ledger_apply();

-- A reversal is the same sum between the same two accounts, the other way.
CREATE FUNCTION subsidies.ledger_mirrors() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM subsidies.ledger_entry e
                    WHERE e.id = NEW.corrects AND e.corrects IS NULL
                      AND e.allotment_id = NEW.allotment_id AND e.debit = NEW.credit
                      AND e.credit = NEW.debit AND e.amount_cents = NEW.amount_cents) THEN
        RAISE EXCEPTION 'ledger_entry_mirror_check: not the reverse of what it corrects'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_mirror_check';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_mirrors BEFORE INSERT ON subsidies.ledger_entry
    FOR EACH ROW WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION subsidies.ledger_mirrors();

-- ---- claims move entries ----------------------------------------------------------------

-- app.ledger_note and app.ledger_corrects are set by the functions below, for
-- the transaction, and say no more than why.
-- What is asked of all that a statement moved is counted, not looked for: an
-- EXISTS over the two sides of a change is planned as if it would be found at
-- once, and compares each with each when it is not.
CREATE FUNCTION subsidies.claim_money() RETURNS trigger
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
CREATE TRIGGER claim_money AFTER UPDATE ON subsidies.claim
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION subsidies.claim_money();

CREATE FUNCTION subsidies.claim_money_new() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM after WHERE funds <> 'available') THEN
        RAISE EXCEPTION 'claim_new_funds_check: a new claim has no money yet'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_new_funds_check';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_money_new AFTER INSERT ON subsidies.claim
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION subsidies.claim_money_new();

-- What money is held for cannot change under it: it is freed first.
CREATE FUNCTION subsidies.claim_held() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'claim_held_check: money is held for this claim'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_held_check';
END $$;
CREATE TRIGGER claim_held BEFORE UPDATE ON subsidies.claim FOR EACH ROW
    WHEN (OLD.funds <> 'available' AND (OLD.amount_cents IS DISTINCT FROM NEW.amount_cents
          OR OLD.allotment_id IS DISTINCT FROM NEW.allotment_id))
    EXECUTE FUNCTION subsidies.claim_held();

-- 不得挪用: the source pays what its documents or its `pays` name.
CREATE FUNCTION subsidies.fund_pays(line text, under uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT FROM subsidies.budget_line l
          JOIN subsidies.fund_source f ON f.code = l.fund_source
          JOIN subsidies.policy_version v ON v.id = under
         WHERE l.code = line AND (v.fund_source = f.code OR f.pays && ARRAY['*', v.code]))
$$;
CREATE FUNCTION subsidies.claim_fund() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT subsidies.fund_pays(NEW.line_code, NEW.policy_version_id) THEN
        RAISE EXCEPTION 'claim_fund_source_check: this source may not pay the policy'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_fund_source_check';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_fund_new BEFORE INSERT ON subsidies.claim
    FOR EACH ROW WHEN (NEW.line_code IS NOT NULL) EXECUTE FUNCTION subsidies.claim_fund();
CREATE TRIGGER claim_fund BEFORE UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (NEW.line_code IS NOT NULL AND NEW.line_code IS DISTINCT FROM OLD.line_code)
    EXECUTE FUNCTION subsidies.claim_fund();

-- Which share is to pay: the first line in order, of its open years the oldest,
-- that still has the sum; without one, the first of all, which then refuses.
CREATE FUNCTION subsidies.allotment_for(under uuid, county text, cents bigint)
RETURNS TABLE (allotment_id uuid, line_code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT a.id, a.line_code
      FROM subsidies.policy_version v
      JOIN subsidies.budget_line_policy lp ON lp.policy_code = v.code
      JOIN subsidies.budget_line l ON l.code = lp.line_code AND l.county_code IN ('431100', county)
      JOIN subsidies.allotment a ON a.line_code = lp.line_code AND a.county_code = county
       AND a.closed_on IS NULL AND a.year <= extract(year FROM platform.today())
     WHERE v.id = under AND subsidies.fund_pays(lp.line_code, v.id)
     ORDER BY cents <= a.appropriated_cents - a.reserved_cents - a.committed_cents - a.paid_cents DESC,
           lp.ord, lp.line_code, a.year
     LIMIT 1
$$;
COMMENT ON FUNCTION subsidies.allotment_for(uuid, text, bigint) IS
    'the share of a line that is to pay so much under a policy version in a county; no row: none';

-- ---- what 财政 does -----------------------------------------------------------------------

CREATE FUNCTION subsidies.allotment_open(line text, county text, of_year integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    share uuid;
BEGIN
    PERFORM FROM subsidies.budget_line l WHERE l.code = line AND l.county_code IN ('431100', county)
        FOR NO KEY UPDATE;      -- the line before its shares, everywhere
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO subsidies.allotment AS a (line_code, county_code, year) VALUES (line, county, of_year)
        ON CONFLICT DO NOTHING;
    SELECT a.id INTO share FROM subsidies.allotment a
     WHERE (a.line_code, a.county_code, a.year) = (line, county, of_year);
    RETURN share;
END $$;

-- Gives (cents > 0) or takes back (cents < 0). All NULL: no such line for the county.
CREATE FUNCTION subsidies.ledger_allot(line text, county text, of_year integer, cents bigint,
    document text, why text) RETURNS subsidies.allotment
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    share subsidies.allotment;
BEGIN
    IF cents < 0 AND NOT EXISTS (SELECT FROM subsidies.allotment a
            WHERE (a.line_code, a.county_code, a.year) = (line, county, of_year)) THEN
        RETURN NULL;
    END IF;
    share.id := subsidies.allotment_open(line, county, of_year);
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, debit, credit, amount_cents, reason,
        document_no, note, actor)
    SELECT share.id, county, CASE WHEN cents > 0 THEN 'treasury' ELSE 'available' END,
           CASE WHEN cents > 0 THEN 'available' ELSE 'treasury' END, abs(cents),
           CASE WHEN cents > 0 THEN 'allot' ELSE 'take_back' END, document, why, platform.actor()
     WHERE share.id IS NOT NULL;
    SELECT a.* INTO share FROM subsidies.allotment a WHERE a.id = share.id;
    RETURN share;
END $$;

-- Two entries, one statement: what one county gives, the other has.
CREATE FUNCTION subsidies.ledger_transfer(line text, from_county text, to_county text, of_year integer,
    cents bigint, document text, why text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    giver uuid := (SELECT a.id FROM subsidies.allotment a
                    WHERE (a.line_code, a.county_code, a.year) = (line, from_county, of_year));
    taker uuid;
    transfer uuid := platform.uuid7();
BEGIN
    IF giver IS NOT NULL THEN
        taker := subsidies.allotment_open(line, to_county, of_year);
    END IF;
    IF taker IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, debit, credit, amount_cents, reason,
        transfer_id, document_no, note, actor)
    VALUES (giver, from_county, 'available', 'treasury', cents, 'transfer', transfer, document, why, platform.actor()),
           (taker, to_county, 'treasury', 'available', cents, 'transfer', transfer, document, why, platform.actor());
    RETURN transfer;
END $$;

-- Money that came back of what had been paid. The claim's row says how much.
CREATE FUNCTION subsidies.ledger_refund(claim uuid, cents bigint, reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    recovered bigint;
BEGIN
    PERFORM set_config('app.ledger_note', coalesce(reason, ''), true);
    UPDATE subsidies.claim c SET recovered_cents = c.recovered_cents + cents
     WHERE c.id = claim AND c.funds = 'paid' AND cents > 0 AND c.recovered_cents + cents <= c.amount_cents
    RETURNING c.recovered_cents INTO recovered;
    PERFORM set_config('app.ledger_note', '', true);
    IF recovered IS NULL THEN
        PERFORM platform.refuse('subsidies.refund');
    END IF;
    RETURN recovered;
END $$;
COMMENT ON FUNCTION subsidies.ledger_refund(uuid, bigint, text) IS
    'paid -> available (a closed year: -> treasury) of a paid claim; returns what has come back so far';

-- Closes a line''s year in a county (NULL: all): what is left goes back to the
-- treasury. Refused by allotment_closed_check while money is held for claims.
CREATE FUNCTION subsidies.ledger_close(line text, of_year integer, county text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    closed bigint;
BEGIN
    PERFORM FROM subsidies.budget_line l WHERE l.code = line FOR NO KEY UPDATE;
    PERFORM FROM subsidies.allotment a
      WHERE a.line_code = line AND a.year = of_year AND a.closed_on IS NULL
        AND (county IS NULL OR a.county_code = county) ORDER BY a.id FOR NO KEY UPDATE;
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, debit, credit, amount_cents, reason, actor)
    SELECT a.id, a.county_code, 'available', 'treasury',
           a.appropriated_cents - a.reserved_cents - a.committed_cents - a.paid_cents, 'year_close',
           platform.actor()
      FROM subsidies.allotment a
     WHERE a.line_code = line AND a.year = of_year AND a.closed_on IS NULL
       AND (county IS NULL OR a.county_code = county)
       AND a.appropriated_cents > a.reserved_cents + a.committed_cents + a.paid_cents;
    UPDATE subsidies.allotment a SET closed_on = platform.today()
     WHERE a.line_code = line AND a.year = of_year AND a.closed_on IS NULL
       AND (county IS NULL OR a.county_code = county);
    GET DIAGNOSTICS closed = ROW_COUNT;
    RETURN closed;
END $$;

CREATE FUNCTION subsidies.allotment_json(a subsidies.allotment) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'line_code', a.line_code, 'county_code', a.county_code,
        'year', a.year, 'appropriated_cents', a.appropriated_cents, 'reserved_cents', a.reserved_cents,
        'committed_cents', a.committed_cents, 'paid_cents', a.paid_cents,
        'returned_cents', a.returned_cents, 'closed_on', a.closed_on, 'available_cents',
        a.appropriated_cents - a.reserved_cents - a.committed_cents - a.paid_cents, 'currency', 'CNY')
$$;

-- ---- nobody else ------------------------------------------------------------------------

REVOKE INSERT, UPDATE, DELETE ON subsidies.allotment, subsidies.ledger_entry, subsidies.budget_line,
    subsidies.budget_line_policy, subsidies.fund_source FROM subsidies_app, subsidies_system;
CALL platform.protect('subsidies.allotment', $$platform.in_areas(county_code, NULL)$$, $$false$$);
CALL platform.protect('subsidies.ledger_entry', $$platform.in_areas(county_code, NULL)$$, $$false$$);
REVOKE EXECUTE ON FUNCTION subsidies.ledger_apply(), subsidies.claim_money(),
    subsidies.allotment_open(text, text, integer) FROM subsidies_app, subsidies_system;
