-- The keys that sign access tokens. One signs (active); the next is published
-- before it signs; a retired one is published until its last token has
-- expired; a withdrawn one is not believed any more.
CREATE TABLE identity.signing_key (
    kid          text PRIMARY KEY,
    alg          text NOT NULL CONSTRAINT signing_key_alg_check CHECK (alg IN ('RS256', 'ES256')),
    state        text NOT NULL CONSTRAINT signing_key_state_check
        CHECK (state IN ('next', 'active', 'retired', 'withdrawn')),
    sealed       text NOT NULL,
    jwk          jsonb NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    active_at    timestamptz,
    retired_at   timestamptz
);
COMMENT ON COLUMN identity.signing_key.sealed IS 'private key (PEM), sealed as signing_key.sealed';
CREATE UNIQUE INDEX signing_key_active_key ON identity.signing_key (state) WHERE state = 'active';
CALL platform.protect('identity.signing_key', $$false$$);

-- The oldest key that has been public for long enough takes over. NULL: there is none.
CREATE FUNCTION identity.signing_rotate(publish_s bigint) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    chosen text;
BEGIN
    LOCK TABLE identity.signing_key IN SHARE ROW EXCLUSIVE MODE;
    SELECT k.kid INTO chosen
      FROM identity.signing_key k
     WHERE k.state = 'next' AND k.published_at <= clock_timestamp() - publish_s * interval '1 second'
     ORDER BY k.published_at, k.kid LIMIT 1;
    IF chosen IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE identity.signing_key SET state = 'retired', retired_at = clock_timestamp()
     WHERE state = 'active';
    UPDATE identity.signing_key SET state = 'active', active_at = clock_timestamp()
     WHERE kid = chosen;
    RETURN chosen;
END $$;
COMMENT ON FUNCTION identity.signing_rotate(bigint) IS 'gives the id of the key that signs from now on';

-- For a key that may be known to somebody else: its tokens are not believed from
-- the moment the others read the set again. The one that signs is not withdrawn.
CREATE FUNCTION identity.signing_withdraw(which text) RETURNS text
LANGUAGE sql VOLATILE AS $$
    UPDATE identity.signing_key SET state = 'withdrawn', retired_at = clock_timestamp()
     WHERE kid = which AND state IN ('next', 'retired')
    RETURNING kid;
$$;
COMMENT ON FUNCTION identity.signing_withdraw(text) IS 'no longer published';
