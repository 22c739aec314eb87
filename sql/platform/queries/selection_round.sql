-- Selection rounds: the call, entries, reviewers, reviews, the list and its end.
-- The rules are functions of sql/platform/070-073.

-- name: round_draft :one
-- args: new_id uuid, policy_code text, title text, year int8, county_code text, counties text[],
--       entrants text, quota int8, opens_on date, closes_on date, document jsonb
WITH sound AS (
    SELECT platform.refuse('auth.area') WHERE NOT platform.acts_in($county_code)
    UNION ALL
    SELECT platform.refuse('selection.round_policy /policy_code') WHERE @schema@.selection_policy($policy_code) IS NULL
    UNION ALL       -- a winner whom the policy cannot pay would have won nothing
    SELECT platform.refuse('selection.round_entrants /entrants')
     WHERE @schema@.selection_policy($policy_code) <> $entrants
    UNION ALL
    SELECT platform.refuse('selection.cannot_judge /requires') WHERE @schema@.definition_unknown($document)
), made AS (
    INSERT INTO @schema@.round AS r (id, policy_code, title, year, county_code, counties, entrants, quota,
        opens_on, closes_on)
    SELECT $new_id, $policy_code, $title, $year::int8::integer, $county_code, $counties, $entrants,
           $quota::int8::integer, $opens_on, $closes_on
     WHERE NOT EXISTS (SELECT FROM sound)
    RETURNING r AS r
), kept AS (
    INSERT INTO @schema@.round_version (round_id, version, document, hash)
    SELECT (r).id, 1, $document, encode(sha256(convert_to($document::jsonb::text, 'UTF8')), 'hex') FROM made
)
SELECT (@schema@.round_json(r) || jsonb_build_object('definition', $document::jsonb, 'definition_hash',
           encode(sha256(convert_to($document::jsonb::text, 'UTF8')), 'hex')))::text AS reply
  FROM made;

-- name: round_amend :one
-- args: id uuid, policy_code text, title text, year int8, county_code text, counties text[],
--       entrants text, quota int8, opens_on date, closes_on date, document jsonb
WITH made AS (
    UPDATE @schema@.round AS r
       SET title = $title, year = $year::int8::integer, counties = $counties, entrants = $entrants,
           quota = $quota::int8::integer, opens_on = $opens_on, closes_on = $closes_on,
           version = r.version + 1, moved_at = platform.now()
     WHERE r.id = $id AND r.state = 'draft' AND r.policy_code = $policy_code AND r.county_code = $county_code
       AND NOT @schema@.definition_unknown($document)
    RETURNING r AS r
), kept AS (
    INSERT INTO @schema@.round_version (round_id, version, document, hash)
    SELECT (r).id, (r).version, $document, encode(sha256(convert_to($document::jsonb::text, 'UTF8')), 'hex') FROM made
)
SELECT (@schema@.round_json(r) || jsonb_build_object('definition', $document::jsonb, 'definition_hash',
           encode(sha256(convert_to($document::jsonb::text, 'UTF8')), 'hex')))::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN @schema@.definition_unknown($document) THEN 'selection.cannot_judge /requires' ELSE 'state.wrong' END)
 WHERE NOT EXISTS (SELECT FROM made)
   AND EXISTS (SELECT FROM @schema@.round r WHERE r.id = $id AND platform.acts_in(r.county_code));

-- name: round_publish :one
-- args: id uuid, version int8
SELECT j::text AS reply FROM @schema@.round_publish($id, $version::int8::integer) AS j WHERE j IS NOT NULL;

-- Everybody's list: what is called, open, made public, ended.
-- name: round_list :many read
-- args: policy_code text, state text, open bool, after text, lim int8
SELECT @schema@.round_json(r)::text AS reply, r.id::text AS cursor
  FROM @schema@.round r
 WHERE r.state <> 'draft'
   AND ($policy_code::text IS NULL OR r.policy_code = $policy_code)
   AND ($state::text IS NULL OR r.state = $state)
   AND (NOT coalesce($open, false) OR (r.state = 'published' AND platform.today() BETWEEN r.opens_on AND r.closes_on))
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC LIMIT $lim;

-- name: round_get :one read
-- args: id uuid
SELECT @schema@.round_json(r)::text AS reply FROM @schema@.round r WHERE r.id = $id AND r.state <> 'draft';

