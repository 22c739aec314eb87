-- Whether a name and an identity number belong together, who said so, and
-- people without a phone, who were registered at a counter.
ALTER TABLE identity.person
    ADD COLUMN verified text NOT NULL DEFAULT 'unverified' CONSTRAINT person_verified_check
        CHECK (verified IN ('unverified', 'matched', 'mismatched')),
    ADD COLUMN verified_at timestamptz,
    ADD COLUMN verified_source text CONSTRAINT person_verified_source_check
        CHECK (verified_source IN ('ministry', 'officer')),
    ADD COLUMN verified_by uuid,
    ADD COLUMN verified_reason text,
    ADD COLUMN verify_next_at timestamptz,
    ADD COLUMN verify_tries int NOT NULL DEFAULT 0,
    ADD COLUMN assist_by_card boolean NOT NULL DEFAULT true,
    ALTER COLUMN phone_index DROP NOT NULL,
    ALTER COLUMN phone_sealed DROP NOT NULL,
    ALTER COLUMN phone_masked DROP NOT NULL,
    ADD CONSTRAINT person_phone_check CHECK ((phone_index IS NULL) = (phone_sealed IS NULL)
        AND (phone_index IS NULL) = (phone_masked IS NULL));
CREATE INDEX person_verify_idx ON identity.person (verify_next_at) WHERE verify_next_at IS NOT NULL;
