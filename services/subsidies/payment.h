/*
 * payment.h -- the file for the bank and the bank's answer (payment_file.c,
 * payment_reply.c), both CSV in UTF-8:
 *
 *	#batch,<batch_no>,<count>,<total_cents>,CNY
 *	seq,pay_no,account,account_name,amount_cents,purpose
 *	1,P2025…,6222…,示例公司,150000,一次性扩岗补助
 *	#HMAC-SM3,<hex over everything before this line>
 *
 *	#batch,<batch_no>,<count>,<total_cents>,CNY
 *	pay_no,status,code,text,time
 *	P2025…,paid,0000,成功,2025-03-10T09:00:00+08:00
 *
 * A reply without its first line must answer every line of the batch.
 */
#ifndef SUBSIDIES_PAYMENT_H
#define SUBSIDIES_PAYMENT_H

#include "http/call.h"

extern const struct shape payment_reply_shape[];

int	payment_batch_file(struct call *);
int	payment_batch_reply(struct call *);

#endif
