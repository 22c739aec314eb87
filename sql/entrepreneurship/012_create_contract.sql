-- Admission with a contract (入驻协议): asked for by the firm or offered by the
-- carrier, in force once the firm confirms its terms. An offer holds the place;
-- only a confirmed tenancy counts hires. Terms never change: a renewal is the
-- next contract, which the firm confirms again.
ALTER TABLE entrepreneurship.tenant
    ADD COLUMN state          text NOT NULL DEFAULT 'offered' CONSTRAINT tenant_state_check
        CHECK (state IN ('offered', 'in', 'declined', 'left')),
    ADD COLUMN leave_reason   text CONSTRAINT tenant_leave_reason_check
        CHECK (leave_reason IN ('graduated', 'closed', 'moved', 'expelled')),
    ADD COLUMN leave_note     text,
    ADD COLUMN established_on date,
    ADD COLUMN groups         text[] NOT NULL DEFAULT '{}' CONSTRAINT tenant_groups_check
        CHECK (groups <@ ARRAY['graduate', 'returned_worker', 'veteran', 'out_of_poverty']),
    ADD COLUMN confirmed_at   timestamptz;
UPDATE entrepreneurship.tenant SET state = CASE WHEN left_on IS NULL THEN 'in' ELSE 'left' END;
ALTER TABLE entrepreneurship.tenant
    ADD CONSTRAINT tenant_left_check CHECK ((state = 'left') = (left_on IS NOT NULL)),
    DROP CONSTRAINT tenant_one_carrier_excl,
    ADD CONSTRAINT tenant_one_carrier_excl EXCLUDE USING gist
        (org_id entrepreneurship.gist_uuid_ops WITH OPERATOR(pg_catalog.=),
         daterange(admitted_on, left_on, '[]') WITH OPERATOR(pg_catalog.&&)) WHERE (state <> 'declined');
COMMENT ON COLUMN entrepreneurship.tenant.established_on IS 'declared; NULL: not known';
COMMENT ON COLUMN entrepreneurship.tenant.groups IS 'of its founders, as declared';

CREATE TABLE entrepreneurship.contract (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    tenant_id      uuid NOT NULL CONSTRAINT contract_tenant_fkey REFERENCES entrepreneurship.tenant,
    no             integer NOT NULL,
    carrier_id     uuid NOT NULL,
    carrier_org_id uuid NOT NULL,
    org_id         uuid NOT NULL,
    from_on        date NOT NULL,
    to_on          date NOT NULL,
    area_m2        integer NOT NULL CONSTRAINT contract_area_check CHECK (area_m2 > 0),
    rent_cents     bigint NOT NULL CONSTRAINT contract_rent_check CHECK (rent_cents >= 0),
    relief_kind    text NOT NULL DEFAULT 'none' CONSTRAINT contract_relief_kind_check
        CHECK (relief_kind IN ('none', 'percent', 'cents')),
    relief_months  integer NOT NULL DEFAULT 0,
    relief_value   bigint NOT NULL DEFAULT 0,
    state          text NOT NULL DEFAULT 'offered' CONSTRAINT contract_state_check
        CHECK (state IN ('offered', 'confirmed', 'declined', 'ended')),
    note           text,
    answered_at    timestamptz,
    ended_on       date,
    offered_by     uuid DEFAULT platform.actor(),
    answered_by    uuid,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT contract_no_key UNIQUE (tenant_id, no),
    CONSTRAINT contract_days_check CHECK (to_on > from_on),
    CONSTRAINT contract_relief_check CHECK (CASE relief_kind
        WHEN 'none' THEN relief_months = 0 AND relief_value = 0
        WHEN 'percent' THEN relief_months > 0 AND relief_value BETWEEN 1 AND 100
        ELSE relief_months > 0 AND relief_value BETWEEN 1 AND rent_cents END),
    CONSTRAINT contract_days_excl EXCLUDE USING gist
        (tenant_id entrepreneurship.gist_uuid_ops WITH OPERATOR(pg_catalog.=),
         daterange(from_on, to_on, '[]') WITH OPERATOR(pg_catalog.&&)) WHERE (state IN ('offered', 'confirmed'))
);
COMMENT ON COLUMN entrepreneurship.contract.rent_cents IS 'a month, before relief';
COMMENT ON COLUMN entrepreneurship.contract.relief_value IS 'percent of the rent, or cents a month';
CREATE INDEX contract_carrier ON entrepreneurship.contract (carrier_id, to_on);
CREATE INDEX contract_org ON entrepreneurship.contract (org_id);
CALL platform.protect('entrepreneurship.contract', $$
    carrier_org_id = platform.org() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$carrier_org_id = platform.org() OR org_id = platform.org()$$);
