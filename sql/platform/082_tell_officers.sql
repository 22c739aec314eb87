-- Messages to officers (待办): to one of them, or to a desk: everybody who has a
-- role in a county, 'first_review@431125', or in the city, 'approve@431100'. Who
-- reads a desk's message reads it for himself; who takes it is shown to the others.
--
-- app.scope has a ninth part, the desks at which the caller reads messages:
--     person|org|actor|,area,area,|action|instant|trace|outlet|role@area,role@area

CREATE FUNCTION platform.desks() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(nullif(split_part(current_setting('app.scope', true), '|', 9), ''), ',');
COMMENT ON FUNCTION platform.desks() IS 'role@area of each of an officer''s grants; NULL: no officer, or none asked for messages';

-- A clerk who acts for a person present reads that person's messages, not his own.
CREATE FUNCTION platform.officer() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN platform.desks() IS NOT NULL AND platform.person() IS NULL THEN platform.actor() END;
COMMENT ON FUNCTION platform.officer() IS 'the officer who reads messages; NULL: none';

CREATE PROCEDURE platform.make_desk_messages(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        ALTER TABLE %1$I.message
            ADD officer_id  uuid,
            ADD desk        text CONSTRAINT message_desk_check CHECK (desk ~
                '^(clerk|first_review|recheck|approve|finance|fiscal|audit|stats)@[0-9]{6}$'),
            ADD county_code text,
            ADD taken_by    uuid,
            ADD taken_at    timestamptz,
            ADD done_at     timestamptz,
            DROP CONSTRAINT message_to_check,
            ADD CONSTRAINT message_to_check CHECK (num_nonnulls(person_id, org_id, officer_id, desk) = 1),
            ADD CONSTRAINT message_county_check CHECK (county_code IS NOT DISTINCT FROM split_part(desk, '@', 2)),
            ADD CONSTRAINT message_taken_check CHECK (num_nonnulls(taken_by, taken_at) IN (0, 2)
                AND (taken_by IS NULL OR desk IS NOT NULL)),
            ADD CONSTRAINT message_done_check CHECK (done_at IS NULL OR num_nonnulls(officer_id, desk) = 1);
        COMMENT ON COLUMN %1$I.message.read_at IS 'when it was first read; of a desk, by any of its officers';
        COMMENT ON COLUMN %1$I.message.done_at IS 'what it asks for is done: it waits for nobody any more';
        COMMENT ON TABLE %1$I.message IS 'what a person, an organisation, an officer or a desk is told';
        CREATE UNIQUE INDEX message_officer_once ON %1$I.message (officer_id, kind, subject_id) NULLS NOT DISTINCT
            WHERE officer_id IS NOT NULL AND read_at IS NULL AND done_at IS NULL;
        CREATE UNIQUE INDEX message_desk_once ON %1$I.message (desk, kind, subject_id) NULLS NOT DISTINCT
            WHERE desk IS NOT NULL AND read_at IS NULL AND done_at IS NULL;
        CREATE INDEX message_officer ON %1$I.message (officer_id, id) WHERE officer_id IS NOT NULL;
        CREATE INDEX message_desk ON %1$I.message (desk, id) WHERE desk IS NOT NULL;
        CREATE INDEX message_waits ON %1$I.message (subject_id)
            WHERE done_at IS NULL AND num_nonnulls(officer_id, desk) = 1;
        CREATE INDEX message_old ON %1$I.message (at) WHERE num_nonnulls(officer_id, desk) = 1;

        CREATE TABLE %1$I.message_read (
            message_id uuid NOT NULL CONSTRAINT message_read_message_fkey REFERENCES %1$I.message ON DELETE CASCADE,
            officer_id uuid NOT NULL DEFAULT platform.actor(),
            at         timestamptz NOT NULL DEFAULT platform.now(),
            PRIMARY KEY (message_id, officer_id)
        );
        COMMENT ON TABLE %1$I.message_read IS 'who of a desk has read its message';
        REVOKE ALL ON %1$I.message_read FROM %2$I, %3$I;
        GRANT SELECT, INSERT ON %1$I.message_read TO %2$I;
        GRANT UPDATE (taken_by, taken_at) ON %1$I.message TO %2$I;

        CREATE FUNCTION %1$I.tell_desk(role text, county text, kind text, title text, body text,
            subject_kind text, subject uuid) RETURNS uuid
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
            INSERT INTO %1$I.message AS m (desk, county_code, kind, title, body, subject_kind, subject_id)
            VALUES (role || '@' || county, county, kind, title, coalesce(body, ''), subject_kind, subject)
            ON CONFLICT (desk, kind, subject_id) WHERE desk IS NOT NULL AND read_at IS NULL AND done_at IS NULL
            DO UPDATE SET title = excluded.title, body = excluded.body, at = excluded.at
            RETURNING m.id
        $f$;
        COMMENT ON FUNCTION %1$I.tell_desk(text, text, text, text, text, text, uuid) IS
            'a message to whoever has the role in the county (431100: the city); while unread the same one is told anew, not twice';
        CREATE FUNCTION %1$I.tell_officer(officer uuid, kind text, title text, body text,
            subject_kind text, subject uuid) RETURNS uuid
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
            INSERT INTO %1$I.message AS m (officer_id, kind, title, body, subject_kind, subject_id)
            VALUES (officer, kind, title, coalesce(body, ''), subject_kind, subject)
            ON CONFLICT (officer_id, kind, subject_id) WHERE officer_id IS NOT NULL AND read_at IS NULL AND done_at IS NULL
            DO UPDATE SET title = excluded.title, body = excluded.body, at = excluded.at
            RETURNING m.id
        $f$;
        COMMENT ON FUNCTION %1$I.tell_officer(uuid, text, text, text, text, uuid) IS
            'a message to one officer; while unread the same one is told anew, not twice';
        CREATE FUNCTION %1$I.told_today(desk_ text, officer uuid, kind_ text) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $f$
            SELECT EXISTS (SELECT FROM %1$I.message m
                            WHERE m.desk = desk_ AND m.kind = kind_ AND (m.at AT TIME ZONE 'Asia/Shanghai')::date = platform.today())
                OR EXISTS (SELECT FROM %1$I.message m
                            WHERE m.officer_id = officer AND m.kind = kind_
                              AND (m.at AT TIME ZONE 'Asia/Shanghai')::date = platform.today())
        $f$;
        COMMENT ON FUNCTION %1$I.told_today(text, uuid, text) IS 'for what is told a desk, or an officer, once a day';
        CREATE FUNCTION %1$I.told_done(subject uuid) RETURNS void
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
            UPDATE %1$I.message m SET done_at = platform.now()
             WHERE m.subject_id = subject AND m.done_at IS NULL AND num_nonnulls(m.officer_id, m.desk) = 1
        $f$;
        COMMENT ON FUNCTION %1$I.told_done(uuid) IS 'what officers were told of a thing waits no more: somebody has done it';
        CREATE FUNCTION %1$I.message_sweep(days integer) RETURNS bigint
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
            WITH gone AS (
                DELETE FROM %1$I.message m
                 WHERE m.id IN (SELECT o.id FROM %1$I.message o
                                 WHERE num_nonnulls(o.officer_id, o.desk) = 1 AND o.at < platform.now() - make_interval(days => days)
                                 LIMIT 10000)
                RETURNING 1)
            SELECT count(*) FROM gone
        $f$;
        REVOKE ALL ON FUNCTION %1$I.message_sweep(integer) FROM %2$I;
        CREATE FUNCTION %1$I.message_json(m %1$I.message, seen timestamptz) RETURNS jsonb
        LANGUAGE sql STABLE AS $f$
            SELECT jsonb_build_object('id', m.id, 'service', %4$L, 'kind', m.kind, 'title', m.title, 'body', m.body,
                'subject_kind', m.subject_kind, 'subject_id', m.subject_id, 'at', m.at, 'read_at', seen,
                'desk_role', split_part(m.desk, '@', 1), 'county_code', m.county_code, 'taken_by', m.taken_by,
                'taken_at', m.taken_at, 'done_at', m.done_at)
        $f$;
        COMMENT ON FUNCTION %1$I.message_json(%1$I.message, timestamptz) IS 'seen: when the reader read it';
        GRANT EXECUTE ON FUNCTION %1$I.tell_desk(text, text, text, text, text, text, uuid),
            %1$I.tell_officer(uuid, text, text, text, text, uuid), %1$I.told_today(text, uuid, text),
            %1$I.told_done(uuid), %1$I.message_json(%1$I.message, timestamptz) TO %2$I, %3$I;
        GRANT EXECUTE ON FUNCTION %1$I.message_sweep(integer) TO %3$I;
        $sql$, service, service || '_app', service || '_system', service);
    CALL platform.protect(service || '.message',
        'person_id = platform.person() OR org_id = platform.org() OR officer_id = platform.officer()
         OR desk = ANY (platform.desks())');
    CALL platform.protect(service || '.message_read', 'officer_id = platform.officer()');
END $$;

CALL platform.add_part('desk_messages');
