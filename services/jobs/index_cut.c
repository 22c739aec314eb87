/*
 * index_cut.c -- text into terms, and codes into terms. A term is 64 bits: two
 * of kind, then two characters, or a hash of a word or code. Two words may share a hash;
 * with 56 bits that happens to nobody.
 */
#include <string.h>

#include "index_priv.h"
#include "base/utf8.h"

#define TAG_PAIR	UINT64_C(0x01)	/* and the part added */
#define TAG_WORD	UINT64_C(0x11)
#define TAG_MARK	UINT64_C(0x21)
#define TAG_CELL	UINT64_C(0x31)
#define WORD_BITS	UINT64_C(0x00ffffffffffffff)

struct cutter {
	void		(*take)(void *, index_term);
	void		*arg;
	enum part	 part;
	uint32_t	 before;	/* Chinese character just seen; 0: none */
	bool		 paired;	/* `before` is in a pair already */
	bool		 singles;
	uint64_t	 word;		/* hash of the run of letters so far */
	size_t		 letters;
};

static uint32_t	 folded(uint32_t);
static bool	 is_letter(uint32_t);
static bool	 is_chinese(uint32_t);
static void	 chinese(struct cutter *, uint32_t);
static void	 end_chinese(struct cutter *);
static void	 end_word(struct cutter *);
static uint64_t	 hash_more(uint64_t, uint32_t);

void
index_cut(const char *text, enum part part, bool singles, void (*take)(void *, index_term),
    void *arg)
{
	struct cutter	 c = { .take = take, .arg = arg, .part = part, .singles = singles };
	size_t		 left = text == NULL ? 0 : strlen(text), n;
	uint32_t	 code;

	for (; left > 0; text += n, left -= n) {
		if ((n = utf8_next(text, left, &code)) == 0)
			break;
		code = folded(code);
		if (is_chinese(code)) {
			end_word(&c);
			chinese(&c, code);
		} else {
			end_chinese(&c);
			if (is_letter(code)) {
				c.word = hash_more(c.word, code);
				c.letters++;
			} else
				end_word(&c);
		}
	}
	end_chinese(&c);
	end_word(&c);
}

index_term
index_mark_term(uint8_t kind, const char *text)
{
	uint64_t	h = hash_more(0, kind);

	for (; *text != '\0'; text++)
		h = hash_more(h, (unsigned char)*text);
	return (TAG_MARK << 56 | (h & WORD_BITS));
}

index_term
index_cell_term(int32_t lat_cell, int32_t lng_cell)
{
	return (TAG_CELL << 56 | ((uint64_t)(uint32_t)(lat_cell & 0xfffffff) << 28) |
	    (uint64_t)(uint32_t)(lng_cell & 0xfffffff));
}

/* A lone character is a term of its own: somebody may ask for it alone. */
static void
chinese(struct cutter *c, uint32_t code)
{
	if (c->before != 0) {
		c->take(c->arg, (TAG_PAIR + c->part) << 56 | (uint64_t)c->before << 21 | code);
		c->paired = true;
	}
	c->before = code;
	if (c->singles)
		c->take(c->arg, (TAG_PAIR + c->part) << 56 | code);
}

static void
end_chinese(struct cutter *c)
{
	if (c->before != 0 && !c->paired && !c->singles)
		c->take(c->arg, (TAG_PAIR + c->part) << 56 | c->before);
	c->before = 0;
	c->paired = false;
}

static void
end_word(struct cutter *c)
{
	if (c->letters > 0)
		c->take(c->arg, (TAG_WORD + c->part) << 56 | (c->word & WORD_BITS));
	c->word = 0;
	c->letters = 0;
}

/* Full width to half, capitals to small ones. */
static uint32_t
folded(uint32_t code)
{
	if (code >= 0xff01 && code <= 0xff5e)
		code -= 0xfee0;
	return (code >= 'A' && code <= 'Z' ? code + 32 : code);
}

/* `+` and `#` belong to names such as C++ and C#. */
static bool
is_letter(uint32_t code)
{
	return ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9') ||
	    code == '+' || code == '#' || (code >= 0xc0 && code < 0x250));
}

static bool
is_chinese(uint32_t code)
{
	return ((code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf) ||
	    (code >= 0x20000 && code <= 0x3ffff) || code == 0x3007);
}

static uint64_t
hash_more(uint64_t h, uint32_t code)
{
	h = (h ^ code) * UINT64_C(0x9e3779b97f4a7c15);
	return (h ^ (h >> 29));
}
