-- ---- the kinds, as data ----

-- name: difficulty_kind_list :many read
-- args: after text, lim int4
SELECT jobs.difficulty_kind_reply(k) AS reply, k.code AS cursor
  FROM jobs.difficulty_kinds(platform.today()) k
 WHERE k.code > coalesce($after::text, '')
 ORDER BY k.code
 LIMIT $lim;

-- What is not given stays as it was the day before.
-- name: difficulty_kind_set :one
-- args: code text, from_on date, name text, basis text, evidence text, age_men int4?,
--       age_women int4?, months_least int4?, valid_months int4?, is_enabled bool?, source text
INSERT INTO jobs.difficulty_kind AS k (code, from_on, name, basis, evidence, rule, age_men,
    age_women, months_least, is_sensitive, source, is_enabled, valid_months)
SELECT o.code, $from_on, coalesce($name, o.name), coalesce($basis, o.basis),
       coalesce($evidence, o.evidence), o.rule,
       CASE o.rule WHEN 'age' THEN coalesce($age_men::int4, o.age_men) END,
       CASE o.rule WHEN 'age' THEN coalesce($age_women::int4, o.age_women) END,
       CASE o.rule WHEN 'unemployed_months' THEN coalesce($months_least::int4, o.months_least) END,
       o.is_sensitive, coalesce($source, o.source), coalesce($is_enabled, o.is_enabled),
       coalesce($valid_months::int4, o.valid_months)
  FROM jobs.difficulty_kinds($from_on) o WHERE o.code = $code
ON CONFLICT (code, from_on) DO UPDATE
   SET name = excluded.name, basis = excluded.basis, evidence = excluded.evidence,
       age_men = excluded.age_men, age_women = excluded.age_women,
       months_least = excluded.months_least, source = excluded.source,
       is_enabled = excluded.is_enabled, valid_months = excluded.valid_months,
       set_by = excluded.set_by, set_at = excluded.set_at
RETURNING jobs.difficulty_kind_reply(k) AS reply;

-- ---- recognition ----

-- name: difficulty_apply :one
-- args: person uuid, kinds jsonb, proof_note text
WITH wanted AS (
    SELECT array_agg(DISTINCT w.code) AS kinds FROM jsonb_array_elements_text($kinds) AS w (code)
), person AS (
    SELECT p.id, p.name_masked, p.county_code, p.area_code, w.kinds,
           jobs.difficulty_refusal(p, w.kinds) AS refusal
      FROM jobs.person p, wanted w WHERE p.id = $person
), made AS (
    INSERT INTO jobs.difficulty AS d (person_id, name_masked, kinds, proof_note, applied_on,
                                      county_code, area_code)
    SELECT p.id, p.name_masked, p.kinds, $proof_note, platform.today(), p.county_code, p.area_code
      FROM person p WHERE p.refusal IS NULL
    ON CONFLICT (person_id) WHERE state IN ('applied', 'first_reviewed', 'recognised') DO NOTHING
    RETURNING d AS d
)
SELECT jobs.difficulty_reply(d) AS reply FROM made
UNION ALL
SELECT platform.refuse(coalesce((SELECT coalesce(p.refusal, 'jobs.difficulty_open') FROM person p),
                                'jobs.person_unknown'))
 WHERE NOT EXISTS (SELECT FROM made);

