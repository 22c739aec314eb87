-- What moves a help case: triggers and the functions that run as the owner.

CREATE FUNCTION jobs.help_note(c jobs.help_case, what text, why text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.help_step (case_id, person_id, step, note, county_code, area_code)
    VALUES (c.id, c.person_id, what, why, c.county_code, c.area_code)
$$;
COMMENT ON FUNCTION jobs.help_note(jobs.help_case, text, text) IS 'a step in the timeline of a case';

CREATE FUNCTION jobs.help_case_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM jobs.help_note(NEW, 'opened', NEW.source);
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.help.opened.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
            'case_id', NEW.id, 'person_id', NEW.person_id, 'group', NEW.grp, 'source', NEW.source,
            'opened_on', NEW.opened_on, 'county_code', NEW.county_code));
        PERFORM jobs.tell(NEW.person_id, NULL, 'help.opened', '就业帮扶服务已启动',
            '公共就业服务机构将为您制定帮扶计划，并与您联系。', 'help_case', NEW.id);
        RETURN NULL;
    END IF;
    IF NEW.officer_id IS DISTINCT FROM OLD.officer_id AND NEW.officer_id IS NOT NULL THEN
        PERFORM jobs.help_note(NEW, 'assigned', NEW.officer_id::text);
    END IF;
    IF NEW.package_code IS DISTINCT FROM OLD.package_code THEN
        PERFORM jobs.help_note(NEW, 'planned', NEW.package_code || ' v' || NEW.package_version);
    END IF;
    IF NEW.escalated_on IS NOT NULL AND OLD.escalated_on IS NULL THEN
        PERFORM jobs.help_note(NEW, 'escalated', NULL);
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NULL;
    END IF;
    PERFORM jobs.help_note(NEW, CASE WHEN NEW.state = 'closed' THEN 'closed' WHEN NEW.state = 'paused' THEN 'paused'
        WHEN OLD.state = 'paused' THEN 'resumed' ELSE 'reopened' END, NEW.close_reason);
    IF NEW.state = 'closed' THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.help.closed.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
            'case_id', NEW.id, 'person_id', NEW.person_id, 'group', NEW.grp, 'reason', NEW.close_reason,
            'closed_on', NEW.closed_on, 'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER help_case_follow AFTER INSERT OR UPDATE ON jobs.help_case
    FOR EACH ROW EXECUTE FUNCTION jobs.help_case_follow();

-- A contact moves the item, the case and, once there is such a thing, the
-- registration's last contact.
CREATE FUNCTION jobs.help_contact_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    c jobs.help_case;
BEGIN
    UPDATE jobs.help_item i
       SET state = CASE NEW.outcome WHEN 'refused' THEN 'refused'
                        ELSE CASE WHEN NEW.vacancy_id IS NULL THEN 'done' ELSE 'given' END END,
           vacancy_id = coalesce(NEW.vacancy_id, i.vacancy_id),
           outcome = CASE WHEN NEW.outcome = 'served' AND NEW.vacancy_id IS NULL THEN 'served' END,
           done_on = CASE WHEN NEW.outcome = 'served' AND NEW.vacancy_id IS NULL THEN NEW.contacted_on END
     WHERE i.id = NEW.item_id AND NEW.outcome <> 'unreached';
    UPDATE jobs.help_case k
       SET last_contact_on = CASE WHEN NEW.outcome = 'unreached' THEN k.last_contact_on
                                  ELSE greatest(k.last_contact_on, NEW.contacted_on) END,
           next_visit_on = coalesce(NEW.next_visit_on,
               NEW.contacted_on + (SELECT s.visit_days FROM jobs.help_setting_of(k.county_code) s)),
           refused_count = k.refused_count + (NEW.outcome = 'refused')::integer,
           escalated_on = CASE WHEN EXISTS (SELECT FROM jobs.help_item i WHERE i.case_id = k.id
                                             AND i.state = 'planned' AND i.escalated_on IS NOT NULL)
                               THEN k.escalated_on END
     WHERE k.id = NEW.case_id RETURNING k.* INTO c;
    PERFORM jobs.help_note(c, 'contacted', NEW.kind || ' ' || NEW.outcome);
    IF NEW.outcome = 'unreached' THEN
        RETURN NULL;
    END IF;
    IF NEW.outcome = 'served' AND NEW.kind <> 'visit' THEN
        INSERT INTO jobs.outbox (type, key, area_code, payload)
        VALUES ('jobs.help.served.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
            'case_id', NEW.case_id, 'person_id', NEW.person_id, 'kind', NEW.kind, 'group', c.grp,
            'served_on', NEW.contacted_on, 'county_code', NEW.county_code));
    END IF;
    PERFORM jobs.touch_unemployment(NEW.person_id);
    RETURN NULL;
