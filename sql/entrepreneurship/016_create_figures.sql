-- Figures of entrepreneurship: what is aimed at and what awards were paid. The rest is counted from the registers as they stand.
CREATE TABLE entrepreneurship.figure_target (
    code  text PRIMARY KEY,
    value integer NOT NULL CONSTRAINT figure_target_value_check CHECK (value > 0),
    basis text NOT NULL
);
COMMENT ON TABLE entrepreneurship.figure_target IS 'public: how many carriers of each kind are aimed at, and by which paper';
INSERT INTO entrepreneurship.figure_target VALUES
    ('return_home_park', 4, '永政办发〔2024〕15号 二（二）5'), ('incubator', 30, '永政办发〔2024〕15号 二（二）5');
CALL platform.protect('entrepreneurship.figure_target', 'true', 'false');

-- From subsidies.claim.paid.v1 and payment.returned.v1 of these policies.
CREATE TABLE entrepreneurship.award_policy (
    code text PRIMARY KEY
);
COMMENT ON TABLE entrepreneurship.award_policy IS 'public: policies whose payments are awards of this service';
INSERT INTO entrepreneurship.award_policy VALUES ('FXCY'), ('FXCYX'), ('CYXM'), ('YCCY');

CREATE TABLE entrepreneurship.award_paid (
    payment_no   text NOT NULL,
    claim_id     uuid NOT NULL,
    policy_code  text NOT NULL,
    org_id       uuid,
    person_id    uuid,
    amount_cents bigint NOT NULL,
    paid_on      date,
    returned_on  date,
    county_code  text NOT NULL,
    PRIMARY KEY (claim_id, payment_no)
);
CREATE INDEX award_paid_county ON entrepreneurship.award_paid (county_code, paid_on);
CALL platform.protect('entrepreneurship.award_paid', $$
    org_id = platform.org() OR person_id = platform.person() OR platform.in_areas(county_code, NULL)$$, 'false');
COMMENT ON COLUMN entrepreneurship.award_paid.paid_on IS 'NULL: only its return was heard of';

-- Fewer than five people are not shown.
CREATE FUNCTION entrepreneurship.shown(people bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE RETURN CASE WHEN people = 0 OR people >= 5 THEN people END;
