-- A policy version is written by one person and published by another.
--
-- A draft may be changed until it is published or dropped; what is wrong with it
-- is kept beside it, found by the compiler. Published, it is a policy_version,
-- which never changes: a correction is the next version, and says which it
-- takes the place of.

CREATE TABLE subsidies.policy_draft (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    code         text,                  -- as the document says; NULL: not yet
    document     jsonb NOT NULL CONSTRAINT policy_draft_document_check CHECK (jsonb_typeof(document) = 'object'),
    problems     jsonb NOT NULL DEFAULT '[]',   -- [{pointer, code}]; empty: sound
    state        text NOT NULL DEFAULT 'open'
        CONSTRAINT policy_draft_state_check CHECK (state IN ('open', 'published', 'dropped')),
    writers      uuid[] NOT NULL,       -- everybody who put a word in
    published_by uuid,
    version_id   uuid REFERENCES subsidies.policy_version,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    changed_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT policy_draft_writers_check CHECK (cardinality(writers) > 0),
    CONSTRAINT policy_draft_four_eyes_check CHECK (NOT published_by = ANY (writers)),
    CONSTRAINT policy_draft_published_check
        CHECK ((state = 'published') = (version_id IS NOT NULL) AND (version_id IS NULL) = (published_by IS NULL)),
    CONSTRAINT policy_draft_sound_check CHECK (state <> 'published' OR problems = '[]')
);
CREATE INDEX policy_draft_list ON subsidies.policy_draft (state, id);
-- Policies in the making are for officers who act for the whole city.
CALL platform.protect('subsidies.policy_draft', 'platform.whole_city()');
REVOKE DELETE ON subsidies.policy_draft FROM subsidies_app, subsidies_system;

-- What is published or dropped stays as it was.
CREATE FUNCTION subsidies.policy_draft_closed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a draft that is % does not change', OLD.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_draft_open_check';
END $$;
CREATE TRIGGER policy_draft_closed BEFORE UPDATE ON subsidies.policy_draft
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION subsidies.policy_draft_closed();

-- A version on the wire; 未设定 is said plainly.
CREATE FUNCTION subsidies.policy_json(v subsidies.policy_version) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', v.id, 'code', v.code, 'version', v.version,
        'title', v.document ->> 'title', 'legal_basis', v.document -> 'legal_basis',
        'subject', v.subject, 'beneficiary', v.beneficiary, 'mode', v.mode,
        'period', coalesce(v.document ->> 'period', 'once'), 'effective_from', v.effective_from,
        'effective_to', v.effective_to, 'fund_source', v.fund_source, 'amount', v.document -> 'amount',
        'amount_set', s.fixed OR s.rule, 'amount_text', CASE
            WHEN s.fixed THEN trim_scale(v.amount_cents / 100.0) || '元'
            WHEN s.rule THEN '按规则计算' ELSE '未设定' END,
        'supersedes', v.supersedes, 'hash', v.hash)
      FROM (SELECT v.amount_cents IS NOT NULL AS fixed,
                   coalesce(jsonb_typeof(v.document #> '{amount,rule}'), 'null') <> 'null' AS rule) s
$$;

-- Only a draft that two people have seen becomes a version.
REVOKE INSERT ON subsidies.policy_version FROM subsidies_app;
ALTER TABLE subsidies.policy_version
    ADD COLUMN draft_id uuid CONSTRAINT policy_version_draft_key UNIQUE REFERENCES subsidies.policy_draft;

CREATE FUNCTION subsidies.policy_draft_json(d subsidies.policy_draft) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', d.id, 'code', d.code, 'version', d.document -> 'version',
        'title', d.document ->> 'title', 'state', d.state, 'problems', d.problems,
        'writers', to_jsonb(d.writers), 'published_by', d.published_by, 'version_id', d.version_id,
        'created_at', d.created_at, 'changed_at', d.changed_at)
$$;

-- The newest version a code has, and the next document's place behind it: its
-- number is the next, it does not begin earlier, and where their days overlap
-- it says that it takes the other's place.
CREATE FUNCTION subsidies.policy_follows(doc jsonb, replaces uuid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    last subsidies.policy_version;
BEGIN
    SELECT v.* INTO last FROM subsidies.policy_version v
     WHERE v.code = doc ->> 'code' ORDER BY v.version DESC LIMIT 1;
    IF replaces IS NOT NULL AND replaces IS DISTINCT FROM last.id THEN
        PERFORM platform.refuse('subsidies.policy_supersedes /supersedes');
    END IF;
    IF (doc ->> 'version')::integer <> coalesce(last.version, 0) + 1 THEN
        PERFORM platform.refuse('subsidies.policy_follows /version');
    END IF;
    IF (doc ->> 'effective_from')::date < last.effective_from THEN
        PERFORM platform.refuse('subsidies.policy_follows /effective_from');
    END IF;
    IF replaces IS NULL AND (doc ->> 'effective_from')::date <= coalesce(last.effective_to, 'infinity'::date)
       AND last.id IS NOT NULL THEN
        PERFORM platform.refuse('subsidies.policy_overlaps /effective_from');
    END IF;
END $$;

-- Publishes an open draft: one at a time, so that versions follow one another.
CREATE FUNCTION subsidies.policy_draft_publish(draft uuid, replaces uuid) RETURNS subsidies.policy_version
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    d subsidies.policy_draft;
    p subsidies.policy_version;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('subsidies.policy_draft_publish', 0));
    SELECT x.* INTO d FROM subsidies.policy_draft x WHERE x.id = draft FOR UPDATE;
    PERFORM subsidies.policy_follows(d.document, replaces);
    IF NOT EXISTS (SELECT FROM subsidies.fund_source f WHERE f.code = d.document ->> 'fund_source') THEN
        PERFORM platform.refuse('subsidies.policy_fund /fund_source');
    END IF;
    IF NOT EXISTS (SELECT FROM subsidies.budget_line_policy l WHERE l.policy_code = d.code) THEN
        PERFORM platform.refuse('subsidies.policy_unfunded /fund_source');
    END IF;
    SELECT * INTO p FROM subsidies.policy_publish(d.document, platform.actor());
    UPDATE subsidies.policy_version v SET draft_id = draft WHERE v.id = p.id;
    UPDATE subsidies.policy_draft x SET state = 'published', published_by = platform.actor(),
           version_id = p.id, changed_at = platform.now() WHERE x.id = draft;
    RETURN p;
END $$;
REVOKE EXECUTE ON FUNCTION subsidies.policy_draft_publish(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subsidies.policy_draft_publish(uuid, uuid) TO subsidies_app;
