/*
 * test_crypt.c -- digests against published vectors, sealed fields against
 * every single-byte change, strict base64url, and keys that must end a program.
 */
#include <sys/wait.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "crypt/crypt.h"
#include "base/clock.h"
#include "base/log.h"

#define AES_1	"1 aes 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define AES_2	"2 aes ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n"
#define SM4_1	"s1 sm4 0123456789abcdeffedcba9876543210\n"
#define INDEX	"0123456789abcdef0123456789abcdef"

static struct arena	 arena;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	crypt_init(AES_1, strlen(AES_1), INDEX, strlen(INDEX));
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	crypt_init(NULL, 0, NULL, 0);
	arena_release(&arena);
	return (0);
}

static const char *
hex32(const uint8_t digest[CHAIN_BYTES])
{
	return (hex_encode(&arena, digest, CHAIN_BYTES));
}

static void
digests_agree_with_the_standards(void **state)
{
	uint8_t	 out[CHAIN_BYTES];
	char	 block[65];

	(void)state;
	sm3("abc", 3, out);
	assert_string_equal(hex32(out),
	    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
	memset(block, 0, sizeof(block));
	for (int i = 0; i < 16; i++)
		memcpy(block + i * 4, "abcd", 4);
	sm3(block, 64, out);
	assert_string_equal(hex32(out),
	    "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
	sha256("abc", 3, out);
	assert_string_equal(hex32(out),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256("", 0, out);
	assert_string_equal(hex32(out),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* HMAC from its definition, with keys below, at and over the block size. */
static void
hmac_by_definition(const void *key, size_t key_len, const char *text, uint8_t *out)
{
	uint8_t	 k[64] = { 0 }, inner[64 + 256], outer[64 + CHAIN_BYTES];
	size_t	 len = strlen(text), i;

	if (key_len > sizeof(k))
		sm3(key, key_len, k);
	else
		memcpy(k, key, key_len);
	for (i = 0; i < sizeof(k); i++) {
		inner[i] = k[i] ^ 0x36;
		outer[i] = k[i] ^ 0x5c;
	}
	memcpy(inner + 64, text, len);
	sm3(inner, 64 + len, outer + 64);
	sm3(outer, sizeof(outer), out);
}

static void
hmac_follows_its_definition(void **state)
{
	static const size_t	 key_lens[] = { 0, 1, 16, 32, 63, 64, 65, 200 };
	uint8_t			 key[200], expect[CHAIN_BYTES], out[CHAIN_BYTES];
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(i * 7 + 1);
	for (i = 0; i < NITEMS(key_lens); i++) {
		hmac_by_definition(key, key_lens[i], "永州市 2025", expect);
		hmac_sm3(key, key_lens[i], "永州市 2025", strlen("永州市 2025"), out);
		assert_memory_equal(out, expect, sizeof(out));
	}
}

/* RFC 4231, test cases 2 and 6 (a key longer than a block). */
static void
hmac_sha256_agrees_with_the_standard(void **state)
{
	static const char	 data2[] = "what do ya want for nothing?";
	static const char	 data6[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	uint8_t			 key[131], out[CHAIN_BYTES];
	struct arena		 a;

	(void)state;
	arena_init(&a);
	hmac_sha256("Jefe", 4, data2, strlen(data2), out);
	assert_string_equal(hex_encode(&a, out, sizeof(out)),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	hmac_sha256(key, sizeof(key), data6, strlen(data6), out);
	assert_string_equal(hex_encode(&a, out, sizeof(out)),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	arena_release(&a);
}

static void
chain_links_every_record(void **state)
{
	uint8_t	 a[CHAIN_BYTES] = { 0 }, b[CHAIN_BYTES], c[CHAIN_BYTES], all[CHAIN_BYTES + 3];

	(void)state;
	chain_next(a, "one", 3, b);
	memcpy(all, a, CHAIN_BYTES);
	memcpy(all + CHAIN_BYTES, "one", 3);
	sm3(all, sizeof(all), c);
	assert_memory_equal(b, c, CHAIN_BYTES);
	chain_next(b, "two", 3, c);
	chain_next(b, "twp", 3, a);
	assert_memory_not_equal(a, c, CHAIN_BYTES);
	chain_next(b, "two", 3, b);	/* in place */
	assert_memory_equal(b, c, CHAIN_BYTES);
}

static void
base64url_round_trip(void **state)
{
	uint8_t	 bytes[64], *back;
	char	*text;
	size_t	 n, len;

	(void)state;
	for (n = 0; n < sizeof(bytes); n++) {
		bytes[n] = (uint8_t)(n * 37 + 250);
		text = base64url_encode(&arena, bytes, n);
		assert_non_null(back = base64url_decode(&arena, text, strlen(text), &len));
		assert_int_equal(len, n);
		assert_memory_equal(back, bytes, n);
	}
	assert_string_equal(base64url_encode(&arena, "\xfb\xff\xfe", 3), "-__-");
	assert_string_equal(base64url_encode(&arena, "f", 1), "Zg");
	assert_string_equal(base64url_encode(&arena, "foobar", 6), "Zm9vYmFy");
}

static void
base64url_is_strict(void **state)
{
	static const char *const	 bad[] = {
		"Z", "Zg=", "Zg==", "Zh", "Zm9=", "Zm9v=", "Zm9vYg==", "+/", "Zm 9", "Zm9v\n",
		"Zm9vYmF", "Zm9vY", "Z_", "é", "Zm9v."
	};
	size_t				 i, len;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		/* "Zm9vYmF" has stray bits: 'F' would have to be 'E'. */
		assert_null(base64url_decode(&arena, bad[i], strlen(bad[i]), &len));
	}
	assert_null(base64url_decode(&arena, "Zm9\0", 4, &len));
	assert_non_null(base64url_decode(&arena, "Zm9vYmE", 7, &len));
	assert_int_equal(len, 5);
	assert_non_null(base64url_decode(&arena, "", 0, &len));
	assert_int_equal(len, 0);
}

static void
seal_and_open(const char *keys)
{
	static const char *const	 plain[] = { "", "1", "431102199001010009", "张三丰", NULL };
	char				*sealed, *again, long_text[5000];
	size_t				 i;

	crypt_init(keys, strlen(keys), INDEX, strlen(INDEX));
	for (i = 0; plain[i] != NULL; i++) {
		sealed = field_seal(&arena, "person.id_number", plain[i]);
		again = field_seal(&arena, "person.id_number", plain[i]);
		assert_string_not_equal(sealed, again);
		assert_string_equal(field_open(&arena, "person.id_number", sealed), plain[i]);
		assert_string_equal(field_open(&arena, "person.id_number", again), plain[i]);
		assert_null(field_open(&arena, "person.phone", sealed));
		assert_null(field_open(&arena, "", sealed));
		if (strlen(plain[i]) > 4)
			assert_null(strstr(sealed, plain[i]));
	}
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	sealed = field_seal(&arena, "case.note", long_text);
	assert_string_equal(field_open(&arena, "case.note", sealed), long_text);
}

/* Any single character changed, dropped or added: nothing comes out. */
static void
every_change_is_noticed(const char *keys)
{
	char	*sealed, *copy;
	size_t	 i, len;

	crypt_init(keys, strlen(keys), INDEX, strlen(INDEX));
	sealed = field_seal(&arena, "person.phone", "13800138000");
	len = strlen(sealed);
	for (i = 0; i < len; i++) {
		copy = arena_strdup(&arena, sealed);
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		assert_null(field_open(&arena, "person.phone", copy));
		copy = arena_strdup(&arena, sealed);
		memmove(copy + i, copy + i + 1, len - i);
		assert_null(field_open(&arena, "person.phone", copy));
		assert_null(field_open(&arena, "person.phone", arena_strndup(&arena, sealed, i)));
	}
	assert_null(field_open(&arena, "person.phone", arena_printf(&arena, "%sA", sealed)));
	assert_null(field_open(&arena, "person.phone", arena_printf(&arena, "%s=", sealed)));
	assert_string_equal(field_open(&arena, "person.phone", sealed), "13800138000");
}

static void
sealed_fields_open_again(void **state)
{
	(void)state;
	seal_and_open(AES_1);
	seal_and_open(SM4_1);
}

static void
altered_fields_do_not_open(void **state)
{
	(void)state;
	every_change_is_noticed(AES_1);
	every_change_is_noticed(SM4_1);
}

static void
old_keys_open_and_the_newest_seals(void **state)
{
	char	*one, *two, *three;

	(void)state;
	crypt_init(AES_1, strlen(AES_1), INDEX, strlen(INDEX));
	one = field_seal(&arena, "c", "text");
	assert_memory_equal(one, "k1.", 3);
	crypt_init(AES_1 SM4_1, strlen(AES_1 SM4_1), INDEX, strlen(INDEX));
	two = field_seal(&arena, "c", "text");
	assert_memory_equal(two, "ks1.", 4);
	crypt_init("# keys\n\n" AES_1 SM4_1 AES_2, strlen("# keys\n\n" AES_1 SM4_1 AES_2),
	    INDEX, strlen(INDEX));
	three = field_seal(&arena, "c", "text");
	assert_memory_equal(three, "k2.", 3);
	assert_string_equal(field_open(&arena, "c", one), "text");
	assert_string_equal(field_open(&arena, "c", two), "text");
	assert_string_equal(field_open(&arena, "c", three), "text");
	crypt_init(AES_2, strlen(AES_2), INDEX, strlen(INDEX));
	assert_null(field_open(&arena, "c", one));
	assert_null(field_open(&arena, "c", two));
	assert_string_equal(field_open(&arena, "c", three), "text");
	/* The same text under another key's name. */
	assert_null(field_open(&arena, "c", arena_printf(&arena, "k2.%s", one + 3)));
}

/* A value belongs to its column, under either algorithm. */
static void
moved_fields_do_not_open(void **state)
{
	static const char *const	 keys[] = { AES_1, SM4_1 };
	const char			*sealed;
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(keys); i++) {
		crypt_init(keys[i], strlen(keys[i]), INDEX, strlen(INDEX));
		sealed = field_seal(&arena, "person.id", "431102199001010009");
		assert_null(field_open(&arena, "person.name", sealed));
		assert_null(field_open(&arena, "person.i", sealed));
		assert_string_equal(field_open(&arena, "person.id", sealed), "431102199001010009");
	}
}

/* GB/T 32907, appendix A.1: key and text the same. */
static void
sm4_agrees_with_its_standard(void **state)
{
	static const uint8_t	 text[16] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
	    0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };
	EVP_CIPHER_CTX		*ctx = EVP_CIPHER_CTX_new();
	uint8_t			 out[32];
	int			 n = 0;

	(void)state;
	assert_int_equal(EVP_EncryptInit_ex(ctx, EVP_sm4_ecb(), NULL, text, NULL), 1);
	assert_int_equal(EVP_EncryptUpdate(ctx, out, &n, text, sizeof(text)), 1);
	EVP_CIPHER_CTX_free(ctx);
	assert_string_equal(hex_encode(&arena, out, 16), "681edf34d206965e86b3e94f536e4246");
}

static void
a_malformed_reload_keeps_the_keys(void **state)
{
	static const char	 two[] = AES_1 SM4_1;
	const char		*sealed;

	(void)state;
	sealed = field_seal(&arena, "c", "text");
	assert_int_equal(crypt_reload("2 aes 00\n", 9), -1);
	assert_int_equal(crypt_reload("# none\n", 7), -1);
	assert_int_equal(crypt_reload("", 0), -1);
	assert_string_equal(field_open(&arena, "c", sealed), "text");
	assert_int_equal(crypt_reload(two, sizeof(two) - 1), 0);
	assert_string_equal(field_open(&arena, "c", sealed), "text");
	assert_memory_equal(field_seal(&arena, "c", "text"), "ks1.", 4);
}

static void
nonsense_does_not_open(void **state)
{
	static const char *const	 bad[] = {
		"", "k", "k1", "k1.", "1.AAAA", "k1.AAAA", ".", "k.", "k.AAAA", "kk1.AAAA",
		"k1..", "k1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "plain text", "431102199001010009"
	};
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++)
		assert_null(field_open(&arena, "c", bad[i]));
	assert_null(field_open(&arena, "c", NULL));
}

static void
blind_index_tells_equal_values_only(void **state)
{
	char	*id = blind_index(&arena, "id", "43292219700101000X");

	(void)state;
	assert_int_equal(strlen(id), BLIND_INDEX_TEXT - 1);
	assert_string_equal(id, blind_index(&arena, "id", "43292219700101000x"));
	assert_string_equal(id, blind_index(&arena, "id", " 432922 19700101 000X "));
	assert_string_not_equal(id, blind_index(&arena, "id", "431102199001010009"));
	assert_string_not_equal(id, blind_index(&arena, "account", "43292219700101000X"));
	assert_string_equal(blind_index(&arena, "phone", "+86 138-0013-8000"),
	    blind_index(&arena, "phone", "13800138000"));
	assert_string_not_equal(blind_index(&arena, "phone", "13800138000"),
	    blind_index(&arena, "account", "13800138000"));
	/* The border between kind and value counts. */
	assert_string_not_equal(blind_index(&arena, "i", "D1"), blind_index(&arena, "id", "1"));
	assert_null(blind_index(&arena, "id", ""));
	assert_null(blind_index(&arena, "id", " - "));
	crypt_init(AES_1, strlen(AES_1), "another index key 0123456789abcdef", 34);
	assert_string_not_equal(id, blind_index(&arena, "id", "43292219700101000X"));
}

/* Whether crypt_init() ends the process; its complaint is thrown away. */
static bool
init_dies(const char *keys, const char *index)
{
	int	 status;
	pid_t	 pid;

	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
			_exit(3);
		log_init("test", LOG_LEVEL_ERROR, STDOUT_FILENO);
		crypt_init(keys, strlen(keys), index, strlen(index));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 3);
	return (WEXITSTATUS(status) == 1);
}

static void
malformed_keys_end_the_program(void **state)
{
	(void)state;
	assert_false(init_dies(AES_1 SM4_1, INDEX));
	assert_false(init_dies("", ""));
	assert_false(init_dies("1 sm4 0123456789abcdeffedcba9876543210\r\n", INDEX));
	assert_true(init_dies(AES_1 AES_1, INDEX));
	assert_true(init_dies("1 aes 0001\n", INDEX));
	assert_true(init_dies("1 sm4 0123456789abcdeffedcba987654321\n", INDEX));
	assert_true(init_dies("1 sm4 0123456789abcdeffedcba987654321g\n", INDEX));
	assert_true(init_dies("1 sm4 0123456789abcdeffedcba98765432100\n", INDEX));
	assert_true(init_dies("1 des 0123456789abcdeffedcba9876543210\n", INDEX));
	assert_true(init_dies("1 sm4\n", INDEX));
	assert_true(init_dies("1\n", INDEX));
	assert_true(init_dies("a.b sm4 0123456789abcdeffedcba9876543210\n", INDEX));
	assert_true(init_dies("12345678901234567 sm4 0123456789abcdeffedcba9876543210\n", INDEX));
	assert_true(init_dies("# nothing\n", INDEX));
	assert_true(init_dies(AES_1, "short"));
}

static void *
hash_in_a_thread(void *arg)
{
	uint8_t	 out[CHAIN_BYTES], expect[CHAIN_BYTES];
	bool	*same = arg;
	int	 i;

	hmac_sm3("key", 3, "text", 4, expect);
	*same = true;
	for (i = 0; i < 20000; i++) {
		hmac_sm3("key", 3, "text", 4, out);
		*same = *same && memcmp(out, expect, sizeof(out)) == 0;
	}
	return (NULL);
}

static void
digests_work_in_several_threads(void **state)
{
	pthread_t	 threads[3];
	bool		 same[3];
	size_t		 i;

	(void)state;
	for (i = 0; i < NITEMS(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_in_a_thread, &same[i]), 0);
	for (i = 0; i < NITEMS(threads); i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(same[i]);
	}
}

static void
comparison(void **state)
{
	(void)state;
	assert_true(equal_in_constant_time("abcd", "abcd", 4));
	assert_false(equal_in_constant_time("abcd", "abce", 4));
	assert_true(equal_in_constant_time("abcd", "abce", 3));
	assert_true(equal_in_constant_time("", "", 0));
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test_setup_teardown(digests_agree_with_the_standards, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hmac_follows_its_definition, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hmac_sha256_agrees_with_the_standard, set_up, tear_down),
		cmocka_unit_test_setup_teardown(chain_links_every_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(base64url_round_trip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(base64url_is_strict, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sealed_fields_open_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(altered_fields_do_not_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(old_keys_open_and_the_newest_seals, set_up, tear_down),
		cmocka_unit_test_setup_teardown(moved_fields_do_not_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sm4_agrees_with_its_standard, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_malformed_reload_keeps_the_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nonsense_does_not_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(blind_index_tells_equal_values_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(malformed_keys_end_the_program, set_up, tear_down),
		cmocka_unit_test_setup_teardown(digests_work_in_several_threads, set_up, tear_down),
		cmocka_unit_test_setup_teardown(comparison, set_up, tear_down),
	};

	return (cmocka_run_group_tests_name("crypt", tests, NULL, NULL));
}
