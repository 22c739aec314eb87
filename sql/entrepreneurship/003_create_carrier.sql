-- 创业孵化载体. The two counts are kept beside it, by the statements that change
-- what is counted: everybody may read them, not the rows behind them.
CREATE TABLE entrepreneurship.carrier (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id       uuid NOT NULL CONSTRAINT carrier_org_fkey REFERENCES entrepreneurship.org,
    name         text NOT NULL,
    kind         text NOT NULL CONSTRAINT carrier_kind_check
        CHECK (kind IN ('incubator', 'return_home_park')),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    capacity     integer NOT NULL CONSTRAINT carrier_capacity_check CHECK (capacity > 0),
    tenant_count integer NOT NULL DEFAULT 0,
    job_count    integer NOT NULL DEFAULT 0 CONSTRAINT carrier_job_count_check
        CHECK (job_count >= 0),
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT carrier_tenant_count_check CHECK (tenant_count BETWEEN 0 AND capacity),
    CONSTRAINT carrier_org_name_key UNIQUE (org_id, name)
);

CREATE INDEX carrier_county_idx ON entrepreneurship.carrier (county_code, id);

CALL platform.protect('entrepreneurship.carrier', 'true', 'org_id = platform.org()');

CREATE FUNCTION entrepreneurship.carrier_reply(c entrepreneurship.carrier) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'org_id', c.org_id, 'name', c.name, 'kind', c.kind,
        'county_code', c.county_code, 'area_code', c.area_code, 'capacity', c.capacity,
        'tenant_count', c.tenant_count, 'job_count', c.job_count,
        'created_at', c.created_at)::text
$$;
