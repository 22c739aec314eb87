-- name: interview_propose :one tells
-- args: interview uuid, application uuid, mode text, times text[], minutes int4, place text,
--       link text, note text, strict bool
WITH made AS (
    INSERT INTO jobs.interview AS i (id, application_id, person_id, name_masked, org_id, org_name,
        vacancy_title, mode, times, minutes, place, link, note, county_code, area_code)
    SELECT $interview, a.id, a.person_id, a.name_masked, a.org_id, a.org_name, a.vacancy_title, $mode,
           $times::text[]::timestamptz[], $minutes, $place, $link, $note, a.county_code, a.area_code
      FROM jobs.application a
     WHERE a.id = $application AND (NOT $strict OR jobs.interview_sound($mode, $place, $link))
    RETURNING i AS i
)
SELECT jobs.interview_reply(i) AS reply, (i).application_id FROM made;

-- After the interview that moved it.
-- name: application_row :one read
-- args: application uuid
SELECT jobs.application_json(a)::text AS reply FROM jobs.application a WHERE a.id = $application;

-- One of the times that were proposed, and that still lies ahead.
-- name: interview_accept :one
-- args: id uuid, caller_person uuid, at timestamptz, note text
WITH found AS (
    SELECT i.id, i.state, i.times FROM jobs.interview i
     WHERE i.id = $id AND i.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE jobs.interview AS i
       SET state = 'accepted', starts_at = $at, answer = $note, sequence = i.sequence + 1,
           changed_at = platform.now()
      FROM found
     WHERE i.id = found.id AND found.state = 'proposed' AND $at = ANY (found.times)
       AND $at > platform.now()
    RETURNING i AS i
)
SELECT jobs.interview_reply(i) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state <> 'proposed' THEN 'state.wrong'
                            WHEN NOT $at = ANY (found.times) THEN 'jobs.meeting_time /at'
                            ELSE 'jobs.meeting_past /at' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Other times, please; or none. An accepted time may be given back, too.
-- name: interview_answer :one
-- args: id uuid, caller_person uuid, next text, note text
WITH found AS (
    SELECT i.id, i.state FROM jobs.interview i
     WHERE i.id = $id AND i.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE jobs.interview AS i
       SET state = $next, starts_at = CASE $next WHEN 'asked' THEN NULL ELSE i.starts_at END,
           answer = $note, sequence = i.sequence + 1, reminded_day = false,
           reminded_hours = false, changed_at = platform.now()
      FROM found WHERE i.id = found.id
       AND (found.state IN ('proposed', 'accepted') OR found.state = 'asked' AND $next <> 'asked')
    RETURNING i AS i
)
SELECT jobs.interview_reply(i) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- New times, which the person accepts anew.
-- name: interview_move :one
-- args: id uuid, caller_org uuid, mode text, times text[], minutes int4, place text, link text,
--       note text
WITH found AS (
    SELECT i.id, i.state FROM jobs.interview i WHERE i.id = $id AND i.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.interview AS i
       SET state = 'proposed', starts_at = NULL, mode = $mode,
           times = $times::text[]::timestamptz[],
           minutes = $minutes, place = $place, link = $link, note = $note, answer = NULL,
           sequence = i.sequence + 1, reminded_day = false, reminded_hours = false,
           changed_at = platform.now()
      FROM found WHERE i.id = found.id AND found.state IN ('proposed', 'asked', 'accepted')
       AND jobs.interview_sound($mode, $place, $link)
    RETURNING i AS i
)
SELECT jobs.interview_reply(i) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: interview_cancel :one
-- args: id uuid, caller_org uuid, note text
WITH found AS (
    SELECT i.id, i.state FROM jobs.interview i WHERE i.id = $id AND i.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.interview AS i
       SET state = 'cancelled', note = $note, sequence = i.sequence + 1, changed_at = platform.now()
      FROM found WHERE i.id = found.id AND found.state IN ('proposed', 'asked', 'accepted')
    RETURNING i AS i
)
SELECT jobs.interview_reply(i) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Once it has begun; said again only where the person objects.
-- name: interview_result :one
-- args: id uuid, caller_org uuid, result text, reason_code text, note text
WITH found AS (
    SELECT i.id, i.state, i.starts_at, i.objection_open FROM jobs.interview i
     WHERE i.id = $id AND i.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.interview AS i
       SET state = 'held', result = $result, note = $note, objection_open = false,
           reason_code = CASE $result WHEN 'no_show' THEN coalesce($reason_code, 'other') END,
           changed_at = platform.now()
      FROM found WHERE i.id = found.id AND found.starts_at <= platform.now()
       AND (found.state = 'accepted' OR found.objection_open)
    RETURNING i AS i
)
SELECT jobs.interview_reply(i) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state = 'accepted' THEN 'jobs.meeting_ahead'
                            ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: interview_object :one
