-- How many an organisation has insured, month by month, told to who follows
-- firms: once for a file, of the organisations and months that the file changed.
-- Numbers only. An organisation that registers after its data came is told then.
CREATE FUNCTION subsidies.insured_tell(orgs uuid[], months date[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.insured.counted.v1', o.id::text, o.county_code, jsonb_build_object('org_id', o.id,
               'county_code', o.county_code, 'months', n.months)
      FROM subsidies.org o
      CROSS JOIN LATERAL (
          SELECT jsonb_agg(jsonb_build_object('month', m.month, 'heads', m.heads) ORDER BY m.month) AS months
            FROM (SELECT w.month, count(*) FILTER (WHERE i.any_kind @> w.month) AS heads
                    FROM unnest(months) w (month) CROSS JOIN subsidies.insured i WHERE i.org_id = o.id
                   GROUP BY w.month) m) n
     WHERE o.id = ANY (orgs) AND n.months IS NOT NULL
$$;
COMMENT ON FUNCTION subsidies.insured_tell(uuid[], date[]) IS 'subsidies.insured.counted.v1 of these, as known now';

-- Organisations with the months that a file says something of, those with the
-- same months together.
CREATE FUNCTION subsidies.insured_touched(batch uuid) RETURNS TABLE (orgs uuid[], months date[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT array_agg(g.org_id), g.months
      FROM (SELECT f.org_id, array_agg(f.month ORDER BY f.month) AS months
              FROM (SELECT DISTINCT o.id AS org_id, im.month
                      FROM subsidies.insurance_month im JOIN subsidies.org o ON o.uscc = im.uscc
                     WHERE im.batch_id = batch) f GROUP BY f.org_id) g
     GROUP BY g.months
$$;

CREATE FUNCTION subsidies.insured_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM subsidies.insured_tell(t.orgs, t.months) FROM subsidies.insured_touched(NEW.id) t;
    RETURN NULL;
END $$;
CREATE TRIGGER insured_batch AFTER UPDATE OF rows_applied ON subsidies.import_batch
    FOR EACH ROW WHEN (NEW.kind = 'insurance_months' AND NEW.rows_applied > 0)
    EXECUTE FUNCTION subsidies.insured_batch();

-- Behind fact_settle, which names the rows.
CREATE FUNCTION subsidies.insured_org() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM subsidies.insured_tell(ARRAY[NEW.id], ARRAY(
        SELECT DISTINCT generate_series(lower(r), upper(r) - 1, interval '1 month')::date
          FROM subsidies.insured i, unnest(i.any_kind) r WHERE i.org_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER insured_org AFTER INSERT ON subsidies.org
    FOR EACH ROW EXECUTE FUNCTION subsidies.insured_org();

-- A file taken back re-states its months.
CREATE OR REPLACE FUNCTION subsidies.import_undo_do(u subsidies.import_undo) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    b       subsidies.import_batch;
    touched jsonb;
    done    bigint[];
BEGIN
    SELECT x.* INTO b FROM subsidies.import_batch x WHERE x.id = u.batch_id;
    PERFORM pg_advisory_xact_lock(hashtextextended('subsidies.import.' || b.kind, 0));
    touched := (SELECT jsonb_agg(to_jsonb(t)) FROM subsidies.insured_touched(b.id) t);
    UPDATE subsidies.import_batch x SET withdrawn_at = platform.now(), covers_through = NULL
     WHERE x.id = b.id;
    done := CASE WHEN b.fact_kind IS NULL THEN subsidies.import_undo_rows(b.id)
                 ELSE subsidies.import_undo_facts(b.id) END;
    PERFORM subsidies.insured_tell(t.orgs, t.months)
       FROM jsonb_to_recordset(coalesce(touched, '[]')) AS t (orgs uuid[], months date[]);
    RETURN done;
END $$;
