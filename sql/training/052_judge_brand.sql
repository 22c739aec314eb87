-- Who sees and moves what of a brand, and what follows from a move.

-- The caller is among those who said yes, or asked for the brand.
CREATE FUNCTION training.bears(brand uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM training.brand b WHERE b.id = brand AND b.applicant_id = platform.org())
        OR EXISTS (SELECT FROM training.brand_bearer x
                    WHERE x.brand_id = brand AND x.state = 'confirmed' AND x.org_id = platform.org())
$$;
-- Named, and not turned down: may read what it is asked to bear.
CREATE FUNCTION training.is_named(brand uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM training.brand_bearer x WHERE x.brand_id = brand AND x.state IN ('named', 'confirmed')
                      AND (x.org_id = platform.org() OR x.person_id = platform.person()))
$$;
CREATE FUNCTION training.is_shown(photo uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM training.brand_photo p JOIN training.brand b ON b.id = p.brand_id
                    WHERE p.id = photo AND p.is_shown AND b.state = 'recognised')
$$;
COMMENT ON FUNCTION training.is_shown(uuid) IS 'a picture of a recognised brand that an officer let everybody see';

CALL platform.protect('training.brand', $$
    state = 'recognised' OR platform.in_areas(county_code, area_code) OR applicant_id = platform.org()
    OR training.is_named(id)
$$, 'applicant_id = platform.org() OR platform.in_areas(county_code, area_code)');
CALL platform.protect('training.brand_bearer',
    'org_id = platform.org() OR person_id = platform.person() OR platform.in_areas(county_code, area_code)',
    $$org_id = platform.org() OR person_id = platform.person() OR platform.in_areas(county_code, area_code)
      OR training.bears(brand_id)$$);