REVOKE UPDATE, DELETE ON entrepreneurship.contract FROM entrepreneurship_app, entrepreneurship_system;
GRANT UPDATE (state, note, answered_at, answered_by, ended_on) ON entrepreneurship.contract
    TO entrepreneurship_app, entrepreneurship_system;

-- Offered by the carrier, answered by the firm, never by the other one.
CREATE FUNCTION entrepreneurship.contract_hands() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF platform.org() IS NULL THEN RETURN NEW; END IF;
    IF TG_OP = 'INSERT' AND NEW.carrier_org_id <> platform.org()
       OR TG_OP = 'UPDATE' AND NEW.state = 'confirmed' AND NEW.org_id <> platform.org() THEN
        PERFORM platform.refuse('auth.forbidden');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_hands BEFORE INSERT OR UPDATE ON entrepreneurship.contract
    FOR EACH ROW EXECUTE FUNCTION entrepreneurship.contract_hands();

-- A firm asks for a place.
CREATE TABLE entrepreneurship.admission (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    carrier_id     uuid NOT NULL CONSTRAINT admission_carrier_fkey REFERENCES entrepreneurship.carrier,
    carrier_org_id uuid NOT NULL,
    org_id         uuid NOT NULL,
    org_name       text NOT NULL,
    project        text NOT NULL,
    area_m2        integer CONSTRAINT admission_area_check CHECK (area_m2 > 0),
    established_on date,
    groups         text[] NOT NULL DEFAULT '{}' CONSTRAINT admission_groups_check
        CHECK (groups <@ ARRAY['graduate', 'returned_worker', 'veteran', 'out_of_poverty']),
    state          text NOT NULL DEFAULT 'submitted' CONSTRAINT admission_state_check
        CHECK (state IN ('submitted', 'accepted', 'refused', 'withdrawn')),
    note           text,
    tenant_id      uuid,
    answered_at    timestamptz,
    county_code    text NOT NULL,
    area_code      text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT platform.now()
);
CREATE UNIQUE INDEX admission_open_key ON entrepreneurship.admission (carrier_id, org_id) WHERE state = 'submitted';
CREATE INDEX admission_org ON entrepreneurship.admission (org_id, id);
CALL platform.protect('entrepreneurship.admission', $$
    carrier_org_id = platform.org() OR org_id = platform.org() OR platform.in_areas(county_code, area_code)
$$, $$carrier_org_id = platform.org() OR org_id = platform.org()$$);
REVOKE DELETE ON entrepreneurship.admission FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.admission_reply(a entrepreneurship.admission) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', a.id, 'carrier_id', a.carrier_id, 'org_id', a.org_id, 'org_name', a.org_name,
        'project', a.project, 'area_m2', a.area_m2, 'established_on', a.established_on, 'groups', a.groups,
        'state', a.state, 'note', a.note, 'tenant_id', a.tenant_id, 'county_code', a.county_code,
        'created_at', a.created_at)::text
$$;

