-- What a member may do for the organisation, and how one becomes a member.
-- The legal representative may everything.
ALTER TABLE identity.org_member
    ADD COLUMN rights text[] NOT NULL DEFAULT '{}' CONSTRAINT org_member_rights_check
        CHECK (rights <@ ARRAY['post', 'hire', 'claim', 'account', 'manage']),
    ADD COLUMN invited_by uuid,
    ADD COLUMN ended_by uuid,
    ADD COLUMN ended_why text;

CREATE FUNCTION identity.member_rights(title text, rights text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN CASE title WHEN 'legal' THEN ARRAY['post', 'hire', 'claim', 'account', 'manage']
    ELSE rights END;
COMMENT ON FUNCTION identity.member_rights(text, text[]) IS 'what a member may do: the legal representative everything';

-- Real time: an invitation is open for a week. By phone or by person.
CREATE TABLE identity.org_invitation (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES identity.org,
    person_id    uuid REFERENCES identity.person,
    phone_index  text,
    phone_masked text,
    code_hash    bytea,
    tries        int NOT NULL DEFAULT 0,
    rights       text[] NOT NULL CONSTRAINT org_invitation_rights_check
                 CHECK (rights <@ ARRAY['post', 'hire', 'claim', 'account', 'manage']),
    state        text NOT NULL DEFAULT 'open' CONSTRAINT org_invitation_state_check
                 CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn')),
    invited_by   uuid NOT NULL REFERENCES identity.person,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    decided_at   timestamptz,
    CONSTRAINT org_invitation_who_check CHECK ((person_id IS NULL) = (phone_index IS NOT NULL)
        AND (phone_index IS NULL) = (code_hash IS NULL))
);
CREATE INDEX org_invitation_org_idx ON identity.org_invitation (org_id, id);
CREATE INDEX org_invitation_person_idx ON identity.org_invitation (person_id, id);
CREATE INDEX org_invitation_phone_idx ON identity.org_invitation (phone_index, id);
CREATE UNIQUE INDEX org_invitation_person_key ON identity.org_invitation (org_id, person_id)
    WHERE state = 'open' AND person_id IS NOT NULL;
CREATE UNIQUE INDEX org_invitation_phone_key ON identity.org_invitation (org_id, phone_index)
    WHERE state = 'open' AND phone_index IS NOT NULL;
CALL platform.protect('identity.org_invitation',
    $$person_id = platform.person() OR org_id = platform.org()$$, $$false$$);
