-- Row-level security for one table.
--
--     CALL platform.protect('jobs.vacancy',
--         $$platform.in_areas(county_code, area_code) OR org_id = platform.org()$$,
--         $$org_id = platform.org()$$);
--
-- The first predicate says which rows <schema>_app may see, the second (by
-- default the first) which it may write; a row it writes and reads back must
-- meet both. <schema>_system has the whole table. Calling it again replaces
-- the predicates.

CREATE PROCEDURE platform.protect(name text, reads text, writes text DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
    target regclass := name;
    part   text[] := parse_ident(name);
BEGIN
    IF cardinality(part) <> 2 THEN
        RAISE EXCEPTION 'protect: % is not schema.table', name;
    END IF;
    writes := coalesce(writes, reads);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format($sql$
        DROP POLICY IF EXISTS app_select ON %1$s;
        DROP POLICY IF EXISTS app_insert ON %1$s;
        DROP POLICY IF EXISTS app_update ON %1$s;
        DROP POLICY IF EXISTS app_delete ON %1$s;
        DROP POLICY IF EXISTS system_all ON %1$s;
        CREATE POLICY app_select ON %1$s FOR SELECT TO %2$I USING (%4$s);
        CREATE POLICY app_insert ON %1$s FOR INSERT TO %2$I WITH CHECK (%5$s);
        CREATE POLICY app_update ON %1$s FOR UPDATE TO %2$I USING (%5$s) WITH CHECK (%5$s);
        CREATE POLICY app_delete ON %1$s FOR DELETE TO %2$I USING (%5$s);
        CREATE POLICY system_all ON %1$s FOR ALL TO %3$I USING (true) WITH CHECK (true);
        $sql$, target, part[1] || '_app', part[1] || '_system', reads, writes);
END $$;
