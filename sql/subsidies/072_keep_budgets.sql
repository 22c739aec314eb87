-- What 财政 decides about lines, each with its document, and what is put right.

-- A line's sum is what the newest of these says.
CREATE TABLE subsidies.budget_appropriation (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    line_code    text NOT NULL REFERENCES subsidies.budget_line,
    was_cents    bigint,
    amount_cents bigint CONSTRAINT budget_appropriation_amount_check CHECK (amount_cents >= 0),
    document_no  text NOT NULL,
    dated_on     date NOT NULL,
    why          text NOT NULL,
    actor        uuid,
    county_code  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX budget_appropriation_line ON subsidies.budget_appropriation (line_code, id);
CALL platform.protect('subsidies.budget_appropriation', $$true$$, $$false$$);
REVOKE INSERT, UPDATE, DELETE ON subsidies.budget_appropriation FROM subsidies_app, subsidies_system;
COMMENT ON TABLE subsidies.budget_appropriation IS 'public: sums of budget lines, with the documents that set them';

-- NULL: no such line of this treasury (431100: the city's).
CREATE FUNCTION subsidies.line_appropriate(line text, treasury text, cents bigint, document text,
    dated date, why text) RETURNS subsidies.budget_appropriation
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    was  subsidies.budget_line;
    done subsidies.budget_appropriation;
BEGIN
    SELECT * INTO was FROM subsidies.budget_line l
     WHERE l.code = line AND l.county_code = treasury FOR NO KEY UPDATE;
    IF FOUND THEN
        INSERT INTO subsidies.budget_appropriation (line_code, was_cents, amount_cents, document_no, dated_on,
            why, actor, county_code)
        VALUES (line, was.appropriated_cents, cents, document, dated, why, platform.actor(), treasury)
        RETURNING * INTO done;
        UPDATE subsidies.budget_line l SET appropriated_cents = cents WHERE l.code = line;
    END IF;
    RETURN done;
END $$;

CREATE FUNCTION subsidies.line_open(line text, treasury text, source text, title text, basis text)
RETURNS subsidies.budget_line
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO subsidies.budget_line (code, fund_source, title, legal_basis, county_code)
    VALUES (line, source, title, basis, treasury) RETURNING *
$$;

-- Lets a line pay a policy, behind those of lower order; refused unless its source may.
CREATE FUNCTION subsidies.line_pays(line text, treasury text, policy text, ord smallint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM subsidies.budget_line l WHERE l.code = line AND l.county_code = treasury)
       OR NOT EXISTS (SELECT FROM subsidies.policy_version v WHERE v.code = policy) THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (SELECT FROM subsidies.policy_version v
                    WHERE v.code = policy AND subsidies.fund_pays(line, v.id)) THEN
        PERFORM platform.refuse('subsidies.fund_source');
    END IF;
    INSERT INTO subsidies.budget_line_policy AS lp (line_code, policy_code, ord) VALUES (line, policy, ord)
        ON CONFLICT (line_code, policy_code) DO UPDATE SET ord = excluded.ord;
    RETURN true;
END $$;

-- An entry is put right by its reverse, asked for by one person of the treasury
-- and agreed to by another.
CREATE TABLE subsidies.ledger_correction (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    entry_id     uuid NOT NULL REFERENCES subsidies.ledger_entry,
    reason       text NOT NULL,
    proposed_by  uuid NOT NULL,
    proposed_at  timestamptz NOT NULL DEFAULT platform.now(),
    state        text NOT NULL DEFAULT 'proposed' CONSTRAINT ledger_correction_state_check
        CHECK (state IN ('proposed', 'done', 'declined')),
    decided_by   uuid,
    decided_at   timestamptz,
    county_code  text NOT NULL,
    CONSTRAINT ledger_correction_second_check CHECK (decided_by <> proposed_by),
    CONSTRAINT ledger_correction_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX ledger_correction_entry_key ON subsidies.ledger_correction (entry_id)
    WHERE state <> 'declined';
CALL platform.protect('subsidies.ledger_correction', $$platform.in_areas(county_code, NULL)$$, $$false$$);
REVOKE INSERT, UPDATE, DELETE ON subsidies.ledger_correction FROM subsidies_app, subsidies_system;

-- What belongs to a claim's way to the bank is put right by moving the claim.
CREATE FUNCTION subsidies.correction_propose(entry uuid, why text) RETURNS subsidies.ledger_correction
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    e    subsidies.ledger_entry;
    made subsidies.ledger_correction;
BEGIN
    SELECT * INTO e FROM subsidies.ledger_entry x WHERE x.id = entry AND platform.in_areas(x.county_code, NULL);
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF e.reason NOT IN ('allot', 'take_back', 'transfer', 'refund') OR e.corrects IS NOT NULL THEN
        PERFORM platform.refuse('subsidies.entry_of_claim');
    END IF;
    INSERT INTO subsidies.ledger_correction (entry_id, reason, proposed_by, county_code)
    VALUES (e.id, why, platform.actor(), e.county_code) RETURNING * INTO made;
    RETURN made;
END $$;

-- Both sides of a transfer together; a refund by way of its claim.
CREATE FUNCTION subsidies.correction_decide(correction uuid, agree boolean) RETURNS subsidies.ledger_correction
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c subsidies.ledger_correction;
    e subsidies.ledger_entry;
BEGIN
    UPDATE subsidies.ledger_correction x
       SET state = CASE WHEN agree THEN 'done' ELSE 'declined' END, decided_by = platform.actor(),
           decided_at = platform.now()
     WHERE x.id = correction AND platform.in_areas(x.county_code, NULL) AND x.state = 'proposed'
    RETURNING * INTO c;
    IF NOT FOUND OR NOT agree THEN
        RETURN c;
    END IF;
    SELECT * INTO e FROM subsidies.ledger_entry x WHERE x.id = c.entry_id;
    IF e.reason = 'refund' THEN
        PERFORM set_config('app.ledger_note', c.reason, true), set_config('app.ledger_corrects', e.id::text, true);
        UPDATE subsidies.claim x SET recovered_cents = x.recovered_cents - e.amount_cents WHERE x.id = e.claim_id;
        PERFORM set_config('app.ledger_note', '', true), set_config('app.ledger_corrects', '', true);
        RETURN c;
    END IF;
    PERFORM FROM subsidies.budget_line l JOIN subsidies.allotment a ON a.line_code = l.code
      WHERE a.id = e.allotment_id FOR NO KEY UPDATE OF l;
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, debit, credit, amount_cents, reason,
        corrects, transfer_id, document_no, note, actor)
    SELECT x.allotment_id, x.county_code, x.credit, x.debit, x.amount_cents, 'correction', x.id,
           x.transfer_id, x.document_no, c.reason, platform.actor()
      FROM subsidies.ledger_entry x
     WHERE x.id = e.id OR (x.transfer_id = e.transfer_id AND x.corrects IS NULL);
    RETURN c;
END $$;
