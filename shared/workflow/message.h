/*
 * message.h -- messages (消息): what a service tells a person or an organisation.
 *
 * Every schema has `message` (sql/platform/050). A statement or a trigger that
 * changes something writes one with <schema>.tell(person, org, kind, title,
 * body, subject_kind, subject), in the change's own transaction. The gateway
 * shows those of all services as one list.
 */
#ifndef YJY_MESSAGE_H
#define YJY_MESSAGE_H

#include "http/call.h"

/* What a list filters by. */
struct message_query {
	struct uuid	 before;	/* only older ones; for the door */
	bool		 unread;
	const char	*kind;
};

/* /internal/me/messages and what is done with them: behind the door only. */
extern const struct route	message_routes[];
extern const struct shape	message_shape[];
extern const struct shape	message_count_shape[];

#endif
