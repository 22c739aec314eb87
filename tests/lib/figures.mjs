// figures.mjs -- when monitoring has read all logs, as far as they are now.
import { eventually } from './city.mjs';
import { sql } from '../api/help.mjs';

const SOURCES = ['identity', 'jobs', 'training', 'entrepreneurship', 'subsidies', 'monitoring'];

export const caughtUp = (ms = 60000) => eventually(() => sql(SOURCES.map((s) => `SELECT (SELECT count(*) FROM ${s}.outbox) = 0
  AND (SELECT coalesce(max(seq), 0) FROM ${s}.event_log) = (SELECT coalesce(max(seq), 0) FROM monitoring.event_cursor WHERE source = '${s}')`)
  .join(' UNION ALL ')).every(([done]) => done === 't'), 'monitoring has read all logs', ms);
