-- Cases follow claims and objections (platform/021). Claims move by hundreds:
-- one command for all that a statement moved. A claim's case is opened by its
-- confirmation, one by one or all of an employer's at once.

CREATE FUNCTION subsidies.claim_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.case_file (matter_code, subject_kind, subject_id, person_id, org_id, state,
                                     county_code, area_code, due_on)
    SELECT 'SU-01', 'claim', a.id, a.person_id, a.org_id, 'accepted', a.county_code, a.area_code,
           a.promised_on
      FROM after a JOIN before b ON b.id = a.id
     WHERE a.state = 'confirmed' AND b.state <> 'confirmed'
        ON CONFLICT (subject_id, matter_code) DO NOTHING;
    WITH moved AS (
        UPDATE subsidies.case_file f
           SET state = CASE
                   WHEN a.state = 'confirmed' THEN 'accepted'
                   WHEN a.state IN ('found', 'notified', 'returned') THEN 'waiting'
                   WHEN a.state = 'declined' THEN 'withdrawn'
                   WHEN a.state = 'rejected' THEN 'refused'
                   WHEN a.state = 'paid' THEN 'done' ELSE 'in_progress' END,
               closed_at = CASE WHEN a.state IN ('declined', 'rejected', 'paid')
                                THEN platform.now() END
          FROM after a JOIN before b ON b.id = a.id
         WHERE a.state <> b.state AND f.subject_id = a.id AND f.matter_code = 'SU-01'
        RETURNING f.id, f.state, a.state AS step
    )
    INSERT INTO subsidies.case_step (case_id, step, state) SELECT id, step, state FROM moved;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_case AFTER UPDATE ON subsidies.claim
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION subsidies.claim_case();

CREATE FUNCTION subsidies.objection_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM subsidies.case_move('SU-02', NEW.id, NEW.state, 'done', NEW.answer);
    RETURN NULL;
END $$;
CREATE TRIGGER objection_case AFTER UPDATE ON subsidies.objection
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION subsidies.objection_case();
