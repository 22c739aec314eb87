-- Claims of every mode: who confirms, who does not answer, and their cases.

ALTER TABLE subsidies.claim ADD COLUMN contact_id uuid;
COMMENT ON COLUMN subsidies.claim.contact_id IS 'the person who gave the account: told when it changes';

-- The clerk at whose desk the caller, a person, is acting.
CREATE FUNCTION subsidies.assistant() RETURNS uuid
LANGUAGE sql STABLE RETURN CASE WHEN platform.person() IS NOT NULL AND platform.org() IS NULL
    AND platform.actor() <> platform.person() THEN platform.actor() END;

-- The period a claim is for, from the policy and the day of its subject.
CREATE FUNCTION subsidies.period_of(document jsonb, day date) RETURNS text
LANGUAGE sql IMMUTABLE RETURN CASE coalesce(document ->> 'period', 'once')
    WHEN 'year' THEN to_char(day, 'YYYY') WHEN 'quarter' THEN to_char(day, 'YYYY-"Q"Q')
    WHEN 'month' THEN to_char(day, 'YYYY-MM') ELSE 'once' END;

CREATE FUNCTION subsidies.subject_day(kind text, subject uuid) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN kind = 'employment'
                THEN (SELECT e.hired_on FROM subsidies.employment e WHERE e.id = subject)
                ELSE (SELECT f.from_on FROM subsidies.fact f WHERE f.id = subject AND f.known_to IS NULL) END
$$;

-- 帮工补贴 is the referrer's: they see the decision about their link, are told
-- of it, and may claim it as persons and employers do theirs.
CREATE FUNCTION subsidies.decision_payee(beneficiary text, subject uuid, person uuid, org uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE beneficiary WHEN 'person' THEN person
                WHEN 'referrer' THEN (SELECT r.payee_id FROM subsidies.referral r WHERE r.id = subject)
                ELSE org END
$$;
COMMENT ON FUNCTION subsidies.decision_payee(text, uuid, uuid, uuid) IS 'whose money an eligible decision is';

CALL platform.protect('subsidies.decision',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org()
      OR (subject_kind = 'referral' AND subsidies.decision_payee('referrer', subject_id, NULL, NULL)
          IN (platform.person(), platform.org()))$$,
    $$false$$);

-- What the caller may claim by itself: an eligible decision of a policy that is
-- claimed with one tap, whose money would be the caller's. The names of the
-- other party are not the caller's to read, hence the owner's rights. NULL: the
-- benefit is taken already, by whatever claim.
CREATE FUNCTION subsidies.claim_make(decision uuid, promised date) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    made uuid;
BEGIN
    INSERT INTO subsidies.claim (policy_code, policy_version_id, benefit_family, decision_id, subject_kind,
        subject_id, person_id, person_name_masked, org_id, org_name, payee_kind, payee_id, amount_cents,
        state, mode, period, promised_on, assisted_by, county_code, area_code)
    SELECT d.policy_code, d.policy_version_id, v.benefit_family, d.id, d.subject_kind, d.subject_id,
           d.person_id, p.name_masked, d.org_id, o.name,
           CASE WHEN platform.org() IS NULL THEN 'person' ELSE 'org' END,
           coalesce(platform.org(), platform.person()), nullif(d.amount_cents, 0), 'notified', v.mode,
           subsidies.period_of(v.document, subsidies.subject_day(d.subject_kind, d.subject_id)),
           promised, subsidies.assistant(), d.county_code, d.area_code
      FROM subsidies.decision d
      JOIN subsidies.policy_version v ON v.id = d.policy_version_id
      LEFT JOIN subsidies.person p ON p.id = d.person_id
      LEFT JOIN subsidies.org o ON o.id = d.org_id
     WHERE d.id = decision AND d.superseded_at IS NULL AND d.verdict = 'eligible' AND v.mode = 'direct'
       AND coalesce(platform.org(), platform.person()) =
           subsidies.decision_payee(v.beneficiary, d.subject_id, d.person_id, d.org_id)
       AND NOT EXISTS (SELECT FROM subsidies.claim c WHERE c.subject_id = d.subject_id
                          AND c.policy_code = d.policy_code
                          AND c.state NOT IN ('declined', 'waived', 'rejected'))
        ON CONFLICT DO NOTHING
    RETURNING id INTO made;
    INSERT INTO subsidies.claim_step (claim_id, step, to_state, actor)
    SELECT made, 'found', 'notified', platform.actor() WHERE made IS NOT NULL;
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.found.v1', c.id::text, c.county_code, jsonb_build_object('claim_id', c.id,
               'policy_code', c.policy_code, 'person_id', c.person_id, 'org_id', c.org_id,
               'amount_cents', c.amount_cents, 'county_code', c.county_code)
      FROM subsidies.claim c WHERE c.id = made;
    RETURN made;
END $$;

