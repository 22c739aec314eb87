-- 失业登记. A person holds at most one open registration; it ends for a stated
-- reason, as hired only by 就业登记: that is what 失业人员再就业 counts.
CREATE TABLE jobs.unemployment (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id     uuid NOT NULL CONSTRAINT unemployment_person_fkey REFERENCES jobs.person,
    name_masked   text NOT NULL,
    registered_on date NOT NULL,
    lost_on       date,
    reason        text NOT NULL CONSTRAINT unemployment_reason_check
        CHECK (reason IN ('contract_expired', 'dismissed', 'resigned', 'layoff', 'employer_closed',
                          'business_closed', 'graduated', 'land_lost', 'first_job', 'other')),
    is_difficult  boolean NOT NULL DEFAULT false,
    ended_on      date,
    end_reason    text CONSTRAINT unemployment_end_reason_check
        CHECK (end_reason IN ('hired', 'business_licence', 'stable_income', 'pension',
                              'lost_capacity', 'school', 'army', 'abroad', 'prison',
                              'refused_service', 'no_contact', 'deceased', 'other')),
    county_code   text NOT NULL,
    area_code     text,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT unemployment_end_check CHECK ((ended_on IS NULL) = (end_reason IS NULL)),
    CONSTRAINT unemployment_order_check
        CHECK (lost_on <= registered_on AND ended_on >= registered_on)
);

CREATE UNIQUE INDEX unemployment_open_key ON jobs.unemployment (person_id) WHERE ended_on IS NULL;
CREATE INDEX unemployment_person_idx ON jobs.unemployment (person_id, id);
CREATE INDEX unemployment_county_idx ON jobs.unemployment (county_code, id);

-- A hire ends the open registration of the person hired, hence the action.
CALL platform.protect('jobs.unemployment', $$
    person_id = platform.person()
    OR platform.in_areas(county_code, area_code)
    OR (platform.org() IS NOT NULL
        AND platform.action() IN ('jobs.application.hire', 'jobs.employment.register'))
$$);

CREATE FUNCTION jobs.unemployment_reply(u jobs.unemployment) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', u.id, 'person_id', u.person_id, 'name_masked', u.name_masked,
        'registered_on', u.registered_on, 'lost_on', u.lost_on, 'reason', u.reason,
        'is_difficult', u.is_difficult, 'ended_on', u.ended_on, 'end_reason', u.end_reason,
        'county_code', u.county_code, 'created_at', u.created_at)::text
$$;
