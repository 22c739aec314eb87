-- Proofs of who founds (永政办发〔2024〕15号 二（二）6): that a firm's founder won a
-- contest, or is a graduate. The firm hands one in with its paper; two officers
-- of the county look at it, and what they do not agree on is not decided.

-- Whoever looked at a thing (a proof, a milestone's report) and what they found,
-- numbered by the times it was handed in. Two who agree decide.
CREATE TABLE entrepreneurship.second_look (
    subject_id  uuid NOT NULL,
    org_id      uuid NOT NULL,              -- whose thing it is
    no          integer NOT NULL,
    officer     uuid NOT NULL DEFAULT platform.actor(),
    met         boolean NOT NULL,
    note        text,
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT second_look_officer_key PRIMARY KEY (subject_id, no, officer)
);
CALL platform.protect('entrepreneurship.second_look',
    $$platform.in_areas(county_code, NULL) OR org_id = platform.org()$$, $$platform.in_areas(county_code, NULL)$$);
REVOKE UPDATE, DELETE ON entrepreneurship.second_look FROM entrepreneurship_app, entrepreneurship_system;

-- One more look. NULL: the first of two; else what both found. The subject's row
-- is locked by the caller.
CREATE FUNCTION entrepreneurship.look(subject uuid, org uuid, no_ integer, met_ boolean, note_ text, county text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    other entrepreneurship.second_look;
BEGIN
    IF NOT met_ AND note_ IS NULL THEN PERFORM platform.refuse('field.missing /note'); END IF;
    SELECT l.* INTO other FROM entrepreneurship.second_look l WHERE l.subject_id = subject AND l.no = no_;
    IF other.officer = platform.actor() THEN PERFORM platform.refuse('selection.same_hand'); END IF;
    IF other.met <> met_ THEN PERFORM platform.refuse('selection.inspectors_differ'); END IF;
    INSERT INTO entrepreneurship.second_look (subject_id, org_id, no, met, note, county_code)
    VALUES (subject, org, no_, met_, note_, county);
    RETURN other.met;
END $$;

CREATE FUNCTION entrepreneurship.looks_json(subject uuid) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('no', l.no, 'met', l.met, 'note', l.note, 'at', l.at)
            ORDER BY l.no, l.at), '[]')
          FROM entrepreneurship.second_look l WHERE l.subject_id = subject);

CREATE TABLE entrepreneurship.founder_proof (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CONSTRAINT founder_proof_kind_check CHECK (kind IN ('prize', 'graduate')),
    org_id      uuid NOT NULL CONSTRAINT founder_proof_org_fkey REFERENCES entrepreneurship.org,
    title       text NOT NULL,              -- contest and prize; degree
    issuer      text NOT NULL,              -- who held the contest; the school
    proved_on   date NOT NULL,              -- the prize, the graduation
    state       text NOT NULL DEFAULT 'submitted' CONSTRAINT founder_proof_state_check CHECK (state IN
        ('submitted', 'confirmed', 'rejected')),
    decided_on  date,
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT founder_proof_decided_check CHECK ((state = 'submitted') = (decided_on IS NULL))
);
CREATE UNIQUE INDEX founder_proof_title_key ON entrepreneurship.founder_proof (org_id, kind, title)
    WHERE state <> 'rejected';
CREATE INDEX founder_proof_county_idx ON entrepreneurship.founder_proof (county_code, state, id);
CALL platform.protect('entrepreneurship.founder_proof',
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()$$,
    $$platform.in_areas(county_code, area_code) OR org_id = platform.org()$$);
REVOKE UPDATE, DELETE ON entrepreneurship.founder_proof FROM entrepreneurship_app, entrepreneurship_system;
GRANT UPDATE (state, decided_on) ON entrepreneurship.founder_proof TO entrepreneurship_app;

CREATE FUNCTION entrepreneurship.files_json(subject uuid) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'media', f.media, 'bytes', f.bytes)
            ORDER BY f.id), '[]')
          FROM entrepreneurship.file f WHERE f.subject_id = subject);

CREATE FUNCTION entrepreneurship.founder_proof_json(p entrepreneurship.founder_proof) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', p.id, 'kind', p.kind, 'org_id', p.org_id, 'org_name', (SELECT o.name
        FROM entrepreneurship.org o WHERE o.id = p.org_id), 'title', p.title, 'issuer', p.issuer,
    'proved_on', p.proved_on, 'state', p.state, 'decided_on', p.decided_on,
    'files', entrepreneurship.files_json(p.id), 'looks', entrepreneurship.looks_json(p.id),
    'county_code', p.county_code, 'area_code', p.area_code, 'created_at', p.created_at);

CREATE FUNCTION entrepreneurship.founder_proof_look(proof uuid, met boolean, note text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    p     entrepreneurship.founder_proof;
    found boolean;
BEGIN
    SELECT x.* INTO p FROM entrepreneurship.founder_proof x
     WHERE x.id = proof AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF p.id IS NULL THEN RETURN NULL; END IF;
    IF p.state <> 'submitted' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF NOT EXISTS (SELECT FROM entrepreneurship.file f WHERE f.subject_id = p.id) THEN
        PERFORM platform.refuse('entrepreneurship.paper_missing');
    END IF;
    found := entrepreneurship.look(p.id, p.org_id, 1, met, note, p.county_code);
    IF found IS NOT NULL THEN
        UPDATE entrepreneurship.founder_proof x
           SET state = CASE WHEN found THEN 'confirmed' ELSE 'rejected' END, decided_on = platform.today()
         WHERE x.id = p.id RETURNING x.* INTO p;
    END IF;
    RETURN entrepreneurship.founder_proof_json(p);
END $$;

CREATE FUNCTION entrepreneurship.founder_proof_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    VALUES ('entrepreneurship.founder_proof.moved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
        'proof_id', NEW.id, 'kind', NEW.kind, 'org_id', NEW.org_id, 'state', NEW.state, 'county_code', NEW.county_code));
    IF TG_OP = 'UPDATE' THEN
        PERFORM entrepreneurship.case_move('EN-20', NEW.id, NEW.state,
            CASE NEW.state WHEN 'confirmed' THEN 'done' ELSE 'refused' END, NULL);
        PERFORM entrepreneurship.tell(NULL, NEW.org_id, 'founder_proof',
            CASE NEW.state WHEN 'confirmed' THEN '佐证已核实：' ELSE '佐证未通过核实：' END || NEW.title, NULL, 'founder_proof', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER founder_proof_moved AFTER INSERT OR UPDATE OF state ON entrepreneurship.founder_proof
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.founder_proof_moved();