-- The officers' own rounds, drafts with them, and what is waiting in each.
-- name: round_work :many read
-- args: policy_code text, state text, overdue bool, after text, lim int8
SELECT (@schema@.round_json(r) || jsonb_build_object('seed', r.seed,
           'entries', (SELECT count(*) FROM @schema@.round_entry e WHERE e.round_id = r.id AND e.state = 'submitted'),
           'reviews_open', w.open, 'reviews_overdue', w.overdue,
           'objections_open', (SELECT count(*) FROM @schema@.round_objection o
                                WHERE o.round_id = r.id AND o.state = 'open')))::text AS reply,
       r.id::text AS cursor
  FROM @schema@.round r
 CROSS JOIN LATERAL (
     SELECT count(*) AS open, count(*) FILTER (WHERE v.due_on < platform.today()) AS overdue
       FROM @schema@.round_review v
      WHERE v.round_id = r.id AND v.state IN ('drawn', 'declared', 'written')) w
 WHERE platform.acts_in(r.county_code)
   AND ($policy_code::text IS NULL OR r.policy_code = $policy_code)
   AND ($state::text IS NULL OR r.state = $state)
   AND (NOT coalesce($overdue, false) OR w.overdue > 0)
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC LIMIT $lim;

-- name: round_results :many read
-- args: id uuid, after text, lim int8
SELECT jsonb_build_object('entry_id', x.entry_id, 'rank', x.rank, 'score_milli', x.score_milli,
           'selected', x.selected, 'place_no', x.place_no, 'name', x.name, 'reason', x.reason)::text AS reply,
       lpad(x.rank::text, 6, '0') || x.entry_id AS cursor
  FROM @schema@.round_result x JOIN @schema@.round r ON r.id = x.round_id
 WHERE x.round_id = $id AND r.state IN ('public', 'final')
   AND lpad(x.rank::text, 6, '0') || x.entry_id > coalesce($after::text, '')
 ORDER BY 2 LIMIT $lim;

-- ---- entries ----

-- What would be said to the caller's entry, today.
-- name: round_check :one read
-- args: id uuid
SELECT jsonb_build_object('round_id', r.id, 'open', r.state = 'published'
               AND platform.today() BETWEEN r.opens_on AND r.closes_on,
           'entrant', (r.entrants = 'org') = (platform.org() IS NOT NULL),
           'county', coalesce((SELECT o.county_code FROM @schema@.org o WHERE o.id = platform.org()),
                              (SELECT p.county_code FROM @schema@.person p WHERE p.id = platform.person()
                                  AND platform.org() IS NULL)) = ANY (r.counties),
           'checks', @schema@.entry_checks(d.doc -> 'requires', platform.org(),
               CASE WHEN platform.org() IS NULL THEN platform.person() END, platform.today()),
           'data', @schema@.entry_data(d.doc, platform.org(),
               CASE WHEN platform.org() IS NULL THEN platform.person() END, r.year, platform.today()))::text AS reply
  FROM @schema@.round r CROSS JOIN LATERAL (SELECT @schema@.round_document(r.id)) AS d (doc)
 WHERE r.id = $id AND r.state <> 'draft';

-- name: round_enter :one
-- args: new_id uuid, id uuid, statements jsonb
SELECT j::text AS reply FROM @schema@.entry_submit($new_id, $id, $statements) AS j WHERE j IS NOT NULL;

-- The caller's own entry, and whether files may still be handed in with it.
-- name: round_entry_open :one
-- args: id uuid, slot text
SELECT e.person_id, e.org_id, e.county_code, e.area_code,
       e.state = 'submitted' AND r.state = 'published' AND platform.today() <= r.closes_on AS open,
       EXISTS (SELECT FROM jsonb_to_recordset(@schema@.round_document(r.id) -> 'criteria') AS c (code text)
                WHERE c.code = $slot) AS slot
  FROM @schema@.round_entry e JOIN @schema@.round r ON r.id = e.round_id
 WHERE e.id = $id AND coalesce(e.org_id, e.person_id) = coalesce(platform.org(), platform.person());

