/*
 * market_book.h -- a quarter's report as a workbook of several sheets, made of
 * what GET /v1/monitoring/market/reports/{id} answers.
 */
#ifndef MONITORING_MARKET_BOOK_H
#define MONITORING_MARKET_BOOK_H

#include "json/json.h"
#include "table/table.h"

/* Fills an open table: the whole, the ten at either end, and a sheet a part. */
void	market_book(struct table *, const struct json *report);

#endif
