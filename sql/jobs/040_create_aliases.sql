-- Who else a person was registered as, by identity.person.merged.v1.
CREATE TABLE jobs.person_alias (
    alias_id  uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    merge_id  uuid NOT NULL
);
CALL platform.protect('jobs.person_alias', $$
    person_id = platform.person()
    OR (platform.org() IS NOT NULL
        AND platform.action() IN ('jobs.application.hire', 'jobs.employment.register'))
$$, 'false');

CREATE FUNCTION jobs.one_person(known uuid) RETURNS uuid
LANGUAGE sql STABLE
RETURN coalesce((SELECT a.person_id FROM jobs.person_alias a WHERE a.alias_id = known), known);
COMMENT ON FUNCTION jobs.one_person(uuid) IS 'the person an alias stands for; anybody else is themself';
