-- 培训对象满意度 (永政办发〔2024〕15号: 98% 以上): one word of five for a completed enrolment, as
-- 国办发〔2019〕51号 has them (5 非常满意 … 1 非常不满意; 1 and 2 are 差评, which must be answered).

CREATE TABLE training.rating (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    enrolment_id uuid NOT NULL CONSTRAINT rating_enrolment_fkey REFERENCES training.enrolment,
    class_id     uuid NOT NULL,
    class_title  text NOT NULL,
    org_id       uuid NOT NULL,
    person_id    uuid NOT NULL,
    stars        integer NOT NULL CONSTRAINT rating_stars_check CHECK (stars BETWEEN 1 AND 5),
    reasons      text[] NOT NULL DEFAULT '{}' CONSTRAINT rating_reasons_check
        CHECK (reasons <@ ARRAY['trainer', 'content', 'place', 'time', 'fee', 'not_held', 'exam', 'service']),
    note         text,
    rated_on     date NOT NULL DEFAULT platform.today(),
    answer_due   date,
    answer       text,
    answered_by  uuid,
    answered_on  date,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT rating_once_key UNIQUE (enrolment_id),
    CONSTRAINT rating_why_check CHECK (stars > 2 OR cardinality(reasons) > 0),
    CONSTRAINT rating_answer_check CHECK ((answer IS NULL) = (answered_on IS NULL))
);
CREATE INDEX rating_county ON training.rating (county_code, id);
CREATE INDEX rating_org ON training.rating (org_id, id);
CALL platform.protect('training.rating', $$
    person_id = platform.person() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);
REVOKE DELETE ON training.rating FROM training_app, training_system;
REVOKE UPDATE ON training.rating FROM training_app;
GRANT UPDATE (answer, answered_by, answered_on) ON training.rating TO training_app;

-- Whose word it is, the institution is not told.
CREATE FUNCTION training.rating_reply(r training.rating) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'class_id', r.class_id, 'class_title', r.class_title, 'org_id', r.org_id,
        'stars', r.stars, 'reasons', r.reasons, 'note', r.note, 'rated_on', r.rated_on, 'answer_due', r.answer_due,
        'answer', r.answer, 'answered_on', r.answered_on,
        'overdue', r.answer IS NULL AND r.answer_due < platform.today(), 'county_code', r.county_code)::text
$$;

CREATE FUNCTION training.rating_told() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stars <= 2 THEN
            PERFORM training.tell(NULL, NEW.org_id, 'training.rating', '收到一条差评，请答复',
                '培训班：' || NEW.class_title || coalesce('；请于 ' || NEW.answer_due || ' 前答复', ''), 'rating', NEW.id);
        END IF;
    ELSE
        PERFORM training.tell(NEW.person_id, NULL, 'training.rating', '您的评价已有答复', NEW.answer, 'rating', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER rating_told AFTER INSERT OR UPDATE ON training.rating
    FOR EACH ROW EXECUTE FUNCTION training.rating_told();
