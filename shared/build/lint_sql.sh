#!/bin/bash
# lint_sql.sh -- events: what statements write, what routes promise and what
# events/catalog.def lists must be the same thing.
set -euo pipefail
cd "$(dirname "$0")/../.."

CATALOG=shared/events/catalog.def
TYPE='[a-z]+\.[a-z_]+\.[a-z_]+\.v[0-9]+'
faults=0

fault() { echo "$*"; faults=$((faults + 1)); }
listed() { grep -qF "\"$1\", \"$2\"" "$CATALOG"; }	# source, type
written() {
	grep -qrF "'$2'" "sql/$1" 2>/dev/null || {
		# By what every service has: its cases.
		grep -qrF "'.${2#*.}'" sql/platform && [ "$1" != monitoring ]
	} || {
		# By what platform.make_selection() makes for the service.
		grep -qrF "'@schema@.${2#*.}'" sql/platform && grep -qrF "make_selection('$1'" "sql/$1"
	}
}

# A statement writes only events of its own service, and only listed ones.
while IFS=: read -r file line type; do
	schema=$(echo "$file" | cut -d/ -f2)
	type=${type//\'/}
	listed "$schema" "$type" || fault "$file:$line: $type is no event of $schema in $CATALOG"
done < <(grep -rnoE "'$TYPE'" sql/*/queries 2>/dev/null | grep -v ^sql/platform/ || true)

# A route's .emits is listed and written by a statement of its service.
while IFS=: read -r file line text; do
	service=$(echo "$file" | cut -d/ -f2)
	for type in $(echo "$text" | grep -oE "$TYPE"); do
		listed "$service" "$type" || fault "$file:$line: $type is no event of $service in $CATALOG"
		written "$service" "$type" || fault "$file:$line: no statement of $service writes $type"
	done
done < <(grep -rnoE "\.emits = \"[^\"]*\"" services --include='*.c' 2>/dev/null || true)

# Every listed event is written by somebody.
while read -r id source type; do
	written "$source" "$type" || grep -qrw "EV_$id" "services/$source" ||
	    fault "$CATALOG: nobody writes $type"
done < <(sed -n 's/^EVENT(\([A-Z_]*\), "\([a-z]*\)", "\([^"]*\)".*/\1 \2 \3/p' "$CATALOG")

[ "$faults" = 0 ] && echo "lint: events agree" || { echo "lint: $faults faults in events"; exit 1; }
