-- The whole life of a posting: 草稿 draft → 待审核 checking (→ 退回 returned) →
-- open ⇄ paused → filled | closed | expired; merged: a copy of another one.
--
-- Whatever changes a posting is told by trigger, so that no statement can
-- forget it: the index in memory and the partners' feed live on it.
ALTER TABLE jobs.vacancy
    DROP CONSTRAINT vacancy_state_check,
    ADD CONSTRAINT vacancy_state_check CHECK (state IN
        ('draft', 'checking', 'returned', 'open', 'paused', 'filled', 'closed', 'expired', 'merged')),
    DROP CONSTRAINT vacancy_filled_check,
    ADD CONSTRAINT vacancy_filled_check
        CHECK (headcount_left > 0 OR state IN ('filled', 'closed', 'expired', 'merged')),
    ADD COLUMN industry_code text,
    ADD COLUMN skill_level   smallint
        CONSTRAINT vacancy_skill_level_check CHECK (skill_level BETWEEN 1 AND 5),
    ADD COLUMN skills        text[] NOT NULL DEFAULT '{}'
        CONSTRAINT vacancy_skills_check CHECK (cardinality(skills) <= 20),
    ADD COLUMN benefits      text[] NOT NULL DEFAULT '{}'
        CONSTRAINT vacancy_benefits_check CHECK (benefits <@ ARRAY['social_insurance',
            'housing_fund', 'lodging', 'meals', 'shuttle', 'two_days_off', 'paid_leave', 'bonus',
            'overtime_pay', 'health_check', 'training', 'child_care', 'high_temperature_pay']),
    ADD COLUMN lat_e6        integer,
    ADD COLUMN lng_e6        integer,
    ADD COLUMN checks        jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN check_note    text,
    ADD COLUMN source        text NOT NULL DEFAULT 'employer'
        CONSTRAINT vacancy_source_check CHECK (source IN ('employer', 'partner', 'clerk')),
    ADD COLUMN partner_id    uuid,
    ADD COLUMN partner_ref   text,
    ADD COLUMN merged_into   uuid CONSTRAINT vacancy_merged_fkey REFERENCES jobs.vacancy,
    ADD COLUMN confirmed_on  date NOT NULL DEFAULT platform.today(),
    ADD COLUMN posted_at     timestamptz,
    ADD COLUMN changed_at    timestamptz NOT NULL DEFAULT platform.now(),
    ADD CONSTRAINT vacancy_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL)),
    ADD CONSTRAINT vacancy_merged_check CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
    ADD CONSTRAINT vacancy_partner_check CHECK ((source = 'partner') = (partner_id IS NOT NULL));
COMMENT ON COLUMN jobs.vacancy.skill_level IS 'at least: 5 初级工 … 1 高级技师';
COMMENT ON COLUMN jobs.vacancy.checks IS 'why an officer looks at it: [{code, pointer, text}]';
COMMENT ON COLUMN jobs.vacancy.confirmed_on IS 'the day its employer last said that it still stands';
COMMENT ON COLUMN jobs.vacancy.posted_at IS 'when it was first open to everybody';

UPDATE jobs.vacancy v SET posted_at = v.created_at,
       industry_code = (SELECT o.industry_code FROM jobs.org o WHERE o.id = v.org_id);

CREATE UNIQUE INDEX vacancy_partner_ref_key ON jobs.vacancy (partner_id, partner_ref);
CREATE INDEX vacancy_checking_idx ON jobs.vacancy (county_code, id) WHERE state = 'checking';

-- What is, or was, open is everybody's to read; the rest is its employer's, its
-- partner's and the officers'.
CALL platform.protect('jobs.vacancy', $$
    state IN ('open', 'paused', 'filled', 'closed', 'expired')
    OR org_id = platform.org() OR partner_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR partner_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$);

CREATE FUNCTION jobs.vacancy_stamp() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := platform.now();
    IF NEW.state = 'open' AND NEW.posted_at IS NULL THEN
        NEW.posted_at := platform.now();
    END IF;
    IF NEW.industry_code IS NULL THEN
        NEW.industry_code := (SELECT o.industry_code FROM jobs.org o WHERE o.id = NEW.org_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vacancy_stamp BEFORE INSERT OR UPDATE ON jobs.vacancy
    FOR EACH ROW EXECUTE FUNCTION jobs.vacancy_stamp();

CREATE FUNCTION jobs.vacancy_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.vacancy.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('vacancy_id', NEW.id, 'org_id', NEW.org_id, 'state', NEW.state,
                               'headcount_left', NEW.headcount_left,
                               'county_code', NEW.county_code));
    IF NEW.state = 'open' AND (TG_OP = 'INSERT' OR OLD.posted_at IS NULL) THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.vacancy.opened.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('vacancy_id', NEW.id, 'org_id', NEW.org_id, 'title', NEW.title,
                                   'occupation_code', NEW.occupation_code,
                                   'headcount', NEW.headcount, 'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER vacancy_tell AFTER INSERT OR UPDATE ON jobs.vacancy
    FOR EACH ROW EXECUTE FUNCTION jobs.vacancy_tell();

CREATE OR REPLACE FUNCTION jobs.vacancy_reply(v jobs.vacancy) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT (jsonb_build_object(
        'id', v.id, 'org_id', v.org_id, 'org_name', v.org_name, 'title', v.title,
        'occupation_code', v.occupation_code, 'industry_code', v.industry_code,
        'county_code', v.county_code, 'area_code', v.area_code, 'headcount', v.headcount,
        'headcount_left', v.headcount_left, 'pay_min_cents', v.pay_min_cents,
        'pay_max_cents', v.pay_max_cents, 'currency', 'CNY', 'pay_unit', v.pay_unit,
        'form', v.form, 'education_code', v.education_code, 'skill_level', v.skill_level,
        'skills', v.skills, 'benefits', v.benefits, 'description', v.description,
        'lat_e6', v.lat_e6, 'lng_e6', v.lng_e6)
      || jsonb_build_object(
        'state', v.state, 'source', v.source, 'expires_on', v.expires_on,
        'confirmed_on', v.confirmed_on, 'posted_at', v.posted_at, 'created_at', v.created_at))::text
$$;
