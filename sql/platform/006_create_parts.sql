-- The tables that every service has come in parts, so that a later release can
-- give one more to services that exist and to those still to be made.
--
--     CREATE PROCEDURE platform.make_thing(service text) ...;
--     CALL platform.add_part('thing');

CREATE TABLE platform.part (
    ord  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT part_name_key UNIQUE
);
COMMENT ON TABLE platform.part IS 'public: names of procedures make_<name>, run for each service in this order';

CREATE PROCEDURE platform.make_parts(service text)
LANGUAGE plpgsql AS $$
DECLARE
    part text;
BEGIN
    FOR part IN SELECT name FROM platform.part ORDER BY ord LOOP
        EXECUTE format('CALL platform.%I(%L)', 'make_' || part, service);
    END LOOP;
END $$;

CREATE PROCEDURE platform.add_part(part text)
LANGUAGE plpgsql AS $$
DECLARE
    service text;
BEGIN
    INSERT INTO platform.part (name) VALUES (part);
    FOR service IN SELECT n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
                    WHERE c.relname = 'event_log' ORDER BY 1 LOOP
        EXECUTE format('CALL platform.%I(%L)', 'make_' || part, service);
    END LOOP;
END $$;

CREATE OR REPLACE PROCEDURE platform.make_service(service text)
LANGUAGE plpgsql AS $$
BEGIN
    CALL platform.make_role(service || '_app');
    CALL platform.make_role(service || '_system');
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I', service,
        service || '_app', service || '_system');
    CALL platform.make_events(service);
    CALL platform.make_runtime(service);
    CALL platform.make_parts(service);
    EXECUTE format($sql$
        ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %2$I, %3$I;
        ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT USAGE ON SEQUENCES TO %2$I, %3$I;
        ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT EXECUTE ON FUNCTIONS TO %2$I, %3$I;
        $sql$, service, service || '_app', service || '_system');
END $$;
