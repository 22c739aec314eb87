-- Claims for anything a policy can be about, by persons as well as employers,
-- and what each claim takes of its holders' share (holds).
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA platform;

ALTER TABLE subsidies.decision
    DROP CONSTRAINT decision_employment_id_fkey,
    DROP CONSTRAINT decision_amount_check,
    ALTER COLUMN person_id DROP NOT NULL,
    ALTER COLUMN org_id DROP NOT NULL,
    ADD COLUMN subject_kind text NOT NULL DEFAULT 'employment',
    ADD CONSTRAINT decision_amount_check CHECK (amount_cents >= 0);
ALTER TABLE subsidies.decision RENAME COLUMN employment_id TO subject_id;
ALTER TABLE subsidies.decision ALTER COLUMN subject_kind DROP DEFAULT;

ALTER TABLE subsidies.claim
    DROP CONSTRAINT claim_employment_id_fkey,
    ALTER COLUMN person_id DROP NOT NULL,
    ALTER COLUMN person_name_masked DROP NOT NULL,
    ALTER COLUMN org_id DROP NOT NULL,
    ALTER COLUMN org_name DROP NOT NULL,
    ALTER COLUMN decision_id DROP NOT NULL,     -- an application is judged when it is complete
    ADD COLUMN subject_kind text NOT NULL DEFAULT 'employment',
    ADD COLUMN payee_kind text NOT NULL DEFAULT 'org'
        CONSTRAINT claim_payee_kind_check CHECK (payee_kind IN ('person', 'org')),
    ADD COLUMN payee_id uuid,
    ADD COLUMN period text NOT NULL DEFAULT 'once'  -- once, 2025, 2025-Q1, 2025-03
        CONSTRAINT claim_period_check CHECK (period ~ '^(once|[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?)$'),
    ADD COLUMN mode text NOT NULL DEFAULT 'auto'
        CONSTRAINT claim_mode_check CHECK (mode IN ('auto', 'direct', 'apply', 'round')),
    ADD COLUMN account_index text,      -- blind index of the account number: 优亲厚友
    ADD COLUMN assisted_by uuid,        -- the clerk at whose desk it was claimed
    ADD COLUMN reserved_until date,     -- then the money set aside is freed
    ADD COLUMN recovered_cents bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT claim_recovered_check CHECK (recovered_cents BETWEEN 0 AND coalesce(amount_cents, 0)),
    DROP CONSTRAINT claim_state_check,
    ADD CONSTRAINT claim_state_check CHECK (state IN (
        'found', 'drafted', 'notified', 'applied', 'confirmed', 'declined', 'waived',
        'first_reviewed', 'rechecked', 'approved', 'public', 'payable', 'batched', 'paid',
        'returned', 'rejected', 'suspended')),
    DROP CONSTRAINT claim_funds_check,
    ADD CONSTRAINT claim_funds_check CHECK (CASE
        WHEN state IN ('found', 'drafted', 'notified', 'applied', 'declined', 'waived', 'rejected')
            THEN funds = 'available'
        WHEN state IN ('confirmed', 'first_reviewed', 'rechecked') THEN funds = 'reserved'
        WHEN state IN ('approved', 'public', 'payable', 'batched', 'returned') THEN funds = 'committed'
        WHEN state = 'paid' THEN funds = 'paid'
        ELSE funds IN ('available', 'reserved', 'committed') END);
ALTER TABLE subsidies.claim RENAME COLUMN employment_id TO subject_id;
UPDATE subsidies.claim SET payee_id = org_id;
ALTER TABLE subsidies.claim
    ALTER COLUMN payee_id SET NOT NULL,
    ALTER COLUMN subject_kind DROP DEFAULT,
    ALTER COLUMN payee_kind DROP DEFAULT;
CREATE INDEX claim_payee ON subsidies.claim (payee_id, state);
CREATE INDEX claim_account_index ON subsidies.claim (account_index) WHERE account_index IS NOT NULL;

-- One registration of a person for all.
CREATE FUNCTION subsidies.canonical(person uuid) RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT a.person_id FROM subsidies.person_alias a WHERE a.alias_id = person), person)
$$;

CREATE FUNCTION subsidies.period_range(period text) RETURNS daterange
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN period = 'once' THEN daterange(NULL, NULL)
        WHEN period ~ '^\d{4}$' THEN daterange(make_date(period::integer, 1, 1), make_date(period::integer + 1, 1, 1))
        WHEN period ~ 'Q' THEN daterange(make_date(left(period, 4)::integer, right(period, 1)::integer * 3 - 2, 1),
            (make_date(left(period, 4)::integer, right(period, 1)::integer * 3 - 2, 1) + interval '3 months')::date)
        ELSE daterange((period || '-01')::date, ((period || '-01')::date + interval '1 month')::date) END
$$;

-- 不得重复享受: a live hold is one share of a family for a holder over some days.
-- Two claims, whatever their policies, counties and moments, cannot have the same.
CREATE TABLE subsidies.hold (
    claim_id    uuid NOT NULL REFERENCES subsidies.claim DEFERRABLE INITIALLY DEFERRED,
    family      text NOT NULL,
    holder_kind text NOT NULL CONSTRAINT hold_holder_kind_check CHECK (holder_kind IN ('person', 'org', 'subject')),
    holder_id   uuid NOT NULL,
    share       smallint NOT NULL DEFAULT 1,    -- of the times the family allows in these days
    over        daterange NOT NULL,
    live        boolean NOT NULL DEFAULT true,
    county_code text NOT NULL,
    PRIMARY KEY (claim_id, family, holder_id),
    CONSTRAINT hold_double_benefit_excl EXCLUDE USING gist
        (family WITH =, holder_id WITH =, share WITH =, over WITH &&) WHERE (live)
);
CREATE INDEX hold_holder ON subsidies.hold (holder_id, family) WHERE live;
CALL platform.protect('subsidies.hold',
    $$EXISTS (SELECT FROM subsidies.claim c WHERE c.id = claim_id)$$, $$false$$);
