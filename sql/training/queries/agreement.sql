-- Agreements that a class is taught under, and apprentices of one.

-- Proposed by one party to the other.
-- name: agreement_propose :one tells
-- args: id uuid, org uuid, kind text, title text, other uuid, headcount int4, promised_hires int8?,
--       occupations jsonb, from_on date, to_on date, terms text
WITH parties AS (
    SELECT s AS s, f AS f, m.id AS proposer
      FROM training.org m JOIN training.org o ON o.id = $other
           CROSS JOIN LATERAL (SELECT (CASE WHEN m.kind = 'institution' THEN m ELSE o END).*) AS s
           CROSS JOIN LATERAL (SELECT (CASE WHEN m.kind = 'institution' THEN o ELSE m END).*) AS f
     WHERE m.id = $org AND s.kind = 'institution' AND f.kind <> 'institution'
), made AS (
    INSERT INTO training.agreement AS a (id, kind, title, school_id, school_name, firm_id, firm_name, headcount,
                                         promised_hires, occupations, from_on, to_on, terms, proposed_org,
                                         county_code, area_code)
    SELECT $id, $kind, $title, (p.s).id, (p.s).name, (p.f).id, (p.f).name, $headcount,
           $promised_hires::int8::integer, $occupations, $from_on, $to_on, $terms, p.proposer,
           (p.s).county_code, (p.s).area_code
      FROM parties p
    RETURNING a AS a
)
SELECT training.agreement_json(a)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM training.org o WHERE o.id = $org)
                            THEN 'training.other_party /other_id' ELSE 'training.org_unknown' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- 项目制: commissioned by a county.
-- name: project_commission :one tells
-- args: id uuid, school uuid, title text, people text, headcount int4, occupations jsonb, from_on date,
--       to_on date, terms text, county text
WITH made AS (
    INSERT INTO training.agreement AS a (id, kind, title, school_id, school_name, people, headcount, occupations,
                                         from_on, to_on, terms, county_code, area_code)
    SELECT $id, 'project', $title, o.id, o.name, $people, $headcount, $occupations, $from_on, $to_on, $terms,
           $county, $county
      FROM training.org o WHERE o.id = $school AND o.kind = 'institution'
    RETURNING a AS a
)
SELECT training.agreement_json(a)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('training.other_party /school_id') WHERE NOT EXISTS (SELECT FROM made);

-- name: project_approve :one tells
-- args: id uuid
WITH found AS (
    SELECT a.id, a.state, a.proposed_by = platform.actor() AS same FROM training.agreement a
     WHERE a.id = $id AND a.kind = 'project' AND platform.in_areas(a.county_code, a.area_code) FOR UPDATE
), moved AS (
    UPDATE training.agreement AS a SET state = 'approved', approved_by = platform.actor()
      FROM found f WHERE a.id = f.id AND f.state = 'proposed' AND NOT f.same
    RETURNING a AS a
)
SELECT training.agreement_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'training.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By the party that did not propose it; a project once it is approved.
-- name: agreement_answer :one tells
-- args: id uuid, accept bool, note text
WITH found AS (
    SELECT a.id, a.state, a.kind, a.proposed_org = platform.org() AS own FROM training.agreement a
     WHERE a.id = $id AND (a.school_id = platform.org() OR a.firm_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE training.agreement AS a
       SET state = CASE WHEN $accept THEN 'agreed' ELSE 'declined' END, note = $note,
           agreed_by = platform.actor(), agreed_on = CASE WHEN $accept THEN platform.today() END
      FROM found f
     WHERE a.id = f.id AND f.own IS NOT TRUE
       AND f.state = CASE f.kind WHEN 'project' THEN 'approved' ELSE 'proposed' END
    RETURNING a AS a
)
SELECT training.agreement_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.own THEN 'training.own_proposal' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: agreement_end :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT a.id, a.state FROM training.agreement a
     WHERE a.id = $id AND (a.school_id = platform.org() OR a.firm_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE training.agreement AS a SET state = 'ended', note = $note
      FROM found f WHERE a.id = f.id AND f.state IN ('proposed', 'approved', 'agreed')
    RETURNING a AS a
)
SELECT training.agreement_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Whichever the caller may see: a party's own, or the county's.
-- name: agreement_list :many read
-- args: after text, lim int4, kind text, state text
SELECT training.agreement_json(a)::text AS reply, a.id::text AS cursor
  FROM training.agreement a
 WHERE a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR a.kind = $kind)
   AND ($state::text IS NULL OR a.state = $state)
 ORDER BY a.id DESC
 LIMIT $lim;

