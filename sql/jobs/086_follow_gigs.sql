-- How a shift moves: every rule here holds whichever statement moves it. The
-- functions run as the owner, for they count and promise places of posts that
-- the caller may not write, and follow people whom the caller does not see.

CREATE FUNCTION jobs.gig_shift_allows(state text, next text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'applied' THEN next IN ('accepted', 'declined', 'cancelled', 'dropped')
        WHEN 'waiting' THEN next IN ('accepted', 'declined', 'cancelled', 'dropped')
        WHEN 'accepted' THEN next IN ('working', 'cancelled', 'dropped', 'no_show')
        WHEN 'working' THEN next = 'done'
        ELSE false END
$$;

-- What is owed by the days seen and the pieces counted; NULL: not to be known.
CREATE FUNCTION jobs.gig_due(p jobs.gig_post, days integer, pieces integer) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p.pay_unit WHEN 'day' THEN p.pay_cents * days
        WHEN 'hour' THEN p.pay_cents * days * (p.end_min - p.start_min) / 60
        ELSE p.pay_cents * pieces END
$$;

-- Takes a place of the post, which is locked; refuses where there is none.
CREATE FUNCTION jobs.gig_take_place(post uuid, who uuid, hours tstzmultirange) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM jobs.gig_shift s WHERE s.person_id = who AND s.during && hours
                  AND s.state IN ('accepted', 'working', 'done')) THEN
        PERFORM platform.refuse('jobs.gig_overlap');
    END IF;
    UPDATE jobs.gig_post SET places_left = places_left - 1,
           state = CASE WHEN places_left = 1 AND state = 'open' THEN 'full' ELSE state END
     WHERE id = post AND places_left > 0;
    IF NOT FOUND THEN
        PERFORM platform.refuse('jobs.gig_full');
    END IF;
END $$;

CREATE FUNCTION jobs.gig_sign_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    p jobs.gig_post;
    w jobs.person;
BEGIN
    SELECT g.* INTO p FROM jobs.gig_post g WHERE g.id = NEW.post_id FOR UPDATE;
    SELECT x.* INTO w FROM jobs.person x WHERE x.id = NEW.person_id;
    IF EXISTS (SELECT FROM jobs.gig_shift s WHERE s.post_id = NEW.post_id AND s.person_id = NEW.person_id
                  AND s.state NOT IN ('declined', 'cancelled', 'dropped')) THEN
        PERFORM platform.refuse('jobs.gig_signed_up');
    ELSIF p.state NOT IN ('open', 'full') THEN
        PERFORM platform.refuse('jobs.gig_not_open');
    ELSIF lower(jobs.gig_hours(p.from_on, p.to_on, p.start_min, p.end_min)) <= platform.now() THEN
        PERFORM platform.refuse('jobs.gig_begun');
    ELSIF p.poster_person = NEW.person_id THEN
        PERFORM platform.refuse('jobs.gig_own');
    ELSIF (w.birth_on + interval '16 years')::date > p.from_on THEN
        PERFORM platform.refuse('jobs.under_age');
    END IF;
    NEW.name_masked := w.name_masked;
    NEW.org_id := p.org_id;
    NEW.poster_person := p.poster_person;
    NEW.county_code := p.county_code;
    NEW.area_code := p.area_code;
    NEW.during := jobs.gig_hours(p.from_on, p.to_on, p.start_min, p.end_min);
    NEW.state := CASE WHEN p.choice = 'chosen' THEN 'applied' WHEN p.places_left > 0 THEN 'accepted'
                      ELSE 'waiting' END;
    IF NEW.state = 'accepted' THEN
        PERFORM jobs.gig_take_place(p.id, NEW.person_id, NEW.during);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gig_sign_up BEFORE INSERT ON jobs.gig_shift
    FOR EACH ROW EXECUTE FUNCTION jobs.gig_sign_up();

