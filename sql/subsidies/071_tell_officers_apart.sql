-- Who may touch a claim: different people at each step, none of them tied to
-- whom it is about; a step done for somebody on leave binds both.

-- ---- numbers the city or a county sets ------------------------------------------------

-- Nothing is set to begin with: then nothing lapses and nobody is warned.
CREATE TABLE subsidies.money_rule (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    name        text NOT NULL CONSTRAINT money_rule_name_check
        CHECK (name IN ('reserve_working_days', 'reserve_warning_working_days')),
    county_code text NOT NULL,          -- 431100: wherever a county has set none
    value       integer NOT NULL CONSTRAINT money_rule_value_check CHECK (value BETWEEN 1 AND 120),
    from_on     date NOT NULL,
    basis       text NOT NULL,
    set_by      uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT money_rule_day_key UNIQUE (name, county_code, from_on)
);
CALL platform.protect('subsidies.money_rule', $$true$$,
    $$platform.in_areas(county_code, NULL) OR county_code = '431100'$$);
REVOKE UPDATE, DELETE ON subsidies.money_rule FROM subsidies_app, subsidies_system;
COMMENT ON TABLE subsidies.money_rule IS 'public: how long money waits for its review, as set by document';

CREATE FUNCTION subsidies.money_rule_of(rule text, county text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.value FROM subsidies.money_rule r
     WHERE r.name = rule AND r.county_code IN (county, '431100') AND r.from_on <= platform.today()
     ORDER BY r.county_code = '431100', r.from_on DESC LIMIT 1
$$;

ALTER TABLE subsidies.claim ADD COLUMN reserve_warned boolean NOT NULL DEFAULT false;
CREATE INDEX claim_reserved_until ON subsidies.claim (reserved_until) WHERE funds = 'reserved';

-- ---- approval tiers ---------------------------------------------------------------------

ALTER TABLE subsidies.policy_version
    ADD COLUMN approval jsonb GENERATED ALWAYS AS (document -> 'approval') STORED;

-- Who may do a step for so much: county or city. Tiers end with one that has no
-- limit; above the last that has one it is the city.
CREATE FUNCTION subsidies.approval_level(approval jsonb, step text, cents bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((
        SELECT coalesce(t.tier ->> 'level', 'city')
          FROM jsonb_array_elements(approval) AS s (row)
         CROSS JOIN LATERAL jsonb_array_elements(s.row -> 'tiers' || '[null]') WITH ORDINALITY AS t (tier, ord)
         WHERE s.row ->> 'step' = step AND jsonb_array_length(s.row -> 'tiers') > 0
           AND (t.tier ->> 'up_to_cents' IS NULL OR cents <= (t.tier ->> 'up_to_cents')::bigint)
         ORDER BY t.ord LIMIT 1), 'county')
$$;

-- ---- four hands -------------------------------------------------------------------------

ALTER TABLE subsidies.claim_hand
    DROP CONSTRAINT claim_hand_hand_check,
    ADD CONSTRAINT claim_hand_hand_check CHECK (hand IN ('create', 'confirm', 'first_review',
        'recheck', 'approve', 'pay', 'sign'));

-- A step for somebody on leave: the other's hand is taken too.
ALTER TABLE subsidies.claim_step
    ADD COLUMN on_behalf_of uuid,
    ADD CONSTRAINT claim_step_behalf_fkey FOREIGN KEY (claim_id, on_behalf_of, hand)
        REFERENCES subsidies.claim_hand (claim_id, actor, hand);

-- No claim gets anywhere without the people it takes, whoever moves it.
CREATE FUNCTION subsidies.claim_hands() RETURNS trigger
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
CREATE TRIGGER claim_hands AFTER UPDATE ON subsidies.claim
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION subsidies.claim_hands();

-- ---- 优亲厚友 -----------------------------------------------------------------------------

-- Whom and what an officer is close to. The officer and the auditors see it.
CREATE TABLE subsidies.officer_tie (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    officer_id    uuid NOT NULL,
    tie           text NOT NULL CONSTRAINT officer_tie_tie_check CHECK (tie IN ('self', 'household',
        'kin', 'legal_representative', 'account', 'other')),
    id_index      text,                 -- a person, by blind index
    uscc          text,                 -- an organisation
    account_index text,                 -- an account, by blind index
    source        text NOT NULL CONSTRAINT officer_tie_source_check CHECK (source IN ('declared', 'imported')),
    note          text,
    declared_by   uuid NOT NULL,
    from_on       date NOT NULL,
    to_on         date,
    county_code   text NOT NULL,
    ended_by      uuid,
    end_why       text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT officer_tie_whom_check CHECK (num_nonnulls(id_index, uscc, account_index) = 1),
    CONSTRAINT officer_tie_days_check CHECK (to_on >= from_on),
    CONSTRAINT officer_tie_end_check CHECK (ended_by IS NULL OR (to_on IS NOT NULL AND ended_by <> officer_id))
);
CREATE INDEX officer_tie_officer ON subsidies.officer_tie (officer_id);
CREATE UNIQUE INDEX officer_tie_key ON subsidies.officer_tie
    (officer_id, tie, coalesce(id_index, uscc, account_index)) WHERE to_on IS NULL;
-- Auditors of the city see its own officers' too: their areas are all the counties.
CALL platform.protect('subsidies.officer_tie',
    $$officer_id = platform.actor()
      OR (platform.action() LIKE 'subsidies.tie.audit.%' AND (platform.in_areas(county_code, NULL)
          OR (county_code = '431100' AND cardinality(platform.areas()) > 10)))$$);
REVOKE DELETE ON subsidies.officer_tie FROM subsidies_app, subsidies_system;
REVOKE UPDATE ON subsidies.officer_tie FROM subsidies_app, subsidies_system;
GRANT UPDATE (to_on, ended_by, end_why) ON subsidies.officer_tie TO subsidies_app, subsidies_system;

-- What ties an officer to a claim, NULL: nothing known.
CREATE FUNCTION subsidies.tie_of(officer uuid, c subsidies.claim) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH mine AS (
        SELECT t.* FROM subsidies.officer_tie t
         WHERE t.officer_id = officer AND t.from_on <= platform.today()
           AND (t.to_on IS NULL OR t.to_on >= platform.today())
    ), people AS (
        SELECT p.id_index FROM subsidies.person p
         WHERE p.id IN (c.person_id, c.payee_id, subsidies.canonical(c.person_id))
    ), firm AS (
        SELECT o.id, o.uscc FROM subsidies.org o WHERE o.id IN (c.org_id, c.payee_id)
    )
    SELECT coalesce(
        (SELECT m.tie FROM mine m JOIN people USING (id_index) LIMIT 1),
        (SELECT m.tie FROM mine m JOIN firm USING (uscc) LIMIT 1),
        (SELECT 'account' FROM mine m WHERE m.account_index = c.account_index LIMIT 1),
        (SELECT 'account' FROM subsidies.claim other        -- where the officer's own people were paid
           JOIN subsidies.person p ON p.id = other.payee_id
           JOIN mine m ON m.id_index = p.id_index
          WHERE other.account_index = c.account_index AND other.id <> c.id LIMIT 1),
        (SELECT 'legal_representative' FROM mine m
           JOIN subsidies.fact f ON f.kind = 'licence' AND f.code = 'legal_representative' AND f.known_to IS NULL
            AND f.from_on <= platform.today() AND coalesce(f.to_on, 'infinity') >= platform.today()
            AND (f.org_id IN (SELECT id FROM firm) OR f.uscc IN (SELECT uscc FROM firm))
            AND (f.id_index = m.id_index
                 OR f.person_id = (SELECT p.id FROM subsidies.person p WHERE p.id_index = m.id_index))
          WHERE m.id_index IS NOT NULL LIMIT 1),
        (SELECT 'employer' FROM mine m
           JOIN subsidies.person p ON p.id_index = m.id_index
           JOIN subsidies.employment e ON e.person_id = p.id AND e.org_id IN (SELECT id FROM firm)
            AND e.hired_on <= platform.today() AND coalesce(e.ended_on, 'infinity') >= platform.today()
          WHERE m.tie = 'self' LIMIT 1))
$$;

-- The message is an error's code and, as its pointer, the kind of the tie.
CREATE FUNCTION subsidies.hands_untied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    tied text;
BEGIN
    SELECT coalesce(CASE WHEN f.hand <> 'confirm' AND f.actor IN (c.person_id, c.payee_id) THEN 'self' END,
                    CASE WHEN EXISTS (SELECT FROM subsidies.officer_tie t WHERE t.officer_id = f.actor)
                         THEN subsidies.tie_of(f.actor, c) END) AS tie
      INTO tied
      FROM fresh f JOIN subsidies.claim c ON c.id = f.claim_id
     WHERE f.actor IS NOT NULL
       AND coalesce(CASE WHEN f.hand <> 'confirm' AND f.actor IN (c.person_id, c.payee_id) THEN 'self' END,
                    CASE WHEN EXISTS (SELECT FROM subsidies.officer_tie t WHERE t.officer_id = f.actor)
                         THEN subsidies.tie_of(f.actor, c) END) IS NOT NULL
     LIMIT 1;
    IF tied IS NOT NULL THEN
        RAISE EXCEPTION 'subsidies.conflict_of_interest /%', tied USING ERRCODE = 'YJ002';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hands_untied AFTER INSERT ON subsidies.claim_hand
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION subsidies.hands_untied();
CREATE TRIGGER steps_untied AFTER INSERT ON subsidies.claim_step
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION subsidies.hands_untied();

CREATE FUNCTION subsidies.objection_untied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    tied text;
BEGIN
    SELECT subsidies.tie_of(NEW.resolved_by, c) INTO tied
      FROM subsidies.claim c
     WHERE c.notice_line_id = NEW.notice_line_id AND subsidies.tie_of(NEW.resolved_by, c) IS NOT NULL LIMIT 1;
    IF tied IS NOT NULL THEN
        RAISE EXCEPTION 'subsidies.conflict_of_interest /%', tied USING ERRCODE = 'YJ002';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER objection_untied AFTER UPDATE ON subsidies.objection FOR EACH ROW
    WHEN (NEW.resolved_by IS NOT NULL AND NEW.resolved_by IS DISTINCT FROM OLD.resolved_by)
    EXECUTE FUNCTION subsidies.objection_untied();

-- Who was refused at what, for the supervisors.
CREATE TABLE subsidies.tie_refusal (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    officer_id  uuid NOT NULL,
    claim_id    uuid NOT NULL REFERENCES subsidies.claim,
    tie         text NOT NULL,
    action      text NOT NULL,
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('subsidies.tie_refusal', $$platform.in_areas(county_code, NULL)$$);
REVOKE UPDATE, DELETE ON subsidies.tie_refusal FROM subsidies_app, subsidies_system;

-- ---- delegation -------------------------------------------------------------------------

CREATE TABLE subsidies.delegation (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    delegator   uuid NOT NULL,
    delegate    uuid NOT NULL,
    hand        text NOT NULL CONSTRAINT delegation_hand_check
        CHECK (hand IN ('first_review', 'recheck', 'approve', 'pay')),
    county_code text NOT NULL,          -- 431100: the city's step, in any county
    from_on     date NOT NULL,
    to_on       date NOT NULL,
    why         text NOT NULL,
    ended_on    date,                   -- from this day on it is over
    ended_by    uuid,
    end_why     text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT delegation_two_check CHECK (delegator <> delegate),
    CONSTRAINT delegation_days_check CHECK (from_on <= to_on),
    CONSTRAINT delegation_end_check CHECK ((ended_on IS NULL) = (ended_by IS NULL)),
    -- One at a time, for who gives and for who takes.
    CONSTRAINT delegation_overlap_excl EXCLUDE USING gist (delegator WITH =, hand WITH =, county_code WITH =,
        daterange(from_on, least(to_on, ended_on - 1), '[]') WITH &&) WHERE (ended_on IS NULL OR ended_on > from_on),
    CONSTRAINT delegation_taken_excl EXCLUDE USING gist (delegate WITH =, hand WITH =, county_code WITH =,
        daterange(from_on, least(to_on, ended_on - 1), '[]') WITH &&) WHERE (ended_on IS NULL OR ended_on > from_on)
);
CREATE INDEX delegation_delegate ON subsidies.delegation (delegate, hand);
CALL platform.protect('subsidies.delegation',
    $$platform.in_areas(county_code, NULL) OR platform.actor() IN (delegator, delegate)
      OR (county_code = '431100' AND cardinality(platform.areas()) > 10)$$);
REVOKE UPDATE, DELETE ON subsidies.delegation FROM subsidies_app, subsidies_system;
GRANT UPDATE (ended_on, ended_by, end_why) ON subsidies.delegation TO subsidies_app, subsidies_system;

CREATE TABLE subsidies.delegation_log (
    ord           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delegation_id uuid NOT NULL REFERENCES subsidies.delegation,
    what          text NOT NULL,        -- given, ended
    was           jsonb,
    now_is        jsonb NOT NULL,
    actor         uuid,
    county_code   text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('subsidies.delegation_log',
    $$EXISTS (SELECT FROM subsidies.delegation d WHERE d.id = delegation_id)$$, $$false$$);
REVOKE INSERT, UPDATE, DELETE ON subsidies.delegation_log FROM subsidies_app, subsidies_system;

CREATE FUNCTION subsidies.delegation_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.delegation_log (delegation_id, what, was, now_is, actor, county_code)
    VALUES (NEW.id, CASE TG_OP WHEN 'INSERT' THEN 'given' ELSE 'ended' END,
            CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) END, to_jsonb(NEW), platform.actor(), NEW.county_code);
    RETURN NULL;
END $$;
CREATE TRIGGER delegation_kept AFTER INSERT OR UPDATE ON subsidies.delegation
    FOR EACH ROW EXECUTE FUNCTION subsidies.delegation_kept();