-- args: id uuid, caller_person uuid, text text
WITH found AS (
    SELECT i.id, i.result, i.objection FROM jobs.interview i
     WHERE i.id = $id AND i.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE jobs.interview AS i SET objection = $text, objection_open = true, changed_at = platform.now()
      FROM found WHERE i.id = found.id AND found.result = 'no_show' AND found.objection IS NULL
    RETURNING i AS i
)
SELECT jobs.interview_reply(i) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- The day before and two hours before, each once; who accepts late is not
-- reminded twice at once.
-- name: interview_remind :one
-- args:
WITH due AS (
    UPDATE jobs.interview AS i
       SET reminded_day = true,
           reminded_hours = i.starts_at - platform.now() <= interval '2 hours'
     WHERE i.state = 'accepted' AND NOT i.reminded_hours AND i.starts_at > platform.now()
       AND (i.starts_at - platform.now() <= interval '2 hours'
            OR NOT i.reminded_day AND i.starts_at - platform.now() <= interval '24 hours')
    RETURNING i AS i
), told AS MATERIALIZED (
    SELECT jobs.tell(CASE side WHEN 'person' THEN (i).person_id END,
                     CASE side WHEN 'org' THEN (i).org_id END, 'interview.remind', '面试提醒',
                     to_char((i).starts_at AT TIME ZONE 'Asia/Shanghai', 'MM月DD日 HH24:MI') || ' ' ||
                     CASE side WHEN 'person' THEN (i).org_name ELSE (i).name_masked END || ' ' ||
                     (i).vacancy_title, 'interview', (i).id)
      FROM due, unnest(ARRAY['person', 'org']) AS side
)
SELECT count(*) AS n FROM told;

-- name: interview_get :one read
-- args: id uuid
SELECT jobs.interview_reply(i) AS reply FROM jobs.interview i WHERE i.id = $id;

-- For its calendar entry.
-- name: interview_calendar :one read
-- args: id uuid
SELECT i.id, i.sequence, i.state, i.mode, i.place, i.link, i.note, i.minutes, i.org_name,
       i.vacancy_title, (extract(epoch FROM i.starts_at) * 1000000)::int8 AS starts_us,
       (extract(epoch FROM i.changed_at) * 1000000)::int8 AS changed_us,
       i.starts_at IS NULL AS is_open
  FROM jobs.interview i WHERE i.id = $id;

-- name: interview_list_person :many read
-- args: after text, lim int4, caller_person uuid, state text
SELECT jobs.interview_reply(i) AS reply, i.id::text AS cursor
  FROM jobs.interview i
 WHERE i.person_id = $caller_person
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR i.state = $state)
 ORDER BY i.id DESC
 LIMIT $lim;

-- name: interview_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT jobs.interview_reply(i) AS reply, i.id::text AS cursor
  FROM jobs.interview i
 WHERE i.org_id = $caller_org
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR i.state = $state)
 ORDER BY i.id DESC
 LIMIT $lim;
