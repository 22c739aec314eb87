/*
 * message.h -- messages (消息): what a service tells people, organisations and
 * officers.
 *
 * Every schema has `message` (sql/platform/050, 082). A statement or a trigger that
 * changes something writes one in the change's own transaction: <schema>.tell(person,
 * org, kind, title, body, subject_kind, subject), tell_officer(officer, kind, …),
 * tell_desk(role, county, kind, …): whoever has the role there, 431100: in the city.
 * An officer's or a desk's is told anew, not twice, while it is unread;
 * told_done(subject) says that it waits for nobody any more; told_today(desk,
 * officer, kind) is for what is told once a day. The gateway shows those of all
 * services as one list.
 */
#ifndef YJY_MESSAGE_H
#define YJY_MESSAGE_H

#include "http/call.h"

/* What a list filters by. */
struct message_query {
	struct uuid	 before;	/* only older ones; for the door */
	bool		 unread;
	const char	*kind;
	bool		 untaken;	/* a desk's that nobody has taken, and that still waits */
};

/* /internal/me/messages and what is done with them: behind the door only. */
extern const struct route	message_routes[];
extern const struct shape	message_shape[];
extern const struct shape	message_count_shape[];

#define ROLE_TOLD	(ROLE_SERVED | ROLE_OFFICERS)
int	message_kind(const char *);	/* of a field */
void	message_sweep(void);		/* a job: officers' messages past YJY_OFFICER_MESSAGE_DAYS */

#endif
