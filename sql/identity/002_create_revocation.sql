-- What was taken back: tokens, sessions and subjects, each up to a moment.
-- Access tokens live for minutes, so a row matters only for a day.

CREATE TABLE identity.revocation (
    seq      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       uuid NOT NULL,
    until_at timestamptz NOT NULL,
    reason   text NOT NULL
);
CREATE INDEX revocation_until_idx ON identity.revocation (until_at);
COMMENT ON TABLE identity.revocation IS 'public: ids of tokens, sessions and subjects whose tokens issued up to then are dead';

-- Called by the statement that ends a session, a grant or an account: every
-- program hears of it within two seconds.
CREATE FUNCTION identity.revoke(target uuid, why text) RETURNS uuid
LANGUAGE sql VOLATILE AS $$
    WITH made AS (
        INSERT INTO identity.revocation (id, until_at, reason)
        VALUES (target, clock_timestamp(), why)
        RETURNING id, until_at
    ), told AS (
        INSERT INTO identity.outbox (type, key, payload)
        SELECT 'identity.access.revoked.v1', id::text,
               jsonb_build_object('id', id, 'until_at', until_at)
          FROM made
    )
    SELECT id FROM made;
$$;
COMMENT ON FUNCTION identity.revoke(uuid, text) IS 'ends every token of this id issued so far; gives the id back';
