-- An application with what was sent, why it ended, and who has seen it.
--
-- Every move passes jobs.application_go(): state and step together. The event
-- is written by trigger, and so is the message to the other side, so that no
-- statement can forget them.
ALTER TABLE jobs.application
    DROP CONSTRAINT application_state_check,
    ADD CONSTRAINT application_state_check CHECK (state IN
        ('submitted', 'interview', 'offered', 'accepted', 'hired', 'rejected', 'withdrawn',
         'declined', 'no_show')),
    ADD COLUMN resume      jsonb,
    ADD COLUMN note        text,
    ADD COLUMN viewed_at   timestamptz,
    ADD COLUMN reason_code text CONSTRAINT application_reason_check CHECK (reason_code IN
        ('experience', 'education', 'skills', 'position_filled', 'found_other', 'pay', 'distance',
         'schedule', 'not_interested', 'no_notice', 'late_notice', 'unreachable', 'other'));
COMMENT ON COLUMN jobs.application.resume IS 'the résumé as it was when it was sent; NULL: there was none';
COMMENT ON COLUMN jobs.application.viewed_at IS 'when the employer first opened it';
CREATE INDEX application_org_idx ON jobs.application (org_id, id);

UPDATE jobs.application a SET note = s.note
  FROM jobs.application_step s WHERE s.application_id = a.id AND s.state = 'submitted';

ALTER TABLE jobs.application_step
    ADD COLUMN what        text,
    ADD COLUMN reason_code text,
    ADD COLUMN actor_kind  text NOT NULL DEFAULT platform.actor_kind()
        CONSTRAINT application_step_actor_check
        CHECK (actor_kind IN ('person', 'org', 'officer', 'system'));
UPDATE jobs.application_step s
   SET what = CASE s.state WHEN 'submitted' THEN 'submit' WHEN 'interview' THEN 'interview_propose'
                           WHEN 'offered' THEN 'offer' WHEN 'hired' THEN 'hire'
                           WHEN 'rejected' THEN 'reject' ELSE 'withdraw' END,
       actor_kind = CASE WHEN s.state IN ('submitted', 'withdrawn') THEN 'person' ELSE 'org' END;
ALTER TABLE jobs.application_step
    ALTER COLUMN what SET NOT NULL,
    ADD CONSTRAINT application_step_what_check CHECK (what IN
        ('submit', 'interview_propose', 'interview_accept', 'interview_ask', 'interview_decline',
         'interview_move', 'interview_cancel', 'interview_attended', 'interview_no_show',
         'interview_object', 'offer', 'offer_accept', 'offer_decline', 'offer_expire', 'hire',
         'reject', 'withdraw', 'no_show'));
COMMENT ON COLUMN jobs.application_step.what IS 'what was done; state: where the application stood then';

-- Forward only, and nowhere from its ends; an offer comes once, until it lapses.
CREATE OR REPLACE FUNCTION jobs.application_allows(state text, next text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE next WHEN 'interview' THEN state IN ('submitted', 'interview')
                     WHEN 'offered' THEN state IN ('submitted', 'interview')
                     WHEN 'accepted' THEN state = 'offered'
                     WHEN 'declined' THEN state = 'offered'
                     WHEN 'no_show' THEN state IN ('submitted', 'interview')
                     ELSE state IN ('submitted', 'interview', 'offered', 'accepted') END
$$;

-- NULL when it may not go there from where it is.
CREATE FUNCTION jobs.application_go(application uuid, next text, did text, reason text, said text,
    meet_at timestamptz, meet_mode text) RETURNS jobs.application
LANGUAGE plpgsql AS $$
DECLARE
    a jobs.application;
BEGIN
    UPDATE jobs.application AS x
       SET state = next, moved_at = platform.now(), reason_code = coalesce(reason, x.reason_code),
           viewed_at = CASE WHEN platform.actor_kind() = 'org' THEN coalesce(x.viewed_at, platform.now())
                            ELSE x.viewed_at END
     WHERE x.id = application AND jobs.application_allows(x.state, next)
    RETURNING x.* INTO a;
    IF a.id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO jobs.application_step (application_id, person_id, org_id, state, what, reason_code,
                                       meet_at, meet_mode, note, county_code, area_code)
    VALUES (a.id, a.person_id, a.org_id, a.state, did, reason, meet_at, meet_mode, said,
            a.county_code, a.area_code);
    RETURN a;
END $$;
COMMENT ON FUNCTION jobs.application_go(uuid, text, text, text, text, timestamptz, text)
    IS 'moves an application and leaves a step; NULL: not from its state, or not the caller''s';

CREATE FUNCTION jobs.application_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.application.moved.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('application_id', NEW.id, 'vacancy_id', NEW.vacancy_id,
                               'person_id', NEW.person_id, 'state', NEW.state));
    RETURN NULL;
END $$;
CREATE TRIGGER application_made AFTER INSERT ON jobs.application
    FOR EACH ROW EXECUTE FUNCTION jobs.application_tell();
CREATE TRIGGER application_moved AFTER UPDATE OF state ON jobs.application
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.application_tell();

