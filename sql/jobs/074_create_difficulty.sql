-- 就业困难人员认定. Who counts is a list of the province, as data with dates; the
-- kinds here are those usual elsewhere, off until the city turns them on, and no
-- certificate is issued while its validity is not set.
CREATE TABLE jobs.difficulty_kind (
    code         text NOT NULL CONSTRAINT difficulty_kind_code_check CHECK (code IN
        ('older', 'disabled', 'low_income', 'long_unemployed', 'land_lost', 'zero_household',
         'hard_graduate')),
    from_on      date NOT NULL,
    name         text NOT NULL,
    basis        text NOT NULL,
    evidence     text NOT NULL,
    rule         text CONSTRAINT difficulty_kind_rule_check
        CHECK (rule IN ('age', 'unemployed_months', 'zero_household')),
    age_men      smallint, age_women smallint, months_least smallint,
    is_sensitive boolean NOT NULL,
    source       text NOT NULL CONSTRAINT difficulty_kind_source_check
        CHECK (source IN ('typical', 'province', 'city')),
    is_enabled   boolean NOT NULL,
    valid_months smallint CONSTRAINT difficulty_kind_valid_check CHECK (valid_months BETWEEN 1 AND 120),
    set_by       uuid DEFAULT platform.actor(),
    set_at       timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (code, from_on),
    CONSTRAINT difficulty_kind_ages_check CHECK ((rule = 'age') = (num_nonnulls(age_men, age_women) = 2)),
    CONSTRAINT difficulty_kind_months_check CHECK ((rule = 'unemployed_months') = (months_least IS NOT NULL))
);
COMMENT ON TABLE jobs.difficulty_kind IS 'public: who may be recognised, since when';
COMMENT ON COLUMN jobs.difficulty_kind.rule IS 'checked by our own data; NULL: by the proof alone';
CALL platform.protect('jobs.difficulty_kind', 'true', $$jobs.in_charge('431100')$$);

INSERT INTO jobs.difficulty_kind (code, from_on, name, basis, evidence, rule, age_men, age_women,
    months_least, is_sensitive, source, is_enabled)
SELECT code, DATE '2024-01-01', name, '各地通行类别，本省名单待补', evidence, rule, men, women, months,
       sensitive, 'typical', false
  FROM (VALUES
    ('older', '大龄失业人员', '居民身份证', 'age', 50, 40, NULL, false),
    ('disabled', '残疾人员', '残疾人证', NULL, NULL, NULL, NULL, true),
    ('low_income', '享受最低生活保障人员', '最低生活保障证明', NULL, NULL, NULL, NULL, false),
    ('long_unemployed', '连续失业一年以上人员', '失业登记记录', 'unemployed_months', NULL, NULL, 12, false),
    ('land_lost', '失去土地的人员', '土地征收证明', NULL, NULL, NULL, NULL, false),
    ('zero_household', '零就业家庭成员', '零就业家庭认定记录', 'zero_household', NULL, NULL, NULL, false),
    ('hard_graduate', '就业困难高校毕业生', '毕业证书、困难情况说明', NULL, NULL, NULL, NULL, false))
    AS k (code, name, evidence, rule, men, women, months, sensitive);

-- The kinds as they stand on a day.
CREATE FUNCTION jobs.difficulty_kinds(at date) RETURNS SETOF jobs.difficulty_kind
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (k.code) k.* FROM jobs.difficulty_kind k WHERE k.from_on <= at
     ORDER BY k.code, k.from_on DESC
$$;

CREATE FUNCTION jobs.difficulty_kind_reply(k jobs.difficulty_kind) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('code', k.code, 'from_on', k.from_on, 'name', k.name,
        'basis', k.basis, 'evidence', k.evidence, 'rule', k.rule, 'age_men', k.age_men,
        'age_women', k.age_women, 'months_least', k.months_least,
        'is_sensitive', k.is_sensitive, 'source', k.source, 'is_enabled', k.is_enabled,
        'valid_months', k.valid_months)::text
$$;

CREATE SEQUENCE jobs.difficulty_serial;