-- name: apprentice_add :one tells
-- args: id uuid, agreement uuid, caller_org uuid, person uuid, master uuid, occupation_code text, level int4,
--       from_on date, to_on date
WITH found AS (
    SELECT a.id, a.school_id, a.firm_id, a.firm_name, a.county_code, a.area_code,
           a.state = 'agreed' AND a.kind = 'apprentice' AS open,
           training.occupations_cover(a.occupations, $occupation_code, NULL) AS named,
           $from_on >= a.from_on AND $to_on <= a.to_on AS within,
           training.name_of($person) IS NOT NULL AS known, training.name_of($master) IS NOT NULL AS master_known
      FROM training.agreement a
     WHERE a.id = $agreement AND (a.school_id = $caller_org OR a.firm_id = $caller_org)
), made AS (
    INSERT INTO training.apprentice AS p (id, agreement_id, school_id, firm_id, firm_name, person_id, master_id,
                                          occupation_code, level, from_on, to_on, county_code, area_code)
    SELECT $id, f.id, f.school_id, f.firm_id, f.firm_name, $person, $master, $occupation_code, $level,
           $from_on, $to_on, f.county_code, f.area_code
      FROM found f WHERE f.open AND f.named AND f.within AND f.known AND f.master_known
    RETURNING p AS p
)
SELECT training.apprentice_json(p)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT f.open THEN 'state.wrong'
                            WHEN NOT f.named THEN 'training.not_agreed /occupation_code'
                            WHEN NOT f.within THEN 'training.not_agreed /to_on'
                            WHEN NOT f.known THEN 'training.person_unknown /person_id'
                            ELSE 'training.person_unknown /master_id' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM made);

-- name: apprentice_list :many read
-- args: after text, lim int4, id uuid
SELECT training.apprentice_json(p)::text AS reply, p.id::text AS cursor
  FROM training.apprentice p
 WHERE p.agreement_id = $id
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: apprentice_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.apprentice_json(p)::text AS reply, p.id::text AS cursor
  FROM training.apprentice p
 WHERE p.person_id = $caller_person
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: apprentice_answer :one tells
-- args: id uuid, caller_person uuid, accept bool, note text
WITH found AS (
    SELECT p.id, p.state FROM training.apprentice p
     WHERE p.id = $id AND p.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE training.apprentice AS p
       SET state = CASE WHEN $accept THEN 'confirmed' ELSE 'declined' END, note = $note,
           confirmed_on = CASE WHEN $accept THEN platform.today() END
      FROM found f WHERE p.id = f.id AND f.state = 'proposed'
    RETURNING p AS p
)
SELECT training.apprentice_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: apprentice_end :one tells
-- args: id uuid, caller_org uuid, state text, note text
WITH found AS (
    SELECT p.id, p.state FROM training.apprentice p
     WHERE p.id = $id AND (p.firm_id = $caller_org OR p.school_id = $caller_org) FOR UPDATE
), moved AS (
    UPDATE training.apprentice AS p SET state = $state, note = $note, ended_on = platform.today()
      FROM found f WHERE p.id = f.id AND f.state = 'confirmed'
    RETURNING p AS p
)
SELECT training.apprentice_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- One month of a confirmed apprentice, within the plan and not ahead of time.
-- name: apprentice_record :one tells
-- args: id uuid, apprentice uuid, caller_org uuid, month date, work_hours int4, school_hours int4, content text
WITH found AS (
    SELECT p AS p, p.state = 'confirmed' AS open,
           $month >= date_trunc('month', p.from_on)::date AND $month <= least(p.to_on, platform.today()) AS within
      FROM training.apprentice p
     WHERE p.id = $apprentice AND (p.firm_id = $caller_org OR p.school_id = $caller_org)
), made AS (
    INSERT INTO training.apprentice_month AS m (id, apprentice_id, month, work_hours, school_hours, content,
                                                school_id, firm_id, person_id, county_code, area_code)
    SELECT $id, (f.p).id, $month, $work_hours, $school_hours, $content, (f.p).school_id, (f.p).firm_id,
           (f.p).person_id, (f.p).county_code, (f.p).area_code
      FROM found f WHERE f.open AND f.within
    RETURNING m.id, m.apprentice_id, m.month, m.work_hours, m.school_hours, m.content, m.state
)
SELECT to_jsonb(m)::text AS reply FROM made m
UNION ALL
SELECT platform.refuse(CASE WHEN NOT f.open THEN 'state.wrong' ELSE 'training.not_agreed /month' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM made);

-- name: apprentice_month_answer :one tells
-- args: id uuid, caller_person uuid, accept bool, note text
WITH found AS (
    SELECT m.id, m.state FROM training.apprentice_month m
     WHERE m.id = $id AND m.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE training.apprentice_month AS m
       SET state = CASE WHEN $accept THEN 'confirmed' ELSE 'disputed' END, note = $note
      FROM found f WHERE m.id = f.id AND f.state = 'recorded'
    RETURNING m.id, m.apprentice_id, m.month, m.work_hours, m.school_hours, m.content, m.state, m.note
)
SELECT to_jsonb(m)::text AS reply FROM moved m
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);
