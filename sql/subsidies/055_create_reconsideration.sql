-- What came to light after a claim was paid. The claim stays as it was paid;
-- the difference is proposed here, once for each new decision, and it is for
-- the top-up or the recovery that follows to decide what becomes of it.
CREATE TABLE subsidies.reconsideration (
    id               uuid PRIMARY KEY DEFAULT platform.uuid7(),
    claim_id         uuid NOT NULL REFERENCES subsidies.claim,
    decision_before  uuid NOT NULL REFERENCES subsidies.decision,   -- what was paid by
    decision_after   uuid NOT NULL REFERENCES subsidies.decision,   -- what holds now
    kind             text NOT NULL
        CONSTRAINT reconsideration_kind_check CHECK (kind IN ('top_up', 'recovery')),
    difference_cents bigint NOT NULL
        CONSTRAINT reconsideration_difference_check CHECK (difference_cents > 0),
    reason           text NOT NULL,     -- for people: which condition, or which amounts
    state            text NOT NULL DEFAULT 'proposed'
        CONSTRAINT reconsideration_state_check CHECK (state IN ('proposed', 'accepted', 'dropped', 'outdated')),
    policy_code      text NOT NULL,
    person_id        uuid,
    payee_kind       text NOT NULL,
    payee_id         uuid NOT NULL,
    county_code      text NOT NULL,
    area_code        text,
    created_at       timestamptz NOT NULL DEFAULT platform.now(),
    settled_at       timestamptz,
    CONSTRAINT reconsideration_claim_key UNIQUE (claim_id, decision_after)
);
COMMENT ON COLUMN subsidies.reconsideration.state IS
    'proposed; outdated: a later decision took its place; accepted, dropped: by an officer';
-- One open question about a claim: a newer one makes the former outdated.
CREATE UNIQUE INDEX reconsideration_open_key ON subsidies.reconsideration (claim_id)
    WHERE state = 'proposed';
CREATE INDEX reconsideration_list ON subsidies.reconsideration (county_code, state, id);
CREATE INDEX reconsideration_payee ON subsidies.reconsideration (payee_id, id);
CALL platform.protect('subsidies.reconsideration',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR payee_id IN (platform.person(), platform.org())$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE INSERT, UPDATE, DELETE ON subsidies.reconsideration FROM subsidies_app;
GRANT UPDATE (state, settled_at) ON subsidies.reconsideration TO subsidies_app;
REVOKE DELETE ON subsidies.reconsideration FROM subsidies_system;

-- A decision's outcome in one number: the rule, every condition's answer, the
-- amount. Judged again with the same number it stands, whatever day it is.
ALTER TABLE subsidies.decision ADD COLUMN digest bigint;
COMMENT ON COLUMN subsidies.decision.digest IS 'of the outcome; NULL: decided before there were digests';

-- A claim may be paid by a decision that no longer stood when the money left.
CREATE FUNCTION subsidies.claim_paid_late() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM subsidies.decision d
                WHERE d.subject_id = NEW.subject_id AND d.policy_code = NEW.policy_code
                  AND d.superseded_at IS NULL AND d.id <> NEW.decision_id) THEN
        PERFORM subsidies.due_person(ARRAY[NEW.person_id]);
        IF NEW.person_id IS NULL THEN
            PERFORM subsidies.due_org(ARRAY[NEW.org_id]);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_paid_late AFTER UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (NEW.state = 'paid' AND OLD.state <> 'paid')
    EXECUTE FUNCTION subsidies.claim_paid_late();