-- 申请 applied → 初审 first_reviewed → 终审 recognised, with a certificate, until
-- its day, or withdrawn: by hand, or by what our own registers say.
CREATE TABLE jobs.difficulty (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id       uuid NOT NULL CONSTRAINT difficulty_person_fkey REFERENCES jobs.person,
    name_masked     text NOT NULL,
    kinds           text[] NOT NULL CONSTRAINT difficulty_kinds_check CHECK (cardinality(kinds) BETWEEN 1 AND 7),
    proof_note      text NOT NULL,
    state           text NOT NULL DEFAULT 'applied' CONSTRAINT difficulty_state_check CHECK (state IN
        ('applied', 'first_reviewed', 'recognised', 'rejected', 'withdrawn', 'expired')),
    applied_on      date NOT NULL,
    entered_by      uuid DEFAULT platform.actor(),
    first_by        uuid, first_at timestamptz, first_note text,
    recheck_by      uuid, recheck_at timestamptz, recheck_note text,
    cert_no         text CONSTRAINT difficulty_cert_no_key UNIQUE,
    valid_from      date, valid_to date,
    checked_on      date,
    check_note      text,
    warned_on       date,
    withdrawn_on    date,
    withdraw_reason text CONSTRAINT difficulty_withdraw_reason_check CHECK (withdraw_reason IN
        ('by_person', 'employed', 'retired', 'category_lost', 'false_proof', 'deceased', 'other')),
    withdraw_mode   text CONSTRAINT difficulty_withdraw_mode_check CHECK (withdraw_mode IN ('auto', 'hand')),
    withdraw_note   text,
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT difficulty_hands_check CHECK (recheck_by <> first_by AND recheck_by <> entered_by AND first_by <> entered_by),
    CONSTRAINT difficulty_cert_check CHECK (state NOT IN ('recognised', 'expired')
        OR num_nonnulls(cert_no, valid_from, valid_to, first_by, recheck_by) = 5),
    CONSTRAINT difficulty_withdrawn_check CHECK ((state = 'withdrawn')
        = (num_nonnulls(withdrawn_on, withdraw_reason, withdraw_mode) = 3))
);
COMMENT ON COLUMN jobs.difficulty.checked_on IS 'the last yearly check (年审)';
CREATE UNIQUE INDEX difficulty_open_key ON jobs.difficulty (person_id)
    WHERE state IN ('applied', 'first_reviewed', 'recognised');
CREATE INDEX difficulty_person_idx ON jobs.difficulty (person_id, id);
CREATE INDEX difficulty_county_idx ON jobs.difficulty (county_code, id);
CREATE INDEX difficulty_valid_idx ON jobs.difficulty (valid_to) WHERE state = 'recognised';
CALL platform.protect('jobs.difficulty',
    'person_id = platform.person() OR platform.in_areas(county_code, area_code)');

CREATE TABLE jobs.difficulty_step (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    difficulty_id uuid NOT NULL CONSTRAINT difficulty_step_fkey REFERENCES jobs.difficulty,
    person_id     uuid NOT NULL,
    step          text NOT NULL CONSTRAINT difficulty_step_check CHECK (step IN
        ('applied', 'first_reviewed', 'recognised', 'rejected', 'checked', 'withdrawn', 'expired')),
    note          text,
    actor         uuid DEFAULT platform.actor(),
    actor_kind    text NOT NULL DEFAULT platform.actor_kind() CONSTRAINT difficulty_step_actor_check
        CHECK (actor_kind IN ('person', 'org', 'officer', 'system')),
    county_code   text NOT NULL,
    area_code     text,
    at            timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX difficulty_step_idx ON jobs.difficulty_step (difficulty_id, id);
CALL platform.protect('jobs.difficulty_step',
    'person_id = platform.person() OR platform.in_areas(county_code, area_code)');

CREATE FUNCTION jobs.difficulty_reply(d jobs.difficulty) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', d.id, 'person_id', d.person_id, 'name_masked', d.name_masked,
        'kinds', d.kinds, 'proof_note', d.proof_note, 'state', d.state, 'applied_on', d.applied_on,
        'first_note', d.first_note, 'recheck_note', d.recheck_note, 'cert_no', d.cert_no,
        'valid_from', d.valid_from, 'valid_to', d.valid_to, 'checked_on', d.checked_on,
        'withdrawn_on', d.withdrawn_on, 'withdraw_reason', d.withdraw_reason,
        'withdraw_mode', d.withdraw_mode, 'withdraw_note', d.withdraw_note,
        'county_code', d.county_code, 'created_at', d.created_at)::text