-- name: round_entry_withdraw :one
-- args: id uuid
WITH own AS (
    SELECT e.id, e.state = 'submitted' AND r.state = 'published' AND platform.today() <= r.closes_on AS may
      FROM @schema@.round_entry e JOIN @schema@.round r ON r.id = e.round_id
     WHERE e.id = $id AND coalesce(e.org_id, e.person_id) = coalesce(platform.org(), platform.person())
), gone AS (
    UPDATE @schema@.round_entry e SET state = 'withdrawn', moved_at = platform.now()
      FROM own WHERE e.id = own.id AND own.may
    RETURNING e AS e
)
SELECT @schema@.entry_json(e)::text AS reply FROM gone
UNION ALL
SELECT platform.refuse('state.wrong') FROM own WHERE NOT may;

-- name: round_entry_list :many read
-- args: round_id uuid, state text, after text, lim int8
SELECT @schema@.entry_json(e)::text AS reply, e.id::text AS cursor
  FROM @schema@.round_entry e
 WHERE ($round_id::uuid IS NULL OR e.round_id = $round_id)
   AND ($state::text IS NULL OR e.state = $state)
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY e.id DESC LIMIT $lim;

-- name: round_entry_get :one read
-- args: id uuid
SELECT @schema@.entry_json(e)::text AS reply FROM @schema@.round_entry e WHERE e.id = $id;

-- ---- reviewers ----

-- name: expert_add :one
-- args: id uuid, name text, field text, unit text, unit_uscc text, id_index text, phone_sealed text,
--       phone_masked text, county_code text
WITH made AS (
    INSERT INTO @schema@.expert AS x (id, name, field, unit, unit_uscc, id_index, phone_sealed, phone_masked, county_code)
    SELECT $id, $name, $field, $unit, $unit_uscc, $id_index, $phone_sealed, $phone_masked, $county_code
     WHERE platform.acts_in($county_code)
    RETURNING *
)
SELECT jsonb_build_object('id', id, 'name', name, 'field', field, 'unit', unit, 'phone_masked', phone_masked,
           'county_code', county_code)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('auth.area') WHERE NOT EXISTS (SELECT FROM made);

-- name: expert_list :many read
-- args: field text, after text, lim int8
SELECT jsonb_build_object('id', x.id, 'name', x.name, 'field', x.field, 'unit', x.unit,
           'phone_masked', x.phone_masked, 'county_code', x.county_code)::text AS reply, x.id::text AS cursor
  FROM @schema@.expert x
 WHERE ($field::text IS NULL OR x.field = $field)
   AND x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY x.id DESC LIMIT $lim;

-- name: reviewer_add :one
-- args: new_id uuid, id uuid, officer_id uuid, expert_id uuid, name text, unit text, unit_uscc text, id_index text
SELECT j::text AS reply
  FROM @schema@.reviewer_add($new_id, $id, $officer_id, $expert_id, $name, $unit, $unit_uscc, $id_index) AS j
 WHERE j IS NOT NULL;

-- name: reviewer_list :many read
-- args: id uuid, after text, lim int8
SELECT @schema@.reviewer_json(w)::text AS reply, w.id::text AS cursor
  FROM @schema@.round_reviewer w
 WHERE w.round_id = $id AND w.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY w.id LIMIT $lim;

-- name: reviewer_withdraw :one
-- args: id uuid, reason text
SELECT j::text AS reply FROM @schema@.reviewer_withdraw($id, $reason) AS j WHERE j IS NOT NULL;

-- name: round_draw :one
-- args: id uuid, due_on date
SELECT j::text AS reply FROM @schema@.round_draw($id, $due_on) AS j WHERE j IS NOT NULL;

-- ---- reviews ----

-- name: round_review_list :many read
-- args: round_id uuid, state text, mine bool, overdue bool, after text, lim int8
SELECT @schema@.review_json(v)::text AS reply, v.id::text AS cursor
  FROM @schema@.round_review v
 WHERE ($round_id::uuid IS NULL OR v.round_id = $round_id)
   AND ($state::text IS NULL OR v.state = $state)
   AND (NOT coalesce($mine, false) OR v.officer_id = platform.actor())
   AND (NOT coalesce($overdue, false)
        OR (v.state IN ('drawn', 'declared', 'written') AND v.due_on < platform.today()))
   AND v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY v.id DESC LIMIT $lim;

-- name: round_review_get :one read
-- args: id uuid
SELECT @schema@.review_json(v)::text AS reply FROM @schema@.round_review v WHERE v.id = $id;

