-- One place of an open class, for who is not elsewhere at the time and has a
-- subsidised course left if this is one. A proposal, a turn on the waiting list
-- or an earlier enrolment becomes this one.
-- name: enrolment_open :one
-- args: id uuid, caller_person uuid, target_group text, self_paid bool
WITH place AS (
    UPDATE training.class AS c SET enrolled = c.enrolled + 1
      FROM training.person p CROSS JOIN LATERAL (
               SELECT min(n) AS n FROM generate_series(1, 3) n
                WHERE NOT EXISTS (SELECT FROM training.enrolment x
                                   WHERE x.person_id = p.id AND x.subsidised_no = n)) next
     WHERE c.id = $id AND p.id = $caller_person AND NOT p.is_restricted
       AND c.state = 'open' AND c.enrolled < c.capacity
       AND (NOT c.is_subsidised OR $self_paid OR next.n IS NOT NULL)
       AND NOT EXISTS (SELECT FROM training.enrolment x
                        WHERE x.person_id = p.id AND x.class_kind = c.kind AND x.state = 'enrolled'
                          AND x.completed_on IS NULL
                          AND x.during && daterange(c.starts_on, c.ends_on, '[]'))
    RETURNING c AS c, p.name_masked, CASE WHEN c.is_subsidised AND NOT $self_paid THEN next.n END AS nth
), made AS (
    INSERT INTO training.enrolment AS e (class_id, class_title, class_kind, module, org_id, person_id,
                                         name_masked, channel, target_group, during, subsidised_no,
                                         county_code, area_code)
    SELECT (c).id, (c).title, (c).kind, (c).module, (c).org_id, $caller_person, name_masked,
           training.channel(), $target_group, daterange((c).starts_on, (c).ends_on, '[]'),
           nth, (c).county_code, (c).area_code
      FROM place
    ON CONFLICT (person_id, class_id) DO UPDATE
       SET state = 'enrolled', subsidised_no = excluded.subsidised_no, moved_at = platform.now(),
           target_group = coalesce(excluded.target_group, e.target_group), reason = NULL, note = NULL,
           channel = CASE WHEN e.state = 'proposed' THEN e.channel ELSE excluded.channel END
     WHERE e.state IN ('proposed', 'waiting', 'withdrawn')
    RETURNING e AS e
), told AS (
    INSERT INTO training.outbox (type, key, area_code, payload)
    SELECT 'training.enrolment.made.v1', (e).id::text, (e).county_code,
           jsonb_build_object('enrolment_id', (e).id, 'class_id', (e).class_id, 'person_id', (e).person_id,
                              'kind', (e).class_kind, 'module', (e).module, 'channel', (e).channel,
                              'county_code', (e).county_code)
      FROM made
)
SELECT training.enrolment_reply(e) AS reply FROM made
UNION ALL
SELECT platform.refuse(training.enrolment_refusal(c.id, $caller_person, $self_paid))
  FROM training.class c
 WHERE c.id = $id AND NOT EXISTS (SELECT FROM made);

-- A turn on the list of a class that is full; no row: it is not.
-- name: enrolment_wait :one
-- args: id uuid, caller_person uuid, target_group text
WITH place AS (
    UPDATE training.class AS c SET waiting = c.waiting + 1
      FROM training.person p
     WHERE c.id = $id AND p.id = $caller_person AND NOT p.is_restricted
       AND c.state = 'open' AND c.enrolled >= c.capacity
    RETURNING c AS c, p.name_masked
), made AS (
    INSERT INTO training.enrolment AS e (class_id, class_title, class_kind, module, org_id, person_id,
                                         name_masked, state, channel, target_group, during, county_code,
                                         area_code)
    SELECT (c).id, (c).title, (c).kind, (c).module, (c).org_id, $caller_person, name_masked, 'waiting',
           training.channel(), $target_group, daterange((c).starts_on, (c).ends_on, '[]'),
           (c).county_code, (c).area_code
      FROM place
    ON CONFLICT (person_id, class_id) DO NOTHING
    RETURNING e AS e
), told AS (
    INSERT INTO training.outbox (type, key, area_code, payload)
    SELECT 'training.enrolment.moved.v1', (e).id::text, (e).county_code,
           jsonb_build_object('enrolment_id', (e).id, 'class_id', (e).class_id, 'person_id', (e).person_id,
                              'kind', (e).class_kind, 'module', (e).module, 'was', NULL, 'state', 'waiting',
                              'reason', NULL, 'county_code', (e).county_code)
      FROM made
)
SELECT training.enrolment_reply(e) AS reply FROM made
UNION ALL
SELECT platform.refuse('training.already_enrolled') FROM place WHERE NOT EXISTS (SELECT FROM made);

