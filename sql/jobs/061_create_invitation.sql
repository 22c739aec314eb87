-- 邀请投递: an employer invites somebody whom matching found; they apply, or
-- decline. Applying is what accepts it.
CREATE TABLE jobs.invitation (
    id            uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id     uuid NOT NULL CONSTRAINT invitation_person_fkey REFERENCES jobs.person,
    name_masked   text NOT NULL,
    vacancy_id    uuid NOT NULL CONSTRAINT invitation_vacancy_fkey REFERENCES jobs.vacancy,
    vacancy_title text NOT NULL,
    org_id        uuid NOT NULL,
    org_name      text NOT NULL,
    message       text NOT NULL DEFAULT '',
    state         text NOT NULL DEFAULT 'sent'
        CONSTRAINT invitation_state_check CHECK (state IN ('sent', 'accepted', 'declined')),
    reason        text,
    county_code   text NOT NULL,
    area_code     text NOT NULL,
    answered_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT invitation_person_vacancy_key UNIQUE (person_id, vacancy_id),
    CONSTRAINT invitation_answer_check CHECK ((state = 'sent') = (answered_at IS NULL))
);
CREATE INDEX invitation_org_idx ON jobs.invitation (org_id, id);
CALL platform.protect('jobs.invitation', $$
    person_id = platform.person() OR org_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

CREATE FUNCTION jobs.invitation_reply(i jobs.invitation) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', i.id, 'person_id', i.person_id, 'name_masked', i.name_masked,
        'vacancy_id', i.vacancy_id, 'vacancy_title', i.vacancy_title, 'org_id', i.org_id,
        'org_name', i.org_name, 'message', i.message, 'state', i.state, 'reason', i.reason,
        'county_code', i.county_code, 'answered_at', i.answered_at,
        'created_at', i.created_at)::text
$$;

CREATE FUNCTION jobs.invitation_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    org   uuid;
    title text;
BEGIN
    UPDATE jobs.invitation i SET state = 'accepted', answered_at = platform.now()
     WHERE i.person_id = NEW.person_id AND i.vacancy_id = NEW.vacancy_id AND i.state = 'sent'
    RETURNING i.org_id, i.vacancy_title INTO org, title;
    IF FOUND THEN
        PERFORM jobs.tell(NULL, org, 'invitation', '邀请已接受', '受邀人已投递“' || title || '”',
                          'application', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invitation_follow AFTER INSERT ON jobs.application
    FOR EACH ROW EXECUTE FUNCTION jobs.invitation_follow();

-- What an employer may see of people who can be found: they are seeking, said
-- that employers may find them, and left matching on. No contact, no full name.
CREATE FUNCTION jobs.match_findable(ids uuid[]) RETURNS TABLE (
    person_id uuid, name_masked text, county_code text, education_code text,
    skill_level integer, skills text[], experience_years integer, occupations text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.person_id, p.name_masked, r.county_code, r.education_code, r.skill_level::integer,
           r.skills, r.experience_years::integer, r.occupations
      FROM jobs.resume r JOIN jobs.person p ON p.id = r.person_id
     WHERE r.person_id = ANY (ids) AND r.state = 'seeking' AND r.is_findable
       AND jobs.consents(r.person_id, 'auto_match', NULL, true)
$$;
COMMENT ON FUNCTION jobs.match_findable(uuid[]) IS
    'of these people, those whom an employer may find, and what it is shown of them';
