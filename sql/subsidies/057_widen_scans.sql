-- A scan goes through everybody in the order of their ids and can stop and go
-- on anywhere: what it has seen is counted in the transaction that says how far
-- it came. It decides nothing: whoever would be decided otherwise than now is
-- put on the list of those to be judged.
ALTER TABLE subsidies.scan
    ALTER COLUMN policy_code DROP NOT NULL,         -- NULL: every policy
    ALTER COLUMN report SET DEFAULT '{}',
    ALTER COLUMN judged SET DEFAULT 0,
    ADD COLUMN state text NOT NULL DEFAULT 'done'
        CONSTRAINT scan_state_check CHECK (state IN ('queued', 'scanning', 'judging', 'done', 'cancelled')),
    ADD COLUMN counties text[],                     -- NULL: all
    ADD COLUMN position uuid,                       -- the last person seen; NULL: not begun
    ADD COLUMN people bigint NOT NULL DEFAULT 0,    -- seen so far
    ADD COLUMN people_total bigint NOT NULL DEFAULT 0,
    ADD COLUMN subjects bigint NOT NULL DEFAULT 0,  -- judgements made
    ADD COLUMN eligible bigint NOT NULL DEFAULT 0,
    ADD COLUMN refused bigint NOT NULL DEFAULT 0,
    ADD COLUMN waiting bigint NOT NULL DEFAULT 0,
    ADD COLUMN unconcerned bigint NOT NULL DEFAULT 0,
    ADD COLUMN candidates bigint NOT NULL DEFAULT 0,        -- eligible, and no claim yet
    ADD COLUMN candidate_cents bigint NOT NULL DEFAULT 0,
    ADD COLUMN changed bigint NOT NULL DEFAULT 0,           -- holders to be judged again
    ADD COLUMN worked_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN finished_at timestamptz;
ALTER TABLE subsidies.scan ALTER COLUMN state SET DEFAULT 'queued';
CREATE INDEX scan_open ON subsidies.scan (created_at) WHERE state IN ('queued', 'scanning', 'judging');

CREATE FUNCTION subsidies.scan_json(s subsidies.scan) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'policy_code', s.policy_code, 'county_code', s.county_code,
        'state', s.state, 'people', s.people, 'people_total', s.people_total, 'subjects', s.subjects,
        'eligible', s.eligible, 'refused', s.refused, 'waiting', s.waiting,
        'unconcerned', s.unconcerned, 'candidates', s.candidates, 'candidate_cents', s.candidate_cents,
        'changed', s.changed, 'judged', s.judged, 'seconds', round(s.worked_ms / 1000.0, 3),
        'requested_by', s.requested_by, 'requested_at', s.created_at, 'finished_at', s.finished_at,
        'remaining', CASE WHEN s.state IN ('done', 'cancelled') THEN 0
                          ELSE greatest(s.people_total - s.people, 0) END)
$$;

-- The draft list (拟发名单): what was found and nobody has been told of yet.
CREATE INDEX claim_drafted ON subsidies.claim (county_code, policy_code, id)
    WHERE state IN ('found', 'drafted');
