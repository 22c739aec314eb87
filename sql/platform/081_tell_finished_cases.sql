-- A case that ends is told, once each time it ends: who asked may say how it
-- was. Whatever moves case_file, by case_open(), case_move() or in hundreds by a
-- trigger of its own, is seen by one trigger of the table. Whose case it is: of
-- the person or the organisation that began it, not of the others it concerns.
-- What monitoring itself does is rated by nobody.

CREATE PROCEDURE platform.make_case_told(service text)
LANGUAGE plpgsql AS $$
BEGIN
    IF service = 'monitoring' THEN
        RETURN;
    END IF;
    EXECUTE format($sql$
        CREATE FUNCTION %1$I.case_told() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off AS $f$
        DECLARE
            asked text := platform.actor_kind();
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                SELECT s.actor_kind INTO asked FROM %1$I.case_step s WHERE s.case_id = NEW.id ORDER BY s.ord LIMIT 1;
            END IF;
            asked := CASE WHEN NEW.person_id IS NULL THEN 'org' WHEN NEW.org_id IS NULL THEN 'person'
                          WHEN asked = 'org' THEN 'org' ELSE 'person' END;
            INSERT INTO %1$I.outbox (type, key, area_code, payload)
            VALUES (%2$L || '.case.finished.v1', NEW.id::text, coalesce(NEW.area_code, NEW.county_code),
                jsonb_build_object('case_id', NEW.id, 'case_no', NEW.case_no, 'matter_code', NEW.matter_code,
                    'subject_id', NEW.subject_id, 'person_id', CASE asked WHEN 'person' THEN NEW.person_id END,
                    'org_id', CASE asked WHEN 'org' THEN NEW.org_id END, 'state', NEW.state,
                    'finished_on', platform.today(), 'outlet_id', NEW.outlet_id,
                    'officer_id', CASE WHEN platform.actor_kind() = 'officer' THEN platform.actor()
                                       ELSE NEW.assisted_by END,
                    'assisted', NEW.assisted_by IS NOT NULL, 'county_code', NEW.county_code));
            RETURN NULL;
        END $f$;
        CREATE TRIGGER case_told_new AFTER INSERT ON %1$I.case_file
            FOR EACH ROW WHEN (NEW.state IN ('done', 'refused') AND num_nonnulls(NEW.person_id, NEW.org_id) > 0)
            EXECUTE FUNCTION %1$I.case_told();
        CREATE TRIGGER case_told AFTER UPDATE ON %1$I.case_file
            FOR EACH ROW WHEN (NEW.state IN ('done', 'refused') AND OLD.state IS DISTINCT FROM NEW.state
                               AND num_nonnulls(NEW.person_id, NEW.org_id) > 0)
            EXECUTE FUNCTION %1$I.case_told();
        $sql$, service, service);
END $$;
CALL platform.add_part('case_told');
