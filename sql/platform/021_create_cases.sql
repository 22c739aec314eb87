-- Cases (办件): what a person or an organisation has asked for, under one
-- number, with every step it took. Each service keeps its own; the gateway
-- shows them as one timeline.
--
-- Requests read them under row-level security and write them only through
-- case_open() and case_move(), which run as the owner: the employer who
-- answers an application moves the applicant's case without seeing it.
-- A service calls case_move() from the trigger of the table whose state moves,
-- so no statement that moves it can forget the step. Their plans are kept from
-- when the tables were new and empty: they must use the index all the same.

CREATE PROCEDURE platform.make_case_tables(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE SEQUENCE %1$I.case_serial MAXVALUE 999999 CYCLE;
        CREATE TABLE %1$I.case_file (
            id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
            case_no      text NOT NULL CONSTRAINT case_file_no_key UNIQUE
                DEFAULT platform.case_no(%2$L, platform.today(), nextval('%1$I.case_serial')),
            matter_code  text NOT NULL,
            subject_kind text NOT NULL,
            subject_id   uuid NOT NULL,
            person_id    uuid,
            org_id       uuid,
            assisted_by  uuid,
            outlet_id    uuid DEFAULT platform.outlet(),
            state        text NOT NULL CONSTRAINT case_file_state_check CHECK (state IN
                ('accepted', 'in_progress', 'waiting', 'done', 'refused', 'withdrawn')),
            county_code  text,
            area_code    text,
            opened_at    timestamptz NOT NULL DEFAULT platform.now(),
            due_on       date,
            closed_at    timestamptz,
            CONSTRAINT case_file_subject_key UNIQUE (subject_id, matter_code),
            CONSTRAINT case_file_closed_check
                CHECK ((closed_at IS NULL) = (state IN ('accepted', 'in_progress', 'waiting')))
        );
        CREATE INDEX case_file_person ON %1$I.case_file (person_id, id) WHERE person_id IS NOT NULL;
        CREATE INDEX case_file_org ON %1$I.case_file (org_id, id) WHERE org_id IS NOT NULL;
        CREATE TABLE %1$I.case_step (
            ord        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            case_id    uuid NOT NULL CONSTRAINT case_step_case_fkey REFERENCES %1$I.case_file,
            step       text NOT NULL,
            state      text NOT NULL,
            note       text,
            actor      uuid DEFAULT platform.actor(),
            actor_kind text NOT NULL DEFAULT platform.actor_kind() CONSTRAINT case_step_actor_check
                CHECK (actor_kind IN ('person', 'org', 'officer', 'system')),
            at         timestamptz NOT NULL DEFAULT platform.now()
        );
        CREATE INDEX case_step_case ON %1$I.case_step (case_id, ord);
        COMMENT ON TABLE %1$I.case_file IS 'what was asked for, by whom, and how it stands';
        COMMENT ON TABLE %1$I.case_step IS 'how it came to stand so';
        $sql$, service, platform.case_letters(service));
    EXECUTE format($sql$
        GRANT SELECT ON %1$I.case_file, %1$I.case_step TO %2$I, %3$I;
        $sql$, service, service || '_app', service || '_system');
    CALL platform.protect(service || '.case_file', $p$
        person_id = platform.person() OR org_id = platform.org()
        OR platform.in_areas(county_code, area_code)$p$, 'false');
    CALL platform.protect(service || '.case_step',
        format('EXISTS (SELECT FROM %I.case_file f WHERE f.id = case_id)', service), 'false');
END $$;

-- One case a matter and thing: opened again, it is the case there was.
CREATE PROCEDURE platform.make_case_functions(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION %1$I.case_open(matter text, kind text, subject uuid, person uuid, org uuid,
            assistant uuid, county text, area text, opens_as text, due date)
        RETURNS TABLE (case_no text, state text)
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off AS $f$
        DECLARE
            made %1$I.case_file;
        BEGIN
            INSERT INTO %1$I.case_file AS f (matter_code, subject_kind, subject_id, person_id, org_id,
                assisted_by, state, county_code, area_code, due_on, closed_at)
            VALUES (matter, kind, subject, person, org, assistant, opens_as, county, area, due,
                CASE opens_as WHEN 'done' THEN platform.now() END)
            ON CONFLICT (subject_id, matter_code) DO NOTHING RETURNING f.* INTO made;
            IF made.id IS NOT NULL THEN
                INSERT INTO %1$I.case_step (case_id, step, state) VALUES (made.id, 'submit', opens_as);
            ELSE
                SELECT f.* INTO made FROM %1$I.case_file f
                 WHERE f.subject_id = subject AND f.matter_code = matter;
            END IF;
            RETURN QUERY SELECT made.case_no, made.state;
        END $f$;
        CREATE FUNCTION %1$I.case_move(matter text, subject uuid, step_ text, next text, note_ text)
        RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off AS $f$
        BEGIN
            WITH moved AS (
                UPDATE %1$I.case_file f
                   SET state = coalesce(next, f.state),
                       closed_at = CASE WHEN next IS NULL THEN f.closed_at
                                        WHEN next IN ('done', 'refused', 'withdrawn')
                                        THEN platform.now() END
                 WHERE f.subject_id = subject AND f.matter_code = matter
                RETURNING f.id, f.state
            )
            INSERT INTO %1$I.case_step (case_id, step, state, note)
            SELECT id, step_, state, note_ FROM moved;
        END $f$;
        CREATE FUNCTION %1$I.case_json(f %1$I.case_file) RETURNS jsonb
        LANGUAGE sql STABLE AS $f$
            SELECT jsonb_build_object('id', f.id, 'case_no', f.case_no, 'service', %4$L,
                'matter_code', f.matter_code, 'subject_kind', f.subject_kind,
                'subject_id', f.subject_id, 'person_id', f.person_id, 'org_id', f.org_id,
                'assisted', f.assisted_by IS NOT NULL, 'state', f.state,
                'county_code', f.county_code, 'opened_at', f.opened_at, 'due_on', f.due_on,
                'closed_at', f.closed_at)
        $f$;
        COMMENT ON FUNCTION %1$I.case_open(text, text, uuid, uuid, uuid, uuid, text, text, text, date)
            IS 'the case of this matter and thing, made if there is none';
        COMMENT ON FUNCTION %1$I.case_move(text, uuid, text, text, text)
            IS 'appends a step; next: the state it leads to, NULL: as before';
        GRANT EXECUTE ON FUNCTION %1$I.case_open(text, text, uuid, uuid, uuid, uuid, text, text, text, date),
            %1$I.case_move(text, uuid, text, text, text), %1$I.case_json(%1$I.case_file) TO %2$I, %3$I;
        $sql$, service, service || '_app', service || '_system', service);
END $$;

CREATE FUNCTION platform.actor_kind() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN platform.org() IS NOT NULL THEN 'org' WHEN platform.person() IS NOT NULL THEN 'person'
            WHEN platform.areas() IS NOT NULL THEN 'officer'
            WHEN platform.actor() IS NOT NULL THEN 'person' ELSE 'system' END;
COMMENT ON FUNCTION platform.actor_kind() IS 'as what the caller acts: person, org, officer or system';

CREATE PROCEDURE platform.make_cases(service text)
LANGUAGE plpgsql AS $$
BEGIN
    CALL platform.make_case_tables(service);
    CALL platform.make_case_functions(service);
END $$;

CALL platform.add_part('cases');
