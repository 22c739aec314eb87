-- Cases follow the enrolments whose course they tell (platform/021).

CREATE FUNCTION training.enrolment_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.score IS DISTINCT FROM NEW.score THEN
        PERFORM training.case_move('TR-01', NEW.id, 'examined',
            CASE WHEN NEW.completed_on IS NULL THEN 'in_progress' END, NULL);
    END IF;
    IF OLD.completed_on IS NULL AND NEW.completed_on IS NOT NULL THEN
        PERFORM training.case_move('TR-01', NEW.id, 'completed', 'done', NULL);
    END IF;
    IF OLD.certificate_number IS NULL AND NEW.certificate_number IS NOT NULL THEN
        PERFORM training.case_move('TR-01', NEW.id, 'certified', 'done', NEW.certificate_number);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER enrolment_case AFTER UPDATE ON training.enrolment
    FOR EACH ROW EXECUTE FUNCTION training.enrolment_case();

CREATE FUNCTION training.class_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM training.case_move('TR-02', NEW.id, NEW.state, NULL, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER class_case AFTER UPDATE ON training.class
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.class_case();