CREATE FUNCTION entrepreneurship.admission_follow() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM entrepreneurship.case_move('EN-04', NEW.id, NEW.state, CASE NEW.state WHEN 'accepted' THEN 'done' ELSE NEW.state END, NEW.note);
    PERFORM entrepreneurship.tell(NULL, CASE NEW.state WHEN 'withdrawn' THEN NEW.carrier_org_id ELSE NEW.org_id END, 'admission',
        CASE NEW.state WHEN 'accepted' THEN '入驻申请已同意，请确认协议' WHEN 'refused' THEN '入驻申请未获同意' ELSE '入驻申请已撤回' END,
        NEW.note, 'admission', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER admission_follow AFTER UPDATE ON entrepreneurship.admission
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION entrepreneurship.admission_follow();

CREATE FUNCTION entrepreneurship.contract_json(c entrepreneurship.contract) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', c.id, 'tenant_id', c.tenant_id, 'carrier_id', c.carrier_id, 'org_id', c.org_id,
    'no', c.no, 'from_on', c.from_on, 'to_on', c.to_on, 'area_m2', c.area_m2, 'rent_cents', c.rent_cents,
    'currency', 'CNY', 'relief_kind', c.relief_kind, 'relief_months', c.relief_months, 'relief_value', c.relief_value,
    'state', c.state, 'note', c.note, 'ended_on', c.ended_on, 'county_code', c.county_code, 'created_at', c.created_at);

-- The newest contract stands with the tenancy.
CREATE OR REPLACE FUNCTION entrepreneurship.tenant_reply(t entrepreneurship.tenant) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', t.id, 'carrier_id', t.carrier_id, 'org_id', t.org_id, 'org_name', t.org_name,
        'state', t.state, 'admitted_on', t.admitted_on, 'left_on', t.left_on, 'leave_reason', t.leave_reason,
        'established_on', t.established_on,
        'is_new_firm', t.admitted_on <= (t.established_on + interval '3 years')::date,
        'groups', t.groups, 'county_code', t.county_code, 'created_at', t.created_at,
        'contract', (SELECT entrepreneurship.contract_json(c) FROM entrepreneurship.contract c
                      WHERE c.tenant_id = t.id ORDER BY c.no DESC LIMIT 1))::text
$$;

-- The next contract of a tenancy. terms: from_on, to_on, area_m2, rent_cents and relief.
CREATE FUNCTION entrepreneurship.contract_make(t entrepreneurship.tenant, terms jsonb) RETURNS entrepreneurship.contract
LANGUAGE plpgsql AS $$
DECLARE
    c    entrepreneurship.contract;
    last entrepreneurship.contract;
    room integer := (SELECT x.floor_m2 FROM entrepreneurship.carrier x WHERE x.id = t.carrier_id);
