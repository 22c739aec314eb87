-- 补发: a claim beside a paid one, about the same subject, for the difference.
-- It takes no share of its own (the first claim holds it) and so exists only
-- where two officers approved it, of that amount. Money that a reversal gives
-- back to a payee goes the same way: approved by two, then through all hands.
ALTER TABLE subsidies.claim ADD COLUMN supplements uuid REFERENCES subsidies.claim;
COMMENT ON COLUMN subsidies.claim.supplements IS 'the paid claim whose holds this one lives under';
CREATE INDEX claim_supplements ON subsidies.claim (supplements) WHERE supplements IS NOT NULL;

CREATE TABLE subsidies.topup (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    claim_id     uuid NOT NULL REFERENCES subsidies.claim,
    source       text NOT NULL CONSTRAINT topup_source_check CHECK (source IN ('reconsideration', 'reversal', 'appeal')),
    source_id    uuid NOT NULL,
    decision_id  uuid,                  -- what holds now; NULL: what the claim was paid by
    amount_cents bigint NOT NULL CONSTRAINT topup_amount_check CHECK (amount_cents > 0),
    reason       text NOT NULL,
    state        text NOT NULL DEFAULT 'proposed' CONSTRAINT topup_state_check
        CHECK (state IN ('proposed', 'approved', 'refused')),
    note         text,
    made_claim   uuid CONSTRAINT topup_claim_key UNIQUE REFERENCES subsidies.claim DEFERRABLE INITIALLY DEFERRED,
    proposed_by  uuid NOT NULL DEFAULT platform.actor(),
    decided_by   uuid,
    payee_id     uuid NOT NULL,
    person_id    uuid,
    county_code  text NOT NULL,
    area_code    text,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT topup_hands_check CHECK (decided_by <> proposed_by),
    CONSTRAINT topup_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT topup_made_check CHECK ((state = 'approved') = (made_claim IS NOT NULL))
);
CREATE UNIQUE INDEX topup_source_key ON subsidies.topup (source_id) WHERE state <> 'refused';
CREATE INDEX topup_list ON subsidies.topup (county_code, state, id);
CALL platform.protect('subsidies.topup',
    $$platform.in_areas(county_code, area_code) OR payee_id IN (platform.person(), platform.org())$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON subsidies.topup FROM subsidies_app, subsidies_system;

DROP TRIGGER claim_takes ON subsidies.claim;
CREATE TRIGGER claim_takes BEFORE INSERT ON subsidies.claim
    FOR EACH ROW WHEN (NEW.supplements IS NULL) EXECUTE FUNCTION subsidies.claim_takes();

CREATE FUNCTION subsidies.claim_supplements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM subsidies.topup t JOIN subsidies.claim c ON c.id = t.claim_id
                    WHERE t.made_claim = NEW.id AND t.amount_cents = NEW.amount_cents AND c.id = NEW.supplements
                      AND c.state = 'paid' AND (c.policy_code, c.subject_id, c.payee_id, c.period, c.county_code)
                        = (NEW.policy_code, NEW.subject_id, NEW.payee_id, NEW.period, NEW.county_code)) THEN
        RAISE EXCEPTION 'a claim beside % that nobody approved', NEW.supplements;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_supplements BEFORE INSERT ON subsidies.claim
    FOR EACH ROW WHEN (NEW.supplements IS NOT NULL) EXECUTE FUNCTION subsidies.claim_supplements();

-- Approves: the claim is made, its payee is told to confirm an account.
CREATE FUNCTION subsidies.topup_make(t subsidies.topup) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c    subsidies.claim;
    made uuid := platform.uuid7();
