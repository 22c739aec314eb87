-- Rent given up by a carrier (房租减免), month by month for each firm, with its
-- proof, checked by an officer of the county. What public money pays back of it
-- is the city's to set; until then nothing is worked out.
CREATE TABLE entrepreneurship.relief (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    tenant_id      uuid NOT NULL CONSTRAINT relief_tenant_fkey REFERENCES entrepreneurship.tenant,
    contract_id    uuid NOT NULL CONSTRAINT relief_contract_fkey REFERENCES entrepreneurship.contract,
    carrier_id     uuid NOT NULL,
    carrier_org_id uuid NOT NULL,
    org_id         uuid NOT NULL,
    month          date NOT NULL CONSTRAINT relief_month_check CHECK (extract(day FROM month) = 1),
    cents          bigint NOT NULL CONSTRAINT relief_cents_check CHECK (cents > 0),
    state          text NOT NULL DEFAULT 'given' CONSTRAINT relief_state_check CHECK (state IN ('given', 'checked', 'returned')),
    given_by       uuid DEFAULT platform.actor(),
    checked_by     uuid,
    checked_at     timestamptz,
    note           text,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT relief_hands_check CHECK (checked_by <> given_by),
    CONSTRAINT relief_checked_check CHECK ((state = 'given') = (checked_by IS NULL))
);
CREATE UNIQUE INDEX relief_month_key ON entrepreneurship.relief (tenant_id, month) WHERE state <> 'returned';
CREATE INDEX relief_carrier ON entrepreneurship.relief (carrier_id, month);
CALL platform.protect('entrepreneurship.relief', $$
    carrier_org_id = platform.org() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$carrier_org_id = platform.org() OR platform.in_areas(county_code, area_code)$$);
REVOKE UPDATE, DELETE ON entrepreneurship.relief FROM entrepreneurship_app, entrepreneurship_system;
GRANT UPDATE (state, checked_by, checked_at, note) ON entrepreneurship.relief TO entrepreneurship_app;

CREATE TABLE entrepreneurship.relief_rule (
    version integer PRIMARY KEY,
    percent integer NOT NULL CONSTRAINT relief_rule_percent_check CHECK (percent BETWEEN 1 AND 100),
    from_on date NOT NULL,
    basis   text NOT NULL,
    set_by  uuid NOT NULL DEFAULT platform.actor(),
    set_at  timestamptz NOT NULL DEFAULT platform.now()
);
COMMENT ON TABLE entrepreneurship.relief_rule IS 'public: what share of rent given up public money pays back, by the city''s own papers; empty until it says so';
CALL platform.protect('entrepreneurship.relief_rule', 'true', 'platform.whole_city()');
REVOKE UPDATE, DELETE ON entrepreneurship.relief_rule FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.relief_reply(r entrepreneurship.relief) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'tenant_id', r.tenant_id, 'contract_id', r.contract_id,
        'carrier_id', r.carrier_id, 'org_id', r.org_id, 'month', r.month, 'cents', r.cents, 'currency', 'CNY',
        'state', r.state, 'note', r.note, 'county_code', r.county_code, 'created_at', r.created_at,
        'files', (SELECT coalesce(jsonb_agg(entrepreneurship.file_json(f) ORDER BY f.id), '[]')
                    FROM entrepreneurship.file f WHERE f.subject_id = r.id))::text
$$;

-- Within a confirmed contract of that month and the relief it grants.
CREATE FUNCTION entrepreneurship.relief_give(tenancy uuid, keeper uuid, of_month date, amount bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    c entrepreneurship.contract;
    r entrepreneurship.relief;
BEGIN
    PERFORM FROM entrepreneurship.tenant t WHERE t.id = tenancy AND t.carrier_org_id = keeper FOR UPDATE;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT x.* INTO c FROM entrepreneurship.contract x
     WHERE x.tenant_id = tenancy AND x.state IN ('confirmed', 'ended') AND x.relief_kind <> 'none'
       AND daterange(x.from_on, coalesce(x.ended_on, x.to_on), '[]')
           && daterange(of_month, (of_month + interval '1 month')::date) ORDER BY x.no DESC LIMIT 1;
    IF c.id IS NULL THEN PERFORM platform.refuse('entrepreneurship.relief_none /month'); END IF;
    IF of_month > platform.today() THEN PERFORM platform.refuse('field.date_future /month'); END IF;
    IF amount > (CASE c.relief_kind WHEN 'cents' THEN c.relief_value ELSE c.rent_cents * c.relief_value / 100 END) THEN
        PERFORM platform.refuse('entrepreneurship.relief_above /cents');
    END IF;
    IF (SELECT count(*) FROM entrepreneurship.relief x WHERE x.contract_id = c.id AND x.state <> 'returned') >= c.relief_months THEN
        PERFORM platform.refuse('entrepreneurship.relief_spent');
    END IF;
    INSERT INTO entrepreneurship.relief AS x (tenant_id, contract_id, carrier_id, carrier_org_id, org_id, month, cents,
        county_code, area_code)
    VALUES (tenancy, c.id, c.carrier_id, c.carrier_org_id, c.org_id, of_month, amount, c.county_code, c.area_code)
    RETURNING x.* INTO r;
    RETURN entrepreneurship.relief_reply(r);
END $$;

CREATE FUNCTION entrepreneurship.relief_check(which uuid, pass boolean, said text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r entrepreneurship.relief;
BEGIN
    SELECT x.* INTO r FROM entrepreneurship.relief x
     WHERE x.id = which AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF r.id IS NULL THEN RETURN NULL; END IF;
    IF r.state <> 'given' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF pass AND NOT EXISTS (SELECT FROM entrepreneurship.file f WHERE f.subject_id = r.id) THEN
        PERFORM platform.refuse('entrepreneurship.relief_proof');
    END IF;
    UPDATE entrepreneurship.relief x SET state = CASE WHEN pass THEN 'checked' ELSE 'returned' END,
           checked_by = platform.actor(), checked_at = platform.now(), note = said
     WHERE x.id = r.id RETURNING x.* INTO r;
    RETURN entrepreneurship.relief_reply(r);
END $$;

CREATE FUNCTION entrepreneurship.relief_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM entrepreneurship.case_move('EN-05', NEW.id, NEW.state,
        CASE NEW.state WHEN 'checked' THEN 'done' ELSE 'refused' END, NEW.note);
    UPDATE entrepreneurship.file f SET locked_at = platform.now() WHERE f.subject_id = NEW.id AND f.locked_at IS NULL;
    PERFORM entrepreneurship.tell(NULL, NEW.carrier_org_id, 'relief',
        CASE NEW.state WHEN 'checked' THEN '房租减免已核实' ELSE '房租减免已退回' END, NEW.note, 'relief', NEW.id);
    IF NEW.state = 'checked' THEN
        INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
        VALUES ('entrepreneurship.rent.relieved.v1', NEW.id::text, NEW.county_code, jsonb_build_object(
            'relief_id', NEW.id, 'tenant_id', NEW.tenant_id, 'carrier_id', NEW.carrier_id, 'org_id', NEW.org_id,
            'month', NEW.month, 'cents', NEW.cents, 'county_code', NEW.county_code));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER relief_follow AFTER UPDATE ON entrepreneurship.relief
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.relief_follow();
