-- Certificates are issued by the body that assessed, one by one or all of an examination,
-- and taken back by two officers. The six digits of a number are drawn, so that from one
-- number no other follows; its check character finds slips of the pen.

ALTER TABLE training.certificate ADD COLUMN exam_id uuid
    CONSTRAINT certificate_exam_fkey REFERENCES training.exam;
ALTER TABLE training.certificate ADD COLUMN revoked_on date;
ALTER TABLE training.certificate DROP CONSTRAINT certificate_level_check;
ALTER TABLE training.certificate ADD CONSTRAINT certificate_level_check CHECK (level BETWEEN -1 AND 6);
CREATE INDEX certificate_county ON training.certificate (county_code, id);
CREATE INDEX certificate_exam ON training.certificate (exam_id);
CREATE INDEX certificate_org ON training.certificate (org_id, id);
DROP SEQUENCE training.certificate_serial;

-- The level's digit: 特级技师 is 0, 首席技师 9, everything else itself.
CREATE OR REPLACE FUNCTION training.certificate_number(county text, issued_on date, level integer,
                                                       serial bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT 'TC' || n.digits || training.check_character(n.digits)
      FROM (SELECT county || to_char(issued_on, 'YYYY') || CASE level WHEN -1 THEN 9 ELSE level END
                   || lpad(serial::text, 6, '0')) AS n(digits)
$$;

CREATE OR REPLACE FUNCTION training.certificate_reply(c training.certificate) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'number', c.number, 'enrolment_id', c.enrolment_id, 'class_id', c.class_id,
        'exam_id', c.exam_id, 'org_id', c.org_id, 'person_id', c.person_id, 'name_masked', c.name_masked,
        'occupation_code', c.occupation_code, 'level', c.level, 'score', c.score,
        'issued_on', c.issued_on, 'revoked_on', c.revoked_on, 'county_code', c.county_code,
        'created_at', c.created_at)::text
$$;

-- A million numbers a county, year and level: the first that is free, of those drawn.
CREATE FUNCTION training.certificate_draw(county text, issued_on date, level integer) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    no text;
BEGIN
    LOOP
        no := training.certificate_number(county, issued_on, level, (random() * 999999)::bigint);
        EXIT WHEN NOT EXISTS (SELECT FROM training.certificate c WHERE c.number = no);
    END LOOP;
    RETURN no;
END $$;

CREATE FUNCTION training.exam_held(exam uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.exam_visit v WHERE v.exam_id = exam AND v.state = 'irregular');
COMMENT ON FUNCTION training.exam_held(uuid) IS 'an irregularity was found and not cleared: no certificates';

-- For those of the enrolments that passed, were assessed by this body and have none yet.
CREATE FUNCTION training.certificate_make(enrolments uuid[], body uuid) RETURNS SETOF training.certificate
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    s record;
    t training.certificate;
BEGIN
    FOR s IN SELECT e.id, e.class_id, e.person_id, e.name_masked, e.county_code, e.area_code, x.id AS exam_id, x.level,
                    x.occupation_code, k.starts_on, k.ends_on, e.score
               FROM training.enrolment e JOIN training.class k ON k.id = e.class_id
               JOIN training.exam_sitting i ON i.enrolment_id = e.id AND i.is_passed
               JOIN training.exam x ON x.id = i.exam_id AND x.body_id = body AND x.state <> 'cancelled'
              WHERE e.id = ANY (enrolments) AND e.is_passed AND e.certificate_number IS NULL AND x.level IS NOT NULL
                AND NOT training.exam_held(x.id)
              ORDER BY e.id FOR UPDATE OF e LOOP
        INSERT INTO training.certificate AS c (number, enrolment_id, class_id, exam_id, org_id, person_id, name_masked,
            occupation_code, level, score, issued_on, county_code, area_code)
        VALUES (training.certificate_draw(s.county_code, platform.today(), s.level), s.id, s.class_id, s.exam_id, body,
            s.person_id, s.name_masked, s.occupation_code, s.level, s.score, platform.today(), s.county_code, s.area_code)
            ON CONFLICT (enrolment_id) DO NOTHING
        RETURNING c.* INTO t;
        CONTINUE WHEN NOT FOUND;
        UPDATE training.enrolment e SET certificate_number = t.number WHERE e.id = s.id;
        INSERT INTO training.outbox (type, key, area_code, payload)
        VALUES ('training.certificate.issued.v1', t.id::text, t.county_code,
            jsonb_build_object('certificate_id', t.id, 'enrolment_id', t.enrolment_id, 'class_id', t.class_id,
                'person_id', t.person_id, 'occupation_code', t.occupation_code, 'level', t.level,
                'issued_on', t.issued_on, 'class_starts_on', s.starts_on, 'class_ends_on', s.ends_on,
                'county_code', t.county_code));
        RETURN NEXT t;
    END LOOP;
