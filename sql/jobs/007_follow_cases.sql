-- Cases follow the tables whose states they tell (platform/021).

CREATE FUNCTION jobs.application_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-06', NEW.application_id, NEW.state,
        CASE NEW.state WHEN 'hired' THEN 'done' WHEN 'rejected' THEN 'refused'
                       WHEN 'withdrawn' THEN 'withdrawn' ELSE 'in_progress' END, NEW.note);
    RETURN NULL;
END $$;
CREATE TRIGGER application_case AFTER INSERT ON jobs.application_step
    FOR EACH ROW WHEN (NEW.state <> 'submitted') EXECUTE FUNCTION jobs.application_case();

CREATE FUNCTION jobs.unemployment_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-01', NEW.id, 'ended', NULL, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER unemployment_case AFTER UPDATE ON jobs.unemployment
    FOR EACH ROW WHEN (OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL)
    EXECUTE FUNCTION jobs.unemployment_case();

CREATE FUNCTION jobs.employment_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move(m.code, NEW.id, 'ended', NULL, NULL)
       FROM (VALUES ('JB-03'), ('JB-07')) AS m (code);
    RETURN NULL;
END $$;
CREATE TRIGGER employment_case AFTER UPDATE ON jobs.employment
    FOR EACH ROW WHEN (OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL)
    EXECUTE FUNCTION jobs.employment_case();

CREATE FUNCTION jobs.vacancy_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-05', NEW.id, NEW.state, NULL, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER vacancy_case AFTER UPDATE ON jobs.vacancy
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.vacancy_case();
