-- Who is asking, and what time it is: the functions that row-level security
-- and column defaults are made of.
--
-- The runtime sends one setting, app.scope, with each transaction:
--
--     person|org|actor|,area,area,|action|instant|trace
--
-- Every part may be empty; nothing set means nobody asks and no row is seen.
-- The functions are plain SQL expressions, so that the planner can put their
-- bodies in the place of the calls.

CREATE SCHEMA platform;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END $$;

-- Every service role is a member: the way into this schema and the database.
DO $$ BEGIN
    CREATE ROLE yjy_service NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
DO $$ BEGIN
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO yjy_service', current_database());
END $$;
GRANT USAGE ON SCHEMA platform TO yjy_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA platform GRANT EXECUTE ON FUNCTIONS TO yjy_service;

CREATE FUNCTION platform.person() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(split_part(current_setting('app.scope', true), '|', 1), '')::uuid;
COMMENT ON FUNCTION platform.person() IS 'the natural person the caller is; NULL: none';

CREATE FUNCTION platform.org() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(split_part(current_setting('app.scope', true), '|', 2), '')::uuid;
COMMENT ON FUNCTION platform.org() IS 'the organisation the caller acts for; NULL: none';

CREATE FUNCTION platform.actor() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(split_part(current_setting('app.scope', true), '|', 3), '')::uuid;
COMMENT ON FUNCTION platform.actor() IS 'the signed-in subject, for trails';

CREATE FUNCTION platform.areas() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(nullif(trim(BOTH ',' FROM
    split_part(current_setting('app.scope', true), '|', 4)), ''), ',');
COMMENT ON FUNCTION platform.areas() IS 'area codes the caller may act in; NULL: none';

CREATE FUNCTION platform.action() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(split_part(current_setting('app.scope', true), '|', 5), '');
COMMENT ON FUNCTION platform.action() IS 'what the caller is doing, for example jobs.vacancy.open';

CREATE FUNCTION platform.trace() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(split_part(current_setting('app.scope', true), '|', 7), '');
COMMENT ON FUNCTION platform.trace() IS 'trace id of the request; travels with its events';

-- The commas around each code keep 431129 from matching inside 431129103.
CREATE FUNCTION platform.in_areas(county text, area text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN strpos(split_part(current_setting('app.scope', true), '|', 4), ',' || county || ',') > 0
    OR strpos(split_part(current_setting('app.scope', true), '|', 4), ',' || left(area, 9) || ',') > 0
    OR strpos(split_part(current_setting('app.scope', true), '|', 4), ',' || area || ',') > 0;
COMMENT ON FUNCTION platform.in_areas(text, text) IS
    'the county, the town (nine digits) or the village (twelve) is among the caller''s areas';

-- Business time comes from the runtime. Only the owner may work without:
-- migrations, and an administrator at a prompt.
CREATE FUNCTION platform.no_clock() RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF current_user = 'yjy' THEN
        RETURN clock_timestamp();
    END IF;
    RAISE EXCEPTION 'no business time: app.scope is not set' USING ERRCODE = 'internal_error';
END $$;

CREATE FUNCTION platform.now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(split_part(current_setting('app.scope', true), '|', 6), '')::timestamptz,
    platform.no_clock());
COMMENT ON FUNCTION platform.now() IS 'business time, as the runtime sent it';

CREATE FUNCTION platform.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (platform.now() AT TIME ZONE 'Asia/Shanghai')::date;
COMMENT ON FUNCTION platform.today() IS 'business date';

-- RFC 9562 version 7: 48 bits of real time in milliseconds, then random bits.
CREATE FUNCTION platform.uuid7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN (lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
    substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid;
COMMENT ON FUNCTION platform.uuid7() IS 'a new identifier that sorts by time';

-- For a prompt: SELECT platform.act_as(areas => '431129'); lasts the session.
CREATE FUNCTION platform.act_as(person uuid DEFAULT NULL, org uuid DEFAULT NULL,
    areas text DEFAULT NULL, action text DEFAULT NULL, at timestamptz DEFAULT clock_timestamp())
RETURNS text LANGUAGE sql VOLATILE
RETURN set_config('app.scope', concat_ws('|', coalesce(person::text, ''),
    coalesce(org::text, ''), coalesce(person::text, ''), coalesce(',' || areas || ',', ''),
    coalesce(action, ''), at::text, ''), false);
REVOKE EXECUTE ON FUNCTION platform.act_as(uuid, uuid, text, text, timestamptz) FROM yjy_service;

-- What yjyctl has applied; a file that changed afterwards is refused.
CREATE TABLE platform.migration (
    schema     text NOT NULL,
    number     integer NOT NULL,
    name       text NOT NULL,
    sha256     bytea NOT NULL CHECK (length(sha256) = 32),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (schema, number)
);
