-- The sealer reads the newest transactions each second. A block-range index
-- knows nothing of pages that were not summarised yet, which is just these.

CREATE PROCEDURE platform.make_audit_index(service text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        DROP INDEX %1$I.audit_xid;
        CREATE INDEX audit_xid ON %1$I.audit (xid, ord);
        $sql$, service);
END $$;

CALL platform.add_part('audit_index');