-- By another hand than that which entered it.
-- name: difficulty_first_review :one
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT d AS was, d.entered_by = platform.actor() AS same FROM jobs.difficulty d
     WHERE d.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.difficulty AS d
       SET state = CASE $decision WHEN 'pass' THEN 'first_reviewed' ELSE 'rejected' END,
           first_by = platform.actor(), first_at = platform.now(), first_note = $note
      FROM found f WHERE d.id = (f.was).id AND (f.was).state = 'applied' AND f.same IS NOT TRUE
    RETURNING d AS d
)
SELECT jobs.difficulty_reply(d) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).state <> 'applied' THEN 'state.wrong' ELSE 'jobs.same_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- The rules are asked once more; the certificate lasts as long as the longest of
-- its kinds, and never beyond retirement.
-- name: difficulty_recheck :one tells
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT d AS was, platform.actor() IN (d.first_by, d.entered_by) AS same,
           jobs.difficulty_refusal(p, d.kinds) AS refusal, jobs.person_retires_on(p) AS retires_on,
           (SELECT CASE WHEN count(k.valid_months) = cardinality(d.kinds) THEN max(k.valid_months) END
              FROM jobs.difficulty_kinds(platform.today()) k WHERE k.code = ANY (d.kinds)) AS months
      FROM jobs.difficulty d JOIN jobs.person p ON p.id = d.person_id
     WHERE d.id = $id FOR UPDATE OF d
), moved AS (
    UPDATE jobs.difficulty AS d
       SET state = CASE $decision WHEN 'pass' THEN 'recognised' ELSE 'rejected' END,
           recheck_by = platform.actor(), recheck_at = platform.now(), recheck_note = $note,
           cert_no = CASE $decision WHEN 'pass' THEN 'KN' || d.county_code
               || to_char(platform.today(), 'YYYY')
               || lpad(nextval('jobs.difficulty_serial')::text, 7, '0') END,
           valid_from = CASE $decision WHEN 'pass' THEN platform.today() END,
           valid_to = CASE $decision WHEN 'pass' THEN least(f.retires_on - 1,
               (platform.today() + make_interval(months => f.months) - interval '1 day')::date) END
      FROM found f
     WHERE d.id = (f.was).id AND (f.was).state = 'first_reviewed' AND f.same IS NOT TRUE
       AND ($decision = 'reject' OR (f.months IS NOT NULL AND f.refusal IS NULL))
    RETURNING d AS d
)
SELECT jobs.difficulty_reply(d) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).state <> 'first_reviewed' THEN 'state.wrong'
                            WHEN f.same THEN 'jobs.same_hand'
                            WHEN f.refusal IS NOT NULL THEN f.refusal
                            ELSE 'jobs.difficulty_validity_unset' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- 年审: the circumstances hold still, and the certificate goes on from its end;
-- at the earliest two months before that.
-- name: difficulty_check :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT d AS was, jobs.difficulty_refusal(p, d.kinds) AS refusal,
           jobs.person_retires_on(p) AS retires_on,
           d.valid_to <= (platform.today() + interval '2 months')::date AS due,
           (SELECT CASE WHEN count(k.valid_months) = cardinality(d.kinds) THEN max(k.valid_months) END
              FROM jobs.difficulty_kinds(platform.today()) k WHERE k.code = ANY (d.kinds)) AS months
      FROM jobs.difficulty d JOIN jobs.person p ON p.id = d.person_id
     WHERE d.id = $id FOR UPDATE OF d
), moved AS (
    UPDATE jobs.difficulty AS d
       SET checked_on = platform.today(), check_note = $note, warned_on = NULL,
           valid_to = least(f.retires_on - 1, (d.valid_to + make_interval(months => f.months))::date)
      FROM found f
     WHERE d.id = (f.was).id AND (f.was).state = 'recognised' AND f.due AND f.refusal IS NULL
       AND f.months IS NOT NULL AND d.checked_on IS DISTINCT FROM platform.today()
    RETURNING d AS d
)
SELECT jobs.difficulty_reply(d) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).state <> 'recognised' THEN 'state.wrong'
                            WHEN NOT f.due THEN 'jobs.check_early'
                            WHEN f.refusal IS NOT NULL THEN f.refusal
                            WHEN f.months IS NULL THEN 'jobs.difficulty_validity_unset'
                            ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By the person, or by an officer with the reason.
