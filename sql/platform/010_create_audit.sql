-- Who did, read or was refused what: one append-only table a service, and the
-- chain of seals over it.
--
-- A change's row is written by the change's own transaction under the role of
-- requests, which can neither choose `ord`, `xid` and `at` nor name another
-- actor than the one at the keyboard. Reads and refusals come in batches under
-- the service's own role. Neither role may alter or remove a row.
--
-- Rows commit in another order than they were numbered. A seal therefore covers
-- the rows of the transactions [from_xid, to_xid), where to_xid is not above
-- the oldest transaction that was still running: nothing can join them later.

CREATE PROCEDURE platform.make_audit(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I.audit (
            ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            xid         bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
            at          timestamptz NOT NULL DEFAULT clock_timestamp(),
            business_at timestamptz NOT NULL DEFAULT platform.now(),
            actor       uuid,
            roles       text,
            assisted    boolean NOT NULL,
            person_id   uuid,
            org_id      uuid,
            account     text,
            action      text NOT NULL,
            route       text NOT NULL,
            object_id   text,
            people      uuid[],
            county_code text NOT NULL,
            area_code   text,
            status      integer NOT NULL,
            error       text,
            reason      text,
            request_id  uuid NOT NULL,
            trace_id    text NOT NULL,
            client      text,
            outlet      uuid
        );
        CREATE INDEX audit_xid ON %1$I.audit USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);
        CREATE INDEX audit_county ON %1$I.audit (county_code, ord);
        CREATE INDEX audit_people ON %1$I.audit USING gin (people) WHERE people IS NOT NULL;
        CREATE TABLE %1$I.audit_seal (
            n         bigint PRIMARY KEY CHECK (n > 0),
            from_xid  bigint NOT NULL,
            to_xid    bigint NOT NULL CHECK (to_xid >= from_xid),
            count     bigint NOT NULL CHECK (count >= 0),
            rows      bytea NOT NULL CHECK (length(rows) = 40 * count),
            note      text NOT NULL DEFAULT '',
            sealed_at timestamptz NOT NULL,
            hash      bytea NOT NULL CHECK (length(hash) = 32)
        );

        REVOKE ALL ON %1$I.audit, %1$I.audit_seal FROM %2$I, %3$I;
        GRANT SELECT ON %1$I.audit TO %2$I, %3$I;
        GRANT INSERT (actor, roles, assisted, person_id, org_id, account, action, route, object_id,
                      people, county_code, area_code, status, error, reason, request_id, trace_id,
                      client, outlet) ON %1$I.audit TO %2$I;
        GRANT INSERT (at, business_at, actor, roles, assisted, person_id, org_id, account, action,
                      route, object_id, people, county_code, area_code, status, error, reason,
                      request_id, trace_id, client, outlet) ON %1$I.audit TO %3$I;
        GRANT SELECT, INSERT ON %1$I.audit_seal TO %3$I;

        ALTER TABLE %1$I.audit ENABLE ROW LEVEL SECURITY;
        CREATE POLICY app_select ON %1$I.audit FOR SELECT TO %2$I USING (
            (platform.action() = 'audit.list' AND county_code = ANY (platform.areas()))
            OR (platform.action() = 'audit.accesses' AND people @> ARRAY[platform.person()]));
        CREATE POLICY app_insert ON %1$I.audit FOR INSERT TO %2$I WITH CHECK (
            action = platform.action() AND (platform.actor() IS NULL OR actor = platform.actor()));
        CREATE POLICY system_select ON %1$I.audit FOR SELECT TO %3$I USING (true);
        CREATE POLICY system_insert ON %1$I.audit FOR INSERT TO %3$I WITH CHECK (true);

        COMMENT ON TABLE %1$I.audit IS 'who did, read or was refused what; append-only';
        COMMENT ON COLUMN %1$I.audit.account IS 'sign-in: keyed hash of the name that was given';
        COMMENT ON COLUMN %1$I.audit.people IS 'whose data was changed or shown, the caller''s own left out';
        COMMENT ON COLUMN %1$I.audit.county_code IS 'of what it was about, else of the officer; 431100: the city, or unknown';
        COMMENT ON TABLE %1$I.audit_seal IS 'public: digests only; the chain that shows an altered, missing or added row';
        COMMENT ON COLUMN %1$I.audit_seal.rows IS 'for each row: ord in 8 bytes, SM3 of its text in 32';
        $sql$, service, service || '_app', service || '_system');
END $$;

CALL platform.add_part('audit');
