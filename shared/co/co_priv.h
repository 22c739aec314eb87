/*
 * co_priv.h -- telling AddressSanitizer about stack switches. Without it
 * these are nothing. The main stack's bounds are learnt at the first arrival.
 */
#ifndef YJY_CO_PRIV_H
#define YJY_CO_PRIV_H

#include <stddef.h>

#if defined(YJY_ASAN)

static const void	*co_main_bottom;
static size_t		 co_main_bytes;

static inline void
co_departing(void **fake, const void *bottom, size_t size)
{
	__sanitizer_start_switch_fiber(fake, bottom, size);
}

static inline void
co_arrived(void *fake)
{
	const void	*bottom;
	size_t		 size;

	__sanitizer_finish_switch_fiber(fake, &bottom, &size);
	if (co_main_bottom == NULL) {
		co_main_bottom = bottom;
		co_main_bytes = size;
	}
}

#define co_main_stack()	co_main_bottom
#define co_main_size()	co_main_bytes

#else

static inline void
co_departing(void **fake, const void *bottom, size_t size)
{
	(void)fake;
	(void)bottom;
	(void)size;
}

static inline void
co_arrived(void *fake)
{
	(void)fake;
}

#define co_main_stack()	NULL
#define co_main_size()	((size_t)0)

#endif
#endif
