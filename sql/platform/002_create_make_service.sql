-- A service's schema: two roles and the tables of the runtime.
--
--     CREATE SCHEMA jobs; CALL platform.make_service('jobs');
--
-- jobs_app serves requests and is subject to row-level security; jobs_system
-- applies events and runs jobs. Neither can reach another service's schema.

CREATE PROCEDURE platform.make_role(name text)
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I LOGIN', name);
    END IF;
    EXECUTE format('GRANT yjy_service TO %I', name);
    EXECUTE format('ALTER ROLE %I SET search_path = pg_catalog', name);
    EXECUTE format('ALTER ROLE %I SET timezone = ''UTC''', name);
    EXECUTE format('ALTER ROLE %I SET jit = off', name);
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''60s''', name);
END $$;

-- What happened and was not yet numbered; the relay moves rows to event_log.
CREATE PROCEDURE platform.make_events(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I.outbox (
            id          uuid NOT NULL DEFAULT platform.uuid7(),
            ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            type        text NOT NULL,
            key         text NOT NULL,
            area_code   text,
            payload     jsonb NOT NULL,
            occurred_at timestamptz NOT NULL DEFAULT platform.now(),
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            trace       text DEFAULT platform.trace()
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
        CREATE TABLE %1$I.event_log (
            seq         bigint PRIMARY KEY CHECK (seq > 0),
            id          uuid NOT NULL UNIQUE,
            type        text NOT NULL,
            key         text NOT NULL,
            area_code   text,
            payload     jsonb NOT NULL,
            occurred_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            trace       text
        );
        CREATE TABLE %1$I.event_cursor (
            source text PRIMARY KEY,
            seq    bigint NOT NULL CHECK (seq >= 0)
        );
        CREATE TABLE %1$I.event_parked (
            source    text NOT NULL,
            seq       bigint NOT NULL,
            type      text NOT NULL,
            key       text NOT NULL,
            error     text NOT NULL,
            event     jsonb NOT NULL,
            parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (source, seq)
        );
        CREATE INDEX event_parked_key ON %1$I.event_parked (source, key);
        GRANT INSERT ON %1$I.outbox TO %2$I;
        GRANT SELECT, INSERT, UPDATE, DELETE
           ON %1$I.outbox, %1$I.event_log, %1$I.event_cursor, %1$I.event_parked TO %3$I;
        COMMENT ON TABLE %1$I.outbox IS 'events of changes just made, written by the statement that made them';
        COMMENT ON TABLE %1$I.event_log IS 'this service''s events, numbered without gaps by its one relay';
        COMMENT ON TABLE %1$I.event_cursor IS 'last event applied here, by producing service';
        COMMENT ON TABLE %1$I.event_parked IS 'events that could not be applied, with their error';
        $sql$, service, service || '_app', service || '_system');
END $$;

CREATE PROCEDURE platform.make_runtime(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I.idempotency (
            client      text NOT NULL,
            route       text NOT NULL,
            key         text NOT NULL,
            fingerprint bytea NOT NULL,
            status      integer,
            response    text,
            created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (client, route, key)
        );
        CREATE INDEX idempotency_age ON %1$I.idempotency (created_at);
        CREATE TABLE %1$I.job_lock (
            name   text PRIMARY KEY,
            holder uuid NOT NULL,
            until  timestamptz NOT NULL
        );
        GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I.idempotency TO %2$I, %3$I;
        GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I.job_lock TO %3$I;
        COMMENT ON TABLE %1$I.idempotency IS 'answers kept with the change they belong to, by Idempotency-Key';
        COMMENT ON TABLE %1$I.job_lock IS 'which process runs a periodic job, and until when it may';
        $sql$, service, service || '_app', service || '_system');
END $$;

CREATE PROCEDURE platform.make_service(service text)
LANGUAGE plpgsql AS $$
BEGIN
    CALL platform.make_role(service || '_app');
    CALL platform.make_role(service || '_system');
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I', service,
        service || '_app', service || '_system');
    CALL platform.make_events(service);
    CALL platform.make_runtime(service);
    EXECUTE format($sql$
        ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %2$I, %3$I;
        ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT USAGE ON SEQUENCES TO %2$I, %3$I;
        ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT EXECUTE ON FUNCTIONS TO %2$I, %3$I;
        $sql$, service, service || '_app', service || '_system');
END $$;
