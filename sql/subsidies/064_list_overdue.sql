-- What is past its day: by the step's clock, by what was promised, by the day
-- given for an answer. Time in which a claim is suspended, or its applicant was
-- asked for something, is nobody's delay.

CREATE FUNCTION subsidies.claim_due_on(c subsidies.claim) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT least(c.promised_on, subsidies.working_add(CASE c.state
               WHEN 'public' THEN (SELECT n.ends_on FROM subsidies.notice_line l
                                     JOIN subsidies.notice n ON n.id = l.notice_id WHERE l.id = c.notice_line_id)
               ELSE subsidies.local_day(c.moved_at) END,
           subsidies.clock_days(subsidies.step_of(c.state))))
$$;

CREATE VIEW subsidies.overdue WITH (security_invoker = true) AS
SELECT 'claim'::text AS kind, c.id, c.policy_code, subsidies.step_of(c.state) AS step, k.role, c.county_code,
       c.area_code, d.due_on
  FROM subsidies.claim c
  JOIN subsidies.clock k ON k.step = subsidies.step_of(c.state)
 CROSS JOIN LATERAL (SELECT subsidies.claim_due_on(c) AS due_on) d
 WHERE c.state IN ('confirmed', 'first_reviewed', 'rechecked', 'approved', 'public', 'payable', 'batched')
   AND d.due_on < platform.today()
UNION ALL
SELECT 'application', c.id, c.policy_code, 'accept', 'clerk', c.county_code, c.area_code, d.due_on
  FROM subsidies.application a
  JOIN subsidies.claim c ON c.id = a.id AND c.state = 'applied'
 CROSS JOIN LATERAL (SELECT CASE a.state WHEN 'asked' THEN a.answer_by ELSE least(c.promised_on,
            subsidies.working_add(subsidies.local_day(a.moved_at), subsidies.clock_days('accept'))) END AS due_on) d
 WHERE a.state IN ('submitted', 'asked', 'accepted') AND d.due_on < platform.today()
UNION ALL
SELECT 'objection', o.id, n.policy_code, 'objection', 'approve', o.county_code, NULL, o.due_on
  FROM subsidies.objection o
  JOIN subsidies.notice_line l ON l.id = o.notice_line_id
  JOIN subsidies.notice n ON n.id = l.notice_id
 WHERE o.state = 'open' AND o.due_on < platform.today();
GRANT SELECT ON subsidies.overdue TO subsidies_app, subsidies_system;
CREATE INDEX claim_under_way ON subsidies.claim (moved_at)
    WHERE state IN ('applied', 'confirmed', 'first_reviewed', 'rechecked', 'approved', 'public', 'payable', 'batched');

-- Each delay is marked and told once.
CREATE TABLE subsidies.overdue_mark (
    subject_id  uuid NOT NULL,
    step        text NOT NULL,
    due_on      date NOT NULL,
    kind        text NOT NULL CONSTRAINT overdue_mark_kind_check CHECK (kind IN ('claim', 'application', 'objection')),
    county_code text NOT NULL,
    area_code   text,
    marked_on   date NOT NULL DEFAULT platform.today(),
    PRIMARY KEY (subject_id, step, due_on)
);
CALL platform.protect('subsidies.overdue_mark', $$platform.in_areas(county_code, area_code)$$, $$false$$);
REVOKE UPDATE, DELETE ON subsidies.overdue_mark FROM subsidies_app, subsidies_system;
