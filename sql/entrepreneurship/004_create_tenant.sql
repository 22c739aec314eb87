-- A firm in a carrier, both days included. It is in one at a time, so that a
-- job it creates counts for one carrier; county_code is the carrier's.
CREATE TABLE entrepreneurship.tenant (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    carrier_id     uuid NOT NULL CONSTRAINT tenant_carrier_fkey REFERENCES entrepreneurship.carrier,
    carrier_org_id uuid NOT NULL,
    org_id         uuid NOT NULL CONSTRAINT tenant_org_fkey REFERENCES entrepreneurship.org,
    org_name       text NOT NULL,
    admitted_on    date NOT NULL,
    left_on        date,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT tenant_order_check CHECK (left_on >= admitted_on),
    CONSTRAINT tenant_one_carrier_excl EXCLUDE USING gist
        (org_id entrepreneurship.gist_uuid_ops WITH OPERATOR(pg_catalog.=),
         daterange(admitted_on, left_on, '[]') WITH OPERATOR(pg_catalog.&&))
);

CREATE INDEX tenant_org_idx ON entrepreneurship.tenant (org_id, admitted_on);
CREATE INDEX tenant_carrier_idx ON entrepreneurship.tenant (carrier_id, id);
CREATE INDEX tenant_county_idx ON entrepreneurship.tenant (county_code, id);

CALL platform.protect('entrepreneurship.tenant', $$
    carrier_org_id = platform.org() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    carrier_org_id = platform.org()
$$);

CREATE FUNCTION entrepreneurship.tenant_reply(t entrepreneurship.tenant) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', t.id, 'carrier_id', t.carrier_id, 'org_id', t.org_id, 'org_name', t.org_name,
        'admitted_on', t.admitted_on, 'left_on', t.left_on, 'county_code', t.county_code,
        'created_at', t.created_at)::text
$$;
