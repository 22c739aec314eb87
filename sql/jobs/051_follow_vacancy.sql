-- The history of a posting, and what its check found.
--
-- Records are kept for three years at least: no role of the service may delete a
-- posting, its history or its contact, and no statement tries.
ALTER TABLE jobs.vacancy
    ADD COLUMN point_is_exact boolean NOT NULL DEFAULT false,
    ADD COLUMN is_passed      boolean NOT NULL DEFAULT true,
    ADD COLUMN contact_name   text,
    ADD COLUMN contact_phone  text;
COMMENT ON COLUMN jobs.vacancy.point_is_exact IS 'false: the point is its town''s or its county''s seat';
COMMENT ON COLUMN jobs.vacancy.is_passed IS 'as it stands it passed its check, or an officer''s';
COMMENT ON COLUMN jobs.vacancy.check_note IS 'why it stands as it does: the officer''s word, or the clock''s';
COMMENT ON COLUMN jobs.vacancy.contact_name IS 'masked; in full in jobs.vacancy_contact';
CREATE INDEX vacancy_merged_idx ON jobs.vacancy (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX vacancy_live_idx ON jobs.vacancy (expires_on, id) WHERE state IN ('open', 'paused');

CREATE TABLE jobs.vacancy_step (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    vacancy_id  uuid NOT NULL CONSTRAINT vacancy_step_vacancy_fkey REFERENCES jobs.vacancy,
    org_id      uuid NOT NULL,
    partner_id  uuid,
    state       text NOT NULL,
    checks      jsonb NOT NULL DEFAULT '[]',
    note        text,
    actor_id    uuid DEFAULT platform.actor(),
    actor_kind  text NOT NULL DEFAULT platform.actor_kind(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX vacancy_step_vacancy_idx ON jobs.vacancy_step (vacancy_id, id);
CALL platform.protect('jobs.vacancy_step',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)', 'false');
REVOKE INSERT, UPDATE, DELETE ON jobs.vacancy_step FROM jobs_app, jobs_system;
REVOKE DELETE ON jobs.vacancy FROM jobs_app, jobs_system;
COMMENT ON TABLE jobs.vacancy_step IS 'every state a posting was in; written by trigger alone';

-- The note belongs to the step that wrote it, not to the next one.
CREATE OR REPLACE FUNCTION jobs.vacancy_stamp() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := platform.now();
    IF NEW.state = 'open' AND NEW.posted_at IS NULL THEN
        NEW.posted_at := platform.now();
    END IF;
    IF NEW.industry_code IS NULL THEN
        NEW.industry_code := (SELECT coalesce(e.industry_code, o.industry_code)
                                FROM jobs.org o LEFT JOIN jobs.employer e ON e.org_id = o.id
                               WHERE o.id = NEW.org_id);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state <> OLD.state AND NEW.check_note IS NOT DISTINCT FROM OLD.check_note THEN
            NEW.check_note := NULL;
        END IF;
    END IF;
    NEW.is_passed := CASE WHEN NEW.state = 'open' THEN true
        WHEN NEW.state IN ('draft', 'checking', 'returned') THEN false ELSE NEW.is_passed END;
    RETURN NEW;
END $$;

CREATE FUNCTION jobs.vacancy_step_add() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state AND (NEW.state <> 'checking' OR NEW.checks = OLD.checks) THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO jobs.vacancy_step (vacancy_id, org_id, partner_id, state, checks, note,
                                   county_code, area_code)
    VALUES (NEW.id, NEW.org_id, NEW.partner_id, NEW.state,
            CASE WHEN NEW.state = 'checking' THEN NEW.checks ELSE '[]' END, NEW.check_note,
            NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
CREATE TRIGGER vacancy_step AFTER INSERT OR UPDATE ON jobs.vacancy
    FOR EACH ROW EXECUTE FUNCTION jobs.vacancy_step_add();

-- Whoever changes where a posting stands, its employer is told, unless it was
-- the employer.
CREATE FUNCTION jobs.vacancy_message() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    said text := CASE
        WHEN NEW.state = 'checking' THEN '已转人工审核：' || coalesce(
            (SELECT string_agg(c ->> 'text', '；') FROM jsonb_array_elements(NEW.checks) AS c), '')
        WHEN NEW.state = 'returned' THEN '已退回修改：' || coalesce(NEW.check_note, '')
        WHEN NEW.state = 'expired' THEN '已下线：' || coalesce(NEW.check_note, '')
        WHEN NEW.state = 'merged' AND platform.org() IS DISTINCT FROM NEW.org_id THEN
            '与贵单位的另一岗位重复，已合并'
        WHEN TG_OP = 'INSERT' AND NEW.state = 'open' THEN '已由窗口代为发布：如有不符请修改或关闭'
        WHEN NEW.state = 'open' AND platform.org() IS NULL THEN '审核通过，已发布' END;
BEGIN
    IF said IS NOT NULL THEN
        PERFORM jobs.tell(NULL, NEW.org_id, 'vacancy_' || NEW.state,
            '岗位“' || NEW.title || '”' || split_part(said, '：', 1), said, 'vacancy', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER vacancy_message_new AFTER INSERT ON jobs.vacancy
    FOR EACH ROW WHEN (NEW.state = 'checking' OR NEW.source = 'clerk') EXECUTE FUNCTION jobs.vacancy_message();
CREATE TRIGGER vacancy_message AFTER UPDATE ON jobs.vacancy
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.vacancy_message();

-- The case is done when the posting is first open; until then it waits for the
-- officer (in_progress) or for the employer (waiting).
CREATE OR REPLACE FUNCTION jobs.vacancy_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-05', NEW.id,
        CASE NEW.state WHEN 'returned' THEN 'sent_back' ELSE NEW.state END,
        CASE WHEN NEW.state = 'open' THEN 'done'
             WHEN OLD.state NOT IN ('draft', 'checking', 'returned')
                  AND NEW.state NOT IN ('checking', 'returned') THEN NULL
             WHEN NEW.state = 'checking' THEN 'in_progress'
             WHEN NEW.state = 'returned' THEN 'waiting'
             WHEN NEW.state = 'merged' THEN 'refused'
             WHEN NEW.state = 'closed' THEN 'withdrawn' END, NEW.check_note);
    RETURN NULL;
END $$;

CREATE FUNCTION jobs.vacancy_original(asked uuid) RETURNS uuid
LANGUAGE sql STABLE
RETURN coalesce((SELECT v.merged_into FROM jobs.vacancy v WHERE v.id = asked), asked);
COMMENT ON FUNCTION jobs.vacancy_original(uuid) IS 'the posting that a merged copy stands for; any other is itself';

-- A copy that was once public stays readable, for those who applied to it; a
-- draft that was withdrawn never was anybody's to read.
CALL platform.protect('jobs.vacancy', $$
    (state IN ('open', 'paused', 'filled', 'closed', 'expired', 'merged') AND posted_at IS NOT NULL)
    OR org_id = platform.org() OR partner_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org() OR partner_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$);

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
        'lat_e6', v.lat_e6, 'lng_e6', v.lng_e6, 'point_is_exact', v.point_is_exact)
      || jsonb_build_object(
        'contact_name_masked', v.contact_name, 'contact_phone_masked', v.contact_phone,
        'state', v.state, 'merged_into', v.merged_into, 'source', v.source,
        'expires_on', v.expires_on, 'confirmed_on', v.confirmed_on, 'posted_at', v.posted_at,
        'created_at', v.created_at)
      || CASE WHEN v.org_id = platform.org() OR v.partner_id = platform.org()
                OR platform.in_areas(v.county_code, v.area_code)
              THEN jsonb_build_object('checks', v.checks, 'check_note', v.check_note)
              ELSE '{}' END)::text
$$;

CREATE FUNCTION jobs.vacancy_sources(v jobs.vacancy) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(jsonb_build_object('vacancy_id', s.id, 'source', s.source,
               'partner_id', s.partner_id, 'partner_ref', s.partner_ref,
               'created_at', s.created_at) ORDER BY s.id = v.id DESC, s.id)
      FROM jobs.vacancy s WHERE s.id = v.id OR s.merged_into = v.id
$$;
COMMENT ON FUNCTION jobs.vacancy_sources(jobs.vacancy) IS 'where it and each of its copies came from';

-- With its history and its copies, for its employer and the officers.
CREATE FUNCTION jobs.vacancy_whole(v jobs.vacancy) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT (jobs.vacancy_reply(v)::jsonb || jsonb_build_object(
        'sources', jobs.vacancy_sources(v),
        'steps', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                      'state', s.state, 'checks', s.checks, 'note', s.note,
                      'actor_kind', s.actor_kind, 'created_at', s.created_at) ORDER BY s.id), '[]')
                    FROM jobs.vacancy_step s WHERE s.vacancy_id = v.id)))::text
$$;
