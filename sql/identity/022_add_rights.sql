-- Rights as data. What the code admits is the ceiling: every program tells its
-- rows here when it starts. Below it an action may be withdrawn from a role in
-- an area and all that lies within, for a time, and be given back.

CREATE TABLE identity.action (
    service text NOT NULL,
    name    text NOT NULL,
    action  text NOT NULL,
    method  text NOT NULL,
    path    text NOT NULL,
    callers text[] NOT NULL,
    scope   text NOT NULL,
    zh      text NOT NULL,
    en      text NOT NULL,
    told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (service, name)
);
CREATE INDEX action_action_idx ON identity.action (action);
COMMENT ON TABLE identity.action IS 'public: the routes of all programs and the roles they admit';

CREATE TABLE identity.role_right (
    id           uuid PRIMARY KEY,
    role         text NOT NULL,
    action       text NOT NULL,
    county_code  text NOT NULL,
    area_code    text NOT NULL,
    from_on      date NOT NULL,
    to_on        date CONSTRAINT role_right_days_check CHECK (to_on >= from_on),
    state        text NOT NULL CONSTRAINT role_right_state_check
                 CHECK (state IN ('proposed', 'active', 'ended')),
    why          text NOT NULL,
    proposed_by  uuid NOT NULL,
    proposed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    confirmed_by uuid,
    confirmed_at timestamptz,
    ended_by     uuid,
    ended_at     timestamptz,
    end_why      text,
    CONSTRAINT role_right_hands_check CHECK (confirmed_by <> proposed_by),
    CONSTRAINT role_right_second_check CHECK (state <> 'active' OR confirmed_by IS NOT NULL
        OR NOT identity.is_powerful(role, area_code))
);
CREATE UNIQUE INDEX role_right_live_key ON identity.role_right (role, action, area_code, from_on)
    WHERE state <> 'ended';
CREATE INDEX role_right_county_idx ON identity.role_right (county_code, id);
REVOKE DELETE ON identity.role_right FROM identity_app, identity_system;
CALL platform.protect('identity.role_right', $$identity.in_office(county_code, area_code)$$, $$false$$);

CREATE FUNCTION identity.right_reply(r identity.role_right) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', r.id, 'role', r.role, 'action', r.action,
    'county_code', r.county_code, 'area_code', r.area_code, 'from_on', r.from_on, 'to_on', r.to_on,
    'state', r.state, 'why', r.why, 'proposed_by', r.proposed_by, 'proposed_at', r.proposed_at,
    'confirmed_by', r.confirmed_by, 'confirmed_at', r.confirmed_at, 'ended_by', r.ended_by,
    'ended_at', r.ended_at, 'end_why', r.end_why);

-- Whose data a role sees on a row of that scope.
CREATE FUNCTION identity.data_scope(scope text, role text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN scope = 'person' OR (scope = 'caller' AND role = 'person') THEN 'own'
    WHEN scope = 'org' OR (scope = 'caller' AND role IN ('employer', 'partner', 'institution', 'carrier'))
        THEN 'own_organisation'
    WHEN scope = 'outlet' THEN 'own_outlet'
    WHEN scope IN ('area', 'caller') THEN 'area'
    ELSE 'all' END;