-- How often somebody who does not answer was asked, and when last. What was
-- said is in the claim's steps.
CREATE TABLE subsidies.nudge (
    claim_id    uuid PRIMARY KEY REFERENCES subsidies.claim,
    texts       smallint NOT NULL DEFAULT 0 CONSTRAINT nudge_texts_check CHECK (texts BETWEEN 0 AND 3),
    last_on     date NOT NULL,
    called_on   date,               -- an officer called; only after the last text
    listed_on   date,               -- in the public call since
    outcome     text CONSTRAINT nudge_outcome_check CHECK (outcome IN ('reached', 'no_answer', 'wrong_number')),
    policy_code text NOT NULL,
    title       text NOT NULL,      -- what the public call shows: the policy, and whom it is for
    payee_name  text NOT NULL,      -- a person's masked
    county_code text NOT NULL,
    area_code   text,
    CONSTRAINT nudge_order_check CHECK ((called_on IS NULL OR texts = 3)
        AND (listed_on IS NULL OR called_on IS NOT NULL))
);
CREATE INDEX claim_unanswered ON subsidies.claim (id) WHERE state = 'notified';
CREATE INDEX nudge_list ON subsidies.nudge (county_code, claim_id);
CALL platform.protect('subsidies.nudge',
    $$platform.in_areas(county_code, area_code)
      OR (listed_on IS NOT NULL AND platform.action() = 'subsidies.call.public')$$,
    $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON subsidies.nudge FROM subsidies_app;

-- Confirmed, declined or waived: nobody is being asked any more.
CREATE FUNCTION subsidies.claim_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM subsidies.nudge WHERE claim_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_answered AFTER UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (OLD.state = 'notified' AND NEW.state <> 'notified')
    EXECUTE FUNCTION subsidies.claim_answered();

-- The time a claim was suspended is not ours to be late with.
CREATE FUNCTION subsidies.claim_waits() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.promised_on := coalesce(subsidies.working_add(NEW.promised_on, subsidies.working_between(
        subsidies.local_day(OLD.moved_at), platform.today())), NEW.promised_on);
    RETURN NEW;
END $$;
CREATE TRIGGER claim_waits BEFORE UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (OLD.state = 'suspended' AND NEW.state <> 'suspended' AND NEW.promised_on IS NOT NULL)
    EXECUTE FUNCTION subsidies.claim_waits();

-- A waived claim takes its share back, if that is still free: the exclusion
-- constraint of hold refuses it otherwise.
CREATE FUNCTION subsidies.claim_takes_again() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE subsidies.hold SET live = true WHERE claim_id = NEW.id AND NOT live;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_takes_again AFTER UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (OLD.state = 'waived' AND NEW.state = 'notified')
    EXECUTE FUNCTION subsidies.claim_takes_again();

CREATE FUNCTION subsidies.matter_of(mode text) RETURNS text
LANGUAGE sql IMMUTABLE RETURN CASE mode WHEN 'direct' THEN 'SU-10' WHEN 'apply' THEN 'SU-11' ELSE 'SU-01' END;

-- As 008 has it, for every mode: an application's case is opened by submitting it.
CREATE OR REPLACE FUNCTION subsidies.claim_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.case_file (matter_code, subject_kind, subject_id, person_id, org_id, assisted_by,
                                     state, county_code, area_code, due_on)
    SELECT subsidies.matter_of(a.mode), 'claim', a.id, a.person_id, a.org_id, a.assisted_by, 'accepted',
           a.county_code, a.area_code, a.promised_on
      FROM after a JOIN before b ON b.id = a.id
     WHERE a.state = 'confirmed' AND b.state <> 'confirmed'
        ON CONFLICT (subject_id, matter_code) DO NOTHING;
    UPDATE subsidies.case_file f SET due_on = a.promised_on
      FROM after a JOIN before b ON b.id = a.id
     WHERE a.promised_on IS DISTINCT FROM b.promised_on AND f.subject_id = a.id
       AND f.matter_code = subsidies.matter_of(a.mode);
    WITH moved AS (
        UPDATE subsidies.case_file f
           SET state = CASE
                   WHEN a.state = 'confirmed' AND a.mode <> 'apply' THEN 'accepted'
                   WHEN a.state IN ('found', 'notified', 'returned') THEN 'waiting'
                   WHEN a.state IN ('declined', 'waived') THEN 'withdrawn'
                   WHEN a.state = 'rejected' THEN 'refused'
                   WHEN a.state = 'paid' THEN 'done' ELSE 'in_progress' END,
               closed_at = CASE WHEN a.state IN ('declined', 'waived', 'rejected', 'paid')
                                THEN platform.now() END
          FROM after a JOIN before b ON b.id = a.id
         WHERE a.state <> b.state AND f.subject_id = a.id
           AND f.matter_code = subsidies.matter_of(a.mode)
        RETURNING f.id, f.state, a.state AS step
    )
    INSERT INTO subsidies.case_step (case_id, step, state) SELECT id, step, state FROM moved;
    RETURN NULL;
END $$;
