-- Policies about other things than hires, paid to others than employers.
ALTER TABLE subsidies.policy_version
    DROP CONSTRAINT policy_version_subject_check,
    ALTER COLUMN effective_to DROP NOT NULL,
    ADD COLUMN beneficiary text NOT NULL DEFAULT 'employer',
    ADD COLUMN mode text NOT NULL DEFAULT 'auto'
        CONSTRAINT policy_version_mode_check CHECK (mode IN ('auto', 'direct', 'apply', 'round')),
    ADD COLUMN release text NOT NULL DEFAULT 'auto'
        CONSTRAINT policy_version_release_check CHECK (release IN ('auto', 'officer')),
    ADD COLUMN holds jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN supersedes uuid REFERENCES subsidies.policy_version,
    DROP CONSTRAINT policy_version_amount_check,
    DROP CONSTRAINT policy_version_columns_check,
    ADD CONSTRAINT policy_version_amount_check CHECK (amount_cents >= 0),
    ADD CONSTRAINT policy_version_columns_check CHECK (
        code = document ->> 'code' AND version = (document ->> 'version')::integer
        AND subject = document ->> 'subject'
        AND beneficiary = coalesce(document ->> 'beneficiary', 'employer')
        AND mode = coalesce(document ->> 'mode', 'auto')
        AND release = coalesce(document ->> 'release', 'auto')
        AND effective_from = (document ->> 'effective_from')::date
        AND effective_to IS NOT DISTINCT FROM (document ->> 'effective_to')::date
        AND benefit_family = document ->> 'benefit_family'
        AND fund_source = document ->> 'fund_source'
        AND amount_cents IS NOT DISTINCT FROM (document #>> '{amount,amount_cents}')::bigint);

-- What a claim under this document takes for its holders: a document that says
-- nothing takes its family, once, for the person's life.
CREATE FUNCTION subsidies.policy_holds(document jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(document -> 'holds', jsonb_build_array(jsonb_build_object(
        'family', document ->> 'benefit_family', 'holder', 'person', 'over', 'ever', 'times', 1)))
$$;

CREATE OR REPLACE FUNCTION subsidies.policy_publish(document jsonb, publisher uuid)
RETURNS subsidies.policy_version LANGUAGE sql AS $$
    INSERT INTO subsidies.policy_version (code, version, document, hash, subject, beneficiary,
        mode, release, holds, effective_from, effective_to, benefit_family, fund_source,
        amount_cents, published_by, supersedes)
    VALUES (document ->> 'code', (document ->> 'version')::integer, document,
        encode(sha256(convert_to(document::text, 'UTF8')), 'hex'),
        document ->> 'subject', coalesce(document ->> 'beneficiary', 'employer'),
        coalesce(document ->> 'mode', 'auto'), coalesce(document ->> 'release', 'auto'),
        subsidies.policy_holds(document), (document ->> 'effective_from')::date,
        (document ->> 'effective_to')::date, document ->> 'benefit_family',
        document ->> 'fund_source', (document #>> '{amount,amount_cents}')::bigint, publisher,
        (SELECT v.id FROM subsidies.policy_version v
          WHERE v.code = policy_publish.document ->> 'code'
            AND v.version < (policy_publish.document ->> 'version')::integer
          ORDER BY v.version DESC LIMIT 1))
    RETURNING *
$$;
UPDATE subsidies.policy_version SET holds = subsidies.policy_holds(document);
