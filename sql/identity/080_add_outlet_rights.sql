-- What outlets may handle, by jobs.place.delegated.v1: passed on to every
-- program with the rights withdrawn. rights NULL: the outlet has no list.
CREATE TABLE identity.outlet_right (
    place_id    uuid PRIMARY KEY,
    outlet_id   uuid NOT NULL,
    name        text NOT NULL,
    address     text NOT NULL,
    lat_e6      integer NOT NULL,
    lng_e6      integer NOT NULL,
    county_code text NOT NULL,
    is_open     boolean NOT NULL,
    rights      jsonb
);
CREATE INDEX outlet_right_outlet_idx ON identity.outlet_right (outlet_id);
CALL platform.protect('identity.outlet_right', 'platform.in_areas(county_code, NULL)', 'false');

CREATE FUNCTION identity.outlet_delegated(o identity.outlet_right, day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('outlet_id', o.outlet_id, 'name', o.name, 'lat_e6', o.lat_e6,
        'lng_e6', o.lng_e6, 'is_open', o.is_open, 'matters',
        CASE WHEN jsonb_typeof(o.rights) = 'array' THEN
            (SELECT coalesce(jsonb_agg(DISTINCT r ->> 'matter_code'), '[]'::jsonb)
               FROM jsonb_array_elements(o.rights) AS r
              WHERE (r ->> 'from_on')::date <= day
                AND (r ->> 'to_on' IS NULL OR (r ->> 'to_on')::date >= day)) END)
$$;
COMMENT ON FUNCTION identity.outlet_delegated(identity.outlet_right, date) IS
    'an outlet and the matters it may handle that day; matters null: no list binds it';

-- Outlets there were before anybody was told of them.
INSERT INTO identity.outbox (type, key, area_code, payload)
SELECT 'identity.outlet.changed.v1', id::text, county_code,
       jsonb_build_object('outlet_id', id, 'name', name, 'kind', kind, 'county_code', county_code,
                          'area_code', area_code, 'closed', closed_at IS NOT NULL)
  FROM identity.outlet;

CREATE FUNCTION identity.outlet_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.outbox (type, key, area_code, payload)
    VALUES ('identity.outlet.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('outlet_id', NEW.id, 'name', NEW.name, 'kind', NEW.kind,
                               'county_code', NEW.county_code, 'area_code', NEW.area_code,
                               'closed', NEW.closed_at IS NOT NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER outlet_tells AFTER INSERT OR UPDATE ON identity.outlet
    FOR EACH ROW EXECUTE FUNCTION identity.outlet_tells();
