-- Numbers of documents, of the city and of its counties, with the days they
-- hold. No row for a day: 未设定, and what needs it says so.

CREATE TABLE training.skill_rule (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    code        text NOT NULL CONSTRAINT skill_rule_code_check CHECK (code IN
        ('brand_target', 'brand_report_days', 'base_target', 'studio_target',
         'county_studio_target', 'county_studio_cents', 'carrier_report_days')),
    county_code text,               -- NULL: of the whole city
    value       bigint NOT NULL CONSTRAINT skill_rule_value_check CHECK (value >= 0),
    legal_basis text NOT NULL,
    from_on     date NOT NULL,
    to_on       date,
    set_by      uuid DEFAULT platform.actor(),
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT skill_rule_county_check CHECK ((county_code IS NOT NULL) = (code = 'county_studio_cents')),
    CONSTRAINT skill_rule_order_check CHECK (to_on >= from_on),
    CONSTRAINT skill_rule_once EXCLUDE USING gist
        ((int8range(hashtext(code || coalesce(county_code, '')), hashtext(code || coalesce(county_code, '')), '[]')) WITH &&,
         (daterange(from_on, to_on, '[]')) WITH &&)
);
COMMENT ON TABLE training.skill_rule IS 'public: numbers of documents, of the city and its counties, nothing about anybody';
COMMENT ON COLUMN training.skill_rule.value IS 'a number, days, or 分, as its code says';

CALL platform.protect('training.skill_rule', 'true',
    'coalesce(platform.in_areas(county_code, NULL) AND county_code IS NOT NULL, false) OR platform.whole_city()');
REVOKE DELETE ON training.skill_rule FROM training_app, training_system;

CREATE FUNCTION training.skill_rule_on(what text, county text, day date) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.value FROM training.skill_rule r
     WHERE r.code = what AND r.county_code IS NOT DISTINCT FROM county
       AND day >= r.from_on AND (r.to_on IS NULL OR day <= r.to_on)
$$;
COMMENT ON FUNCTION training.skill_rule_on(text, text, date) IS 'the number in force that day; NULL: none is set';

INSERT INTO training.skill_rule (code, value, legal_basis, from_on) VALUES
    ('brand_target', 30, '永政办发〔2024〕15号 二（四）12', '2024-11-05'),
    ('base_target', 2, '永政办发〔2024〕15号 二（四）11', '2024-11-05'),
    ('studio_target', 16, '永政办发〔2024〕15号 二（四）11', '2024-11-05'),
    ('county_studio_target', 1, '永政办发〔2024〕15号 二（四）11', '2024-11-05');

CREATE FUNCTION training.skill_rule_json(r training.skill_rule) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'code', r.code, 'county_code', r.county_code, 'value', r.value,
        'legal_basis', r.legal_basis, 'from_on', r.from_on, 'to_on', r.to_on)
$$;
