-- 授权: what an employer lets a partner agency (人力资源服务机构) do for it. One
-- at a time for a pair; it holds from its day to its last, or until withdrawn.
CREATE TABLE jobs.mandate (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    org_id       uuid NOT NULL CONSTRAINT mandate_org_fkey REFERENCES jobs.org,
    org_name     text NOT NULL,
    partner_id   uuid NOT NULL CONSTRAINT mandate_partner_fkey REFERENCES jobs.org,
    partner_name text NOT NULL,
    may_post     boolean NOT NULL,
    may_place    boolean NOT NULL,
    from_on      date NOT NULL DEFAULT platform.today(),
    until_on     date,
    withdrawn_at timestamptz,
    given_by     uuid DEFAULT platform.actor(),
    county_code  text NOT NULL,
    area_code    text,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT mandate_pair_check CHECK (org_id <> partner_id),
    CONSTRAINT mandate_what_check CHECK (may_post OR may_place),
    CONSTRAINT mandate_dates_check CHECK (until_on >= from_on)
);
CREATE UNIQUE INDEX mandate_pair_key ON jobs.mandate (org_id, partner_id) WHERE withdrawn_at IS NULL;
CREATE INDEX mandate_partner_idx ON jobs.mandate (partner_id, id);
CREATE INDEX mandate_county_idx ON jobs.mandate (county_code, id);
CALL platform.protect('jobs.mandate', $$
    org_id = platform.org() OR partner_id = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    org_id = platform.org()
$$);
REVOKE DELETE ON jobs.mandate FROM jobs_app, jobs_system;
COMMENT ON TABLE jobs.mandate IS 'what an employer lets an agency do; ended, never deleted';

CREATE FUNCTION jobs.mandate_holds(m jobs.mandate) RETURNS boolean
LANGUAGE sql STABLE
RETURN m.withdrawn_at IS NULL AND m.from_on <= platform.today()
    AND (m.until_on IS NULL OR m.until_on >= platform.today());

CREATE FUNCTION jobs.mandated(partner uuid, org uuid, what text) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM jobs.mandate m
                WHERE m.partner_id = partner AND m.org_id = org AND jobs.mandate_holds(m)
                  AND CASE what WHEN 'post' THEN m.may_post WHEN 'place' THEN m.may_place END);
COMMENT ON FUNCTION jobs.mandated(uuid, uuid, text) IS
    'whether the agency may do it for the employer today; what: post, place';

CREATE FUNCTION jobs.mandate_reply(m jobs.mandate) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', m.id, 'org_id', m.org_id, 'org_name', m.org_name, 'partner_id', m.partner_id,
        'partner_name', m.partner_name, 'may_post', m.may_post, 'may_place', m.may_place,
        'from_on', m.from_on, 'until_on', m.until_on, 'withdrawn_at', m.withdrawn_at,
        'is_valid', jobs.mandate_holds(m), 'county_code', m.county_code,
        'created_at', m.created_at)::text
$$;

CREATE FUNCTION jobs.mandate_message() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    what text := concat_ws('、', CASE WHEN NEW.may_post THEN '代发岗位' END,
                           CASE WHEN NEW.may_place THEN '报送推荐就业' END);
BEGIN
    PERFORM jobs.tell(NULL, NEW.partner_id,
        CASE WHEN NEW.withdrawn_at IS NULL THEN 'mandate_given' ELSE 'mandate_withdrawn' END,
        NEW.org_name || CASE WHEN NEW.withdrawn_at IS NULL THEN '授权贵机构' || what
                             ELSE '收回了对贵机构的授权' END,
        CASE WHEN NEW.withdrawn_at IS NULL THEN '有效期至：' || coalesce(NEW.until_on::text, '收回为止') END,
        'mandate', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER mandate_message AFTER INSERT OR UPDATE ON jobs.mandate
    FOR EACH ROW EXECUTE FUNCTION jobs.mandate_message();
