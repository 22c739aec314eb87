/*
 * kore_mem.c -- Kore's mem.c and pool.c on malloc. Its own pools reserve 3 MB
 * in parent and worker for connections that we do not keep there, and would
 * hide overflows and uses after free from the sanitizers.
 */
#include <stdlib.h>
#include <string.h>

#include <kore.h>

void	 kore_mem_init(void) {}
void	 kore_mem_cleanup(void) {}
void	 kore_mem_untag(void *p) { (void)p; }
void	*kore_malloc(size_t n) { return (malloc(n ? n : 1)); }
void	*kore_calloc(size_t n, size_t m) { return (calloc(n ? n : 1, m ? m : 1)); }
void	*kore_realloc(void *p, size_t n) { return (realloc(p, n)); }
void	 kore_free(void *p) { free(p); }
char	*kore_strdup(const char *s) { return (strdup(s)); }

void
kore_pool_init(struct kore_pool *pool, const char *name, size_t len, size_t elm)
{
	(void)name;
	(void)elm;
	memset(pool, 0, sizeof(*pool));
	pool->elen = len;
}

void	 kore_pool_cleanup(struct kore_pool *pool) { (void)pool; }
void	*kore_pool_get(struct kore_pool *pool) { return (malloc(pool->elen)); }
void	 kore_pool_put(struct kore_pool *pool, void *p) { (void)pool; free(p); }
