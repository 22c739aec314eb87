-- Notices that are taken down again, and objections that are looked into: by
-- somebody who had no hand in the claims, by a day, once prolonged.

ALTER TABLE subsidies.notice
    ADD COLUMN withdrawn_at    timestamptz,
    ADD COLUMN withdrawn_by    uuid,
    ADD COLUMN withdraw_reason text,
    ADD CONSTRAINT notice_withdrawn_check CHECK ((withdrawn_at IS NULL) = (withdraw_reason IS NULL));
GRANT UPDATE (withdrawn_at, withdrawn_by, withdraw_reason) ON subsidies.notice TO subsidies_app;

-- The number is what the objector follows it by: nobody else can guess it.
ALTER TABLE subsidies.objection
    ADD COLUMN objection_no   text NOT NULL
        DEFAULT 'YY' || upper(left(replace(gen_random_uuid()::text, '-', ''), 16))
        CONSTRAINT objection_no_key UNIQUE,
    ADD COLUMN due_on         date,
    ADD COLUMN officer_id     uuid,
    ADD COLUMN assigned_at    timestamptz,
    ADD COLUMN extended_at    timestamptz,
    ADD COLUMN extend_reason  text,
    ADD COLUMN finding        text,
    ADD COLUMN found_at       timestamptz,
    DROP CONSTRAINT objection_state_check,
    ADD CONSTRAINT objection_state_check CHECK (state IN ('open', 'dismissed', 'upheld', 'corrected')),
    ADD CONSTRAINT objection_extended_check CHECK ((extended_at IS NULL) = (extend_reason IS NULL)),
    ADD CONSTRAINT objection_finding_check CHECK ((found_at IS NULL) = (finding IS NULL));
CREATE INDEX objection_due ON subsidies.objection (due_on) WHERE state = 'open';
CALL platform.protect('subsidies.objection',
    $$platform.in_areas(county_code, NULL) OR platform.action() = 'subsidies.objection.follow'$$,
    $$platform.in_areas(county_code, NULL) OR platform.action() = 'subsidies.objection.file'$$);

-- Who looks into it and who decides it had no hand in any claim of the line.
CREATE FUNCTION subsidies.objection_apart() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM subsidies.claim c JOIN subsidies.claim_hand h ON h.claim_id = c.id
                WHERE c.notice_line_id = NEW.notice_line_id AND h.actor IN (NEW.officer_id, NEW.resolved_by)) THEN
        RAISE EXCEPTION 'subsidies.same_hand' USING ERRCODE = 'YJ002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objection_apart BEFORE UPDATE ON subsidies.objection FOR EACH ROW
    WHEN (NEW.officer_id IS DISTINCT FROM OLD.officer_id OR NEW.resolved_by IS DISTINCT FROM OLD.resolved_by)
    EXECUTE FUNCTION subsidies.objection_apart();

-- A case is due when its claim is promised, or its objection is due.
CREATE FUNCTION subsidies.case_due() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    NEW.due_on := coalesce((SELECT c.promised_on FROM subsidies.claim c WHERE c.id = NEW.subject_id),
                           (SELECT o.due_on FROM subsidies.objection o WHERE o.id = NEW.subject_id));
    RETURN NEW;
END $$;
CREATE TRIGGER case_due BEFORE INSERT ON subsidies.case_file
    FOR EACH ROW WHEN (NEW.due_on IS NULL AND NEW.state <> 'done') EXECUTE FUNCTION subsidies.case_due();
CREATE FUNCTION subsidies.objection_case_due() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE subsidies.case_file SET due_on = NEW.due_on WHERE subject_id = NEW.id AND matter_code = 'SU-02';
    RETURN NULL;
END $$;
CREATE TRIGGER objection_case_due AFTER UPDATE ON subsidies.objection
    FOR EACH ROW WHEN (OLD.due_on IS DISTINCT FROM NEW.due_on) EXECUTE FUNCTION subsidies.objection_case_due();

CREATE FUNCTION subsidies.objection_json(o subsidies.objection) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', o.id, 'objection_no', o.objection_no, 'notice_line_id', o.notice_line_id,
        'payee_name', (SELECT l.payee_name FROM subsidies.notice_line l WHERE l.id = o.notice_line_id),
        'content', o.content, 'state', o.state, 'answer', o.answer, 'county_code', o.county_code,
        'filed_at', o.created_at, 'resolved_at', o.resolved_at, 'due_on', o.due_on, 'officer_id', o.officer_id,
        'assigned_at', o.assigned_at, 'extend_reason', o.extend_reason, 'finding', o.finding,
        'found_at', o.found_at, 'overdue', o.state = 'open' AND o.due_on < platform.today())
$$;

-- Whether a line is objected to: its claimant may know that much.
CREATE FUNCTION subsidies.line_contested(line uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM subsidies.objection o WHERE o.notice_line_id = line AND o.state = 'open')
$$;