BEGIN
    SELECT * INTO c FROM subsidies.claim x WHERE x.id = t.claim_id;
    UPDATE subsidies.topup x SET state = 'approved', decided_by = t.decided_by, note = t.note, made_claim = made
     WHERE x.id = t.id;
    INSERT INTO subsidies.claim (id, supplements, policy_code, policy_version_id, benefit_family, decision_id,
        subject_kind, subject_id, person_id, person_name_masked, org_id, org_name, payee_kind, payee_id, period,
        mode, amount_cents, state, county_code, area_code)
    VALUES (made, c.id, c.policy_code, c.policy_version_id, c.benefit_family, coalesce(t.decision_id, c.decision_id),
        c.subject_kind, c.subject_id, c.person_id, c.person_name_masked, c.org_id, c.org_name, c.payee_kind,
        c.payee_id, c.period, c.mode, t.amount_cents, 'notified', c.county_code, c.area_code);
    INSERT INTO subsidies.claim_step (claim_id, step, to_state, note)
    VALUES (made, 'found', 'found', t.reason), (made, 'notify', 'notified', NULL);
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    VALUES ('subsidies.claim.found.v1', made::text, c.county_code, jsonb_build_object('claim_id', made,
        'policy_code', c.policy_code, 'person_id', c.person_id, 'org_id', c.org_id, 'amount_cents', t.amount_cents,
        'county_code', c.county_code));
    PERFORM subsidies.tell(CASE c.payee_kind WHEN 'person' THEN c.payee_id END,
        CASE c.payee_kind WHEN 'org' THEN c.payee_id END, 'claim.supplement', '有一笔补发补贴待确认',
        format('补发 %s 元：%s。请确认收款账户。', subsidies.yuan(t.amount_cents), t.reason), 'claim', made);
    RETURN made;
END $$;

CREATE FUNCTION subsidies.yuan(cents bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN cents < 0 THEN '-' ELSE '' END || abs(cents) / 100 || '.' || lpad((abs(cents) % 100)::text, 2, '0')
$$;

CREATE FUNCTION subsidies.topup_json(t subsidies.topup) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', t.id, 'claim_id', t.claim_id, 'source', t.source, 'source_id', t.source_id,
        'amount_cents', t.amount_cents, 'currency', 'CNY', 'reason', t.reason, 'state', t.state, 'note', t.note,
        'supplement_claim_id', t.made_claim, 'person_id', t.person_id, 'payee_id', t.payee_id,
        'county_code', t.county_code, 'proposed_at', t.created_at)
$$;

-- From a reconsideration that says more is due.
CREATE FUNCTION subsidies.topup_propose(source uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    n subsidies.reconsideration;
    t subsidies.topup;
BEGIN
    SELECT * INTO n FROM subsidies.reconsideration x WHERE x.id = source FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF n.kind <> 'top_up' OR n.state <> 'proposed' THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    UPDATE subsidies.reconsideration x SET state = 'accepted', settled_at = platform.now() WHERE x.id = n.id;
    INSERT INTO subsidies.topup (claim_id, source, source_id, decision_id, amount_cents, reason, payee_id, person_id,
                                 county_code, area_code)
    VALUES (n.claim_id, 'reconsideration', n.id, n.decision_after, n.difference_cents, n.reason, n.payee_id,
            n.person_id, n.county_code, n.area_code)
    RETURNING * INTO t;
    RETURN subsidies.topup_json(t);
END $$;

CREATE FUNCTION subsidies.topup_decide(topup uuid, decision text, why text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    t subsidies.topup;
BEGIN
    SELECT * INTO t FROM subsidies.topup x WHERE x.id = topup FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF t.state <> 'proposed' THEN
        PERFORM platform.refuse('state.wrong');
    ELSIF t.proposed_by = platform.actor() THEN
        PERFORM platform.refuse('subsidies.same_hand');
    END IF;
    t.decided_by := platform.actor();
    t.note := why;
    IF decision = 'pass' THEN
        PERFORM subsidies.topup_make(t);
    ELSE
        UPDATE subsidies.topup x SET state = 'refused', decided_by = t.decided_by, note = why WHERE x.id = t.id;
        UPDATE subsidies.reconsideration x SET state = 'dropped' WHERE x.id = t.source_id;
    END IF;
    SELECT * INTO t FROM subsidies.topup x WHERE x.id = topup;
    RETURN subsidies.topup_json(t);
END $$;
