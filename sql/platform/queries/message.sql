-- Messages (shared/workflow/message.c); a branch a reader, so that each has its index.

-- name: message_list :many read
-- args: after text, before uuid, lim int4, unread bool?, kind text, untaken bool?
SELECT @schema@.message_json(m.m, m.seen)::text AS reply, m.id::text AS cursor
  FROM (SELECT coalesce($after::text::uuid, $before, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AS edge) e,
       LATERAL ((SELECT a.id, a AS m, a.read_at AS seen FROM @schema@.message a
                  WHERE a.person_id = platform.person() AND a.id < e.edge
                    AND NOT coalesce($untaken, false)
                    AND (NOT coalesce($unread, false) OR a.read_at IS NULL)
                    AND ($kind::text IS NULL OR a.kind = $kind)
                  ORDER BY a.id DESC LIMIT $lim)
                UNION ALL
                (SELECT b.id, b, b.read_at FROM @schema@.message b
                  WHERE b.org_id = platform.org() AND b.id < e.edge
                    AND NOT coalesce($untaken, false)
                    AND (NOT coalesce($unread, false) OR b.read_at IS NULL)
                    AND ($kind::text IS NULL OR b.kind = $kind)
                  ORDER BY b.id DESC LIMIT $lim)
                UNION ALL
                (SELECT o.id, o, o.read_at FROM @schema@.message o
                  WHERE o.officer_id = platform.officer() AND o.id < e.edge
                    AND NOT coalesce($untaken, false)
                    AND (NOT coalesce($unread, false) OR (o.read_at IS NULL AND o.done_at IS NULL))
                    AND ($kind::text IS NULL OR o.kind = $kind)
                  ORDER BY o.id DESC LIMIT $lim)
                UNION ALL
                (SELECT d.id, d, r.at FROM @schema@.message d
                   LEFT JOIN @schema@.message_read r ON r.message_id = d.id AND r.officer_id = platform.officer()
                  WHERE d.desk = ANY (platform.desks()) AND d.id < e.edge
                    AND (NOT coalesce($untaken, false) OR (d.taken_by IS NULL AND d.done_at IS NULL))
                    AND (NOT coalesce($unread, false) OR (r.at IS NULL AND d.done_at IS NULL))
                    AND ($kind::text IS NULL OR d.kind = $kind)
                  ORDER BY d.id DESC LIMIT $lim)) m
 ORDER BY m.id DESC LIMIT $lim;

-- name: message_unread :one read
-- args: kind text
SELECT jsonb_build_object('count',
    (SELECT count(*) FROM @schema@.message m
      WHERE m.read_at IS NULL AND m.done_at IS NULL AND ($kind::text IS NULL OR m.kind = $kind)
        AND (m.person_id = platform.person() OR m.org_id = platform.org() OR m.officer_id = platform.officer()))
  + (SELECT count(*) FROM @schema@.message d
      WHERE d.desk = ANY (platform.desks()) AND d.done_at IS NULL AND ($kind::text IS NULL OR d.kind = $kind)
        AND NOT EXISTS (SELECT FROM @schema@.message_read r
                         WHERE r.message_id = d.id AND r.officer_id = platform.officer())))::text AS reply;

-- Read once is read: the first time is kept, of a desk's message each officer's own.
-- name: message_read :one
-- args: id uuid
WITH mine AS (
    UPDATE @schema@.message AS m SET read_at = coalesce(m.read_at, platform.now())
     WHERE m.id = $id AND (m.person_id = platform.person() OR m.org_id = platform.org()
                           OR m.officer_id = platform.officer() OR m.desk = ANY (platform.desks()))
    RETURNING m AS m
), seen AS (
    INSERT INTO @schema@.message_read (message_id) SELECT (x.m).id FROM mine x WHERE (x.m).desk IS NOT NULL
        ON CONFLICT DO NOTHING
    RETURNING at
)
SELECT @schema@.message_json(x.m, coalesce((SELECT s.at FROM seen s),
           (SELECT r.at FROM @schema@.message_read r WHERE r.message_id = $id AND r.officer_id = platform.officer()),
           (x.m).read_at))::text AS reply
  FROM mine x;

-- name: message_read_all :one
-- args:
WITH seen AS (
    UPDATE @schema@.message AS m SET read_at = platform.now()
     WHERE m.read_at IS NULL AND (m.person_id = platform.person() OR m.org_id = platform.org()
                                  OR m.officer_id = platform.officer())
    RETURNING 1
), first AS (
    UPDATE @schema@.message AS m SET read_at = platform.now()
     WHERE m.read_at IS NULL AND m.desk = ANY (platform.desks())
), marked AS (
    INSERT INTO @schema@.message_read (message_id)
    SELECT d.id FROM @schema@.message d
     WHERE d.desk = ANY (platform.desks())
       AND NOT EXISTS (SELECT FROM @schema@.message_read r WHERE r.message_id = d.id AND r.officer_id = platform.officer())
        ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT jsonb_build_object('count', (SELECT count(*) FROM seen) + (SELECT count(*) FROM marked))::text AS reply;

-- One officer of the desk takes it on, and has read it.
-- name: message_take :one
-- args: id uuid
WITH found AS (
    SELECT m.id, m.taken_by <> platform.officer() AS others FROM @schema@.message m
     WHERE m.id = $id AND m.desk = ANY (platform.desks()) FOR UPDATE
), taken AS (
    UPDATE @schema@.message AS m SET taken_by = platform.officer(), taken_at = coalesce(m.taken_at, platform.now()),
           read_at = coalesce(m.read_at, platform.now())
      FROM found f WHERE m.id = f.id AND f.others IS NOT TRUE
    RETURNING m AS m
), seen AS (
    INSERT INTO @schema@.message_read (message_id) SELECT (x.m).id FROM taken x
        ON CONFLICT DO NOTHING
    RETURNING at
)
SELECT @schema@.message_json(x.m, coalesce((SELECT s.at FROM seen s), (SELECT r.at FROM @schema@.message_read r
           WHERE r.message_id = $id AND r.officer_id = platform.officer())))::text AS reply
  FROM taken x
UNION ALL
SELECT platform.refuse('message.taken') FROM found f WHERE f.others;

-- name: message_sweep :one
-- args: days int4
SELECT @schema@.message_sweep($days::int4) AS gone;