$$;

-- Asked by a hire too, whose employer sees no certificate.
CREATE FUNCTION jobs.is_difficult(who uuid, at date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM jobs.difficulty d
                    WHERE d.person_id = who AND d.cert_no IS NOT NULL
                      AND d.valid_from <= at AND d.valid_to >= at
                      AND (d.withdrawn_on IS NULL OR d.withdrawn_on > at))
$$;
COMMENT ON FUNCTION jobs.is_difficult(uuid, date) IS 'holds a certificate (就业困难人员) valid that day';

CREATE FUNCTION jobs.consents_hardship(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN jobs.consents(who, 'hardship', NULL, false);
COMMENT ON FUNCTION jobs.consents_hardship(uuid) IS
    'separate consent (PIPL 29) to sensitive circumstances; for whoever enters them';

-- Whether our own data bear a kind out; NULL: they do not say, the proof does.
CREATE FUNCTION jobs.difficulty_holds(p jobs.person, k jobs.difficulty_kind) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE k.rule
        WHEN 'age' THEN p.birth_on + make_interval(years =>
            (CASE p.sex WHEN 1 THEN k.age_men ELSE k.age_women END)::integer) <= platform.today()
        WHEN 'unemployed_months' THEN EXISTS (SELECT FROM jobs.unemployment u
            WHERE u.person_id = p.id AND u.ended_on IS NULL
              AND u.since_on + make_interval(months => k.months_least::integer) <= platform.today())
        WHEN 'zero_household' THEN jobs.in_zero_household(p.id)
        END
$$;

-- Kinds asked for and why they cannot be had, the first reason that holds.
CREATE FUNCTION jobs.difficulty_refusal(p jobs.person, wanted text[]) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN (p.birth_on + interval '16 years')::date > platform.today() THEN 'jobs.under_age'
        WHEN jobs.person_retires_on(p) <= platform.today() THEN 'jobs.retired'
        WHEN NOT coalesce(bool_and(k.is_enabled), false) THEN 'jobs.difficulty_unset /kinds'
        WHEN bool_or(k.is_sensitive) AND NOT jobs.consents_hardship(p.id)
        THEN 'jobs.hardship_consent /kinds'
        WHEN bool_or(k.is_enabled AND jobs.difficulty_holds(p, k) IS FALSE)
        THEN 'jobs.difficulty_unmet /kinds' END
      FROM unnest(wanted) AS w (code) LEFT JOIN jobs.difficulty_kinds(platform.today()) k USING (code)
$$;

-- Steps, events, 办件 and the mark in 失业登记 follow the state.
CREATE FUNCTION jobs.difficulty_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    step text := CASE WHEN TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN 'checked' ELSE NEW.state END;
BEGIN
    INSERT INTO jobs.difficulty_step (difficulty_id, person_id, step, note, county_code, area_code)
    VALUES (NEW.id, NEW.person_id, step, CASE step WHEN 'first_reviewed' THEN NEW.first_note
            WHEN 'recognised' THEN NEW.recheck_note
            WHEN 'rejected' THEN coalesce(NEW.recheck_note, NEW.first_note)
            WHEN 'withdrawn' THEN NEW.withdraw_note WHEN 'checked' THEN NEW.check_note END, NEW.county_code, NEW.area_code);
    IF step IN ('recognised', 'checked') THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.difficulty.recognised.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('difficulty_id', NEW.id, 'person_id', NEW.person_id,
                                   'valid_from', NEW.valid_from, 'valid_to', NEW.valid_to,
                                   'county_code', NEW.county_code));
    ELSIF NEW.cert_no IS NOT NULL THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.difficulty.withdrawn.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('difficulty_id', NEW.id, 'person_id', NEW.person_id,
                                   'ended_on', coalesce(NEW.withdrawn_on, NEW.valid_to),
                                   'reason', coalesce(NEW.withdraw_reason, 'expired'),
                                   'county_code', NEW.county_code));
    END IF;
    IF NEW.cert_no IS NOT NULL AND step <> 'checked' THEN
        UPDATE jobs.unemployment u SET is_difficult = (NEW.state = 'recognised')
         WHERE u.person_id = NEW.person_id AND u.ended_on IS NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND step <> 'checked' THEN
        PERFORM jobs.case_move('JB-20', NEW.id,
            CASE step WHEN 'recognised' THEN 'approved' WHEN 'expired' THEN 'ended' ELSE step END,
            CASE WHEN step = 'first_reviewed' THEN 'in_progress' WHEN step = 'recognised' THEN 'done'
                 WHEN step = 'rejected' THEN 'refused'
                 WHEN step = 'withdrawn' AND NEW.cert_no IS NULL THEN 'withdrawn' END,
            CASE step WHEN 'rejected' THEN coalesce(NEW.recheck_note, NEW.first_note) END);
        PERFORM jobs.tell(NEW.person_id, NULL, 'difficulty_moved',
            CASE step WHEN 'first_reviewed' THEN '就业困难人员认定已通过初审'
                      WHEN 'recognised' THEN '您已被认定为就业困难人员'
                      WHEN 'rejected' THEN '就业困难人员认定未通过'
                      WHEN 'expired' THEN '就业困难人员认定已到期' ELSE '就业困难人员认定已退出' END,
            CASE WHEN step = 'recognised' THEN format('证书编号%s，有效期至%s。', NEW.cert_no, NEW.valid_to) END,
            'difficulty', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER difficulty_applied AFTER INSERT ON jobs.difficulty
    FOR EACH ROW EXECUTE FUNCTION jobs.difficulty_moved();
CREATE TRIGGER difficulty_moved AFTER UPDATE ON jobs.difficulty
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.checked_on IS DISTINCT FROM NEW.checked_on)
    EXECUTE FUNCTION jobs.difficulty_moved();

