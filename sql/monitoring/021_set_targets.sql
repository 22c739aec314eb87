-- Targets of the city and its counties, and figures that others publish.
--
-- The policy's own targets are shipped; the others are set by one officer of the
-- city and confirmed by another.
CREATE TABLE monitoring.target (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    indicator   text NOT NULL CONSTRAINT target_indicator_fkey REFERENCES monitoring.indicator,
    county_code text NOT NULL,
    from_on     date NOT NULL,
    to_on       date NOT NULL,
    amount      bigint NOT NULL CONSTRAINT target_amount_check CHECK (amount >= 0),
    basis       text NOT NULL,
    state       text NOT NULL DEFAULT 'proposed' CONSTRAINT target_state_check
                CHECK (state IN ('proposed', 'confirmed', 'refused')),
    proposed_by uuid DEFAULT platform.actor(),
    proposed_at timestamptz NOT NULL DEFAULT platform.now(),
    judged_by   uuid,
    judged_at   timestamptz,
    note        text,
    CONSTRAINT target_days_check CHECK (to_on >= from_on),
    CONSTRAINT target_hands_check CHECK (judged_by <> proposed_by),
    CONSTRAINT target_judged_check CHECK ((state = 'proposed') = (judged_at IS NULL))
);
COMMENT ON TABLE monitoring.target IS 'public: what the city set out to reach';
CREATE UNIQUE INDEX target_open_key ON monitoring.target (indicator, county_code, from_on, to_on)
    WHERE state = 'proposed';
CREATE INDEX target_indicator_idx ON monitoring.target (indicator, county_code, from_on);
CALL platform.protect('monitoring.target', 'true', 'platform.whole_city()');
REVOKE DELETE ON monitoring.target FROM monitoring_app, monitoring_system;
REVOKE UPDATE ON monitoring.target FROM monitoring_app;
GRANT UPDATE (state, judged_by, judged_at, note) ON monitoring.target TO monitoring_app;
CREATE TRIGGER target_judged_once BEFORE UPDATE ON monitoring.target
    FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION monitoring.judged_once();

-- Of the targets whose days and the period's meet, the latest, confirmed last.
CREATE FUNCTION monitoring.target_of(wanted text, county text, from_day date, to_day date) RETURNS monitoring.target
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found monitoring.target;
BEGIN
    SELECT t.* INTO found FROM monitoring.target t
     WHERE t.indicator = wanted AND t.county_code = county AND t.state = 'confirmed'
       AND t.from_on <= to_day AND t.to_on >= from_day
     ORDER BY t.to_on DESC, t.judged_at DESC, t.id DESC LIMIT 1;
    RETURN found;
END $$;

CREATE FUNCTION monitoring.target_json(t monitoring.target) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', t.id, 'indicator', t.indicator,
    'indicator_name', (monitoring.indicator_on(t.indicator, t.to_on)).name, 'area_code', t.county_code, 'from_on', t.from_on,
    'to_on', t.to_on, 'amount', t.amount, 'basis', t.basis, 'state', t.state, 'proposed_by', t.proposed_by,
    'judged_by', t.judged_by, 'note', t.note);

-- Published by others and taken over as published. A later row of the same
-- period corrects an earlier one, which stays.
CREATE TABLE monitoring.imported_value (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    indicator    text NOT NULL CONSTRAINT imported_value_indicator_fkey REFERENCES monitoring.indicator,
    county_code  text NOT NULL,
    from_on      date NOT NULL,
    to_on        date NOT NULL,
    value        bigint NOT NULL CONSTRAINT imported_value_value_check CHECK (value >= 0),
    source       text NOT NULL,
    published_on date NOT NULL,
    entered_by   uuid NOT NULL DEFAULT platform.actor(),
    entered_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT imported_value_days_check CHECK (to_on >= from_on),
    CONSTRAINT imported_value_published_check CHECK (published_on >= to_on)
);
COMMENT ON TABLE monitoring.imported_value IS 'public: published figures, with their source and its day';
CREATE INDEX imported_value_idx ON monitoring.imported_value (indicator, county_code, to_on, id);
CALL platform.protect('monitoring.imported_value', 'true', 'platform.whole_city()');
REVOKE UPDATE, DELETE ON monitoring.imported_value FROM monitoring_app, monitoring_system;

CREATE FUNCTION monitoring.imported_is() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (monitoring.indicator_on(NEW.indicator, NEW.to_on)).kind <> 'imported' THEN
        PERFORM platform.refuse('monitoring.not_imported');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER imported_is BEFORE INSERT ON monitoring.imported_value
    FOR EACH ROW EXECUTE FUNCTION monitoring.imported_is();

CREATE FUNCTION monitoring.imported_json(i monitoring.imported_value) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', i.id, 'indicator', i.indicator,
    'indicator_name', (monitoring.indicator_on(i.indicator, i.to_on)).name, 'area_code', i.county_code, 'from_on', i.from_on,
    'to_on', i.to_on, 'value', i.value, 'source', i.source, 'published_on', i.published_on,
    'entered_by', i.entered_by, 'entered_at', i.entered_at);
