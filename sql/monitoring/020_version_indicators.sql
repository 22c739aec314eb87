-- Indicators as versioned definitions. What an indicator is stands in its
-- versions: proposed by one officer of the city, confirmed by another, never
-- changed; a figure cites the version in force on its last day, by its hash.
DROP TABLE monitoring.target;
DELETE FROM monitoring.indicator;
ALTER TABLE monitoring.indicator DROP COLUMN name, DROP COLUMN unit, DROP COLUMN definition,
    DROP COLUMN source, DROP COLUMN measures,
    ADD COLUMN ord smallint NOT NULL CONSTRAINT indicator_ord_key UNIQUE;
COMMENT ON TABLE monitoring.indicator IS 'public: the codes of indicators and their order, nobody''s data';

CREATE TABLE monitoring.indicator_version (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    indicator   text NOT NULL CONSTRAINT indicator_version_indicator_fkey REFERENCES monitoring.indicator,
    version     integer NOT NULL CONSTRAINT indicator_version_version_check CHECK (version >= 1),
    state       text NOT NULL DEFAULT 'proposed' CONSTRAINT indicator_version_state_check
                CHECK (state IN ('proposed', 'confirmed', 'refused')),
    name        text NOT NULL,
    name_en     text NOT NULL,
    unit        text NOT NULL CONSTRAINT indicator_version_unit_check
                CHECK (unit IN ('person', 'person_time', 'household', 'job', 'place', 'cents', 'basis_points')),
    kind        text NOT NULL CONSTRAINT indicator_version_kind_check
                CHECK (kind IN ('flow', 'stock', 'rate', 'share', 'imported')),
    numerator   text[] NOT NULL DEFAULT '{}',
    denominator text[] NOT NULL DEFAULT '{}',
    cases       text[] NOT NULL DEFAULT '{}',
    missing     text,
    aim         text NOT NULL DEFAULT 'more' CONSTRAINT indicator_version_aim_check CHECK (aim IN ('more', 'less')),
    period      text NOT NULL DEFAULT 'month' CONSTRAINT indicator_version_period_check
                CHECK (period IN ('day', 'month', 'quarter', 'year')),
    area_level  text NOT NULL DEFAULT 'village' CONSTRAINT indicator_version_level_check
                CHECK (area_level IN ('city', 'county', 'town', 'village')),
    definition  text NOT NULL,
    source      text NOT NULL,
    basis       text NOT NULL,
    from_on     date NOT NULL,
    document    jsonb NOT NULL,
    hash        text NOT NULL,
    proposed_by uuid DEFAULT platform.actor(),
    proposed_at timestamptz NOT NULL DEFAULT platform.now(),
    judged_by   uuid,
    judged_at   timestamptz,
    note        text,
    CONSTRAINT indicator_version_key UNIQUE (indicator, version),
    CONSTRAINT indicator_version_imported_check CHECK (kind <> 'imported'
        OR (numerator || denominator = '{}' AND missing IS NULL)),
    CONSTRAINT indicator_version_formula_check CHECK (kind = 'imported'
        OR ((numerator = '{}') = (missing IS NOT NULL)
            AND (denominator <> '{}') = (kind IN ('rate', 'share') AND missing IS NULL))),
    CONSTRAINT indicator_version_ratio_check CHECK (kind = 'imported'
        OR (unit = 'basis_points') = (kind IN ('rate', 'share'))),
    CONSTRAINT indicator_version_hands_check CHECK (judged_by <> proposed_by),
    CONSTRAINT indicator_version_judged_check CHECK ((state = 'proposed') = (judged_at IS NULL))
);
COMMENT ON TABLE monitoring.indicator_version IS 'public: what the figures mean; definitions, nobody''s data';
COMMENT ON COLUMN monitoring.indicator_version.kind IS
    'flow: summed over the period; stock: as it stands on its last day; rate and share: a quotient of two of the first or of the second; imported: given by others, never derived';
COMMENT ON COLUMN monitoring.indicator_version.numerator IS 'measures to add, and with a minus to take away';
COMMENT ON COLUMN monitoring.indicator_version.cases IS
    'measures that count what is behind an amount or a ratio (payments, firms): small numbers of them are hidden';
