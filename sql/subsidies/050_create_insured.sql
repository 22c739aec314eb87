-- What is known now of who is insured where: one row per person and employer,
-- its months as ranges of days, so that judging a million people adds up no
-- months. insurance_month stays the history; a trigger on it keeps this, in
-- the statement that adds the months, whoever adds them.

CREATE TABLE subsidies.insured (
    id_index    text NOT NULL,
    uscc        text NOT NULL,
    person_id   uuid,                   -- once registered
    org_id      uuid,
    county_code text,                   -- the person's
    all_three   datemultirange NOT NULL DEFAULT '{}',   -- pension, unemployment and work injury
    any_kind    datemultirange NOT NULL DEFAULT '{}',
    ui          datemultirange NOT NULL DEFAULT '{}',   -- unemployment insurance
    PRIMARY KEY (id_index, uscc)
);
CREATE INDEX insured_person ON subsidies.insured (person_id);
CREATE INDEX insured_org ON subsidies.insured (org_id);
CREATE INDEX insured_uscc ON subsidies.insured (uscc) WHERE org_id IS NULL;
CALL platform.protect('subsidies.insured',
    $$platform.in_areas(county_code, NULL) OR person_id = platform.person()
      OR platform.action() LIKE 'subsidies.import.%'$$,
    $$false$$);
COMMENT ON TABLE subsidies.insured IS 'projection of insurance_month as it is known now; months are [first day, first of the next)';

CREATE FUNCTION subsidies.month_range(month date) RETURNS daterange
LANGUAGE sql IMMUTABLE AS $$ SELECT daterange(month, (month + interval '1 month')::date) $$;

INSERT INTO subsidies.insured
SELECT m.id_index, m.uscc, p.id, o.id, p.county_code,
       coalesce(range_agg(subsidies.month_range(m.month)) FILTER (WHERE m.kinds = 7), '{}'),
       coalesce(range_agg(subsidies.month_range(m.month)) FILTER (WHERE m.kinds > 0), '{}'),
       coalesce(range_agg(subsidies.month_range(m.month)) FILTER (WHERE m.kinds & 2 = 2), '{}')
  FROM (SELECT DISTINCT ON (im.id_index, im.uscc, im.month) im.* FROM subsidies.insurance_month im
         ORDER BY im.id_index, im.uscc, im.month, im.batch_id DESC) m
  LEFT JOIN subsidies.person p ON p.id_index = m.id_index
  LEFT JOIN subsidies.org o ON o.uscc = m.uscc
 GROUP BY m.id_index, m.uscc, p.id, o.id, p.county_code;

-- Only the months that came are taken out and put in again. The rows are made
-- before they are changed: a file that runs at the same time waits for the lock
-- and then changes what the other left.
CREATE FUNCTION subsidies.insured_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO subsidies.insured (id_index, uscc, person_id, org_id, county_code)
    SELECT k.id_index, k.uscc, p.id, o.id, p.county_code
      FROM (SELECT DISTINCT f.id_index, f.uscc FROM fresh f) k
      LEFT JOIN subsidies.person p ON p.id_index = k.id_index
      LEFT JOIN subsidies.org o ON o.uscc = k.uscc
     ORDER BY k.id_index, k.uscc
        ON CONFLICT (id_index, uscc) DO NOTHING;
    UPDATE subsidies.insured i
       SET all_three = i.all_three - n.touched + n.all_three,
           any_kind = i.any_kind - n.touched + n.any_kind,
           ui = i.ui - n.touched + n.ui
      FROM (SELECT f.id_index, f.uscc, range_agg(subsidies.month_range(f.month)) AS touched,
                   coalesce(range_agg(subsidies.month_range(f.month)) FILTER (WHERE f.kinds = 7), '{}') AS all_three,
                   coalesce(range_agg(subsidies.month_range(f.month)) FILTER (WHERE f.kinds > 0), '{}') AS any_kind,
                   coalesce(range_agg(subsidies.month_range(f.month)) FILTER (WHERE f.kinds & 2 = 2), '{}') AS ui
              FROM fresh f GROUP BY f.id_index, f.uscc) n
     WHERE i.id_index = n.id_index AND i.uscc = n.uscc;
    RETURN NULL;
END $$;
CREATE TRIGGER insured_follow AFTER INSERT ON subsidies.insurance_month
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION subsidies.insured_follow();

-- Who a row is about follows the registration: a stranger becomes known, and a
-- corrected identity number leaves what came under the wrong one. A fact about
-- somebody is of their county.
CREATE FUNCTION subsidies.fact_settle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_TABLE_NAME = 'person' THEN
        IF TG_OP = 'UPDATE' AND OLD.id_index <> NEW.id_index THEN
            UPDATE subsidies.fact SET person_id = NULL
             WHERE person_id = NEW.id AND id_index <> NEW.id_index AND known_to IS NULL;
            UPDATE subsidies.insured SET person_id = NULL, county_code = NULL
             WHERE person_id = NEW.id AND id_index <> NEW.id_index;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.county_code <> NEW.county_code THEN
            UPDATE subsidies.fact SET county_code = NEW.county_code, area_code = NEW.area_code
             WHERE person_id = NEW.id AND known_to IS NULL AND id_index IS NOT NULL;
        END IF;
        UPDATE subsidies.fact SET person_id = NEW.id, county_code = NEW.county_code, area_code = NEW.area_code
         WHERE id_index = NEW.id_index AND person_id IS NULL AND known_to IS NULL;
        UPDATE subsidies.insured SET person_id = NEW.id, county_code = NEW.county_code
         WHERE id_index = NEW.id_index
           AND (person_id, county_code) IS DISTINCT FROM (NEW.id, NEW.county_code);
    ELSE
        IF TG_OP = 'UPDATE' AND OLD.uscc <> NEW.uscc THEN
            UPDATE subsidies.fact SET org_id = NULL
             WHERE org_id = NEW.id AND uscc <> NEW.uscc AND known_to IS NULL;
            UPDATE subsidies.insured SET org_id = NULL WHERE org_id = NEW.id AND uscc <> NEW.uscc;
        END IF;
        UPDATE subsidies.fact
           SET org_id = NEW.id,
               county_code = CASE WHEN id_index IS NULL THEN NEW.county_code ELSE county_code END,
               area_code = CASE WHEN id_index IS NULL THEN NEW.area_code ELSE area_code END
         WHERE uscc = NEW.uscc AND org_id IS NULL AND known_to IS NULL;
        UPDATE subsidies.insured SET org_id = NEW.id WHERE uscc = NEW.uscc AND org_id IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fact_settle AFTER INSERT OR UPDATE ON subsidies.person
    FOR EACH ROW EXECUTE FUNCTION subsidies.fact_settle();
CREATE TRIGGER fact_settle AFTER INSERT OR UPDATE ON subsidies.org
    FOR EACH ROW EXECUTE FUNCTION subsidies.fact_settle();
