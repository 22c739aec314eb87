-- A desk's message is its own: no other county's, no other role's, nobody's without a desk.
CREATE SCHEMA check_desk;
CALL platform.make_service('check_desk');
DO $$ BEGIN
    PERFORM set_config('app.scope', '|||||2025-03-10T16:00:00Z|', true);
    ASSERT check_desk.tell_desk('recheck', '431129', 'a', '一', NULL, NULL, NULL)
         = check_desk.tell_desk('recheck', '431129', 'a', '二', NULL, NULL, NULL), 'an unread message is told twice';
    PERFORM check_desk.tell_desk('recheck', '431103', 'a', '三', NULL, NULL, NULL);
    PERFORM check_desk.tell_officer('00000000-0000-7000-8000-000000000001', 'a', '四', NULL, NULL, NULL);
END $$;
SET LOCAL ROLE check_desk_app;
DO $$ BEGIN
    PERFORM set_config('app.scope', '||00000000000070008000000000000001|,431129,||2025-03-10T16:00:00Z|', true);
    ASSERT (SELECT count(*) FROM check_desk.message) = 0, 'a message is seen without a desk';
    PERFORM set_config('app.scope', '||00000000000070008000000000000002|||2025-03-10T16:00:00Z|||recheck@431129', true);
    ASSERT (SELECT array_agg(title) FROM check_desk.message) = '{二}', 'a desk does not see its message only';
    PERFORM set_config('app.scope', '||00000000000070008000000000000001|||2025-03-10T16:00:00Z|||clerk@431129', true);
    ASSERT (SELECT array_agg(title) FROM check_desk.message) = '{四}', 'an officer does not see his message only';
    PERFORM set_config('app.scope', '', true);
END $$;
RESET ROLE;
DROP OWNED BY check_desk_app, check_desk_system;
DROP SCHEMA check_desk CASCADE;
DROP ROLE check_desk_app, check_desk_system;
