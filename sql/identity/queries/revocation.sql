-- What was taken back, for programs that missed the message, and for one token.
-- `head` is where identity's log ends: whatever was revoked up to there is in
-- the rows that were returned or in earlier ones.

-- name: revocation_all :one read
-- args: row int8, lim int8
/* A later page may lack a row that was written before the first one's head
   only if that row had not been committed then: its event follows the head. */
SELECT jsonb_build_object(
           'head', (SELECT coalesce(max(seq), 0) FROM identity.event_log),
           'row', max(r.seq),
           'more', count(*) = $lim,
           'items', coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'until_at', r.until_at)), '[]')
       )::text AS reply
  FROM (SELECT seq, id, until_at FROM identity.revocation
         WHERE seq > $row AND until_at > clock_timestamp() - interval '1 day'
         ORDER BY seq LIMIT $lim) AS r;

-- name: revocation_after :one read
-- args: after int8, lim int8
SELECT jsonb_build_object(
           'head', CASE WHEN count(*) = $lim THEN max(e.seq)
                   ELSE (SELECT coalesce(max(seq), 0) FROM identity.event_log) END,
           'row', NULL,
           'more', count(*) = $lim,
           'items', coalesce(jsonb_agg(e.payload), '[]')
       )::text AS reply
  FROM (SELECT seq, payload FROM identity.event_log
         WHERE seq > $after AND type = 'identity.access.revoked.v1'
         ORDER BY seq LIMIT $lim) AS e;

-- name: revocation_sweep :exec
DELETE FROM identity.revocation WHERE until_at < clock_timestamp() - interval '25 hours';

-- name: token_introspect :one read
-- args: asked jsonb
/* The same rule as in every program's memory: taken back are a token, its
   session, its subject and the clerk who acts, each up to a moment. */
SELECT jsonb_build_object('dead', coalesce(jsonb_agg(t.id), '[]'))::text AS reply
  FROM jsonb_to_recordset($asked -> 'tokens')
       AS t (id uuid, session uuid, subject uuid, actor uuid, issued_at timestamptz)
 WHERE EXISTS (SELECT FROM identity.revocation AS r
                WHERE r.id IN (t.id, t.session, t.subject, t.actor)
                  AND r.until_at >= t.issued_at);
