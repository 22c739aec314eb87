-- What was heard of a graduate of the roster, what was done and whether they work is
-- told whenever it changes, whoever wrote it down: a follow-up, a contact of the help
-- case, a hire (永政办发〔2024〕15号 二（三）7: 跟踪回访率、就业服务率、就业率).
CREATE FUNCTION jobs.graduate_tell(g jobs.graduate) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    VALUES ('jobs.graduate.changed.v1', g.id::text, g.area_code, jsonb_build_object(
        'graduate_id', g.id, 'person_id', g.person_id, 'graduated_on', g.graduated_on, 'served_on', g.served_on,
        'education_code', g.education_code, 'is_priority', g.is_priority,
        'followed', g.followed_on IS NOT NULL, 'served', g.served_on IS NOT NULL,
        'willing', coalesce(g.is_willing, false) OR g.employed_on IS NOT NULL,
        'employed', g.employed_on IS NOT NULL, 'county_code', g.county_code))
$$;

CREATE FUNCTION jobs.graduate_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM jobs.graduate_tell(NEW);
    RETURN NULL;
END $$;
CREATE TRIGGER graduate_listed AFTER INSERT ON jobs.graduate
    FOR EACH ROW EXECUTE FUNCTION jobs.graduate_follow();
CREATE TRIGGER graduate_changed AFTER UPDATE ON jobs.graduate FOR EACH ROW
    WHEN ((OLD.person_id, OLD.graduated_on, OLD.education_code, OLD.is_priority, OLD.is_willing, OLD.followed_on,
           OLD.served_on, OLD.employed_on, OLD.county_code, OLD.area_code) IS DISTINCT FROM
          (NEW.person_id, NEW.graduated_on, NEW.education_code, NEW.is_priority, NEW.is_willing, NEW.followed_on,
           NEW.served_on, NEW.employed_on, NEW.county_code, NEW.area_code))
    EXECUTE FUNCTION jobs.graduate_follow();

-- What stands already is told once.
SELECT count(jobs.graduate_tell(g)::text) FROM jobs.graduate g;
