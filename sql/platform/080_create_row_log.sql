-- Rows that nobody may change behind a service's back. For each table that is
-- watched, every write by the service's roles leaves the row's digest in
-- <schema>.row_log, in the same transaction; the log is sealed into a chain of
-- its own (row_seal), as the audit trail is. yjyctl audit-verify holds the rows
-- that are there against the last digest of each, and names what differs.
--
--     CALL platform.watch('subsidies.ledger_entry');
--
-- Whoever is not one of the service's two roles (a migration, a repair, a change
-- of keys) leaves no digest, and is found out, unless it says why:
--     SET LOCAL app.rows_why = '…';
-- and then audit-verify tells how many changes that reason has.
-- A column added later is covered when the table is watched again.

CREATE TABLE platform.watched (
    tbl    text PRIMARY KEY,
    key    text NOT NULL,       -- an expression over a row r: its primary key
    digest text NOT NULL        -- and the digest of every column it had when it was watched
);
COMMENT ON TABLE platform.watched IS 'public: names of the tables whose rows are sealed';

CREATE PROCEDURE platform.make_row_log(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I.row_log (
            ord    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            xid    bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
            tbl    text NOT NULL,
            key    text NOT NULL,
            gone   boolean NOT NULL,
            by_app boolean NOT NULL,
            why    text,
            digest bytea NOT NULL
        );
        CREATE INDEX row_log_xid ON %1$I.row_log (xid, ord);
        CREATE TABLE %1$I.row_seal (LIKE %1$I.audit_seal INCLUDING ALL);
        REVOKE ALL ON %1$I.row_log, %1$I.row_seal FROM %2$I, %3$I;
        GRANT SELECT ON %1$I.row_log TO %3$I;
        GRANT SELECT, INSERT ON %1$I.row_seal TO %3$I;
        COMMENT ON TABLE %1$I.row_log IS 'public: digests only; what each watched row is since its last write';
        COMMENT ON TABLE %1$I.row_seal IS 'public: digests only; the chain over the row log';
        COMMENT ON COLUMN %1$I.row_log.by_app IS 'by a request: there is a row of the audit trail of the same transaction';
        COMMENT ON COLUMN %1$I.row_log.why IS 'NULL: the service itself; else what the owner said';
        $sql$, service, service || '_app', service || '_system');
END $$;
CALL platform.add_part('row_log');

CREATE PROCEDURE platform.rows_anew(name text, reason text)
LANGUAGE plpgsql SET timezone = 'UTC' SET datestyle = 'ISO, MDY' AS $$
DECLARE
    part text[] := parse_ident(name);
    w    platform.watched;
BEGIN
    SELECT * INTO w FROM platform.watched x WHERE x.tbl = name;
    EXECUTE format('INSERT INTO %1$I.row_log (tbl, key, gone, by_app, why, digest)
                    SELECT %2$L, %3$s, false, false, %4$L, %5$s FROM %1$I.%2$I r',
        part[1], part[2], w.key, reason, w.digest);
END $$;

-- A row may have changed again, by a trigger, before the trigger of its first
-- change runs: what is written down is the row as it is then. Where rows are
-- only ever inserted it is the row inserted, without a second look.
CREATE PROCEDURE platform.watch(name text)
LANGUAGE plpgsql AS $$
DECLARE
    part  text[] := parse_ident(name);
    keys  text;
    same  text;
    sum_  text := (SELECT format($q$sha256(convert_to(concat_ws(E'\x1f', %s), 'UTF8'))$q$,
                              string_agg(format($q$coalesce(r.%I::text, E'\x1e')$q$, a.attname), ', ' ORDER BY a.attnum))
                     FROM pg_attribute a WHERE a.attrelid = name::regclass AND a.attnum > 0 AND NOT a.attisdropped);
    still boolean := NOT EXISTS (SELECT FROM unnest(ARRAY['_app', '_system']) AS role (tail)
        WHERE has_any_column_privilege(part[1] || tail, name, 'UPDATE'));
    op    text;
