// desk: what the desks of one county were told.
import { sql } from '../help.mjs';

function furnish({ county, now }) {
  sql(`SELECT platform.act_as(at => '${now}T04:00:00Z');
    SELECT jobs.tell_desk(r, '${county.code}', 'vacancy_waiting', '辖区待办', NULL, NULL, NULL)
      FROM unnest('{clerk,first_review,recheck,approve}'::text[]) AS r`);
}

export default {
  furnish,
  words: { service_name: 'jobs' },
  blind: ['message_unread'],	// a number of one's own
};