CREATE FUNCTION jobs.application_step_title(did text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE did WHEN 'submit' THEN '收到新的投递' WHEN 'interview_propose' THEN '邀约面试'
    WHEN 'interview_accept' THEN '已确认面试时间' WHEN 'interview_ask' THEN '请求另约面试时间'
    WHEN 'interview_decline' THEN '谢绝面试' WHEN 'interview_move' THEN '面试改期'
    WHEN 'interview_cancel' THEN '面试取消' WHEN 'interview_attended' THEN '已到场面试'
    WHEN 'interview_no_show' THEN '登记为面试未到场' WHEN 'interview_object' THEN '对未到场登记有异议'
    WHEN 'offer' THEN '发出录用意向' WHEN 'offer_accept' THEN '接受录用' WHEN 'offer_decline' THEN '谢绝录用'
    WHEN 'offer_expire' THEN '录用意向到期未答复' WHEN 'hire' THEN '已录用并办理就业登记'
    WHEN 'reject' THEN '未予录用' WHEN 'withdraw' THEN '撤回投递' WHEN 'no_show' THEN '因未到场结束' END;

-- Told to the side that did not do it; what a clock did, to both.
CREATE FUNCTION jobs.application_step_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    a     jobs.application;
    title text := jobs.application_step_title(NEW.what);
BEGIN
    SELECT x.* INTO a FROM jobs.application x WHERE x.id = NEW.application_id;
    IF NEW.actor_kind <> 'person' THEN
        PERFORM jobs.tell(NEW.person_id, NULL, 'application.' || NEW.what, title,
            concat_ws('：', a.org_name || ' ' || a.vacancy_title, NEW.note), 'application', a.id);
    END IF;
    IF NEW.actor_kind <> 'org' THEN
        PERFORM jobs.tell(NULL, NEW.org_id, 'application.' || NEW.what, title,
            concat_ws('：', a.name_masked || ' ' || a.vacancy_title, NEW.note), 'application', a.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER application_step_tell AFTER INSERT ON jobs.application_step
    FOR EACH ROW EXECUTE FUNCTION jobs.application_step_tell();

CREATE OR REPLACE FUNCTION jobs.application_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-06', NEW.application_id, NEW.state,
        CASE NEW.state WHEN 'hired' THEN 'done' WHEN 'rejected' THEN 'refused'
                       WHEN 'no_show' THEN 'refused' WHEN 'withdrawn' THEN 'withdrawn'
                       WHEN 'declined' THEN 'withdrawn' ELSE 'in_progress' END, NEW.note);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION jobs.application_json(a jobs.application) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', a.id, 'person_id', a.person_id, 'name_masked', a.name_masked,
        'vacancy_id', a.vacancy_id, 'vacancy_title', a.vacancy_title, 'org_id', a.org_id,
        'org_name', a.org_name, 'state', a.state, 'reason_code', a.reason_code, 'note', a.note,
        'resume', a.resume, 'viewed_at', a.viewed_at, 'county_code', a.county_code,
        'moved_at', a.moved_at, 'created_at', a.created_at)
$$;

-- The employer may answer the rest together when a posting is full.
CREATE FUNCTION jobs.vacancy_filled_tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    waiting bigint;
BEGIN
    SELECT count(*) INTO waiting FROM jobs.application a
     WHERE a.vacancy_id = NEW.id AND a.state IN ('submitted', 'interview');
    IF waiting > 0 THEN
        PERFORM jobs.tell(NULL, NEW.org_id, 'vacancy.filled', '岗位已招满',
            NEW.title || '：还有 ' || waiting || ' 份投递待答复，可一并答复', 'vacancy', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER vacancy_filled_tell AFTER UPDATE OF state ON jobs.vacancy
    FOR EACH ROW WHEN (OLD.state <> 'filled' AND NEW.state = 'filled')
    EXECUTE FUNCTION jobs.vacancy_filled_tell();

-- ---- the résumé ---------------------------------------------------------------

CREATE FUNCTION jobs.resume_missing(r jobs.resume) RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN array_remove(ARRAY[
    CASE WHEN r.education_code IS NULL THEN 'education_code' END,
    CASE WHEN r.school IS NULL THEN 'school' END,
    CASE WHEN r.skills = '{}' THEN 'skills' END,
    CASE WHEN r.experience = '[]' THEN 'experience' END,
    CASE WHEN r.occupations = '{}' THEN 'occupations' END,
    CASE WHEN r.areas = '{}' THEN 'areas' END,
    CASE WHEN r.forms = '{}' THEN 'forms' END,
    CASE WHEN r.pay_least_cents IS NULL THEN 'pay_least_cents' END,
    CASE WHEN r.benefits = '{}' THEN 'benefits' END,
    CASE WHEN r.intro = '' THEN 'intro' END], NULL);
COMMENT ON FUNCTION jobs.resume_missing(jobs.resume) IS 'of the ten members asked for, those not filled in';

-- What an employer is shown, and what goes with an application: no home.
CREATE FUNCTION jobs.resume_sent(r jobs.resume) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'state', r.state, 'education_code', r.education_code, 'school', r.school,
        'major', r.major, 'graduated_on', r.graduated_on, 'skill_level', r.skill_level,
        'skills', r.skills, 'experience', r.experience, 'experience_years', r.experience_years,
        'occupations', r.occupations, 'areas', r.areas, 'forms', r.forms,
        'benefits', r.benefits, 'pay_least_cents', r.pay_least_cents, 'pay_unit', r.pay_unit,
        'currency', 'CNY', 'intro', r.intro, 'updated_at', r.updated_at)
$$;

CREATE FUNCTION jobs.resume_reply(r jobs.resume) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT (jobs.resume_sent(r) || jsonb_build_object(
        'person_id', r.person_id, 'name_masked', r.name_masked, 'lat_e6', r.lat_e6,
        'lng_e6', r.lng_e6, 'is_findable', r.is_findable, 'county_code', r.county_code,
        'completeness', 100 - 10 * cardinality(jobs.resume_missing(r)),
        'missing', jobs.resume_missing(r)))::text
$$;
