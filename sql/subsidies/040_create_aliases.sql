-- Who else a person was registered as, by identity.person.merged.v1: 每人终身一次
-- counts the person, not the registration.
CREATE TABLE subsidies.person_alias (
    alias_id  uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    merge_id  uuid NOT NULL
);
CREATE INDEX person_alias_person ON subsidies.person_alias (person_id);
CALL platform.protect('subsidies.person_alias', $$false$$);

-- The other registrations of the same person.
CREATE FUNCTION subsidies.also_known_as(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
    SELECT a.alias_id FROM subsidies.person_alias a WHERE a.person_id = person
    UNION ALL
    SELECT a.person_id FROM subsidies.person_alias a WHERE a.alias_id = person
    UNION ALL
    SELECT b.alias_id FROM subsidies.person_alias a
      JOIN subsidies.person_alias b ON b.person_id = a.person_id AND b.alias_id <> a.alias_id
     WHERE a.alias_id = person;
$$;
COMMENT ON FUNCTION subsidies.also_known_as(uuid) IS 'the other registrations of this person; none for most';

-- What claim_double_benefit_key is for one registration, this is across them:
-- the claim is not made, as on a conflict.
CREATE FUNCTION subsidies.claim_once_a_person() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM subsidies.also_known_as(NEW.person_id) AS other (id)
                 JOIN subsidies.claim c ON c.person_id = other.id
                  AND c.benefit_family = NEW.benefit_family
                  AND c.state NOT IN ('declined', 'rejected')) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_once_a_person BEFORE INSERT ON subsidies.claim
    FOR EACH ROW EXECUTE FUNCTION subsidies.claim_once_a_person();