-- name: difficulty_withdraw :one tells
-- args: id uuid, reason text, note text
WITH found AS (
    SELECT d.id, d.state FROM jobs.difficulty d WHERE d.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.difficulty AS d
       SET state = 'withdrawn', withdrawn_on = platform.today(), withdraw_reason = $reason,
           withdraw_mode = 'hand', withdraw_note = $note
      FROM found f
     WHERE d.id = f.id AND f.state IN ('applied', 'first_reviewed', 'recognised')
    RETURNING d AS d
)
SELECT jobs.difficulty_reply(d) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: difficulty_get :one read
-- args: id uuid
SELECT (jobs.difficulty_reply(d)::jsonb || jsonb_build_object('steps', (
           SELECT jsonb_agg(jsonb_build_object('step', s.step, 'note', s.note,
                      'actor_kind', s.actor_kind, 'at', s.at) ORDER BY s.id)
             FROM jobs.difficulty_step s WHERE s.difficulty_id = d.id)))::text AS reply
  FROM jobs.difficulty d WHERE d.id = $id;

-- name: difficulty_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.difficulty_reply(d) AS reply, d.id::text AS cursor
  FROM jobs.difficulty d
 WHERE d.person_id = $caller_person
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY d.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: difficulty_list :many read
-- args: after text, lim int4, county_code text, state text, kind text, valid_to date
SELECT jobs.difficulty_reply(d) AS reply, d.id::text AS cursor
  FROM jobs.difficulty d
 WHERE d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR d.county_code = $county_code)
   AND ($state::text IS NULL OR d.state = $state)
   AND ($kind::text IS NULL OR $kind = ANY (d.kinds))
   AND ($valid_to::date IS NULL OR (d.state = 'recognised' AND d.valid_to <= $valid_to))
 ORDER BY d.id DESC
 LIMIT $lim;

-- ---- by the clock ----

-- A month before its day; so that the yearly check is made.
-- name: difficulty_warn :exec
WITH warned AS (
    UPDATE jobs.difficulty d SET warned_on = platform.today()
     WHERE d.state = 'recognised' AND d.warned_on IS NULL
       AND d.valid_to <= (platform.today() + interval '1 month')::date AND d.valid_to >= platform.today()
    RETURNING d.id, d.person_id, d.valid_to
)
SELECT jobs.tell(w.person_id, NULL, 'difficulty_check', '就业困难人员认定即将到期',
           format('您的就业困难人员认定将于%s到期，请配合年审。', w.valid_to), 'difficulty', w.id)
  FROM warned w;

-- Past its day: expired, or over with retirement, beyond which none lasts. In a
-- job for as many months as the city says a placement lasts: over; while it says
-- none, an officer decides, and nobody is looked at.
-- name: difficulty_lapse :exec tells
WITH due AS (
    SELECT d.id, jobs.person_retires_on(p) <= platform.today() AS retired,
           d.valid_to < platform.today() AS past
      FROM (SELECT x.id FROM jobs.difficulty x
             WHERE x.state = 'recognised' AND x.valid_to < platform.today()
            UNION
            SELECT x.id FROM jobs.difficulty x JOIN jobs.employment e ON e.person_id = x.person_id
             WHERE EXISTS (SELECT FROM jobs.register_value v WHERE v.name = 'difficulty_hired_months')
               AND x.state = 'recognised' AND e.ended_on IS NULL
               AND e.form IN ('employer', 'self_employed')
               AND e.hired_on + make_interval(months => jobs.register_value(
                       'difficulty_hired_months', x.county_code, platform.today())::integer)
                   <= platform.today()) AS o
      JOIN jobs.difficulty d ON d.id = o.id JOIN jobs.person p ON p.id = d.person_id
     WHERE d.state = 'recognised'
       FOR UPDATE OF d SKIP LOCKED
)
UPDATE jobs.difficulty d
   SET state = CASE WHEN due.past AND NOT due.retired THEN 'expired' ELSE 'withdrawn' END,
       withdrawn_on = CASE WHEN NOT due.past OR due.retired THEN platform.today() END,
       withdraw_reason = CASE WHEN due.retired THEN 'retired' WHEN NOT due.past THEN 'employed' END,
       withdraw_mode = CASE WHEN NOT due.past OR due.retired THEN 'auto' END
  FROM due WHERE d.id = due.id;
