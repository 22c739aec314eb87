-- What a class of its own kind is taught under: 校企合作订单班 (school and firm),
-- 企业新型学徒制 (firm and school), 项目制 (commissioned by a county, by two
-- officers, and taken on by the institution). Nothing binds whoever has not
-- agreed; the county of the school is in charge.
CREATE TABLE training.agreement (
    id             uuid PRIMARY KEY,
    kind           text NOT NULL CONSTRAINT agreement_kind_check CHECK (kind IN
        ('order', 'apprentice', 'project')),
    title          text NOT NULL,
    school_id      uuid NOT NULL CONSTRAINT agreement_school_fkey REFERENCES training.org,
    school_name    text NOT NULL,
    firm_id        uuid CONSTRAINT agreement_firm_fkey REFERENCES training.org,
    firm_name      text,
    people         text,
    headcount      integer NOT NULL CONSTRAINT agreement_headcount_check CHECK (headcount > 0),
    promised_hires integer CONSTRAINT agreement_hires_check CHECK (promised_hires BETWEEN 1 AND headcount),
    occupations    jsonb NOT NULL,
    from_on        date NOT NULL,
    to_on          date NOT NULL,
    terms          text NOT NULL,
    state          text NOT NULL DEFAULT 'proposed' CONSTRAINT agreement_state_check CHECK (state IN
        ('proposed', 'approved', 'agreed', 'declined', 'ended')),
    note           text,
    proposed_org   uuid,
    proposed_by    uuid NOT NULL DEFAULT platform.actor(),
    approved_by    uuid,
    agreed_by      uuid,
    agreed_on      date,
    county_code    text NOT NULL,
    area_code      text,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT agreement_days_check CHECK (from_on <= to_on),
    CONSTRAINT agreement_parties_check CHECK (firm_id <> school_id
        AND (kind = 'project') = (firm_id IS NULL) AND (kind = 'project') = (people IS NOT NULL)
        AND (kind = 'project') = (proposed_org IS NULL)),
    CONSTRAINT agreement_order_check CHECK (kind <> 'order' OR promised_hires IS NOT NULL),
    CONSTRAINT agreement_hands_check CHECK (approved_by <> proposed_by),
    CONSTRAINT agreement_approved_check CHECK (kind <> 'project' OR approved_by IS NOT NULL
        OR state IN ('proposed', 'declined', 'ended')),
    CONSTRAINT agreement_agreed_check CHECK (agreed_on IS NOT NULL OR state <> 'agreed')
);
COMMENT ON COLUMN training.agreement.occupations IS '[{occupation_code, level (none: any), headcount}], in all the headcount';
COMMENT ON COLUMN training.agreement.people IS '项目制: the group of people it is for';
CREATE INDEX agreement_school_idx ON training.agreement (school_id, id);
CREATE INDEX agreement_firm_idx ON training.agreement (firm_id, id);
CREATE INDEX agreement_county_idx ON training.agreement (county_code, id);
REVOKE DELETE ON training.agreement FROM training_app, training_system;
CALL platform.protect('training.agreement', $$
    school_id = platform.org() OR firm_id = platform.org() OR platform.in_areas(county_code, area_code)
$$);

CREATE FUNCTION training.agreement_fits(agreement uuid, kind text, org uuid, occupation text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM training.agreement a
                WHERE a.id = agreement_fits.agreement AND a.kind = agreement_fits.kind
                  AND a.school_id = org AND a.state = 'agreed'
                  AND platform.today() BETWEEN a.from_on AND a.to_on
                  AND training.occupations_cover(a.occupations, occupation, NULL));
COMMENT ON FUNCTION training.agreement_fits(uuid, text, uuid, text) IS
    'agreed and in force today, of that kind, taught by the organisation, and names the occupation';

CREATE FUNCTION training.agreement_json(a training.agreement) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', a.id, 'kind', a.kind, 'title', a.title, 'school_id', a.school_id,
    'school_name', a.school_name, 'firm_id', a.firm_id, 'firm_name', a.firm_name, 'people', a.people,
    'headcount', a.headcount, 'promised_hires', a.promised_hires, 'occupations', a.occupations,
    'from_on', a.from_on, 'to_on', a.to_on, 'terms', a.terms, 'state', a.state, 'note', a.note,
    'agreed_on', a.agreed_on, 'county_code', a.county_code, 'created_at', a.created_at);

CREATE FUNCTION training.agreement_tells() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    other uuid := CASE WHEN platform.org() IS DISTINCT FROM NEW.school_id THEN NEW.school_id ELSE NEW.firm_id END;
BEGIN
    INSERT INTO training.outbox (type, key, area_code, payload)
    VALUES ('training.agreement.changed.v1', NEW.id::text, NEW.county_code,
            jsonb_build_object('agreement_id', NEW.id, 'kind', NEW.kind, 'school_id', NEW.school_id,
                'firm_id', NEW.firm_id, 'state', NEW.state, 'headcount', NEW.headcount,
                'promised_hires', NEW.promised_hires, 'from_on', NEW.from_on, 'to_on', NEW.to_on,
                'county_code', NEW.county_code));
    IF TG_OP = 'UPDATE' THEN
        PERFORM training.case_move('TR-14', NEW.id, NEW.state, CASE NEW.state WHEN 'agreed' THEN 'done'
            WHEN 'declined' THEN 'refused' WHEN 'ended' THEN 'withdrawn' END, NEW.note);
    END IF;
    IF other IS NOT NULL AND NOT (NEW.kind = 'project' AND NEW.state = 'proposed') THEN
        PERFORM training.tell(NULL, other, 'agreement_' || NEW.state, '协议“' || NEW.title || '”' || CASE NEW.state
            WHEN 'agreed' THEN '已生效' WHEN 'declined' THEN '未予同意' WHEN 'ended' THEN '已终止'
            ELSE '待贵单位确认' END, NEW.note, 'agreement', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agreement_tells_new AFTER INSERT ON training.agreement
    FOR EACH ROW EXECUTE FUNCTION training.agreement_tells();
CREATE TRIGGER agreement_tells AFTER UPDATE ON training.agreement
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION training.agreement_tells();

-- What a firm has agreed to is a need of its own, for an officer to confirm.
CREATE FUNCTION training.agreement_demand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state = 'agreed' THEN
        INSERT INTO training.demand (source, occupation_code, level, headcount, org_id, org_name, agreement_id,
                                     remark, from_on, to_on, county_code, area_code)
        SELECT 'agreement', o.occupation_code, o.level, sum(o.headcount), NEW.firm_id, NEW.firm_name, NEW.id,
               NEW.title, least(NEW.from_on, platform.today()), NEW.to_on, NEW.county_code, NEW.area_code
          FROM jsonb_to_recordset(NEW.occupations) AS o (occupation_code text, level integer, headcount integer)
         GROUP BY o.occupation_code, o.level;
    ELSE
        UPDATE training.demand d SET state = 'withdrawn', note = NEW.note
         WHERE d.agreement_id = NEW.id AND d.state IN ('registered', 'confirmed');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agreement_demand AFTER UPDATE ON training.agreement
    FOR EACH ROW WHEN (NEW.firm_id IS NOT NULL AND OLD.state <> NEW.state AND NEW.state IN ('agreed', 'ended'))
    EXECUTE FUNCTION training.agreement_demand();