END $$;
CREATE TRIGGER help_contact_follow AFTER INSERT ON jobs.help_contact
    FOR EACH ROW EXECUTE FUNCTION jobs.help_contact_follow();

-- The one way a case is opened; none when one is open already.
CREATE FUNCTION jobs.help_open(person uuid, why text, subject uuid) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.help_case (person_id, name_masked, grp, source, source_id, next_visit_on,
                                county_code, area_code)
    SELECT p.id, p.name_masked, CASE why WHEN 'unemployment' THEN 'unemployed' WHEN 'difficulty' THEN 'difficult'
               WHEN 'officer' THEN 'other' ELSE why END, why, subject,
           platform.today() + (SELECT s.visit_days FROM jobs.help_setting_of(p.county_code) s),
           p.county_code, p.area_code
      FROM jobs.person p WHERE p.id = person
    ON CONFLICT (person_id) WHERE state <> 'closed' DO NOTHING
    RETURNING id
$$;
COMMENT ON FUNCTION jobs.help_open(uuid, text, uuid) IS
    'opens the case of whoever is newly owed help; NULL: there is one, or the person is unknown';

CREATE FUNCTION jobs.help_close(person uuid, why text, happened_on date) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH found AS (
        SELECT k.id, k.opened_on FROM jobs.help_case k
         WHERE k.person_id = person AND k.state <> 'closed' FOR UPDATE
    ), ended AS (
        UPDATE jobs.help_pause p SET resumed_on = greatest(p.from_on, platform.today())
          FROM found WHERE p.case_id = found.id AND p.resumed_on IS NULL
    )
    UPDATE jobs.help_case k
       SET state = 'closed', close_reason = why, closed_on = greatest(found.opened_on, happened_on),
           paused_on = NULL, next_visit_on = NULL, escalated_on = NULL
      FROM found WHERE k.id = found.id
$$;

CREATE FUNCTION jobs.help_on_unemployment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM jobs.help_open(NEW.person_id, CASE WHEN NEW.is_difficult THEN 'difficulty' ELSE 'unemployment' END, NEW.id);
    ELSIF NEW.end_reason <> 'hired' THEN	-- a hire closes it by its own trigger
        PERFORM jobs.help_close(NEW.person_id, CASE
            WHEN NEW.end_reason = 'pension' THEN 'retired' WHEN NEW.end_reason = 'deceased' THEN 'deceased'
            WHEN NEW.end_reason IN ('business_licence', 'stable_income') THEN 'self_employed'
            WHEN NEW.end_reason IN ('lost_capacity', 'school', 'army', 'abroad', 'prison') THEN 'not_available'
            WHEN NEW.end_reason = 'refused_service' THEN 'refused'
            WHEN NEW.end_reason = 'no_contact' THEN 'no_contact' ELSE 'other' END, NEW.ended_on);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER help_opens AFTER INSERT ON jobs.unemployment
    FOR EACH ROW WHEN (NEW.ended_on IS NULL) EXECUTE FUNCTION jobs.help_on_unemployment();
CREATE TRIGGER help_ends AFTER UPDATE ON jobs.unemployment
    FOR EACH ROW WHEN (OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL)
    EXECUTE FUNCTION jobs.help_on_unemployment();

