-- What judging reads of a holder, a set at a time: one view a kind of row, each
-- read over a range or a list of holders. Days are days since 1970-01-01, so
-- that a million of them need not be written out as dates and read again.
CREATE FUNCTION subsidies.day_no(day date) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN day - DATE '1970-01-01';

CREATE VIEW subsidies.dossier_person WITH (security_invoker = true) AS
SELECT p.id AS holder, p.sex, subsidies.day_no(p.birth_on) AS birth, p.county_code, p.area_code
  FROM subsidies.person p;

CREATE VIEW subsidies.dossier_hire WITH (security_invoker = true) AS
SELECT e.person_id AS holder, e.id, e.org_id, subsidies.day_no(e.hired_on) AS hired,
       subsidies.day_no(e.ended_on) AS ended, e.contract_type, e.occupation_code,
       e.contract_months, e.wage_cents, e.was_unemployed, e.was_difficult, e.county_code,
       e.area_code
  FROM subsidies.employment e;

CREATE VIEW subsidies.dossier_unemployment WITH (security_invoker = true) AS
SELECT u.person_id AS holder, subsidies.day_no(u.registered_on) AS registered,
       subsidies.day_no(u.ended_on) AS ended
  FROM subsidies.unemployment u;

CREATE VIEW subsidies.dossier_insured WITH (security_invoker = true) AS
SELECT i.person_id AS holder, i.org_id, i.uscc, i.all_three, i.any_kind, i.ui
  FROM subsidies.insured i WHERE i.person_id IS NOT NULL;

-- Of several rows for one degree the newest file's is what is known now.
CREATE VIEW subsidies.dossier_graduate WITH (security_invoker = true) AS
SELECT DISTINCT ON (p.id, g.school, g.education_code)
       p.id AS holder, g.school, g.education_code, g.full_time,
       subsidies.day_no(g.graduated_on) AS graduated
  FROM subsidies.person p JOIN subsidies.graduate g ON g.id_index = p.id_index
 ORDER BY p.id, g.school, g.education_code, g.batch_id DESC;

CREATE VIEW subsidies.dossier_fact WITH (security_invoker = true) AS
SELECT f.person_id AS holder, f.id, f.kind, f.org_id, subsidies.day_no(f.from_on) AS since,
       subsidies.day_no(f.to_on) AS until, f.code, f.numbers, f.county_code, f.area_code
  FROM subsidies.fact f WHERE f.known_to IS NULL AND f.person_id IS NOT NULL;

CREATE VIEW subsidies.dossier_org WITH (security_invoker = true) AS
SELECT o.id AS holder, o.uscc, o.kind, o.industry_code, o.county_code, o.area_code
  FROM subsidies.org o;

-- An employer's own facts; those about people at it are the people's.
CREATE VIEW subsidies.dossier_org_fact WITH (security_invoker = true) AS
SELECT f.org_id AS holder, f.id, f.kind, NULL::uuid AS org_id, subsidies.day_no(f.from_on) AS since,
       subsidies.day_no(f.to_on) AS until, f.code, f.numbers, f.county_code, f.area_code
  FROM subsidies.fact f
 WHERE f.known_to IS NULL AND f.org_id IS NOT NULL AND f.person_id IS NULL AND f.id_index IS NULL;

-- Everybody who is the same person under another registration.
CREATE VIEW subsidies.dossier_kin WITH (security_invoker = true) AS
SELECT a.alias_id AS holder, a.person_id AS kin FROM subsidies.person_alias a
 UNION ALL
SELECT a.person_id, a.alias_id FROM subsidies.person_alias a
 UNION ALL
SELECT a.alias_id, b.alias_id
  FROM subsidies.person_alias a
  JOIN subsidies.person_alias b ON b.person_id = a.person_id AND b.alias_id <> a.alias_id;

-- Shares that are held: one's own, those of the same person's other
-- registrations, and those of one's subjects.
CREATE VIEW subsidies.dossier_hold WITH (security_invoker = true) AS
SELECT h.holder_id AS holder, h.family, h.holder_kind, h.share, subsidies.day_no(lower(h.over)) AS since,
       subsidies.day_no(upper(h.over)) - 1 AS until, c.subject_id, c.policy_code
  FROM subsidies.hold h JOIN subsidies.claim c ON c.id = h.claim_id
 WHERE h.live AND h.holder_kind <> 'subject'
 UNION ALL
SELECT k.holder, h.family, h.holder_kind, h.share, subsidies.day_no(lower(h.over)),
       subsidies.day_no(upper(h.over)) - 1, c.subject_id, c.policy_code
  FROM subsidies.dossier_kin k
  JOIN subsidies.hold h ON h.holder_id = k.kin AND h.live AND h.holder_kind = 'person'
  JOIN subsidies.claim c ON c.id = h.claim_id
 UNION ALL
SELECT c.person_id, h.family, h.holder_kind, h.share, subsidies.day_no(lower(h.over)),
       subsidies.day_no(upper(h.over)) - 1, c.subject_id, c.policy_code
  FROM subsidies.claim c JOIN subsidies.hold h ON h.claim_id = c.id AND h.live AND h.holder_kind = 'subject'
 WHERE c.person_id IS NOT NULL
 UNION ALL
SELECT c.org_id, h.family, h.holder_kind, h.share, subsidies.day_no(lower(h.over)),
       subsidies.day_no(upper(h.over)) - 1, c.subject_id, c.policy_code
  FROM subsidies.claim c JOIN subsidies.hold h ON h.claim_id = c.id AND h.live AND h.holder_kind = 'subject'
 WHERE c.person_id IS NULL;

-- Decisions that stand, and claims, by whose dossier their subject is in.
CREATE VIEW subsidies.dossier_decision WITH (security_invoker = true) AS
SELECT d.person_id AS holder, d.subject_id, d.policy_code, d.digest, d.verdict
  FROM subsidies.decision d WHERE d.superseded_at IS NULL AND d.person_id IS NOT NULL
 UNION ALL
SELECT d.org_id, d.subject_id, d.policy_code, d.digest, d.verdict
  FROM subsidies.decision d WHERE d.superseded_at IS NULL AND d.person_id IS NULL;
CREATE INDEX decision_person_current ON subsidies.decision (person_id) WHERE superseded_at IS NULL;
CREATE INDEX decision_org_current ON subsidies.decision (org_id)
    WHERE superseded_at IS NULL AND person_id IS NULL;

CREATE VIEW subsidies.dossier_claim WITH (security_invoker = true) AS
SELECT c.person_id AS holder, c.subject_id, c.policy_code, c.policy_version_id, c.benefit_family,
       c.state, c.period, c.amount_cents IS NOT NULL AS priced,
       subsidies.day_no((c.created_at AT TIME ZONE 'Asia/Shanghai')::date) AS made
  FROM subsidies.claim c WHERE c.person_id IS NOT NULL
 UNION ALL
SELECT c.org_id, c.subject_id, c.policy_code, c.policy_version_id, c.benefit_family,
       c.state, c.period, c.amount_cents IS NOT NULL,
       subsidies.day_no((c.created_at AT TIME ZONE 'Asia/Shanghai')::date)
  FROM subsidies.claim c WHERE c.person_id IS NULL;
CREATE INDEX claim_org_own ON subsidies.claim (org_id) WHERE person_id IS NULL;
-- Without the rows that name nobody: those are the other index's.
DROP INDEX subsidies.claim_person;
CREATE INDEX claim_person ON subsidies.claim (person_id) WHERE person_id IS NOT NULL;
