-- What follows a tenancy: the carrier's places, its case, its events, and the
-- hires that count. Hires are kept as jobs tells them now, corrected as it
-- corrects them; which of them count follows from the days alone, so that it
-- does not matter what is heard of first.
ALTER TABLE entrepreneurship.hire
    ADD COLUMN was_unemployed boolean,
    ADD COLUMN was_difficult  boolean;
COMMENT ON COLUMN entrepreneurship.hire.was_difficult IS 'NULL: not told';

CREATE TABLE entrepreneurship.hire_end (
    employment_id uuid PRIMARY KEY,
    org_id        uuid NOT NULL,
    ended_on      date NOT NULL
);
CREATE INDEX hire_end_org ON entrepreneurship.hire_end (org_id);
CALL platform.protect('entrepreneurship.hire_end', 'false');
COMMENT ON TABLE entrepreneurship.hire_end IS 'ends of employments, whether the hire was heard of or not';

-- What was read while admitting is now read by the functions below.
CALL platform.protect('entrepreneurship.hire', 'false', 'false');
CALL platform.protect('entrepreneurship.job_created', $$
    carrier_org_id = platform.org() OR org_id = platform.org() OR person_id = platform.person()
    OR platform.in_areas(county_code, area_code)
$$, 'false');

-- The hires of a firm that count and are not counted yet, and the other way
-- round: of one employment, or of all.
CREATE FUNCTION entrepreneurship.jobs_settle(org uuid, employment uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    WITH gone AS (
        DELETE FROM entrepreneurship.job_created j
         WHERE j.org_id = jobs_settle.org AND (employment IS NULL OR j.employment_id = employment)
           AND NOT EXISTS (SELECT FROM entrepreneurship.hire h JOIN entrepreneurship.tenant t ON t.org_id = h.org_id
                WHERE h.id = j.employment_id AND t.id = j.tenant_id AND t.state IN ('in', 'left')
                  AND h.hired_on = j.hired_on AND h.person_id = j.person_id
                  AND h.hired_on BETWEEN t.admitted_on AND coalesce(t.left_on, 'infinity'))
        RETURNING j.*
    )
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.job.withdrawn.v1', g.employment_id::text, g.county_code,
           entrepreneurship.job_created_payload(g) FROM gone g;
    WITH made AS (
        INSERT INTO entrepreneurship.job_created AS j (employment_id, tenant_id, carrier_id, carrier_org_id, org_id,
            person_id, hired_on, county_code, area_code)
        SELECT h.id, t.id, t.carrier_id, t.carrier_org_id, t.org_id, h.person_id, h.hired_on, t.county_code, t.area_code
          FROM entrepreneurship.hire h JOIN entrepreneurship.tenant t ON t.org_id = h.org_id
         WHERE h.org_id = jobs_settle.org AND (employment IS NULL OR h.id = employment) AND t.state IN ('in', 'left')
           AND h.hired_on BETWEEN t.admitted_on AND coalesce(t.left_on, 'infinity')
        ON CONFLICT (employment_id) DO NOTHING RETURNING j.*
    )
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.job.created.v1', m.employment_id::text, m.county_code,
           entrepreneurship.job_created_payload(m) FROM made m;
END $$;
COMMENT ON FUNCTION entrepreneurship.jobs_settle(uuid, uuid) IS 'after org_turn: makes job_created what the days say';

CREATE FUNCTION entrepreneurship.tenant_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    held integer := (NEW.state IN ('offered', 'in'))::integer
        - CASE TG_OP WHEN 'UPDATE' THEN (OLD.state IN ('offered', 'in'))::integer ELSE 0 END;
BEGIN
    IF held <> 0 THEN
        UPDATE entrepreneurship.carrier c SET tenant_count = c.tenant_count + held WHERE c.id = NEW.carrier_id;
    END IF;
    IF TG_OP = 'INSERT' OR NEW.state = OLD.state THEN RETURN NULL; END IF;
    PERFORM entrepreneurship.case_move('EN-02', NEW.id, NEW.state,
        CASE NEW.state WHEN 'in' THEN 'done' WHEN 'declined' THEN 'refused' END, NEW.leave_note);
    IF NEW.state = 'in' THEN
        PERFORM entrepreneurship.jobs_settle(NEW.org_id);
        INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
        VALUES ('entrepreneurship.tenant.admitted.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
            'tenant_id', NEW.id, 'carrier_id', NEW.carrier_id, 'org_id', NEW.org_id, 'admitted_on', NEW.admitted_on,
            'county_code', NEW.county_code));
    ELSIF NEW.state = 'left' THEN
        INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
        VALUES ('entrepreneurship.tenant.left.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
            'tenant_id', NEW.id, 'carrier_id', NEW.carrier_id, 'org_id', NEW.org_id, 'admitted_on', NEW.admitted_on,
            'left_on', NEW.left_on, 'reason', NEW.leave_reason, 'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER tenant_case ON entrepreneurship.tenant;
DROP FUNCTION entrepreneurship.tenant_case();
CREATE TRIGGER tenant_follow AFTER INSERT OR UPDATE ON entrepreneurship.tenant
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.tenant_follow();