CALL platform.protect('training.brand_version', 'platform.in_areas(county_code, area_code) OR training.bears(brand_id)');
CALL platform.protect('training.brand_year', 'platform.in_areas(county_code, area_code) OR training.bears(brand_id)');
CALL platform.protect('training.brand_year_row', 'platform.in_areas(county_code, area_code) OR training.bears(brand_id)');
CALL platform.protect('training.brand_photo',
    'training.is_shown(id) OR org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
CREATE POLICY app_shown ON training.file FOR SELECT TO training_app USING (training.is_shown(id));
REVOKE DELETE ON training.brand, training.brand_bearer, training.brand_version, training.brand_year,
    training.brand_photo FROM training_app, training_system;

-- A judged version stays as it was judged.
CREATE FUNCTION training.brand_version_closed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version that is % does not change', OLD.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'brand_version_open_check';
END $$;
CREATE TRIGGER brand_version_closed BEFORE UPDATE ON training.brand_version
    FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION training.brand_version_closed();

-- What a brand's applicant is told of its course; the first version is what was recognised.
CREATE FUNCTION training.brand_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM training.case_move('TR-30', NEW.id, NEW.state, CASE NEW.state
        WHEN 'proposed' THEN 'in_progress' WHEN 'checked' THEN 'in_progress' WHEN 'returned' THEN 'waiting'
        WHEN 'recognised' THEN 'done' WHEN 'refused' THEN 'refused' END, NEW.note);
    IF NEW.state = 'recognised' AND OLD.state = 'checked' THEN
        INSERT INTO training.brand_version (brand_id, version, category, occupations, towns, counties, story, state,
                                            proposed_by, checked_by, checked_at, county_code, area_code)
        VALUES (NEW.id, 1, NEW.category, NEW.occupations, NEW.towns, NEW.counties, NEW.story, 'accepted',
                NEW.proposed_by, NEW.checked_by, platform.now(), NEW.county_code, NEW.area_code);
    END IF;
    IF NEW.applicant_id IS NOT NULL AND NEW.state NOT IN ('proposed', 'checked') THEN
        PERFORM training.tell(NULL, NEW.applicant_id, 'brand_' || NEW.state, '劳务品牌“' || NEW.name || '”' || CASE NEW.state
            WHEN 'returned' THEN '须补正' WHEN 'refused' THEN '未获认定' WHEN 'suspended' THEN '已暂停'
            WHEN 'removed' THEN '已取消' ELSE '已获认定' END, NEW.note, 'brand', NEW.id);
    END IF;
    IF 'recognised' IN (OLD.state, NEW.state) OR 'removed' = NEW.state THEN
        INSERT INTO training.outbox (type, key, area_code, payload)
        VALUES ('training.brand.moved.v1', NEW.id::text, NEW.county_code,
                jsonb_build_object('brand_id', NEW.id, 'state', NEW.state, 'category', NEW.category,
                    'counties', NEW.counties, 'version', NEW.version, 'moved_on', platform.today(),
                    'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER brand_moved AFTER UPDATE ON training.brand
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.brand_moved();

CREATE FUNCTION training.brand_version_judged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    applicant uuid;
BEGIN
    PERFORM training.case_move('TR-31', NEW.id, NEW.state,
        CASE NEW.state WHEN 'accepted' THEN 'done' ELSE 'refused' END, NEW.note);
    SELECT b.applicant_id INTO applicant FROM training.brand b WHERE b.id = NEW.brand_id;
    IF applicant IS NOT NULL THEN
        PERFORM training.tell(NULL, applicant, 'brand_version_' || NEW.state, CASE NEW.state
            WHEN 'accepted' THEN '劳务品牌信息变更已生效' ELSE '劳务品牌信息变更未通过' END, NEW.note, 'brand', NEW.brand_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER brand_version_judged AFTER UPDATE ON training.brand_version
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.brand_version_judged();

-- Who is named is asked; the name of an organisation is the register's, and a
-- named person must be one we know.
CREATE FUNCTION training.brand_bearer_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    b training.brand;
    o training.org;
BEGIN
    SELECT x.* INTO b FROM training.brand x WHERE x.id = NEW.brand_id FOR SHARE;
    IF b.state IN ('refused', 'removed') THEN
        PERFORM platform.refuse('state.wrong');
    END IF;
    IF NEW.org_id IS NOT NULL THEN
        SELECT x.* INTO o FROM training.org x WHERE x.id = NEW.org_id;
        IF o.id IS NULL THEN
            PERFORM platform.refuse('training.org_unknown');
        ELSIF (NEW.kind = 'association') <> (o.kind = 'association') OR (NEW.kind = 'institution') <> (o.kind = 'institution') THEN
            PERFORM platform.refuse('field.choice /kind');
        END IF;
        NEW.shown_name := o.name;
    ELSIF NOT EXISTS (SELECT FROM training.person p WHERE p.id = NEW.person_id) THEN
        PERFORM platform.refuse('training.person_unknown');
    END IF;
    NEW.county_code := b.county_code;
    NEW.area_code := b.area_code;
    IF NEW.state = 'named' THEN
        PERFORM training.tell(NEW.person_id, NEW.org_id, 'brand_bearer_named', '请确认是否作为劳务品牌“' || b.name || '”的'
            || CASE NEW.kind WHEN 'leader' THEN '带头人' WHEN 'leading_firm' THEN '领军企业' ELSE '承载单位' END,
            '', 'brand', b.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER brand_bearer_named BEFORE INSERT ON training.brand_bearer
    FOR EACH ROW EXECUTE FUNCTION training.brand_bearer_named();

CREATE FUNCTION training.brand_year_checked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    b training.brand;
BEGIN
    SELECT x.* INTO b FROM training.brand x WHERE x.id = NEW.brand_id;
    IF b.applicant_id IS NOT NULL THEN
        PERFORM training.tell(NULL, b.applicant_id, 'brand_year_' || NEW.state, '劳务品牌“' || b.name || '”' || NEW.year
            || CASE NEW.state WHEN 'passed' THEN '年度检查通过' ELSE '年度报告须补正' END, NEW.note, 'brand', b.id);
    END IF;
    IF NEW.state = 'passed' THEN
        INSERT INTO training.outbox (type, key, area_code, payload)
        SELECT 'training.brand.year_passed.v1', NEW.id::text, NEW.county_code,
               jsonb_build_object('brand_id', b.id, 'year', NEW.year, 'workers', coalesce(sum(r.workers), 0),
                   'towns', count(DISTINCT r.town_code) FILTER (WHERE r.workers > 0), 'trained', NEW.trained,
                   'county_code', NEW.county_code)
          FROM training.brand_year_row r WHERE r.year_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER brand_year_checked AFTER UPDATE ON training.brand_year
    FOR EACH ROW WHEN (OLD.state = 'submitted' AND NEW.state IN ('passed', 'returned'))
    EXECUTE FUNCTION training.brand_year_checked();

-- People whose class in one of the brand's occupations and counties ended that year.
CREATE FUNCTION training.brand_trained(brand uuid, year integer) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT count(DISTINCT e.person_id)
      FROM training.brand b
      JOIN training.class c ON c.occupation_code = ANY (b.occupations) AND c.county_code = ANY (b.counties)
      JOIN training.enrolment e ON e.class_id = c.id
     WHERE b.id = brand AND e.completed_on BETWEEN make_date(year, 1, 1) AND make_date(year, 12, 31)
$$;

-- Who asks for a brand bears it.
CREATE FUNCTION training.brand_proposed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.brand_bearer (brand_id, kind, org_id, state, answered_at, county_code, area_code)
    SELECT NEW.id, CASE o.kind WHEN 'association' THEN 'association' WHEN 'institution' THEN 'institution'
                               ELSE 'leading_firm' END, o.id, 'confirmed', platform.now(), NEW.county_code, NEW.area_code
      FROM training.org o WHERE o.id = NEW.applicant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER brand_proposed AFTER INSERT ON training.brand
    FOR EACH ROW WHEN (NEW.applicant_id IS NOT NULL) EXECUTE FUNCTION training.brand_proposed();

-- Names a bearer: it is asked, and nobody but it answers. The caller was judged
-- before; who names an organisation does not see its answer but by the brand.
CREATE FUNCTION training.brand_bearer_add(id_ uuid, brand uuid, kind_ text, org uuid, person uuid) RETURNS training.brand_bearer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO training.brand_bearer (id, brand_id, kind, org_id, person_id, county_code, area_code)
    VALUES (id_, brand, kind_, org, person, '', '')
    RETURNING *
$$;