-- A referral is taken up by applying, and by being hired.
CREATE FUNCTION jobs.help_taken(person uuid, vacancy uuid, how text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH taken AS (
        UPDATE jobs.help_item i SET state = 'done', outcome = how, done_on = platform.today()
         WHERE i.person_id = person AND i.vacancy_id = vacancy
           AND (i.state = 'given' OR (i.state = 'done' AND how = 'hired' AND i.outcome = 'applied'))
        RETURNING i.case_id
    )
    SELECT jobs.help_note(k, 'referral_taken', how) FROM jobs.help_case k
     WHERE k.id IN (SELECT t.case_id FROM taken t)
$$;

CREATE FUNCTION jobs.help_on_application() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.help_taken(NEW.person_id, NEW.vacancy_id, 'applied');
    RETURN NULL;
END $$;
CREATE TRIGGER help_taken AFTER INSERT ON jobs.application
    FOR EACH ROW EXECUTE FUNCTION jobs.help_on_application();

CREATE FUNCTION jobs.help_on_employment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.vacancy_id IS NOT NULL THEN
        PERFORM jobs.help_taken(NEW.person_id, NEW.vacancy_id, 'hired');
    END IF;
    PERFORM jobs.help_close(NEW.person_id, 'employed', NEW.hired_on);
    RETURN NULL;
END $$;
CREATE TRIGGER help_employed AFTER INSERT ON jobs.employment
    FOR EACH ROW WHEN (NEW.ended_on IS NULL) EXECUTE FUNCTION jobs.help_on_employment();

-- Clocks stand still in a pause: what was due moves by the days it took.
CREATE FUNCTION jobs.help_resume(pause jobs.help_pause, back_on date) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE jobs.help_item SET due_on = due_on + (back_on - pause.from_on)
     WHERE case_id = pause.case_id AND state = 'planned' AND due_on IS NOT NULL;
    UPDATE jobs.help_case SET state = 'open', paused_on = NULL,
           next_visit_on = next_visit_on + (back_on - pause.from_on)
     WHERE id = pause.case_id AND state = 'paused';
    UPDATE jobs.help_pause SET resumed_on = back_on WHERE id = pause.id;
$$;

-- Into another county: the case and all it holds, and from then on it is theirs.
CREATE FUNCTION jobs.help_transfer(k uuid, county text, area text, why text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE jobs.help_case SET county_code = county, area_code = area, officer_id = NULL WHERE id = k;
    UPDATE jobs.help_item SET county_code = county, area_code = area WHERE case_id = k;
    UPDATE jobs.help_contact SET county_code = county, area_code = area WHERE case_id = k;
    UPDATE jobs.help_pause SET county_code = county, area_code = area WHERE case_id = k;
    UPDATE jobs.help_step SET county_code = county, area_code = area WHERE case_id = k;
    SELECT jobs.help_note(c, 'transferred', why) FROM jobs.help_case c WHERE c.id = k;
$$;

CREATE FUNCTION jobs.help_json(k jobs.help_case) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', k.id, 'person_id', k.person_id, 'name_masked', k.name_masked,
        'group', k.grp, 'source', k.source, 'state', k.state, 'officer_id', k.officer_id,
        'package_code', k.package_code, 'package_version', k.package_version,
        'opened_on', k.opened_on, 'last_contact_on', k.last_contact_on,
        'next_visit_on', k.next_visit_on, 'paused_on', k.paused_on, 'refused_count', k.refused_count,
        'escalated_on', k.escalated_on, 'closed_on', k.closed_on, 'close_reason', k.close_reason,
        'county_code', k.county_code, 'area_code', k.area_code, 'created_at', k.created_at)
$$;
CREATE FUNCTION jobs.help_item_json(i jobs.help_item) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', i.id, 'case_id', i.case_id, 'kind', i.kind, 'title', i.title,
        'due_on', i.due_on, 'state', i.state, 'vacancy_id', i.vacancy_id, 'outcome', i.outcome,
        'done_on', i.done_on, 'of_package', i.of_package, 'escalated_on', i.escalated_on, 'note', i.note)
$$;
CREATE FUNCTION jobs.help_contact_json(t jobs.help_contact) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', t.id, 'case_id', t.case_id, 'item_id', t.item_id, 'kind', t.kind,
        'contacted_on', t.contacted_on, 'channel', t.channel, 'outcome', t.outcome, 'result', t.result,
        'reply', t.reply, 'consents', t.consents, 'refusal_reason', t.refusal_reason,
        'vacancy_id', t.vacancy_id, 'next_visit_on', t.next_visit_on, 'created_at', t.created_at)
$$;
-- With plan, contacts, pauses and timeline: what row-level security leaves of them.
CREATE FUNCTION jobs.help_whole(k jobs.help_case) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jobs.help_json(k) || jsonb_build_object(
        'items', coalesce((SELECT jsonb_agg(jobs.help_item_json(i) ORDER BY i.due_on, i.id)
            FROM jobs.help_item i WHERE i.case_id = k.id), '[]'),
        'contacts', coalesce((SELECT jsonb_agg(jobs.help_contact_json(t) ORDER BY t.contacted_on, t.id)
            FROM jobs.help_contact t WHERE t.case_id = k.id), '[]'),
        'pauses', coalesce((SELECT jsonb_agg(jsonb_build_object('reason', p.reason, 'note', p.note,
            'from_on', p.from_on, 'to_on', p.to_on, 'resumed_on', p.resumed_on) ORDER BY p.id)
            FROM jobs.help_pause p WHERE p.case_id = k.id), '[]'),
        'timeline', coalesce((SELECT jsonb_agg(jsonb_build_object('step', s.step, 'note', s.note, 'at', s.at)
            ORDER BY s.ord) FROM jobs.help_step s WHERE s.case_id = k.id), '[]'))
$$;
