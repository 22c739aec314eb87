/*
 * log_priv.h -- the ring between log.c and the descriptor. The caller holds
 * log.c's lock.
 */
#ifndef YJY_LOG_PRIV_H
#define YJY_LOG_PRIV_H

#include "base/base.h"

#define LOG_RING_BYTES	(256 * 1024)
#define LOG_LINE_MAX	(32 * 1024)

void	log_ring_open(int fd);
void	log_ring_add(const char *line, size_t);	/* a whole line */
void	log_ring_drop(void);			/* counts a line that could not be kept */
void	log_ring_flush(void);			/* writes what the reader takes now */
void	log_ring_drain(void);			/* as flush, but waits a second for the reader */
void	log_ring_forget(void);

#endif