BEGIN
    SELECT string_agg(format('r.%I::text', a.attname), $q$ || ',' || $q$ ORDER BY k.n),
           string_agg(format('r.%1$I = changed.%1$I', a.attname), ' AND ')
      INTO keys, same
      FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (att, n)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.att
     WHERE i.indrelid = name::regclass AND i.indisprimary;
    FOREACH op IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        EXECUTE format($sql$
            CREATE OR REPLACE FUNCTION %1$I.log_%6$s_%2$s() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
            SET timezone = 'UTC' SET datestyle = 'ISO, MDY'
            SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $f$
            DECLARE
                said_why text := nullif(current_setting('app.rows_why', true), '');
            BEGIN
                IF session_user IN (%3$L, %4$L) OR said_why IS NOT NULL THEN
                    INSERT INTO %1$I.row_log (tbl, key, gone, by_app, why, digest)
                    SELECT %2$L, %5$s, %7$L, session_user = %3$L, said_why, %10$s
                      FROM %8$s;
                END IF;
                RETURN NULL;
            END $f$;
            CREATE OR REPLACE TRIGGER zz_log_%6$s AFTER %6$s ON %1$I.%2$I
                REFERENCING %9$s TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION %1$I.log_%6$s_%2$s()
            $sql$, part[1], part[2], part[1] || '_app', part[1] || '_system', keys, lower(op), op = 'DELETE',
            CASE WHEN still OR op = 'DELETE' THEN 'changed r'
                 ELSE format('changed JOIN %I.%I r ON %s', part[1], part[2], same) END,
            CASE op WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END, sum_);
    END LOOP;
    INSERT INTO platform.watched AS w VALUES (name, keys, sum_)
        ON CONFLICT (tbl) DO UPDATE SET key = excluded.key, digest = excluded.digest;
    CALL platform.rows_anew(name, 'watch');
END $$;

-- The rows that are not what was last written of them.
CREATE FUNCTION platform.rows_odd(name text, lim bigint) RETURNS TABLE (key text, what text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog SET timezone = 'UTC' SET datestyle = 'ISO, MDY'
SET enable_nestloop = off SET work_mem = '256MB' AS $$
DECLARE
    part text[] := parse_ident(name);
    w    platform.watched;
BEGIN
    SELECT * INTO w FROM platform.watched x WHERE x.tbl = name;
    RETURN QUERY EXECUTE format($sql$
        WITH last AS (
            SELECT DISTINCT ON (l.key) l.key, l.gone, l.digest FROM %1$I.row_log l
             WHERE l.tbl = %2$L ORDER BY l.key, l.ord DESC
        ), here AS (
            SELECT %3$s AS key, %5$s AS digest FROM %1$I.%2$I r
        )
        SELECT coalesce(h.key, l.key), CASE WHEN h.key IS NULL THEN 'is missing'
               WHEN l.key IS NULL OR l.gone THEN 'was added' ELSE 'was altered' END
          FROM here h FULL JOIN last l ON l.key = h.key
         WHERE CASE WHEN h.key IS NULL THEN NOT l.gone WHEN l.key IS NULL THEN true
                    ELSE l.gone OR h.digest <> l.digest END
         ORDER BY 1 LIMIT %4$s
        $sql$, part[1], part[2], w.key, lim, w.digest);
END $$;
REVOKE EXECUTE ON FUNCTION platform.rows_odd(text, bigint) FROM yjy_service;

-- A change of keys is the owner's, and says so.
CREATE OR REPLACE FUNCTION platform.reseal_put(tbl text, col text, rows jsonb) RETURNS int8
LANGUAGE plpgsql AS $$
DECLARE
    n int8;
BEGIN
    PERFORM set_config('app.rows_why', 'reseal', true);
    EXECUTE format(
        'UPDATE %1$s t SET %2$I = r.new
           FROM jsonb_to_recordset($1) AS r (place tid, old text, new text)
          WHERE t.ctid = r.place AND t.%2$I = r.old', tbl::regclass, col) USING rows;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM set_config('app.rows_why', '', true);
    RETURN n;
END $$;
