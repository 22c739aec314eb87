-- What a project and its milestones tell, and their cases: EN-21 a plan, EN-22 a
-- report.

CREATE FUNCTION entrepreneurship.project_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.project.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'project_id', NEW.id, 'org_id', NEW.org_id, 'state', NEW.state, 'county_code', NEW.county_code));
    PERFORM entrepreneurship.case_move('EN-21', NEW.id, NEW.state, CASE NEW.state WHEN 'unplanned' THEN 'waiting'
        WHEN 'planned' THEN 'in_progress' WHEN 'revoked' THEN 'refused' ELSE 'done' END, NEW.note);
    RETURN NULL;
END $$;
CREATE TRIGGER project_moved AFTER UPDATE OF state ON entrepreneurship.project
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.project_moved();

CREATE FUNCTION entrepreneurship.milestone_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.milestone.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'milestone_id', NEW.id, 'project_id', NEW.project_id, 'org_id', NEW.org_id, 'no', NEW.no,
        'state', CASE WHEN NEW.state = 'due' AND NEW.missed_on IS NOT NULL THEN 'missed' ELSE NEW.state END,
        'due_on', NEW.due_on, 'instalment', NEW.instalment, 'county_code', NEW.county_code));
    IF OLD.state <> NEW.state THEN
        PERFORM entrepreneurship.case_move('EN-22', NEW.id, NEW.state, CASE NEW.state WHEN 'due' THEN 'waiting'
            WHEN 'reported' THEN 'in_progress' ELSE 'done' END, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER milestone_moved AFTER UPDATE ON entrepreneurship.milestone
    FOR EACH ROW WHEN ((OLD.state, OLD.missed_on, OLD.due_on) IS DISTINCT FROM (NEW.state, NEW.missed_on, NEW.due_on))
    EXECUTE FUNCTION entrepreneurship.milestone_moved();
