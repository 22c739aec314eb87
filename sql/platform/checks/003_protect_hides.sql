-- A protected table is empty to those who did not say who they are.
CREATE SCHEMA check_protect;
CALL platform.make_service('check_protect');
CREATE TABLE check_protect.thing (county_code text NOT NULL);
CALL platform.protect('check_protect.thing', 'platform.in_areas(county_code, NULL)');
INSERT INTO check_protect.thing VALUES ('431129'), ('431103');
SET LOCAL ROLE check_protect_app;
DO $$ BEGIN
    PERFORM set_config('app.scope', '', true);
    ASSERT (SELECT count(*) FROM check_protect.thing) = 0, 'nobody sees rows';
    PERFORM set_config('app.scope', '|||,431129,|||', true);
    ASSERT (SELECT count(*) FROM check_protect.thing) = 1, 'a county does not see its own rows only';
    BEGIN
        INSERT INTO check_protect.thing VALUES ('431103');
        RAISE assert_failure USING MESSAGE = 'a row was written for another county';
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
END $$;
SET LOCAL ROLE check_protect_system;
DO $$ BEGIN
    PERFORM set_config('app.scope', '', true);
    ASSERT (SELECT count(*) FROM check_protect.thing) = 2, 'the system role does not see every row';
END $$;
RESET ROLE;
DROP OWNED BY check_protect_app, check_protect_system;
DROP SCHEMA check_protect CASCADE;
DROP ROLE check_protect_app, check_protect_system;
