/*
 * test_bank_file.c -- the texts between us and a bank: same rows, same bytes;
 * a seal that any byte breaks; replies and statements read, or refused with a
 * line and a reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/subsidies/bank_file.h"

#define HEAD	"pay_no,status,code,text,time\n"
#define T	"2025-03-10T09:00:00+08:00"
#define S_HEAD	"bank_no,day,pay_no,direction,amount_cents,balance_cents,text\n"

static const struct bank_key ours = { .name = "", .key = "0123456789abcdef", .len = 16 };
static const struct bank_key theirs[] = {
	{ .name = "ccb", .key = "ccb key ccb key ccb", .len = 19 },
	{ .name = "rcb", .key = "rcb key rcb key rcb", .len = 19 },
};

static void
write_batch(struct buf *buf, bool digest)
{
	struct bank_pay	p = { .seq = 1, .amount_cents = 150000, .pay_no = "P1", .account = "62220001",
	    .account_name = "示例, \"甲\" 公司", .purpose = "扩岗补助" };

	buf_init(buf, BANK_FILE_MAX);
	bank_write_head(buf, "batch", "B1", 2, 300000);
	bank_write_pay(buf, &p);
	p.seq = 2;
	p.pay_no = "P2";
	p.account_name = "李四";
	p.bank_no = "102565000018";
	bank_write_pay(buf, &p);
	bank_seal(buf, &ours, digest);
}

static void
test_batch_bytes(void **state UNUSED)
{
	static const char	want[] = "#batch,B1,2,300000,CNY\n"
	    "seq,pay_no,account,account_name,amount_cents,purpose,bank_no\n"
	    "1,P1,62220001,\"示例, \"\"甲\"\" 公司\",150000,扩岗补助,\n"
	    "2,P2,62220001,李四,150000,扩岗补助,102565000018\n#HMAC-SM3,";
	struct buf		one, two;

	write_batch(&one, false);
	write_batch(&two, false);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	assert_memory_equal(one.data, want, sizeof(want) - 1);
	assert_int_equal(one.len, sizeof(want) - 1 + 64 + 1);
	buf_release(&one);
	buf_release(&two);
	buf_init(&one, 4096);
	bank_write_head(&one, "inquiry", "B1", 1, 150000);
	bank_write_inquiry(&one, "P1", 150000);
	assert_string_equal(buf_cstr(&one), "#inquiry,B1,1,150000,CNY\npay_no,amount_cents\nP1,150000\n");
	buf_release(&one);
}

static void
test_seal(void **state UNUSED)
{
	const struct bank_key	*whose;
	struct buf		 buf;
	size_t			 body, i, end;
	int			 digest;

	for (digest = 0; digest < 2; digest++) {
		write_batch(&buf, digest);
		end = buf.len;
		assert_int_equal(bank_unseal(buf.data, buf.len, &ours, 1, &body, &whose), BANK_SIGNED);
		assert_ptr_equal(whose, &ours);
		assert_int_equal(buf.data[body], '#');
		assert_memory_equal(buf.data + body, digest ? "#SM3," : "#HMAC-SM3,", digest ? 5 : 10);
		/* A change anywhere is either seen or takes the seal away. */
		for (i = 0; i + 1 < end; i++) {
			buf.data[i] ^= 1;
			assert_int_not_equal(bank_unseal(buf.data, buf.len, &ours, 1, &body, &whose), BANK_SIGNED);
			buf.data[i] ^= 1;
		}
		assert_int_equal(bank_unseal(buf.data, buf.len, theirs, 2, &body, &whose), BANK_FORGED);
		assert_int_equal(bank_unseal(buf.data, buf.len, theirs, 0, &body, &whose), BANK_FORGED);
		buf_release(&buf);
	}
	assert_int_equal(bank_unseal("", 0, &ours, 1, &body, &whose), BANK_UNSIGNED);
	assert_int_equal(bank_unseal("a,b\n", 4, &ours, 1, &body, &whose), BANK_UNSIGNED);
	assert_int_equal(body, 4);
	assert_int_equal(bank_unseal("#HMAC-SM3,00", 12, &ours, 1, &body, &whose), BANK_FORGED);
}

static void
test_named_banks(void **state UNUSED)
{
	const struct bank_key	*whose;
	struct buf		 buf;
	size_t			 body;
	int			 i;

	for (i = 0; i < 2; i++) {
		buf_init(&buf, 4096);
		buf_adds(&buf, HEAD);
		bank_seal(&buf, &theirs[i], false);
		assert_int_equal(bank_unseal(buf.data, buf.len, theirs, 2, &body, &whose), BANK_SIGNED);
		assert_string_equal(whose->name, theirs[i].name);
		assert_int_equal(body, strlen(HEAD));
		/* One bank's name over another one's seal. */
		memcpy(buf.data + buf.len - 4, theirs[1 - i].name, 3);
		assert_int_equal(bank_unseal(buf.data, buf.len, theirs, 2, &body, &whose), BANK_FORGED);
		buf_release(&buf);
	}
}

static void
test_keys(void **state UNUSED)
{
	struct bank_key	keys[BANK_KEYS_MAX];
	const char	*text = "ccb 0123456789abcdef\n\nrcb fedcba98765432100";

	assert_int_equal(bank_keys_read(text, strlen(text), keys), 2);
	assert_string_equal(keys[0].name, "ccb");
	assert_int_equal(keys[0].len, 16);
	assert_int_equal(keys[1].len, 17);
	assert_int_equal(bank_keys_read("0123456789abcdef", 16, keys), 1);
	assert_string_equal(keys[0].name, "");
	assert_int_equal(bank_keys_read("ccb short", 9, keys), 0);
	assert_int_equal(bank_keys_read("", 0, keys), 0);
	text = "a-name-that-is-much-too-long-for-a-bank 0123456789abcdef";
	assert_int_equal(bank_keys_read(text, strlen(text), keys), 0);
}