REVOKE DELETE ON subsidies.hold FROM subsidies_app;

-- Takes what the policy says a claim holds; without all of it there is no claim,
-- as on a conflict. Over: ever, the claim's period, or its calendar year.
CREATE FUNCTION subsidies.claim_takes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    h      record;
    holder uuid;
    share  integer;
    days   daterange;
BEGIN
    FOR h IN SELECT x.family, x.holder, x.over, coalesce(x.times, 1) AS times
               FROM subsidies.policy_version v,
                    jsonb_to_recordset(v.holds) AS x (family text, holder text, over text, times integer)
              WHERE v.id = NEW.policy_version_id LOOP
        holder := CASE h.holder WHEN 'person' THEN subsidies.canonical(NEW.person_id)
                                WHEN 'org' THEN NEW.org_id ELSE NEW.subject_id END;
        days := CASE h.over WHEN 'ever' THEN daterange(NULL, NULL)
                            WHEN 'year' THEN subsidies.period_range(left(CASE NEW.period
                                WHEN 'once' THEN platform.today()::text ELSE NEW.period END, 4))
                            ELSE subsidies.period_range(NEW.period) END;
        share := 0;
        WHILE holder IS NOT NULL LOOP
            share := share + 1;
            IF share > h.times THEN
                DELETE FROM subsidies.hold WHERE claim_id = NEW.id;
                RETURN NULL;
            END IF;
            INSERT INTO subsidies.hold (claim_id, family, holder_kind, holder_id, share, over, county_code)
            VALUES (NEW.id, h.family, h.holder, holder, share, days, NEW.county_code)
                ON CONFLICT DO NOTHING;
            EXIT WHEN FOUND;
        END LOOP;
    END LOOP;
    RETURN NEW;
END $$;
DROP TRIGGER claim_once_a_person ON subsidies.claim;
DROP FUNCTION subsidies.claim_once_a_person();
CREATE TRIGGER claim_takes BEFORE INSERT ON subsidies.claim
    FOR EACH ROW EXECUTE FUNCTION subsidies.claim_takes();
INSERT INTO subsidies.hold (claim_id, family, holder_kind, holder_id, over, live, county_code)
SELECT c.id, c.benefit_family, 'person', subsidies.canonical(c.person_id), daterange(NULL, NULL),
       c.state NOT IN ('declined', 'rejected'), c.county_code FROM subsidies.claim c;

-- A claim that ends without money gives back what it held.
CREATE FUNCTION subsidies.claim_gives_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE subsidies.hold SET live = false WHERE claim_id = NEW.id AND live;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_gives_back AFTER UPDATE ON subsidies.claim
    FOR EACH ROW WHEN (NEW.state IN ('declined', 'waived', 'rejected') AND OLD.state <> NEW.state)
    EXECUTE FUNCTION subsidies.claim_gives_back();
DROP INDEX subsidies.claim_double_benefit_key;

CREATE OR REPLACE FUNCTION subsidies.claim_json(c subsidies.claim) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'policy_code', c.policy_code, 'state', c.state, 'mode', c.mode,
        'resume_state', c.resume_state, 'person_id', c.person_id,
        'person_name', c.person_name_masked, 'org_id', c.org_id, 'org_name', c.org_name,
        'payee_kind', c.payee_kind, 'payee_id', c.payee_id, 'period', c.period,
        'subject_kind', c.subject_kind, 'subject_id', c.subject_id, 'decision_id', c.decision_id,
        'amount_cents', c.amount_cents, 'recovered_cents', c.recovered_cents, 'currency', 'CNY',
        'account_masked', c.account_masked, 'account_name', c.account_name,
        'payment_no', c.payment_no, 'notice_line_id', c.notice_line_id,
        'promised_on', c.promised_on, 'county_code', c.county_code, 'area_code', c.area_code,
        'found_at', c.created_at, 'moved_at', c.moved_at)
$$;
CALL platform.protect('subsidies.claim',
    $$platform.in_areas(county_code, area_code) OR person_id = platform.person()
      OR org_id = platform.org() OR payee_id IN (platform.person(), platform.org())$$,
    $$platform.in_areas(county_code, area_code) OR payee_id IN (platform.person(), platform.org())$$);

-- Lines of a notice may be about a person: then the name is masked.
ALTER TABLE subsidies.notice_line
    DROP CONSTRAINT notice_line_org_key,
    ALTER COLUMN org_id DROP NOT NULL;
ALTER TABLE subsidies.notice_line RENAME COLUMN org_id TO payee_id;
ALTER TABLE subsidies.notice_line RENAME COLUMN org_name TO payee_name;
ALTER TABLE subsidies.notice_line ALTER COLUMN payee_id SET NOT NULL;
ALTER TABLE subsidies.notice_line ADD CONSTRAINT notice_line_payee_key UNIQUE (notice_id, payee_id);
