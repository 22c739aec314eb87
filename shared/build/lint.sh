#!/bin/bash
# lint.sh fast|all -- `fast` reads the files; `all` also compiles everything
# with the other compiler and prepares every SQL statement.
set -euo pipefail
cd "$(dirname "$0")/../.."

node shared/build/lint.mjs
bash shared/build/lint_sql.sh
[ "${1:-all}" = all ] || exit 0

echo "lint: clang"
make --no-print-directory -j"$(nproc)" CC=clang BUILD=.build/clang build >/dev/null
echo "lint: statements"
rm -rf .build/lint-run
BUILD=.build/clang RUN=.build/lint-run PORT_BASE=25365 GATEWAY_PORT=25380 \
    bash shared/build/stack.sh check-sql
for p in identity jobs training entrepreneurship subsidies monitoring gateway; do
	".build/clang/bin/$p" --routes >/dev/null
done
echo "lint: done"