COMMENT ON COLUMN monitoring.indicator_version.missing IS 'why there is no figure yet';
CREATE UNIQUE INDEX indicator_version_open_key ON monitoring.indicator_version (indicator) WHERE state = 'proposed';
CREATE UNIQUE INDEX indicator_version_from_key ON monitoring.indicator_version (indicator, from_on)
    WHERE state = 'confirmed';
CALL platform.protect('monitoring.indicator_version', 'true', 'platform.whole_city()');
REVOKE DELETE ON monitoring.indicator_version FROM monitoring_app, monitoring_system;
REVOKE UPDATE ON monitoring.indicator_version FROM monitoring_app;
GRANT UPDATE (state, judged_by, judged_at, note) ON monitoring.indicator_version TO monitoring_app;

-- The whole definition, its measures with it as they are that day, and its hash:
-- SHA-256 of the document's text, which has one form.
CREATE FUNCTION monitoring.indicator_sealed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM platform.refuse('monitoring.measure_unknown /' || u.member)
       FROM (SELECT 'numerator' AS member, unnest(NEW.numerator) AS m
             UNION ALL SELECT 'denominator', unnest(NEW.denominator) UNION ALL SELECT 'cases', unnest(NEW.cases)) AS u
      WHERE NOT EXISTS (SELECT FROM monitoring.measure x WHERE x.code = ltrim(u.m, '-'));
    NEW.document := jsonb_build_object('code', NEW.indicator, 'version', NEW.version, 'name', NEW.name,
        'name_en', NEW.name_en, 'unit', NEW.unit, 'kind', NEW.kind, 'numerator', NEW.numerator,
        'denominator', NEW.denominator, 'cases', NEW.cases, 'missing', NEW.missing, 'aim', NEW.aim,
        'period', NEW.period, 'area_level', NEW.area_level, 'definition', NEW.definition,
        'source', NEW.source, 'basis', NEW.basis, 'from_on', NEW.from_on,
        'measures', coalesce((SELECT jsonb_agg(jsonb_build_object('code', m.code, 'name', m.name, 'kind', m.kind,
                'filters', m.filters, 'moment', m.moment, 'counts', m.counts, 'once', m.once) ORDER BY m.code)
            FROM monitoring.measure m
           WHERE m.code IN (SELECT ltrim(x, '-') FROM unnest(NEW.numerator || NEW.denominator || NEW.cases) AS x)), '[]'));
    NEW.hash := encode(sha256(convert_to(NEW.document::text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER indicator_sealed BEFORE INSERT ON monitoring.indicator_version
    FOR EACH ROW EXECUTE FUNCTION monitoring.indicator_sealed();

-- Judged once.
CREATE FUNCTION monitoring.judged_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM platform.refuse('state.wrong');
    RETURN NULL;
END $$;
CREATE TRIGGER indicator_judged_once BEFORE UPDATE ON monitoring.indicator_version
    FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION monitoring.judged_once();

-- In force on a day; of days before the first version, that.
CREATE FUNCTION monitoring.indicator_on(wanted text, day date) RETURNS monitoring.indicator_version
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found monitoring.indicator_version;
BEGIN
    SELECT v.* INTO found FROM monitoring.indicator_version v
     WHERE v.indicator = wanted AND v.state = 'confirmed'
     ORDER BY v.from_on <= day DESC, abs(v.from_on - day) LIMIT 1;
    RETURN found;
END $$;

CREATE FUNCTION monitoring.indicator_json(v monitoring.indicator_version) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT v.document || jsonb_build_object('id', v.id, 'state', v.state, 'definition_hash', v.hash,
        'to_on', (SELECT min(n.from_on) - 1 FROM monitoring.indicator_version n
                   WHERE n.indicator = v.indicator AND n.state = 'confirmed' AND n.from_on > v.from_on
                     AND v.state = 'confirmed'),
        'canonical', v.document::text, 'proposed_by', v.proposed_by, 'judged_by', v.judged_by,
        'judged_at', v.judged_at, 'note', v.note)
$$;
