-- What follows a class's move: the event, the case, the people in it.

CREATE FUNCTION training.class_tell(c training.class, was text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO training.outbox (type, key, area_code, payload)
    SELECT CASE WHEN c.state = 'open' THEN 'training.class.opened.v1'
                WHEN c.state = 'cancelled' THEN 'training.class.cancelled.v1'
                ELSE 'training.class.moved.v1' END,
           c.id::text, c.county_code,
           jsonb_build_object('class_id', c.id, 'org_id', c.org_id, 'kind', c.kind, 'module', c.module,
               'occupation_code', c.occupation_code, 'level', c.level, 'capacity', c.capacity,
               'starts_on', c.starts_on, 'ends_on', c.ends_on, 'state', c.state, 'was', was,
               'county_code', c.county_code)
$$;

-- People told, one message each: of a class that is cancelled, those who had
-- or wanted a place; of one that begins, those who never got one.
CREATE FUNCTION training.class_dismiss(c training.class, states text[], next text, title text, body text)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH gone AS (
        UPDATE training.enrolment AS e
           SET state = next, subsidised_no = NULL, moved_at = platform.now(), reason = 'class'
         WHERE e.class_id = c.id AND e.state = ANY (states) AND e.completed_on IS NULL
           AND e.certificate_number IS NULL
        RETURNING e.id, e.person_id
    )
    SELECT count(training.tell(g.person_id, NULL, 'enrolment', title, body, 'enrolment', g.id)) FROM gone g
$$;

CREATE FUNCTION training.class_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state = 'cancelled' THEN
        PERFORM training.class_dismiss(NEW, '{proposed,waiting,enrolled}', 'cancelled', '培训班已取消',
            '“' || NEW.title || '”（' || NEW.org_name || '）已取消：' || coalesce(NEW.note, '原因未说明'));
    ELSIF NEW.state = 'running' THEN
        PERFORM training.class_dismiss(NEW, '{proposed,waiting}', 'lapsed', '培训班已开班',
            '“' || NEW.title || '”已开班，您未能取得名额，可另选其他班级');
    ELSIF NEW.state IN ('returned', 'refused', 'open') THEN
        PERFORM training.tell(NULL, NEW.org_id, 'class', CASE NEW.state WHEN 'open' THEN '开班备案已通过'
            WHEN 'returned' THEN '开班备案已退回' ELSE '开班备案未通过' END,
            '“' || NEW.title || '”' || coalesce('：' || NEW.note, ''), 'class', NEW.id);
    END IF;
    PERFORM training.class_tell(NEW, OLD.state);
    PERFORM training.case_move('TR-02', NEW.id, NEW.state, CASE NEW.state WHEN 'open' THEN 'done'
        WHEN 'returned' THEN 'waiting' WHEN 'filed' THEN 'in_progress' WHEN 'refused' THEN 'refused'
        WHEN 'cancelled' THEN CASE WHEN OLD.state IN ('filed', 'returned') THEN 'withdrawn' END END, NEW.note);
    RETURN NULL;
END $$;

CREATE FUNCTION training.class_filed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM training.class_tell(NEW, NULL);
    RETURN NULL;
END $$;

DROP TRIGGER class_case ON training.class;
DROP FUNCTION training.class_case();
CREATE TRIGGER class_follow AFTER UPDATE OF state ON training.class
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.class_follow();
CREATE TRIGGER class_filed AFTER INSERT ON training.class
    FOR EACH ROW EXECUTE FUNCTION training.class_filed();
