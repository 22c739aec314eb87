-- What trainees say of their training is told, so that nobody asks them twice.
CREATE FUNCTION training.rating_given() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.rating.given.v1', NEW.id::text, NEW.county_code, jsonb_build_object('rating_id', NEW.id,
        'enrolment_id', NEW.enrolment_id, 'class_id', NEW.class_id, 'org_id', NEW.org_id, 'stars', NEW.stars,
        'reasons', to_jsonb(NEW.reasons), 'rated_on', NEW.rated_on, 'county_code', NEW.county_code));
    RETURN NULL;
END $$;
CREATE TRIGGER rating_given AFTER INSERT ON training.rating
    FOR EACH ROW EXECUTE FUNCTION training.rating_given();