BEGIN
    c := jsonb_populate_record(NULL::entrepreneurship.contract, terms);
    SELECT x.* INTO last FROM entrepreneurship.contract x WHERE x.tenant_id = t.id ORDER BY x.no DESC LIMIT 1;
    IF last.state = 'offered' THEN PERFORM platform.refuse('entrepreneurship.contract_waits'); END IF;
    c.from_on := coalesce(c.from_on, CASE WHEN last.state = 'confirmed' THEN last.to_on + 1 END, t.admitted_on);
    IF c.to_on <= c.from_on THEN PERFORM platform.refuse('field.date_order /to_on'); END IF;
    IF c.from_on < t.admitted_on OR EXISTS (SELECT FROM entrepreneurship.contract x WHERE x.tenant_id = t.id
            AND x.state = 'confirmed' AND daterange(x.from_on, x.to_on, '[]') && daterange(c.from_on, c.to_on, '[]')) THEN
        PERFORM platform.refuse('entrepreneurship.contract_overlap /from_on');
    END IF;
    IF (CASE c.relief_kind WHEN 'none' THEN c.relief_months <> 0 OR c.relief_value <> 0
            WHEN 'percent' THEN c.relief_months = 0 OR c.relief_value NOT BETWEEN 1 AND 100
            ELSE c.relief_months = 0 OR c.relief_value NOT BETWEEN 1 AND c.rent_cents END) THEN
        PERFORM platform.refuse('entrepreneurship.relief_terms /relief_value');
    END IF;
    IF room < c.area_m2 + (SELECT coalesce(sum(x.area_m2), 0) FROM entrepreneurship.contract x
            WHERE x.carrier_id = t.carrier_id AND x.tenant_id <> t.id AND x.state IN ('offered', 'confirmed')
              AND daterange(x.from_on, x.to_on, '[]') && daterange(c.from_on, c.to_on, '[]')) THEN
        PERFORM platform.refuse('entrepreneurship.floor_full /area_m2');
    END IF;
    INSERT INTO entrepreneurship.contract AS x (tenant_id, no, carrier_id, carrier_org_id, org_id, from_on, to_on, area_m2,
        rent_cents, relief_kind, relief_months, relief_value, county_code, area_code)
    VALUES (t.id, coalesce(last.no, 0) + 1, t.carrier_id, t.carrier_org_id, t.org_id, c.from_on, c.to_on, c.area_m2,
        c.rent_cents, c.relief_kind, c.relief_months, c.relief_value, t.county_code, t.area_code)
    RETURNING x.* INTO c;
    PERFORM entrepreneurship.tell(NULL, t.org_id, 'contract', '有一份入驻协议待确认', c.from_on || ' 至 ' || c.to_on, 'contract', c.id);
    RETURN c;
END $$;