CREATE FUNCTION jobs.gig_shift_before() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    p jobs.gig_post;
BEGIN
    IF NEW.state = 'working' AND NEW.worker_done_at IS NOT NULL AND NEW.poster_done_at IS NOT NULL THEN
        NEW.state := 'done';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT jobs.gig_shift_allows(OLD.state, NEW.state) THEN
            PERFORM platform.refuse('state.wrong');
        END IF;
        SELECT g.* INTO p FROM jobs.gig_post g WHERE g.id = NEW.post_id FOR UPDATE;
        IF NEW.state = 'accepted' THEN
            IF lower(NEW.during) <= platform.now() THEN
                PERFORM platform.refuse('jobs.gig_begun');
            END IF;
            PERFORM jobs.gig_take_place(p.id, NEW.person_id, NEW.during);
        ELSIF NEW.state IN ('cancelled', 'dropped') AND OLD.state = 'accepted' THEN
            IF lower(NEW.during) <= platform.now() THEN
                PERFORM platform.refuse('jobs.gig_begun');
            END IF;
            NEW.is_late := NEW.state = 'cancelled' AND lower(NEW.during) < platform.now()
                + make_interval(hours => coalesce(jobs.work_rule_on('gig_notice_hours',
                                                                    platform.today()), 0)::int);
        ELSIF NEW.state = 'done' THEN
            NEW.days := (SELECT count(*) FROM jobs.gig_day d WHERE d.shift_id = NEW.id);
            NEW.due_cents := jobs.gig_due(p, NEW.days, NEW.pieces);
        END IF;
        NEW.moved_at := platform.now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gig_shift_before BEFORE UPDATE ON jobs.gig_shift
    FOR EACH ROW EXECUTE FUNCTION jobs.gig_shift_before();

-- The next who waits and is free then; who is taken elsewhere keeps waiting.
CREATE FUNCTION jobs.gig_promote(post uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.gig_post SET places_left = places_left + 1,
           state = CASE WHEN state = 'full' THEN 'open' ELSE state END
     WHERE id = post;
    UPDATE jobs.gig_shift SET state = 'accepted'
     WHERE id = (SELECT s.id FROM jobs.gig_shift s JOIN jobs.gig_post p ON p.id = s.post_id
                  WHERE s.post_id = post AND s.state = 'waiting' AND p.state = 'open'
                    AND lower(s.during) > platform.now()
                    AND NOT EXISTS (SELECT FROM jobs.gig_shift o
                                     WHERE o.person_id = s.person_id AND o.during && s.during
                                       AND o.state IN ('accepted', 'working', 'done'))
                  ORDER BY s.created_at, s.id LIMIT 1);
END $$;

CREATE FUNCTION jobs.gig_shift_tell(s jobs.gig_shift) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    p jobs.gig_post;
BEGIN
    SELECT g.* INTO p FROM jobs.gig_post g WHERE g.id = s.post_id;
    PERFORM jobs.tell(s.person_id, NULL, 'gig', w.title, p.title || coalesce('：' || s.reason, ''),
                      'gig_shift', s.id)
       FROM (VALUES ('accepted', '零工报名已确认'), ('declined', '零工报名未被选中'),
                    ('dropped', '零工已被取消'), ('no_show', '零工被记为未到岗')) AS w (state, title)
      WHERE w.state = s.state;
    PERFORM jobs.tell(p.poster_person, p.org_id, 'gig', w.title, p.title || '：' || s.name_masked,
                      'gig_shift', s.id)
       FROM (VALUES ('cancelled', '有人取消零工报名'), ('applied', '有人报名零工')) AS w (state, title)
      WHERE w.state = s.state;
    IF s.state = 'done' THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.gig.done.v1', s.id::text, s.county_code,
                jsonb_build_object('shift_id', s.id, 'post_id', s.post_id, 'person_id', s.person_id,
                    'org_id', s.org_id, 'occupation_code', p.occupation_code, 'days', s.days,
                    'due_cents', s.due_cents, 'is_declared', s.is_declared,
                    'ended_on', p.to_on, 'county_code', s.county_code));
    END IF;
END $$;

