-- Messages (消息): what a service has to tell a person or an organisation. They
-- are written by <schema>.tell() in the transaction of what they tell about,
-- read under row-level security, and shown by the gateway as one list.

CREATE PROCEDURE platform.make_messages(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I.message (
            id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
            person_id    uuid,
            org_id       uuid,
            kind         text NOT NULL,
            title        text NOT NULL,
            body         text NOT NULL DEFAULT '',
            subject_kind text,
            subject_id   uuid,
            at           timestamptz NOT NULL DEFAULT platform.now(),
            read_at      timestamptz,
            CONSTRAINT message_to_check CHECK (num_nonnulls(person_id, org_id) = 1)
        );
        CREATE INDEX message_person ON %1$I.message (person_id, id) WHERE person_id IS NOT NULL;
        CREATE INDEX message_org ON %1$I.message (org_id, id) WHERE org_id IS NOT NULL;
        COMMENT ON TABLE %1$I.message IS 'what a person or an organisation is told';
        CREATE FUNCTION %1$I.tell(person uuid, org uuid, kind text, title text, body text,
            subject_kind text, subject uuid) RETURNS uuid
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $f$
            INSERT INTO %1$I.message (person_id, org_id, kind, title, body, subject_kind, subject_id)
            VALUES (person, org, kind, title, coalesce(body, ''), subject_kind, subject)
            RETURNING id
        $f$;
        COMMENT ON FUNCTION %1$I.tell(uuid, uuid, text, text, text, text, uuid)
            IS 'a message to a person or to an organisation, one of the two';
        GRANT SELECT, UPDATE (read_at) ON %1$I.message TO %2$I;
        GRANT SELECT, UPDATE, DELETE ON %1$I.message TO %3$I;
        GRANT EXECUTE ON FUNCTION %1$I.tell(uuid, uuid, text, text, text, text, uuid) TO %2$I, %3$I;
        $sql$, service, service || '_app', service || '_system');
    CALL platform.protect(service || '.message',
        'person_id = platform.person() OR org_id = platform.org()');
END $$;

CALL platform.add_part('messages');
