-- Selection rounds (评选): the call, entries, reviewers, their reviews and scores
-- (永政办发〔2024〕15号 二（一）1, 二（二）6).
--
-- The database refuses, whoever asks: publishing one's own draft, a second entry
-- of an entrant, a score out of its bounds, a decision by a reviewer, more
-- winners than the round's quota. A definition is data: each change of a draft
-- is another version, and the round pins the one it was published with.

CREATE FUNCTION platform.whole_city() RETURNS boolean
LANGUAGE sql STABLE
RETURN ARRAY['431102', '431103', '431122', '431123', '431124', '431125', '431126', '431127', '431128',
             '431129', '431181', '431171', '431172', '431173'] <@ platform.areas();
COMMENT ON FUNCTION platform.whole_city() IS 'an officer of the city acts in all counties';

CREATE FUNCTION platform.acts_in(county text) RETURNS boolean
LANGUAGE sql STABLE
RETURN coalesce(platform.in_areas(county, NULL) OR (county = '431100' AND platform.whole_city()), false);
COMMENT ON FUNCTION platform.acts_in(text) IS 'the county, or the city itself, is the caller''s to act for';

CREATE PROCEDURE platform.make_round_tables(service text, letters text)
LANGUAGE plpgsql AS $make$
BEGIN
    EXECUTE replace(replace($sql$

CREATE TABLE @schema@.round (
    id           uuid PRIMARY KEY,
    policy_code  text NOT NULL,
    title        text NOT NULL,
    year         integer NOT NULL,
    county_code  text NOT NULL,             -- 431100: the city's own
    counties     text[] NOT NULL,           -- entrants come from these
    entrants     text NOT NULL CONSTRAINT round_entrants_check CHECK (entrants IN ('org', 'person')),
    quota        integer NOT NULL CONSTRAINT round_quota_check CHECK (quota BETWEEN 1 AND 1000),
    opens_on     date NOT NULL,
    closes_on    date NOT NULL,
    version      integer NOT NULL DEFAULT 1,
    state        text NOT NULL DEFAULT 'draft' CONSTRAINT round_state_check CHECK (state IN
        ('draft', 'published', 'closed', 'reviewing', 'ranked', 'decided', 'public', 'final')),
    seed         text,                      -- of the lot, drawn with the first reviewers
    created_by   uuid NOT NULL DEFAULT platform.actor(),
    published_by uuid,
    notice_from  date,
    notice_to    date,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    moved_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT round_days_check CHECK (opens_on <= closes_on),
    CONSTRAINT round_hands_check CHECK (published_by <> created_by),
    CONSTRAINT round_published_check CHECK ((state = 'draft') = (published_by IS NULL)),
    CONSTRAINT round_title_key UNIQUE (county_code, policy_code, year, title),
    CONSTRAINT round_quota_key UNIQUE (id, quota)
);
CREATE INDEX round_state ON @schema@.round (state, id);
CALL platform.protect('@schema@.round', $$state <> 'draft' OR platform.acts_in(county_code)$$,
    $$platform.acts_in(county_code)$$);
REVOKE DELETE ON @schema@.round FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.round_version (
    round_id uuid NOT NULL REFERENCES @schema@.round,
    version  integer NOT NULL,
    document jsonb NOT NULL,
    hash     text NOT NULL,
    made_by  uuid NOT NULL DEFAULT platform.actor(),
    made_at  timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (round_id, version),
    CONSTRAINT round_version_hash_check CHECK (hash = encode(sha256(convert_to(document::text, 'UTF8')), 'hex'))
);
COMMENT ON COLUMN @schema@.round_version.document IS
    'requires, criteria, min_points_milli, reviewers, blind, trim, tie, tie_last, notice_working_days, instalments';
-- Written with its round in one command, which does not see that round yet.
CALL platform.protect('@schema@.round_version',
    $$EXISTS (SELECT FROM @schema@.round r WHERE r.id = round_id)$$, $$made_by = platform.actor()$$);
REVOKE UPDATE, DELETE ON @schema@.round_version FROM @schema@_app, @schema@_system;

CREATE FUNCTION @schema@.round_document(round uuid) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT v.document FROM @schema@.round r JOIN @schema@.round_version v ON v.round_id = r.id
           AND v.version = r.version WHERE r.id = round);

-- One entry of an entrant in a round; who withdrew may enter again.
CREATE TABLE @schema@.round_entry (
    id          uuid PRIMARY KEY,
    round_id    uuid NOT NULL REFERENCES @schema@.round,
    org_id      uuid,
    person_id   uuid,
    name        text NOT NULL,              -- of a firm; of a person masked
    statements  jsonb NOT NULL,             -- [{code, text}]
    checks      jsonb NOT NULL,             -- [{code, met}] as judged last
    data        jsonb NOT NULL DEFAULT '[]',    -- [{code, measure, value, of, points_milli}] at the close
    state       text NOT NULL DEFAULT 'submitted' CONSTRAINT round_entry_state_check CHECK (state IN
        ('submitted', 'withdrawn', 'unfit')),
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    moved_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT round_entry_holder_check CHECK (num_nonnulls(org_id, person_id) = 1),
    CONSTRAINT round_entry_round_key UNIQUE (round_id, id)
);
CREATE UNIQUE INDEX round_entry_key ON @schema@.round_entry (round_id, coalesce(org_id, person_id))
    WHERE state <> 'withdrawn';
CREATE INDEX round_entry_org ON @schema@.round_entry (org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX round_entry_person ON @schema@.round_entry (person_id, id) WHERE person_id IS NOT NULL;
CALL platform.protect('@schema@.round_entry',
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()
      OR (person_id = platform.person() AND platform.org() IS NULL)$$,
    $$org_id = platform.org() OR (person_id = platform.person() AND platform.org() IS NULL)$$);
REVOKE DELETE ON @schema@.round_entry FROM @schema@_app, @schema@_system;

-- Outside experts: their scores come on paper.
CREATE TABLE @schema@.expert (
    id           uuid PRIMARY KEY,
    name         text NOT NULL,
    field        text NOT NULL,
    unit         text NOT NULL,
    unit_uscc    text,
    id_index     text,
    phone_sealed text NOT NULL,
    phone_masked text NOT NULL,
    county_code  text NOT NULL,
    added_by     uuid NOT NULL DEFAULT platform.actor(),
    added_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT expert_name_key UNIQUE (name, unit)
);
CALL platform.protect('@schema@.expert', $$platform.acts_in(county_code)$$);
REVOKE UPDATE, DELETE ON @schema@.expert FROM @schema@_app, @schema@_system;
INSERT INTO platform.sealed_column (tbl, col, name) VALUES ('@schema@.expert', 'phone_sealed', $$'expert.phone'$$);

-- Who reviews may not decide: an actor has one hand in a round.
CREATE TABLE @schema@.round_hand (
    round_id uuid NOT NULL REFERENCES @schema@.round,
    actor    uuid NOT NULL,
    hand     text NOT NULL CONSTRAINT round_hand_hand_check CHECK (hand IN ('review', 'decide')),
    PRIMARY KEY (round_id, actor),
    CONSTRAINT round_hand_key UNIQUE (round_id, actor, hand)
);
CALL platform.protect('@schema@.round_hand',
    $$EXISTS (SELECT FROM @schema@.round r WHERE r.id = round_id AND platform.acts_in(r.county_code))$$);
REVOKE UPDATE, DELETE ON @schema@.round_hand FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.round_reviewer (
    id          uuid PRIMARY KEY,
    round_id    uuid NOT NULL REFERENCES @schema@.round,
    officer_id  uuid,
    expert_id   uuid REFERENCES @schema@.expert,
    name        text NOT NULL,
    unit        text NOT NULL,
    unit_uscc   text,
    id_index    text,
    withdrawn   text,                       -- why
    hand        text CONSTRAINT round_reviewer_hand_check CHECK (hand = 'review'),
    county_code text NOT NULL,
    named_by    uuid NOT NULL DEFAULT platform.actor(),
    named_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT round_reviewer_who_check CHECK (num_nonnulls(officer_id, expert_id) = 1
        AND (officer_id IS NULL) = (hand IS NULL)),
    CONSTRAINT round_reviewer_officer_key UNIQUE (round_id, officer_id),
    CONSTRAINT round_reviewer_expert_key UNIQUE (round_id, expert_id),
    CONSTRAINT round_reviewer_hand_fkey FOREIGN KEY (round_id, officer_id, hand)
        REFERENCES @schema@.round_hand (round_id, actor, hand)
);
CALL platform.protect('@schema@.round_reviewer', $$platform.acts_in(county_code)$$);
REVOKE DELETE ON @schema@.round_reviewer FROM @schema@_app, @schema@_system;

-- One reviewer's work on one entry, drawn by lot. What is withdrawn or in
-- conflict stays on record and does not count.
CREATE TABLE @schema@.round_review (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    round_id    uuid NOT NULL,
    entry_id    uuid NOT NULL,
    reviewer_id uuid NOT NULL REFERENCES @schema@.round_reviewer,
    officer_id  uuid,                       -- the reviewer's, for whom it is to do
    drawn_no    integer NOT NULL,           -- in the order of the lot
    state       text NOT NULL DEFAULT 'drawn' CONSTRAINT round_review_state_check CHECK (state IN
        ('drawn', 'declared', 'written', 'scored', 'conflicted', 'withdrawn')),
    why         text,
    due_on      date NOT NULL,
    declared_at timestamptz,
    scored_at   timestamptz,
    county_code text NOT NULL,
    drawn_at    timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT round_review_entry_fkey FOREIGN KEY (round_id, entry_id)
        REFERENCES @schema@.round_entry (round_id, id),
    CONSTRAINT round_review_once_key UNIQUE (entry_id, reviewer_id),
    CONSTRAINT round_review_why_check CHECK ((state IN ('conflicted', 'withdrawn')) = (why IS NOT NULL)),
    CONSTRAINT round_review_declared_check CHECK (state IN ('drawn', 'conflicted', 'withdrawn') OR declared_at IS NOT NULL)
);
CREATE INDEX round_review_round ON @schema@.round_review (round_id, entry_id);
CREATE INDEX round_review_officer ON @schema@.round_review (officer_id, state) WHERE officer_id IS NOT NULL;
CALL platform.protect('@schema@.round_review',
    $$platform.in_areas(county_code, NULL) OR officer_id = platform.actor()$$, $$false$$);
REVOKE DELETE ON @schema@.round_review FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.round_score (
    review_id    uuid NOT NULL REFERENCES @schema@.round_review,
    criterion    text NOT NULL,
    points_milli bigint NOT NULL,
    max_milli    bigint NOT NULL,
    note         text,
    county_code  text NOT NULL,
    at           timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (review_id, criterion),
    CONSTRAINT round_score_bounds_check CHECK (points_milli BETWEEN 0 AND max_milli)
);
-- Seen through the functions that know whether all are in.
CALL platform.protect('@schema@.round_score', $$false$$);
REVOKE UPDATE, DELETE ON @schema@.round_score FROM @schema@_app, @schema@_system;

-- An expert's paper, typed by two people who do not see each other's typing.
CREATE TABLE @schema@.round_keying (
    review_id   uuid NOT NULL REFERENCES @schema@.round_review,
    stage       text NOT NULL CONSTRAINT round_keying_stage_check CHECK (stage IN ('written', 'defence')),
    actor       uuid NOT NULL DEFAULT platform.actor(),
    scores      jsonb NOT NULL,
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (review_id, stage, actor)
);
CALL platform.protect('@schema@.round_keying', $$false$$);

-- A ranking with all it was made of, byte for byte.
CREATE TABLE @schema@.round_ranking (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    round_id    uuid NOT NULL REFERENCES @schema@.round,
    input       text NOT NULL,
    output      text NOT NULL,
    ranked_by   uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX round_ranking_round ON @schema@.round_ranking (round_id, id);
CALL platform.protect('@schema@.round_ranking', $$platform.acts_in(county_code)$$);
REVOKE UPDATE, DELETE ON @schema@.round_ranking FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.round_decision (
    round_id    uuid PRIMARY KEY REFERENCES @schema@.round,
    ranking_id  uuid NOT NULL REFERENCES @schema@.round_ranking,
    decided_by  uuid NOT NULL DEFAULT platform.actor(),
    hand        text NOT NULL DEFAULT 'decide' CONSTRAINT round_decision_hand_check CHECK (hand = 'decide'),
    changes     jsonb NOT NULL,             -- [{entry_id, selected, reason}]: where the list was not followed
    note        text,
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT round_decision_hand_fkey FOREIGN KEY (round_id, decided_by, hand)
        REFERENCES @schema@.round_hand (round_id, actor, hand)
);
CALL platform.protect('@schema@.round_decision', $$platform.acts_in(county_code)$$);
REVOKE UPDATE, DELETE ON @schema@.round_decision FROM @schema@_app, @schema@_system;

-- What the public sees of the decision, and the winners' places.
CREATE TABLE @schema@.round_result (
    entry_id    uuid PRIMARY KEY REFERENCES @schema@.round_entry,
    round_id    uuid NOT NULL,
    rank        integer NOT NULL,
    score_milli bigint NOT NULL,
    selected    boolean NOT NULL,
    place_no    integer,
    quota       integer NOT NULL,
    name        text NOT NULL,              -- of a person masked
    reason      text,                       -- where the list was not followed, or an objection was upheld
    county_code text NOT NULL,
    CONSTRAINT round_result_round_fkey FOREIGN KEY (round_id, quota) REFERENCES @schema@.round (id, quota),
    CONSTRAINT round_result_place_key UNIQUE (round_id, place_no),
    CONSTRAINT round_result_quota_check CHECK (place_no BETWEEN 1 AND quota),
    CONSTRAINT round_result_selected_check CHECK (selected = (place_no IS NOT NULL))
);
CALL platform.protect('@schema@.round_result',
    $$EXISTS (SELECT FROM @schema@.round r WHERE r.id = round_id AND r.state IN ('public', 'final'))
      OR platform.in_areas(county_code, NULL)$$, $$platform.in_areas(county_code, NULL)$$);
REVOKE DELETE ON @schema@.round_result FROM @schema@_app, @schema@_system;

CREATE TABLE @schema@.round_objection (
    id             uuid PRIMARY KEY,
    round_id       uuid NOT NULL REFERENCES @schema@.round,
    entry_id       uuid NOT NULL REFERENCES @schema@.round_result,
    content        text NOT NULL,
    contact_sealed text,
    state          text NOT NULL DEFAULT 'open'
        CONSTRAINT round_objection_state_check CHECK (state IN ('open', 'dismissed', 'upheld')),
    answer         text,
    resolved_by    uuid,
    resolved_at    timestamptz,
    county_code    text NOT NULL,
    filed_at       timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT round_objection_resolved_check CHECK ((state = 'open') = (resolved_by IS NULL))
);
CREATE INDEX round_objection_round ON @schema@.round_objection (round_id, state);
CALL platform.protect('@schema@.round_objection', $$platform.in_areas(county_code, NULL)$$,
    $$platform.in_areas(county_code, NULL) OR platform.action() = '@schema@.round.object'$$);
REVOKE DELETE ON @schema@.round_objection FROM @schema@_app, @schema@_system;
INSERT INTO platform.sealed_column (tbl, col, name) VALUES
    ('@schema@.round_objection', 'contact_sealed', $$'round_objection.contact'$$);

    $sql$, '@schema@', service), '@letters@', letters);
END $make$;