/* How many rows are good; the fault, or NULL. */
static int
replies(const char *text, const char **fault, int64_t *line)
{
	static struct bank_reader	r;
	struct bank_answer		a;
	int				rc, n = 0;

	if (!bank_read_reply(&r, text, strlen(text)))
		rc = -1;
	else
		while ((rc = bank_next_answer(&r, &a)) == 1)
			n++;
	*fault = rc == -1 ? r.fault : NULL;
	*line = r.csv.line;
	return (n);
}

static void
test_replies(void **state UNUSED)
{
	static const struct {
		const char	*text;
		int		 rows;
		const char	*fault;
		int64_t		 line;
	} cases[] = {
		{ HEAD "P1,paid,0000,成功," T "\nP2,returned,E104,\"账号, 不存在\"," T "\n", 2, NULL, 3 },
		{ "#batch,B1,1,150000,CNY\n" HEAD "P1,refunded,E102,," T "\nP2,unknown,,," T "\n", 2, NULL, 4 },
		{ "", 0, "文件为空", 0 },
		{ "P1,paid,0000,成功," T "\n", 0, "列名不符", 1 },
		{ "#batch,B1,1,150000,USD\n" HEAD, 0, "首行格式有误", 1 },
		{ "#batch,B1,x,150000,CNY\n" HEAD, 0, "首行格式有误", 1 },
		{ "#batch,B1,1,-1,CNY\n" HEAD, 0, "首行格式有误", 1 },
		{ "#batch,,1,1,CNY\n" HEAD, 0, "首行格式有误", 1 },
		{ "#batch,B1,1,1,CNY\n", 0, "首行格式有误", 1 },
		{ HEAD "P1,paid,0000,成功," T "\nP2,lost,,," T "\n", 1, "明细格式有误", 3 },
		{ HEAD "P 1,paid,0000,成功," T "\n", 0, "明细格式有误", 2 },
		{ HEAD ",paid,0000,成功," T "\n", 0, "明细格式有误", 2 },
		{ HEAD "P1,paid,0000,成功,yesterday\n", 0, "明细格式有误", 2 },
		{ HEAD "P1,paid,0000,成功\n", 0, "明细格式有误", 2 },
		{ HEAD "P1,paid,012345678901234567890123456789012,x," T "\n", 0, "明细格式有误", 2 },
	};
	const char	*fault;
	int64_t		 line;
	size_t		 i;

	for (i = 0; i < NITEMS(cases); i++) {
		assert_int_equal(replies(cases[i].text, &fault, &line), cases[i].rows);
		if (cases[i].fault == NULL)
			assert_null(fault);
		else
			assert_string_equal(fault, cases[i].fault);
		assert_int_equal(line, cases[i].line);
	}
}

static int
movements(const char *text, const char **fault)
{
	static struct bank_reader	r;
	struct bank_movement		m;
	int				rc, n = 0;

	if (!bank_read_statement(&r, text, strlen(text)))
		rc = -1;
	else
		while ((rc = bank_next_movement(&r, &m)) == 1)
			n++;
	*fault = rc == -1 ? r.fault : NULL;
	return (n);
}

static void
test_statements(void **state UNUSED)
{
	static const struct {
		const char	*text;
		int		 rows;
		const char	*fault;
	} cases[] = {
		{ "#statement,431129,2025-03-01,2025-03-02,100,60,CNY\n" S_HEAD "1,2025-03-01,P1,out,50,50,\n2,2025-03-02,,in,10,60,息\n", 2, NULL },
		{ "#statement,431129,2025-03-01,2025-03-01,100,-50,CNY\n" S_HEAD "1,2025-03-01,P1,out,150,-50,\n", 1, NULL },
		{ "#statement,431129,2025-03-01,2025-03-01,100,100,CNY\n" S_HEAD, 0, NULL },
		{ "#statement,431129,2025-03-02,2025-03-01,100,100,CNY\n" S_HEAD, 0, "首行格式有误" },
		{ "#statement,431129,2025-03-01,2025-03-01,100,60,CNY\n" S_HEAD, 0, "期末余额与明细不符" },
		{ "#statement,431129,2025-03-01,2025-03-01,100,60,CNY\n" S_HEAD "1,2025-03-01,P1,out,40,61,\n", 0, "余额不连续" },
		{ "#statement,431129,2025-03-01,2025-03-01,100,60,CNY\n" S_HEAD "1,2025-03-02,P1,out,40,60,\n", 0, "明细格式有误" },
		{ "#statement,431129,2025-03-01,2025-03-01,100,60,CNY\n" S_HEAD "1,2025-03-01,P1,out,0,60,\n", 0, "明细格式有误" },
		{ "#statement,431129,2025-03-01,2025-03-01,100,60,CNY\n" S_HEAD "1,2025-03-01,P1,gone,40,60,\n", 0, "明细格式有误" },
		{ "#statement,431129,2025-03-01,2025-03-01,100,9999999999999999,CNY\n" S_HEAD, 0, "首行格式有误" },
		{ "", 0, "首行格式有误" },
	};
	const char	*fault;
	size_t		 i;

	for (i = 0; i < NITEMS(cases); i++) {
		assert_int_equal(movements(cases[i].text, &fault), cases[i].rows);
		if (cases[i].fault == NULL)
			assert_null(fault);
		else
			assert_string_equal(fault, cases[i].fault);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_batch_bytes),
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_named_banks),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_statements),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