-- The carrier offers a place. What the firm declared when it asked goes along.
CREATE FUNCTION entrepreneurship.tenant_admit(carrier_ uuid, keeper uuid, org_ uuid, day date, since date,
    groups_ text[], terms jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    c entrepreneurship.carrier;
    o entrepreneurship.org;
    a entrepreneurship.admission;
    t entrepreneurship.tenant;
BEGIN
    SELECT x.* INTO c FROM entrepreneurship.carrier x WHERE x.id = carrier_ AND x.org_id = keeper FOR UPDATE;
    IF c.id IS NULL THEN RETURN NULL; END IF;
    SELECT x.* INTO o FROM entrepreneurship.org x WHERE x.id = org_;
    IF o.id IS NULL THEN PERFORM platform.refuse('entrepreneurship.org_unknown'); END IF;
    IF o.id = c.org_id THEN PERFORM platform.refuse('entrepreneurship.own_tenant /org_id'); END IF;
    IF c.state = 'closed' THEN PERFORM platform.refuse('entrepreneurship.carrier_closed'); END IF;
    IF c.tenant_count >= c.capacity THEN PERFORM platform.refuse('entrepreneurship.carrier_full'); END IF;
    SELECT x.* INTO a FROM entrepreneurship.admission x
     WHERE x.carrier_id = c.id AND x.org_id = o.id AND x.state = 'submitted' FOR UPDATE;
    INSERT INTO entrepreneurship.tenant AS x (carrier_id, carrier_org_id, org_id, org_name, admitted_on, established_on,
        groups, county_code, area_code)
    VALUES (c.id, c.org_id, o.id, o.name, day, coalesce(a.established_on, since),
        ARRAY(SELECT DISTINCT g FROM unnest(groups_ || a.groups) g WHERE g IS NOT NULL ORDER BY g), c.county_code, c.area_code)
    ON CONFLICT DO NOTHING RETURNING x.* INTO t;
    IF t.id IS NULL THEN PERFORM platform.refuse('entrepreneurship.tenant_exists'); END IF;
    PERFORM entrepreneurship.contract_make(t, terms);
    UPDATE entrepreneurship.admission x SET state = 'accepted', tenant_id = t.id, answered_at = platform.now() WHERE x.id = a.id;
    RETURN entrepreneurship.tenant_reply(t);
END $$;

-- The firm answers. org_turn first: an answer, a leaving and a hire of the same
-- firm take turns.
CREATE FUNCTION entrepreneurship.contract_answer(which uuid, caller uuid, agree boolean, why text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    c entrepreneurship.contract;
BEGIN
    SELECT x.* INTO c FROM entrepreneurship.contract x WHERE x.id = which AND x.org_id = caller FOR UPDATE;
    IF c.id IS NULL THEN RETURN NULL; END IF;
    IF c.state <> 'offered' THEN PERFORM platform.refuse('state.wrong'); END IF;
    UPDATE entrepreneurship.contract x
       SET state = CASE WHEN agree THEN 'confirmed' ELSE 'declined' END, note = why,
           answered_at = platform.now(), answered_by = platform.actor()
     WHERE x.id = c.id RETURNING x.* INTO c;
    PERFORM entrepreneurship.tell(NULL, c.carrier_org_id, 'contract',
        CASE WHEN agree THEN '入驻协议已确认' ELSE '入驻协议未获确认' END, why, 'contract', c.id);
    RETURN entrepreneurship.contract_json(c)::text;
END $$;

-- The first contract makes the tenancy, or undoes the offer.
CREATE FUNCTION entrepreneurship.contract_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE entrepreneurship.tenant t
       SET state = CASE NEW.state WHEN 'confirmed' THEN 'in' ELSE 'declined' END,
           confirmed_at = CASE NEW.state WHEN 'confirmed' THEN platform.now() END
     WHERE t.id = NEW.tenant_id AND t.state = 'offered';
    RETURN NULL;
END $$;
CREATE TRIGGER contract_follow AFTER UPDATE ON entrepreneurship.contract
    FOR EACH ROW WHEN (OLD.state = 'offered' AND NEW.state <> 'offered' AND NEW.no = 1)
    EXECUTE FUNCTION entrepreneurship.contract_follow();

-- The last day in the carrier: not before the first, nor before a hire that has
-- been counted. An offer that the firm has not answered is taken back.
CREATE FUNCTION entrepreneurship.tenant_leave(which uuid, keeper uuid, day date, why text, said text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    t entrepreneurship.tenant;
BEGIN
    PERFORM FROM entrepreneurship.carrier c JOIN entrepreneurship.tenant x ON x.carrier_id = c.id
      WHERE x.id = which AND c.org_id = keeper FOR UPDATE OF c;
    SELECT x.* INTO t FROM entrepreneurship.tenant x WHERE x.id = which AND x.carrier_org_id = keeper FOR UPDATE;
    IF t.id IS NULL THEN RETURN NULL; END IF;
    IF t.state NOT IN ('offered', 'in') THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF t.state = 'in' AND why IS NULL THEN PERFORM platform.refuse('field.missing /reason'); END IF;
    IF t.state = 'in' AND day < t.admitted_on THEN PERFORM platform.refuse('field.date_order /left_on'); END IF;
    IF EXISTS (SELECT FROM entrepreneurship.job_created j WHERE j.tenant_id = t.id AND j.hired_on > day) THEN
        PERFORM platform.refuse('entrepreneurship.jobs_after /left_on');
    END IF;
    IF t.state = 'in' THEN
        UPDATE entrepreneurship.tenant x SET state = 'left', left_on = day, leave_reason = why, leave_note = said
         WHERE x.id = t.id RETURNING x.* INTO t;
        PERFORM entrepreneurship.tell(NULL, t.org_id, 'tenancy', '已登记退出载体', said, 'tenant', t.id);
    ELSE
        UPDATE entrepreneurship.tenant x SET state = 'declined', leave_note = said WHERE x.id = t.id RETURNING x.* INTO t;
    END IF;
    UPDATE entrepreneurship.contract x SET state = 'declined' WHERE x.tenant_id = t.id AND x.state = 'offered';
    UPDATE entrepreneurship.contract x SET state = 'ended', ended_on = greatest(x.from_on, least(x.to_on, day))
     WHERE x.tenant_id = t.id AND x.state = 'confirmed';
    RETURN entrepreneurship.tenant_reply(t);
END $$;