-- A birthday put right, a class stated: what ends with retirement follows. A
-- certificate never lasts into it, so that its own day is all the clock looks at.
CREATE OR REPLACE FUNCTION jobs.person_retirement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.unemployment u SET retires_on = jobs.person_retires_on(NEW)
     WHERE u.person_id = NEW.id AND u.ended_on IS NULL;
    UPDATE jobs.difficulty d SET valid_to = jobs.person_retires_on(NEW) - 1
     WHERE d.person_id = NEW.id AND d.state = 'recognised' AND d.valid_to >= jobs.person_retires_on(NEW);
    RETURN NULL;
END $$;

-- Who is erased leaves the registers' rows, without what they said of themselves.
CREATE FUNCTION jobs.registers_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.employment SET name_masked = NEW.name_masked, licence_uscc = NULL, stable_note = NULL,
           work_kind = CASE WHEN work_kind IS NOT NULL THEN '*' END,
           work_place = CASE WHEN work_place IS NOT NULL THEN '*' END
     WHERE person_id = NEW.id;
    UPDATE jobs.unemployment SET name_masked = NEW.name_masked, last_employer = NULL, wish = NULL,
           end_note = NULL
     WHERE person_id = NEW.id;
    UPDATE jobs.difficulty SET name_masked = NEW.name_masked, proof_note = '*', first_note = NULL,
           recheck_note = NULL, check_note = NULL, withdraw_note = NULL
     WHERE person_id = NEW.id;
    UPDATE jobs.difficulty_step SET note = NULL WHERE person_id = NEW.id;
    UPDATE jobs.household SET name_masked = NEW.name_masked, address = '*', situation = '*'
     WHERE person_id = NEW.id;
    UPDATE jobs.household_member SET name_masked = NEW.name_masked WHERE member_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER registers_erased AFTER UPDATE OF id_index ON jobs.person
    FOR EACH ROW WHEN (NEW.id_index LIKE 'erased:%' AND OLD.id_index NOT LIKE 'erased:%')
    EXECUTE FUNCTION jobs.registers_erased();
