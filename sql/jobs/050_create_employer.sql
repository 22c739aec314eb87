-- What an employer says about itself beyond its registration, and what officers
-- of its area know about it. Parks are data: none is known until the city
-- enters it.
CREATE TABLE jobs.park (
    code        text PRIMARY KEY CONSTRAINT park_code_check CHECK (code ~ '^[a-z0-9_]{2,30}$'),
    name        text NOT NULL CONSTRAINT park_name_key UNIQUE,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    is_closed   boolean NOT NULL DEFAULT false
);
CALL platform.protect('jobs.park', 'true', 'platform.in_areas(county_code, area_code)');
COMMENT ON TABLE jobs.park IS 'public: industrial parks (园区), as the city entered them';

CREATE TABLE jobs.employer (
    org_id        uuid PRIMARY KEY CONSTRAINT employer_org_fkey REFERENCES jobs.org,
    industry_code text,
    size          text CONSTRAINT employer_size_check CHECK (size IN
        ('under_20', 'from_20', 'from_100', 'from_300', 'from_1000')),
    intro         text NOT NULL DEFAULT '',
    address       text NOT NULL DEFAULT '',
    lat_e6        integer,
    lng_e6        integer,
    park_code     text CONSTRAINT employer_park_fkey REFERENCES jobs.park,
    county_code   text NOT NULL,
    area_code     text,
    updated_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT employer_point_check CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL))
);
CREATE INDEX employer_park_idx ON jobs.employer (park_code) WHERE park_code IS NOT NULL;
CALL platform.protect('jobs.employer', 'true',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)');
COMMENT ON TABLE jobs.employer IS 'public: what employers say about themselves';

-- 重点企业, and that a code with a wrong check character is all the same theirs.
CREATE TABLE jobs.employer_mark (
    org_id        uuid PRIMARY KEY CONSTRAINT employer_mark_org_fkey REFERENCES jobs.org,
    is_key        boolean NOT NULL DEFAULT false,
    key_officer   uuid,
    key_note      text,
    key_at        timestamptz,
    uscc_accepted text,
    uscc_reason   text,
    uscc_officer  uuid,
    uscc_at       timestamptz,
    county_code   text NOT NULL,
    area_code     text,
    CONSTRAINT employer_mark_key_check CHECK (NOT is_key OR key_officer IS NOT NULL),
    CONSTRAINT employer_mark_uscc_check
        CHECK (num_nonnulls(uscc_accepted, uscc_reason, uscc_officer, uscc_at) IN (0, 4))
);
CALL platform.protect('jobs.employer_mark',
    'org_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'platform.in_areas(county_code, area_code)');
COMMENT ON COLUMN jobs.employer_mark.key_officer IS 'who is responsible for serving this key enterprise';
COMMENT ON COLUMN jobs.employer_mark.uscc_accepted IS
    'the code that was accepted: another one is judged anew';

-- GB 32100: the last character is a check of the first seventeen, weights 3^i mod
-- 31. The same in C is check_uscc().
CREATE FUNCTION jobs.uscc_sound(uscc text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$' AND
        strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(uscc, 18, 1)) - 1 =
        (31 - (SELECT sum((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(uscc, w.i::int, 1)) - 1) * w.weight)
                 FROM unnest(ARRAY[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
                      WITH ORDINALITY AS w (weight, i)) % 31) % 31
$$;
COMMENT ON FUNCTION jobs.uscc_sound(text) IS 'the check character of a unified social credit code fits';

CREATE FUNCTION jobs.employer_json(o jobs.org, e jobs.employer) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', o.id, 'org_id', o.id, 'name', o.name, 'uscc', o.uscc, 'kind', o.kind,
        'industry_code', coalesce(e.industry_code, o.industry_code), 'size', e.size,
        'intro', coalesce(e.intro, ''), 'address', coalesce(e.address, ''),
        'lat_e6', e.lat_e6, 'lng_e6', e.lng_e6, 'park_code', e.park_code,
        'park_name', (SELECT p.name FROM jobs.park p WHERE p.code = e.park_code),
        'county_code', o.county_code, 'area_code', o.area_code, 'updated_at', e.updated_at)
$$;

CREATE FUNCTION jobs.employer_known(o jobs.org, e jobs.employer) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT (jobs.employer_json(o, e) || jsonb_build_object(
        'uscc_doubtful', NOT jobs.uscc_sound(o.uscc) AND m.uscc_accepted IS DISTINCT FROM o.uscc,
        'uscc_reason', CASE WHEN m.uscc_accepted = o.uscc THEN m.uscc_reason END,
        'is_key', coalesce(m.is_key, false), 'key_officer_id', m.key_officer,
        'key_note', m.key_note))::text
      FROM (SELECT) AS one LEFT JOIN jobs.employer_mark m ON m.org_id = o.id
$$;
COMMENT ON FUNCTION jobs.employer_known(jobs.org, jobs.employer) IS
    'for the employer itself and the officers of its area';
