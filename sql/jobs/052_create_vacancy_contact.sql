-- Whom to call about a posting, sealed. Everybody sees it masked, in the posting;
-- in full its employer, the officers of the area, and who has applied.
CREATE TABLE jobs.vacancy_contact (
    vacancy_id   uuid PRIMARY KEY CONSTRAINT vacancy_contact_vacancy_fkey REFERENCES jobs.vacancy,
    org_id       uuid NOT NULL,
    name_sealed  text NOT NULL,
    phone_sealed text NOT NULL,
    county_code  text NOT NULL,
    area_code    text NOT NULL
);
CALL platform.protect('jobs.vacancy_contact', $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
    OR (platform.person() IS NOT NULL AND EXISTS
        (SELECT FROM jobs.application a
          WHERE a.vacancy_id = vacancy_contact.vacancy_id AND a.person_id = platform.person()))
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);
REVOKE DELETE ON jobs.vacancy_contact FROM jobs_app, jobs_system;
COMMENT ON TABLE jobs.vacancy_contact IS 'name and phone of who answers for a posting';

INSERT INTO platform.sealed_column (tbl, col, name) VALUES
    ('jobs.vacancy_contact', 'name_sealed', $$'vacancy_contact.name'$$),
    ('jobs.vacancy_contact', 'phone_sealed', $$'vacancy_contact.phone'$$);