-- name: round_review_declare :one
-- args: id uuid, conflict bool, reason text
SELECT j::text AS reply FROM @schema@.review_declare($id, $conflict, $reason) AS j WHERE j IS NOT NULL;

-- name: round_review_score :one
-- args: id uuid, scores jsonb
SELECT j::text AS reply FROM @schema@.review_score($id, $scores) AS j WHERE j IS NOT NULL;

-- name: round_review_withdraw :one
-- args: id uuid, reason text
SELECT j::text AS reply FROM @schema@.review_withdraw($id, $reason) AS j WHERE j IS NOT NULL;

-- ---- the list ----

-- name: round_rankable :one
-- args: id uuid
SELECT i AS input FROM @schema@.round_rankable($id) AS i WHERE i IS NOT NULL;

-- name: ranking_add :one
-- args: id uuid, input text, output text
WITH moved AS (
    UPDATE @schema@.round r SET state = 'ranked', moved_at = platform.now() WHERE r.id = $id
    RETURNING r.id, r.county_code
), made AS (
    INSERT INTO @schema@.round_ranking AS k (round_id, input, output, county_code)
    SELECT id, $input, $output, county_code FROM moved
    RETURNING k AS k
)
SELECT @schema@.ranking_json(k)::text AS reply FROM made;

-- name: ranking_get :one read
-- args: id uuid
SELECT @schema@.ranking_json(k)::text AS reply
  FROM @schema@.round_ranking k WHERE k.round_id = $id ORDER BY k.id DESC LIMIT 1;

-- name: ranking_full :one read
-- args: id uuid
SELECT k.input, k.output, k.input = @schema@.round_input(k.round_id)::text AS same_input
  FROM @schema@.round_ranking k WHERE k.round_id = $id ORDER BY k.id DESC LIMIT 1;

-- name: round_decide :one
-- args: id uuid, changes jsonb, note text
SELECT j::text AS reply FROM @schema@.round_decide($id, $changes, $note) AS j WHERE j IS NOT NULL;

-- name: round_notice_days :one read
-- args: id uuid
SELECT (@schema@.round_document(r.id) ->> 'notice_working_days')::bigint AS days
  FROM @schema@.round r WHERE r.id = $id AND platform.acts_in(r.county_code);

-- name: round_notice :one
-- args: id uuid, ends_on date
SELECT j::text AS reply FROM @schema@.round_notice($id, $ends_on) AS j WHERE j IS NOT NULL;

-- No row: no such winner or loser, or the notice is over.
-- name: round_object :one
-- args: new_id uuid, id uuid, entry_id uuid, content text, contact_sealed text
WITH line AS (
    SELECT x.entry_id, x.round_id, x.county_code
      FROM @schema@.round_result x JOIN @schema@.round r ON r.id = x.round_id
     WHERE r.id = $id AND x.entry_id = $entry_id AND r.state = 'public' AND platform.today() <= r.notice_to
), filed AS (
    INSERT INTO @schema@.round_objection (id, round_id, entry_id, content, contact_sealed, county_code)
    SELECT $new_id, round_id, entry_id, $content, $contact_sealed, county_code FROM line
)
SELECT jsonb_build_object('id', $new_id::uuid, 'entry_id', entry_id, 'state', 'open', 'county_code', county_code)::text AS reply
  FROM line;

-- name: round_objection_list :many read
-- args: state text, round_id uuid, after text, lim int8
SELECT jsonb_build_object('id', o.id, 'round_id', o.round_id, 'entry_id', o.entry_id, 'name', x.name,
           'content', o.content, 'state', o.state, 'answer', o.answer, 'county_code', o.county_code,
           'filed_at', o.filed_at, 'resolved_at', o.resolved_at)::text AS reply,
       o.id::text AS cursor
  FROM @schema@.round_objection o JOIN @schema@.round_result x ON x.entry_id = o.entry_id
 WHERE ($state::text IS NULL OR o.state = $state)
   AND ($round_id::uuid IS NULL OR o.round_id = $round_id)
   AND o.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY o.id DESC LIMIT $lim;

-- name: round_objection_resolve :one
-- args: id uuid, decision text, answer text
SELECT j::text AS reply FROM @schema@.round_resolve($id, $decision, $answer) AS j WHERE j IS NOT NULL;

-- name: rounds_turn :one tells
-- args:
SELECT @schema@.rounds_turn() AS turned;
