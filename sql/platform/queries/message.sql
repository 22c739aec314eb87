-- Messages (shared/workflow/message.c); two branches, so that each has its index.

-- name: message_list :many read
-- args: after text, before uuid, lim int4, unread bool?, kind text
SELECT jsonb_build_object('id', m.id, 'service', '@schema@', 'kind', m.kind, 'title', m.title,
           'body', m.body, 'subject_kind', m.subject_kind, 'subject_id', m.subject_id,
           'at', m.at, 'read_at', m.read_at)::text AS reply, m.id::text AS cursor
  FROM (SELECT coalesce($after::text::uuid, $before, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AS edge) e,
       LATERAL ((SELECT a.* FROM @schema@.message a
                  WHERE a.person_id = platform.person() AND a.id < e.edge
                    AND (NOT coalesce($unread, false) OR a.read_at IS NULL)
                    AND ($kind::text IS NULL OR a.kind = $kind)
                  ORDER BY a.id DESC LIMIT $lim)
                UNION ALL
                (SELECT b.* FROM @schema@.message b
                  WHERE b.org_id = platform.org() AND b.id < e.edge
                    AND (NOT coalesce($unread, false) OR b.read_at IS NULL)
                    AND ($kind::text IS NULL OR b.kind = $kind)
                  ORDER BY b.id DESC LIMIT $lim)) m
 ORDER BY m.id DESC LIMIT $lim;

-- name: message_unread :one read
-- args:
SELECT jsonb_build_object('count', count(*))::text AS reply
  FROM @schema@.message m
 WHERE m.read_at IS NULL AND (m.person_id = platform.person() OR m.org_id = platform.org());

-- Read once is read: the first time is kept.
-- name: message_read :one
-- args: id uuid
UPDATE @schema@.message AS m SET read_at = coalesce(m.read_at, platform.now())
 WHERE m.id = $id AND (m.person_id = platform.person() OR m.org_id = platform.org())
RETURNING jsonb_build_object('id', m.id, 'service', '@schema@', 'kind', m.kind, 'title', m.title,
    'body', m.body, 'subject_kind', m.subject_kind, 'subject_id', m.subject_id,
    'at', m.at, 'read_at', m.read_at)::text AS reply;

-- name: message_read_all :one
-- args:
WITH seen AS (
    UPDATE @schema@.message AS m SET read_at = platform.now()
     WHERE m.read_at IS NULL AND (m.person_id = platform.person() OR m.org_id = platform.org())
    RETURNING 1
)
SELECT jsonb_build_object('count', count(*))::text AS reply FROM seen;
