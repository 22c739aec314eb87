-- 大厅提质改造验收 (永政办发〔2024〕15号 二（五）15: 由市级制定验收标准): the city's checklist as
-- versioned data, empty until the city has one; a project a county hands in item
-- by item; two reviewers of the city, two people, score each item.
CREATE TABLE jobs.hall_checklist (
    version    integer PRIMARY KEY,
    from_on    date NOT NULL,
    items      jsonb NOT NULL CONSTRAINT hall_checklist_items_check
               CHECK (jsonb_array_length(items) BETWEEN 1 AND 60),
    pass_score integer NOT NULL,
    basis      text NOT NULL,
    set_by     uuid NOT NULL DEFAULT platform.actor(),
    set_at     timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON TABLE jobs.hall_checklist IS
    'public: what the city accepts by: items [{code, title, points, required}]';
CALL platform.protect('jobs.hall_checklist', 'true', 'jobs.is_city()');

CREATE TABLE jobs.hall_project (
    id          uuid PRIMARY KEY,
    place_id    uuid NOT NULL CONSTRAINT hall_project_place_fkey REFERENCES jobs.place,
    version     integer NOT NULL CONSTRAINT hall_project_version_fkey REFERENCES jobs.hall_checklist,
    state       text NOT NULL DEFAULT 'submitted' CONSTRAINT hall_project_state_check
                CHECK (state IN ('submitted', 'returned', 'accepted')),
    round       integer NOT NULL DEFAULT 1,
    evidence    jsonb NOT NULL,
    applied_by  uuid NOT NULL DEFAULT platform.actor(),
    score       integer,
    note        text,
    decided_on  date,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT hall_project_decided_check CHECK ((state = 'submitted') = (decided_on IS NULL))
);
COMMENT ON COLUMN jobs.hall_project.evidence IS '[{code, note}], one for each item of the checklist';
CREATE UNIQUE INDEX hall_project_open_key ON jobs.hall_project (place_id) WHERE state <> 'accepted';
CREATE INDEX hall_project_county_idx ON jobs.hall_project (county_code, id);
CALL platform.protect('jobs.hall_project', 'platform.in_areas(county_code, area_code)');

CREATE TABLE jobs.hall_score (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    project_id  uuid NOT NULL CONSTRAINT hall_score_project_fkey REFERENCES jobs.hall_project,
    round       integer NOT NULL,
    reviewer    uuid NOT NULL DEFAULT platform.actor(),
    scores      jsonb NOT NULL,
    total       integer NOT NULL,
    meets       boolean NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT hall_score_reviewer_key UNIQUE (project_id, round, reviewer)
);
COMMENT ON COLUMN jobs.hall_score.scores IS '[{code, points, note}]';
COMMENT ON COLUMN jobs.hall_score.meets IS 'every required item has its full points, and the total suffices';
CALL platform.protect('jobs.hall_score', 'platform.in_areas(county_code, area_code)');

CREATE FUNCTION jobs.hall_project_json(h jobs.hall_project) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', h.id, 'place_id', h.place_id, 'version', h.version,
    'state', h.state, 'round', h.round, 'evidence', h.evidence, 'score', h.score, 'note', h.note,
    'decided_on', h.decided_on, 'county_code', h.county_code, 'area_code', h.area_code,
    'created_at', h.created_at,
    'scores', (SELECT coalesce(jsonb_agg(jsonb_build_object('reviewer', s.reviewer, 'round', s.round,
                          'scores', s.scores, 'total', s.total, 'meets', s.meets, 'at', s.at)
                          ORDER BY s.id), '[]'::jsonb)
                 FROM jobs.hall_score s WHERE s.project_id = h.id));

CREATE FUNCTION jobs.hall_project_case() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.case_move('JB-31', NEW.id, NEW.state,
        CASE NEW.state WHEN 'accepted' THEN 'done' WHEN 'returned' THEN 'waiting' ELSE 'in_progress' END,
        NEW.note);
    RETURN NULL;
END $$;
CREATE TRIGGER hall_project_case AFTER UPDATE ON jobs.hall_project
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION jobs.hall_project_case();

CREATE FUNCTION jobs.hall_checklist_now() RETURNS jobs.hall_checklist
LANGUAGE sql STABLE
RETURN (SELECT l FROM jobs.hall_checklist l WHERE l.from_on <= platform.today()
         ORDER BY l.from_on DESC, l.version DESC LIMIT 1);
