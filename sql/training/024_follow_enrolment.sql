-- What follows an enrolment's move: the place it held goes to whoever waits
-- longest, the case, the event. A class is locked before its enrolments, here
-- as in every statement.

CREATE FUNCTION training.enrolment_tell(e training.enrolment, type text, more jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES (type, e.id::text, e.county_code, jsonb_build_object('enrolment_id', e.id, 'class_id', e.class_id,
        'person_id', e.person_id, 'kind', e.class_kind, 'module', e.module, 'county_code', e.county_code) || more)
$$;

-- Through whom somebody comes: themselves, or the clerk who sits with them.
CREATE FUNCTION training.channel() RETURNS text
LANGUAGE sql STABLE
RETURN CASE WHEN platform.actor() <> platform.person() THEN 'clerk' ELSE 'self' END;

-- Why this person cannot have a place here; NULL: they can.
CREATE FUNCTION training.enrolment_bar(c training.class, person uuid, self_paid boolean) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN CASE WHEN training.overlaps(person, c.kind, daterange(c.starts_on, c.ends_on, '[]')) THEN 'training.overlap'
            WHEN c.is_subsidised AND NOT self_paid AND training.subsidised_next(person) IS NULL
            THEN 'training.three_courses' END;

-- The same for an answer, all reasons considered. Called when nothing was made.
CREATE FUNCTION training.enrolment_refusal(class uuid, person uuid, self_paid boolean) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c training.class;
    p training.person;
    had text;
BEGIN
    SELECT x.* INTO c FROM training.class x WHERE x.id = class;
    SELECT x.* INTO p FROM training.person x WHERE x.id = person;
    SELECT e.state INTO had FROM training.enrolment e WHERE e.class_id = class AND e.person_id = person;
    RETURN CASE WHEN p.id IS NULL THEN 'training.person_unknown'
                WHEN p.is_restricted THEN 'training.person_restricted'
                WHEN had IN ('enrolled', 'waiting') THEN 'training.already_enrolled'
                WHEN had = 'removed' THEN 'training.removed'
                WHEN c.state <> 'open' THEN 'training.class_not_open'
                ELSE coalesce(training.enrolment_bar(c, person, self_paid),
                    CASE WHEN c.enrolled >= c.capacity THEN 'training.class_full' ELSE 'state.conflict' END) END;
END $$;

-- Those who wait, in their order, as far as there are places; who is elsewhere
-- by now keeps their turn.
CREATE FUNCTION training.move_up(which uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c training.class;
    w training.enrolment;
BEGIN
    SELECT x.* INTO c FROM training.class x WHERE x.id = which FOR UPDATE;
    FOR w IN SELECT e.* FROM training.enrolment e JOIN training.person p ON p.id = e.person_id
              WHERE e.class_id = which AND e.state = 'waiting' AND NOT p.is_restricted
              ORDER BY e.moved_at, e.id LOOP
        EXIT WHEN c.state <> 'open' OR c.enrolled >= c.capacity;
        CONTINUE WHEN training.enrolment_bar(c, w.person_id, false) IS NOT NULL;
        BEGIN
            UPDATE training.enrolment AS e SET state = 'enrolled', moved_at = platform.now(),
                   subsidised_no = CASE WHEN c.is_subsidised THEN training.subsidised_next(e.person_id) END
             WHERE e.id = w.id RETURNING e.* INTO w;
        EXCEPTION WHEN exclusion_violation OR unique_violation THEN CONTINUE;
        END;
        UPDATE training.class AS x SET enrolled = x.enrolled + 1 WHERE x.id = which RETURNING x.* INTO c;
        PERFORM training.enrolment_tell(w, 'training.enrolment.made.v1', jsonb_build_object('channel', w.channel));
        PERFORM training.tell(w.person_id, NULL, 'enrolment', '候补成功',
            '您已递补进入“' || w.class_title || '”，' || lower(w.during) || ' 开班', 'enrolment', w.id);
    END LOOP;
END $$;

CREATE FUNCTION training.enrolment_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE training.class AS c
       SET enrolled = c.enrolled - (OLD.state = 'enrolled')::integer,
           waiting = c.waiting - (OLD.state = 'waiting')::integer + (NEW.state = 'waiting')::integer
     WHERE c.id = NEW.class_id AND (OLD.state = 'enrolled' OR 'waiting' IN (OLD.state, NEW.state));
    IF NEW.state <> 'enrolled' THEN	-- who makes one tells it
        PERFORM training.enrolment_tell(NEW, CASE WHEN NEW.state IN ('withdrawn', 'removed') AND OLD.state = 'enrolled'
                THEN 'training.enrolment.withdrawn.v1' ELSE 'training.enrolment.moved.v1' END,
            jsonb_build_object('was', OLD.state, 'state', NEW.state, 'reason', NEW.reason));
    END IF;
    IF NEW.state IN ('withdrawn', 'removed') AND OLD.state = 'enrolled' THEN
        PERFORM training.move_up(NEW.class_id);
    END IF;
    PERFORM training.case_move('TR-01', NEW.id, NEW.state, CASE NEW.state WHEN 'enrolled' THEN 'accepted'
        WHEN 'waiting' THEN 'waiting' WHEN 'proposed' THEN 'waiting' WHEN 'withdrawn' THEN 'withdrawn'
        ELSE 'refused' END, NEW.note);
    RETURN NULL;
END $$;
CREATE TRIGGER enrolment_follow AFTER UPDATE OF state ON training.enrolment
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.enrolment_follow();

-- Whose data is gone keeps no place, and no name.
CREATE FUNCTION training.person_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE training.enrolment AS e SET name_masked = NEW.name_masked, note = NULL WHERE e.person_id = NEW.id;
    UPDATE training.enrolment AS e SET state = 'lapsed', reason = 'account', moved_at = platform.now()
     WHERE e.person_id = NEW.id AND e.state IN ('proposed', 'waiting');
    RETURN NULL;
END $$;
CREATE TRIGGER person_gone AFTER UPDATE OF is_restricted ON training.person
    FOR EACH ROW WHEN (NEW.is_restricted AND NOT OLD.is_restricted) EXECUTE FUNCTION training.person_gone();
