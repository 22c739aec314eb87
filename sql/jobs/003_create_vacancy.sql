-- A posting. headcount_left counts down with each hire through the platform;
-- at zero the posting is filled. org_name is the name it was posted under.
CREATE TABLE jobs.vacancy (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id          uuid NOT NULL CONSTRAINT vacancy_org_fkey REFERENCES jobs.org,
    org_name        text NOT NULL,
    title           text NOT NULL,
    occupation_code text NOT NULL,
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    headcount       integer NOT NULL,
    headcount_left  integer NOT NULL,
    pay_min_cents   bigint NOT NULL,
    pay_max_cents   bigint NOT NULL,
    pay_unit        text NOT NULL
        CONSTRAINT vacancy_pay_unit_check CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')),
    form            text NOT NULL CONSTRAINT vacancy_form_check
        CHECK (form IN ('full_time', 'part_time', 'gig', 'flexible', 'internship')),
    education_code  text,
    description     text NOT NULL DEFAULT '',
    state           text NOT NULL DEFAULT 'open'
        CONSTRAINT vacancy_state_check CHECK (state IN ('open', 'paused', 'filled', 'closed')),
    expires_on      date NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT vacancy_pay_range_check
        CHECK (0 <= pay_min_cents AND pay_min_cents <= pay_max_cents),
    CONSTRAINT vacancy_headcount_check CHECK (0 <= headcount_left AND headcount_left <= headcount),
    CONSTRAINT vacancy_filled_check CHECK (headcount_left > 0 OR state IN ('filled', 'closed'))
);

CREATE INDEX vacancy_open_idx ON jobs.vacancy (id) WHERE state = 'open';
CREATE INDEX vacancy_open_county_idx ON jobs.vacancy (county_code, id) WHERE state = 'open';
CREATE INDEX vacancy_org_idx ON jobs.vacancy (org_id, id);

-- Postings are there to be read by everybody; only their employer writes them.
CALL platform.protect('jobs.vacancy', 'true', 'org_id = platform.org()');

CREATE FUNCTION jobs.vacancy_reply(v jobs.vacancy) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', v.id, 'org_id', v.org_id, 'org_name', v.org_name, 'title', v.title,
        'occupation_code', v.occupation_code, 'county_code', v.county_code,
        'area_code', v.area_code, 'headcount', v.headcount,
        'headcount_left', v.headcount_left, 'pay_min_cents', v.pay_min_cents,
        'pay_max_cents', v.pay_max_cents, 'currency', 'CNY', 'pay_unit', v.pay_unit,
        'form', v.form, 'education_code', v.education_code, 'description', v.description,
        'state', v.state, 'expires_on', v.expires_on, 'created_at', v.created_at)::text
$$;