-- By the person, until the class is completed: a place given back before it
-- begins goes to whoever waits.
-- name: enrolment_withdraw :one tells
-- args: id uuid, caller_person uuid, reason text, note text
WITH class AS (
    SELECT c.id, c.state FROM training.class c
     WHERE c.id = (SELECT e.class_id FROM training.enrolment e
                    WHERE e.id = $id AND e.person_id = $caller_person)
       FOR UPDATE
), moved AS (
    UPDATE training.enrolment AS e
       SET state = 'withdrawn', subsidised_no = NULL, reason = $reason, note = $note, moved_at = platform.now()
      FROM class
     WHERE e.id = $id AND e.state IN ('proposed', 'waiting', 'enrolled') AND e.completed_on IS NULL
       AND e.certificate_number IS NULL
    RETURNING e AS e
)
SELECT training.enrolment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM class WHERE NOT EXISTS (SELECT FROM moved);

-- By the institution, which says why; the person is told.
-- name: enrolment_remove :one tells
-- args: id uuid, caller_org uuid, note text
WITH class AS (
    SELECT c.id, c.state FROM training.class c
     WHERE c.id = (SELECT e.class_id FROM training.enrolment e
                    WHERE e.id = $id AND e.org_id = $caller_org)
       FOR UPDATE
), moved AS (
    UPDATE training.enrolment AS e
       SET state = 'removed', subsidised_no = NULL, reason = 'institution', note = $note,
           moved_at = platform.now()
      FROM class
     WHERE e.id = $id AND e.state IN ('proposed', 'waiting', 'enrolled') AND e.completed_on IS NULL
       AND e.certificate_number IS NULL
    RETURNING e AS e
), told AS (
    SELECT training.tell((e).person_id, NULL, 'enrolment', '您已被移出培训班',
               '“' || (e).class_title || '”：' || (e).note, 'enrolment', (e).id) AS message
      FROM moved
)
SELECT training.enrolment_reply(e) AS reply FROM moved, told
UNION ALL
SELECT platform.refuse('state.wrong') FROM class WHERE NOT EXISTS (SELECT FROM moved);

-- name: enrolment_propose :many tells
-- args: id uuid, caller_org uuid, rows jsonb
SELECT p.n::int8 AS n, p.code, p.enrolment_id::text AS enrolment_id
  FROM training.propose($id, $caller_org, $rows) p;

-- name: enrolment_class_state :one read
-- args: id uuid, org uuid
SELECT c.state, EXISTS (SELECT FROM training.org o WHERE o.id = $org) AS is_known
  FROM training.class c WHERE c.id = $id;

-- name: enrolment_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.enrolment_reply(e) AS reply, e.id::text AS cursor
  FROM training.enrolment e
 WHERE e.person_id = $caller_person
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY e.id DESC
 LIMIT $lim;

-- name: enrolment_list_class :many read
-- args: after text, lim int4, id uuid, caller_org uuid
SELECT training.enrolment_reply(e) AS reply, e.id::text AS cursor
  FROM training.enrolment e
 WHERE e.class_id = $id AND e.org_id = $caller_org
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY e.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: enrolment_list :many read
-- args: after text, lim int4, county_code text, is_passed bool?, state text, class_id uuid
SELECT training.enrolment_reply(e) AS reply, e.id::text AS cursor
  FROM training.enrolment e
 WHERE e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR e.county_code = $county_code)
   AND ($is_passed::bool IS NULL OR e.is_passed = $is_passed)
   AND ($state::text IS NULL OR e.state = $state)
   AND ($class_id::uuid IS NULL OR e.class_id = $class_id)
 ORDER BY e.id DESC
 LIMIT $lim;