CREATE FUNCTION jobs.gig_shift_after() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO jobs.gig_step (shift_id, person_id, org_id, poster_person, state, pay_state, reason,
                               county_code, area_code)
    VALUES (NEW.id, NEW.person_id, NEW.org_id, NEW.poster_person, NEW.state, NEW.pay_state,
            CASE WHEN NEW.pay_state = 'disputed' THEN NEW.dispute_reason ELSE NEW.reason END,
            NEW.county_code, NEW.area_code);
    IF TG_OP = 'INSERT' THEN
        PERFORM jobs.gig_shift_tell(NEW);
        RETURN NULL;
    END IF;
    IF NEW.state <> OLD.state THEN
        PERFORM jobs.gig_shift_tell(NEW);
        IF OLD.state = 'accepted' AND NEW.state IN ('cancelled', 'dropped') THEN
            PERFORM jobs.gig_promote(NEW.post_id);
        END IF;
        PERFORM jobs.case_move('JB-36', NEW.id, NEW.state,
            CASE WHEN NEW.state = 'done' THEN 'done' WHEN NEW.state = 'cancelled' THEN 'withdrawn'
                 WHEN NEW.state IN ('declined', 'dropped', 'no_show') THEN 'refused'
                 ELSE 'in_progress' END, NEW.reason);
    END IF;
    IF NEW.pay_state = 'stated' THEN
        PERFORM jobs.tell(NEW.person_id, NULL, 'gig', '用工方已登记支付报酬，请核对', NULL, 'gig_shift', NEW.id);
    ELSIF NEW.pay_state = 'disputed' THEN
        PERFORM jobs.tell(NEW.poster_person, NEW.org_id, 'gig', '劳动者对零工报酬有异议',
                          NEW.dispute_reason, 'gig_shift', NEW.id);
    END IF;
    IF OLD.pay_state = 'disputed' AND NEW.pay_state <> 'disputed' THEN
        PERFORM jobs.case_move('JB-37', NEW.id, NEW.pay_state, 'done', NEW.answer);
        PERFORM jobs.tell(NEW.person_id, NULL, 'gig', '零工报酬争议已处理', NEW.answer, 'gig_shift', NEW.id);
        IF NEW.pay_state = 'wage_clue' THEN
            INSERT INTO jobs.outbox (type, key, area_code, payload)
            VALUES ('jobs.gig.wage_clue.v1', NEW.id::text, NEW.county_code,
                    jsonb_build_object('shift_id', NEW.id, 'person_id', NEW.person_id,
                        'org_id', NEW.org_id, 'poster_person', NEW.poster_person,
                        'owed_cents', NEW.owed_cents, 'reason', NEW.dispute_reason,
                        'area_code', NEW.area_code, 'county_code', NEW.county_code));
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER gig_shift_made AFTER INSERT ON jobs.gig_shift
    FOR EACH ROW EXECUTE FUNCTION jobs.gig_shift_after();
CREATE TRIGGER gig_shift_moved AFTER UPDATE ON jobs.gig_shift
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.pay_state <> NEW.pay_state)
    EXECUTE FUNCTION jobs.gig_shift_after();

-- A post called off lets everybody go; one that has begun cannot be.
CREATE FUNCTION jobs.gig_post_before() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state = 'cancelled' AND lower(jobs.gig_hours(NEW.from_on, NEW.to_on, NEW.start_min,
                                                        NEW.end_min)) <= platform.now() THEN
        PERFORM platform.refuse('jobs.gig_begun');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gig_post_before BEFORE UPDATE OF state ON jobs.gig_post
    FOR EACH ROW WHEN (NEW.state = 'cancelled') EXECUTE FUNCTION jobs.gig_post_before();

CREATE FUNCTION jobs.gig_post_after() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE jobs.gig_shift SET state = 'dropped', reason = coalesce(NEW.reason, '零工已结束')
     WHERE post_id = NEW.id AND state IN ('applied', 'waiting', 'accepted')
       AND (NEW.state = 'cancelled' OR state <> 'accepted');
    IF NEW.state = 'cancelled' THEN
        PERFORM jobs.case_move('JB-35', NEW.id, 'cancelled', NULL, NEW.reason);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER gig_post_after AFTER UPDATE OF state ON jobs.gig_post
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('cancelled', 'ended'))
    EXECUTE FUNCTION jobs.gig_post_after();