END $$;

CREATE FUNCTION training.certificate_issue(enrolment uuid, body uuid) RETURNS SETOF training.certificate
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    e training.enrolment;
    t training.certificate;
BEGIN
    SELECT n.* INTO e FROM training.enrolment n
     WHERE n.id = enrolment AND (n.org_id = body OR EXISTS (SELECT FROM training.exam_sitting i
                                  WHERE i.enrolment_id = n.id AND i.body_id = body)) FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    ELSIF e.certificate_number IS NOT NULL THEN
        PERFORM platform.refuse('training.already_certified');
    END IF;
    SELECT m.* INTO t FROM training.certificate_make(ARRAY[enrolment], body) AS m;
    IF t.id IS NULL THEN
        PERFORM platform.refuse(CASE
            WHEN NOT e.is_passed THEN 'training.not_examined'
            WHEN EXISTS (SELECT FROM training.exam_sitting i
                          WHERE i.enrolment_id = e.id AND training.exam_held(i.exam_id)) THEN 'training.exam_irregular'
            ELSE 'training.no_assessing_right' END);
    END IF;
    RETURN NEXT t;
END $$;
COMMENT ON FUNCTION training.certificate_issue(uuid, uuid) IS 'no row: not an enrolment that the body has to do with';

-- ---- taken back ----

CREATE TABLE training.certificate_revocation (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    certificate_id uuid NOT NULL CONSTRAINT certificate_revocation_fkey REFERENCES training.certificate,
    number         text NOT NULL,
    person_id      uuid NOT NULL,
    cause          text NOT NULL CONSTRAINT certificate_revocation_cause_check
        CHECK (cause IN ('fraud', 'exam_void', 'identity', 'error')),
    reason         text NOT NULL,
    state          text NOT NULL DEFAULT 'proposed' CONSTRAINT certificate_revocation_state_check
        CHECK (state IN ('proposed', 'revoked', 'dismissed')),
    proposed_by    uuid NOT NULL DEFAULT platform.actor(),
    decided_by     uuid,
    note           text,
    decided_on     date,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT certificate_revocation_hands_check CHECK (decided_by <> proposed_by),
    CONSTRAINT certificate_revocation_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX certificate_revocation_open_key ON training.certificate_revocation (certificate_id)
    WHERE state = 'proposed';
CREATE INDEX certificate_revocation_county ON training.certificate_revocation (county_code, id);
CALL platform.protect('training.certificate_revocation', $$platform.in_areas(county_code, area_code)$$);
REVOKE DELETE ON training.certificate_revocation FROM training_app, training_system;

CREATE FUNCTION training.certificate_revocation_reply(r training.certificate_revocation) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'certificate_id', r.certificate_id, 'number', r.number,
        'person_id', r.person_id, 'cause', r.cause, 'reason', r.reason, 'state', r.state, 'note', r.note,
        'decided_on', r.decided_on, 'county_code', r.county_code, 'created_at', r.created_at)::text
$$;

-- Decided by the second officer: the certificate, its holder and whoever relied on it hear of it.
CREATE FUNCTION training.certificate_revoked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    t training.certificate;
BEGIN
    UPDATE training.certificate c SET revoked_on = platform.today()
     WHERE c.id = NEW.certificate_id RETURNING c.* INTO t;
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.certificate.revoked.v1', t.id::text, t.county_code,
        jsonb_build_object('certificate_id', t.id, 'enrolment_id', t.enrolment_id, 'person_id', t.person_id,
            'occupation_code', t.occupation_code, 'level', t.level, 'issued_on', t.issued_on,
            'revoked_on', t.revoked_on, 'cause', NEW.cause, 'county_code', t.county_code));
    PERFORM training.tell(t.person_id, NULL, 'training.certificate', '职业技能证书已撤销',
        '证书 ' || t.number || ' 已撤销：' || NEW.reason, 'certificate', t.id);
    RETURN NULL;
END $$;
CREATE TRIGGER certificate_revoked AFTER UPDATE ON training.certificate_revocation
    FOR EACH ROW WHEN (OLD.state = 'proposed' AND NEW.state = 'revoked')
    EXECUTE FUNCTION training.certificate_revoked();

-- ---- looked up by anybody ----

-- Whoever has the number in hand may ask whether it stands; nothing leads to another.
CREATE FUNCTION training.certificate_verify(no text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT jsonb_build_object('number', c.number, 'state',
               CASE WHEN c.revoked_on IS NULL THEN 'valid' ELSE 'revoked' END,
               'name_masked', c.name_masked, 'occupation_code', c.occupation_code, 'level', c.level,
               'issued_on', c.issued_on, 'revoked_on', c.revoked_on, 'issuer', o.name)::text
      FROM training.certificate c JOIN training.org o ON o.id = c.org_id
     WHERE c.number = no
$$;
