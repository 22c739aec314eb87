-- One person registered twice: two officers make the second an alias of the
-- first, and two may undo it within a time. A merge moves nothing: it is one
-- column of the loser's row, so undoing it restores both exactly.

ALTER TABLE identity.person
    ADD COLUMN merged_into uuid REFERENCES identity.person,
    ADD CONSTRAINT person_merged_check CHECK (merged_into <> id);
CREATE INDEX person_merged_idx ON identity.person (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX person_twin_idx ON identity.person (birth_on, sex, name_masked, id);
CALL platform.protect('identity.person',
    $$id = platform.person() OR (restricted_at IS NULL AND merged_into IS NULL
        AND platform.in_areas(county_code, area_code))$$,
    $$id = platform.person()$$);

-- Phones a person had before: one of the signs of a duplicate.
CREATE TABLE identity.person_phone (
    person_id   uuid NOT NULL REFERENCES identity.person,
    phone_index text NOT NULL,
    until_at    timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (person_id, phone_index, until_at)
);
CREATE INDEX person_phone_index_idx ON identity.person_phone (phone_index);
CALL platform.protect('identity.person_phone', $$false$$, $$person_id = platform.person()$$);

CREATE FUNCTION identity.phone_kept() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.phone_index IS NOT NULL AND NEW.restricted_at IS NULL THEN
        INSERT INTO identity.person_phone (person_id, phone_index)
        VALUES (OLD.id, OLD.phone_index) ON CONFLICT DO NOTHING;
    ELSIF NEW.restricted_at IS NOT NULL THEN
        DELETE FROM identity.person_phone WHERE person_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER person_phone_kept AFTER UPDATE OF phone_index ON identity.person
    FOR EACH ROW WHEN (OLD.phone_index IS DISTINCT FROM NEW.phone_index)
    EXECUTE FUNCTION identity.phone_kept();

CREATE TABLE identity.person_merge (
    id           uuid PRIMARY KEY,
    winner_id    uuid NOT NULL REFERENCES identity.person,
    loser_id     uuid NOT NULL REFERENCES identity.person,
    reason       text NOT NULL,
    state        text NOT NULL DEFAULT 'proposed' CONSTRAINT person_merge_state_check CHECK (state IN
        ('proposed', 'merged', 'rejected', 'undo_proposed', 'undone')),
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    proposed_by  uuid NOT NULL DEFAULT platform.actor(),
    proposed_at  timestamptz NOT NULL DEFAULT platform.now(),
    confirmed_by uuid,
    confirmed_at timestamptz,
    undo_until   date,
    undo_reason  text,
    undo_by      uuid,
    undo_at      timestamptz,
    undone_by    uuid,
    undone_at    timestamptz,
    CONSTRAINT person_merge_pair_check CHECK (winner_id <> loser_id),
    CONSTRAINT person_merge_hands_check CHECK (proposed_by <> confirmed_by AND undo_by <> undone_by)
);
CREATE UNIQUE INDEX person_merge_loser_key ON identity.person_merge (loser_id)
    WHERE state IN ('proposed', 'merged', 'undo_proposed');
CREATE INDEX person_merge_county_idx ON identity.person_merge (county_code, id);
CALL platform.protect('identity.person_merge',
    $$platform.in_areas(county_code, area_code)$$, $$false$$);
REVOKE DELETE ON identity.person_merge FROM identity_app, identity_system;

CREATE FUNCTION identity.merge_json(m identity.person_merge) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', m.id, 'winner_id', m.winner_id, 'loser_id', m.loser_id,
    'reason', m.reason, 'state', m.state, 'county_code', m.county_code,
    'proposed_at', m.proposed_at, 'confirmed_at', m.confirmed_at, 'undo_until', m.undo_until,
    'undo_reason', m.undo_reason, 'undone_at', m.undone_at);

-- Whether an account may become another's alias, or take one.
CREATE FUNCTION identity.is_free(p identity.person) RETURNS boolean
LANGUAGE sql STABLE
RETURN p.merged_into IS NULL AND p.restricted_at IS NULL;
