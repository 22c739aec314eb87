-- What the policy counts by number is told when it comes to be and when it ends:
-- places when accepted, workshops when upgraded (永政办发〔2024〕15号 二（一）3),
-- communities when rated (二（五）13).
CREATE FUNCTION jobs.unit_tell(unit uuid, what text, from_day date, end_day date, county text, area text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.unit.moved.v1', unit::text, coalesce(area, county), jsonb_build_object('unit_id', unit, 'kind', what,
        'from_on', from_day, 'ended_on', end_day, 'county_code', county))
$$;

CREATE FUNCTION jobs.place_unit() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.unit_tell(NEW.id, NEW.kind, NEW.accepted_on, CASE NEW.state WHEN 'closed' THEN platform.today() END,
        NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
CREATE TRIGGER place_unit AFTER UPDATE ON jobs.place FOR EACH ROW
    WHEN (NEW.accepted_on IS NOT NULL AND (OLD.accepted_on IS NULL OR (OLD.state = 'closed') <> (NEW.state = 'closed')))
    EXECUTE FUNCTION jobs.place_unit();

CREATE FUNCTION jobs.workshop_unit() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.unit_tell(NEW.id, 'workshop', NEW.upgraded_on, CASE NEW.state WHEN 'revoked' THEN platform.today() END,
        NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
CREATE TRIGGER workshop_unit AFTER UPDATE ON jobs.workshop FOR EACH ROW
    WHEN (NEW.upgraded_on IS NOT NULL AND (OLD.upgraded_on IS DISTINCT FROM NEW.upgraded_on OR OLD.state <> NEW.state))
    EXECUTE FUNCTION jobs.workshop_unit();

CREATE FUNCTION jobs.rating_unit() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.unit_tell(NEW.id, 'community', NEW.approved_on, CASE WHEN NEW.state <> 'approved' THEN platform.today() END,
        NEW.county_code, NEW.area_code);
    RETURN NULL;
END $$;
CREATE TRIGGER rating_unit AFTER UPDATE ON jobs.rating FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND 'approved' IN (OLD.state, NEW.state))
    EXECUTE FUNCTION jobs.rating_unit();
