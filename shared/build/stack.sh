#!/bin/bash
# stack.sh -- one city on this machine: private PostgreSQL and Redis, the
# seven programs, their keys and ports, everything under $RUN.
#
#   stack.sh packages [test]   install what is missing (root or sudo)
#   stack.sh up | down | status | logs | sign-in
#   stack.sh programs-up | programs-down   only the seven, not waiting for them
#   stack.sh pg-up | redis-up              only that server, if it is not running
#   stack.sh check-index                   the index of postings against the database
#   stack.sh check-figures | rebuild-figures   what monitoring shows, from the event logs
#   stack.sh reload [program]  each started anew beside the old one, which then leaves
#   stack.sh run | demo        up, the main job, then serve until Ctrl-C | down
#
# Nothing here runs as root but apt: started by root, the servers run as the
# `postgres` user that Debian's package brings. A system PostgreSQL or Redis
# is never touched: ours have their own data, sockets and no TCP port.
set -euo pipefail

RUN=$(mkdir -p "${RUN:-.run}" && cd "${RUN:-.run}" && pwd)
BUILD=${BUILD:-.build/release}
BIN=$(cd "$(dirname "$0")/../.." && pwd)/$BUILD/bin
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
PROGRAMS="identity jobs training entrepreneurship subsidies monitoring gateway"
PG_BIN=${PG_BIN:-/usr/lib/postgresql/15/bin}
PEOPLE=${PEOPLE:-50000} EMPLOYERS=${EMPLOYERS:-3000} SEED=${SEED:-365}
GATEWAY_HOST=${GATEWAY_HOST:-127.0.0.1} GATEWAY_PORT=${GATEWAY_PORT:-8365}
GATEWAY_IP=$([[ $GATEWAY_HOST =~ ^[0-9.]+$ ]] && echo "$GATEWAY_HOST" || echo 127.0.0.1)

PACKAGES_RUN="gcc libc6-dev make pkg-config openssl kore libssl-dev libpq-dev libhiredis-dev
 libjwt-dev libjansson-dev zlib1g-dev libsodium-dev libroaring-dev libqrencode-dev libxlsxwriter-dev postgresql-15 redis-server nodejs"
PACKAGES_TLS="haproxy"
PACKAGES_TEST="clang libclang-rt-14-dev libcmocka-dev npm haproxy"
PACKAGES_BENCH="wrk haproxy groonga-bin"

say() { printf '\033[1m%s\033[0m\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# ---- packages --------------------------------------------------------------

missing() {
	local p
	for p in "$@"; do
		case $p in
		nodejs) command -v node >/dev/null && continue ;;
		npm) command -v npm >/dev/null && continue ;;
		esac
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || echo "$p"
	done
}

packages() {
	local want="$PACKAGES_RUN" lack sudo=
	case "${1:-}" in
	test) want="$want $PACKAGES_TEST" ;;
	bench) want="$want $PACKAGES_BENCH" ;;
	esac
	[ -z "${TLS:-}" ] || want="$want $PACKAGES_TLS"
	lack=$(missing $want | tr '\n' ' ')
	[ -n "$lack" ] || return 0
	say "安装 Debian 软件包: $lack"
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || die "需要 root 或 sudo 来安装: $lack"
		sudo=sudo
	fi
	# The packages must not start servers of their own or make a cluster.
	if ! dpkg-query -W postgresql-common >/dev/null 2>&1; then
		$sudo mkdir -p /etc/postgresql-common/createcluster.d
		echo 'create_main_cluster = false' |
		    $sudo tee /etc/postgresql-common/createcluster.d/no-main-cluster.conf >/dev/null
	fi
	$sudo apt-get update -qq
	$sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
	    apt-get install -y -qq --no-install-recommends $lack >/dev/null
}

# ---- who runs the servers ---------------------------------------------------

as_user() {
	if [ "$(id -u)" != 0 ]; then
		"$@"
	elif [ -e "$RUN/.reach" ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	else
		# The tree may lie where only root may look, as in /root.
		setpriv --reuid=postgres --regid=postgres --clear-groups \
		    --inh-caps=+dac_read_search --ambient-caps=+dac_read_search "$@"
	fi
}

own() { [ "$(id -u)" != 0 ] || chown -R postgres:postgres "$@"; }

layout() {
	mkdir -p "$RUN"/{log,pid,secrets,redis,sample} "$RUN"/bank/{outbox,inbox}
	[ "$(id -u)" != 0 ] || chown -R postgres:postgres "$RUN/bank"
	if [ "$(id -u)" = 0 ]; then
		rm -f "$RUN/.reach"
		if setpriv --reuid=postgres --regid=postgres --clear-groups \
		    test -x "$BIN/gateway" -a -x "$RUN" 2>/dev/null; then
			touch "$RUN/.reach"
		fi
	fi
	# A socket's path may have 107 bytes.
	if [ ! -s "$RUN/sockets" ] || [ ! -d "$(cat "$RUN/sockets")" ]; then
		if [ ${#RUN} -lt 80 ]; then
			mkdir -p "$RUN/sock"
			echo "$RUN/sock" >"$RUN/sockets"
		else
			mktemp -d /tmp/yjy.XXXXXX >"$RUN/sockets"
		fi
	fi
	SOCK=$(cat "$RUN/sockets")
	chmod 700 "$RUN/secrets" "$SOCK"
}

# ---- keys, ports, environment -----------------------------------------------

secrets() {
	local s=$RUN/secrets
	[ -s "$s/service.key" ] || openssl rand -hex 32 >"$s/service.key"
	[ -s "$s/index.key" ] || openssl rand -hex 32 >"$s/index.key"
	[ -s "$s/cursor.key" ] || openssl rand -hex 32 >"$s/cursor.key"
	[ -s "$s/field.keys" ] || echo "1 aes $(openssl rand -hex 32)" >"$s/field.keys"
	[ -s "$s/signing.pem" ] ||
	    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$s/signing.pem" 2>/dev/null
	[ -s "$s/bank.key" ] || openssl rand -hex 32 >"$s/bank.key"
	[ -s "$s/bank-reply.keys" ] || echo "bank $(openssl rand -hex 32)" >"$s/bank-reply.keys"
	chmod 600 "$s"/*
}

# TLS=1: an authority of this installation and a certificate for its door.
certificates() {
	local s=$RUN/secrets
	[ ! -s "$s/door.pem" ] || return 0
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 \
	    -subj "/CN=yjy365 development CA" -keyout "$s/ca.key" -out "$s/ca.pem" \
	    -addext basicConstraints=critical,CA:TRUE 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$GATEWAY_HOST" \
	    -keyout "$s/door.key" -out "$s/door.csr" 2>/dev/null
	openssl x509 -req -in "$s/door.csr" -CA "$s/ca.pem" -CAkey "$s/ca.key" -CAcreateserial -days 397 \
	    -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:%s\n' "$GATEWAY_IP") \
	    -out "$s/door.crt" 2>/dev/null
	cat "$s/door.crt" "$s/door.key" >"$s/door.pem"
	chmod 600 "$s"/*
}

# Ends TLS, and tells the gateway whom it speaks for (PROXY protocol 2).
front_config() {
	cat >"$RUN/haproxy.cfg" <<-EOF
	global
		maxconn 8000
		ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
		ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20
		ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
	defaults
		mode tcp
		timeout connect 2s
		timeout client 150s
		timeout server 150s
	frontend tls
		bind $GATEWAY_HOST:$(port_of tls) ssl crt $RUN/secrets/door.pem alpn http/1.1
		default_backend door
	backend door
		server gateway 127.0.0.1:$(port_of proxied) send-proxy-v2-ssl
	EOF
}

front_up() {
	[ -n "${TLS:-}" ] || return 0
	alive "$RUN/pid/front" && return 0
	front_config
	as_user haproxy -D -p "$RUN/pid/front" -f "$RUN/haproxy.cfg" >>"$RUN/log/front.log" 2>&1 ||
	    { tail -n 5 "$RUN/log/front.log"; die "HAProxy 没有启动"; }
}

door_url() {
	if [ -n "${TLS:-}" ]; then echo "https://$GATEWAY_HOST:$(port_of tls)"
	else echo "http://$GATEWAY_HOST:$(port_of gateway)"; fi
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

ports() {
	local p name port=${PORT_BASE:-18365}
	[ ! -s "$RUN/ports" ] || ! running || return 0
	: >"$RUN/ports.new"
	for name in $PROGRAMS ${TLS:+tls proxied}; do
		if [ "$name" = gateway ]; then port=$GATEWAY_PORT; fi
		if [ "$name" = tls ]; then port=${TLS_PORT:-8443}; fi
		p=$(awk -v n="$name" '$1 == n { print $2 }' "$RUN/ports" 2>/dev/null || true)
		if [ -z "$p" ] || port_taken "$p"; then
			while port_taken "$port" || grep -q " $port\$" "$RUN/ports.new"; do
				port=$((port + 1))
			done
			p=$port
		fi
		echo "$name $p" >>"$RUN/ports.new"
		port=$((port + 1))
	done
	mv "$RUN/ports.new" "$RUN/ports"
}

port_of() { awk -v n="$1" '$1 == n { print $2 }' "$RUN/ports"; }

environment() {
	local name
	{
		echo "YJY_PG=host=$SOCK dbname=yjy"
		echo "YJY_REDIS=unix:$SOCK/redis.sock"
		echo "YJY_SANDBOX=on"
		echo "YJY_CLOCK_FILE=$RUN/clock"
		echo "YJY_EVERY_PERCENT=${YJY_EVERY_PERCENT:-100}"
		# A demonstration or a benchmark is one address and few callers.
		for name in READ WRITE LOGIN CLIENT ADDRESS PARTNER CHANGE SIGN_IN; do
			local limit=YJY_LIMIT_$name
			echo "$limit=${!limit:-100000000}"
		done
		echo "YJY_LIMIT_LOOKUP=${YJY_LIMIT_LOOKUP:-300}"
		echo "YJY_SMS_DAY_ADDRESS=${YJY_SMS_DAY_ADDRESS:-0}"
		echo "YJY_ORG_AUTOCONFIRM=${YJY_ORG_AUTOCONFIRM:-on}"
		echo "YJY_REFERENCE=$ROOT/sql/reference"
		echo "YJY_MATTERS=$ROOT/gateway/matters.json"
		echo "YJY_BUNDLES=$ROOT/gateway/bundles.json"
		echo "YJY_ISSUER=$(door_url)"
		if [ -n "${TLS:-}" ]; then
			echo "YJY_ADMIN_TLS=on"
			echo "YJY_LISTEN_PROXY=127.0.0.1:$(port_of proxied)"
		else
			echo "YJY_ADMIN_TLS=off"
		fi
		echo "YJY_SERVICE_KEY_FILE=$RUN/secrets/service.key"
		echo "YJY_INDEX_KEY_FILE=$RUN/secrets/index.key"
		echo "YJY_CURSOR_KEY_FILE=$RUN/secrets/cursor.key"
		echo "YJY_FIELD_KEYS_FILE=$RUN/secrets/field.keys"
		echo "YJY_BANK_KEY_FILE=$RUN/secrets/bank.key"
		echo "YJY_BANK_REPLY_KEYS_FILE=$RUN/secrets/bank-reply.keys"
		# BANK_FOLDERS=1: the bank fetches its files from, and leaves its replies in, ours.
		echo "YJY_BANK_OUTBOX=${BANK_FOLDERS:+$RUN/bank/outbox}"
		echo "YJY_BANK_INBOX=${BANK_FOLDERS:+$RUN/bank/inbox}"
		for name in $PROGRAMS; do
			[ "$name" = gateway ] || echo "YJY_${name^^}=127.0.0.1:$(port_of "$name")"
		done
	} >"$RUN/env"
}

load_env() {
	set -a
	while IFS='=' read -r k v; do printf -v "$k" '%s' "$v"; export "${k?}"; done <"$RUN/env"
	set +a
}

# ---- PostgreSQL and Redis ---------------------------------------------------

alive() { [ -s "$1" ] && kill -0 "$(head -n 1 "$1" 2>/dev/null)" 2>/dev/null; }

pg_up() {
	if [ ! -s "$RUN/pg/PG_VERSION" ]; then
		mkdir -p "$RUN/pg"
		own "$RUN/pg" "$SOCK" "$RUN/log" "$RUN/pid" "$RUN/redis" "$RUN/sample" "$RUN/secrets"
		as_user "$PG_BIN/initdb" -D "$RUN/pg" -U yjy -A trust -E UTF8 --locale=C.UTF-8 \
		    --no-sync >"$RUN/log/initdb.log" 2>&1 || { cat "$RUN/log/initdb.log"; exit 1; }
		cat >>"$RUN/pg/postgresql.conf" <<-EOF
		listen_addresses = ''
		unix_socket_directories = '$SOCK'
		max_connections = 250
		shared_buffers = 192MB
		max_wal_size = 2GB
		checkpoint_timeout = 15min
		log_min_duration_statement = 1000
		jit = off
		EOF
	fi
	alive "$RUN/pg/postmaster.pid" && return 0
	as_user "$PG_BIN/pg_ctl" -D "$RUN/pg" -w -s -l "$RUN/log/postgres.log" start ||
	    { tail -n 20 "$RUN/log/postgres.log"; exit 1; }
	as_user psql -h "$SOCK" -U yjy -d postgres -Atqc \
	    "SELECT 1 FROM pg_database WHERE datname = 'yjy'" | grep -q 1 ||
	    as_user createdb -h "$SOCK" -U yjy yjy
}

redis_up() {
	alive "$RUN/pid/redis" && return 0
	as_user redis-server --port 0 --unixsocket "$SOCK/redis.sock" --save '' --appendonly no \
	    --daemonize yes --pidfile "$RUN/pid/redis" --logfile "$RUN/log/redis.log" \
	    --dir "$RUN/redis" >/dev/null
}

# ---- the programs -----------------------------------------------------------

running() { local n; for n in $PROGRAMS; do alive "$RUN/pid/$n.supervisor" || return 1; done; }

# A program that ends unasked is started again, never faster than five times a second.
supervise() {
	local name=$1 child again=
	echo $$ >"$RUN/pid/$name.supervisor"
	load_env
	ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
	export YJY_LISTEN=127.0.0.1:$(port_of "$name") YJY_PID_FILE=$RUN/pid/$name
	if [ "$name" = gateway ]; then YJY_LISTEN=$GATEWAY_HOST:$(port_of gateway); fi
	if [ "$name" = identity ]; then export YJY_SIGNING_KEY_FILE=$RUN/secrets/signing.pem; fi
	trap 'touch "$RUN/pid/$name.stop"; kill -TERM $(jobs -p) 2>/dev/null' TERM
	trap 'again=1' USR1
	trap '' INT
	rm -f "$RUN/pid/$name.stop"
	while [ ! -e "$RUN/pid/$name.stop" ]; do
		"$BIN/$name" &
		child=$!
		while kill -0 "$child" 2>/dev/null; do
			wait "$child" || true
			if [ -n "$again" ]; then again=; take_over "$name"; fi
		done
		[ -e "$RUN/pid/$name.stop" ] || sleep 0.2
	done
	wait
	rm -f "$RUN/pid/$name.supervisor" "$RUN/pid/$name.stop" "$RUN/pid/$name.child"
}

# The new one starts beside the old, on the same port, and is heard once it is
# ready; then the old one takes nobody new and leaves when its clients have.
take_over() {
	local name=$1 old=$child new from
	from=$(stat -c %s "$RUN/log/$name.log")
	YJY_WAIT_READY_MS=10000 YJY_PID_FILE=$RUN/pid/$name.new "$BIN/$name" &
	new=$!
	until tail -c +$((from + 1)) "$RUN/log/$name.log" | grep -q '"serving on port'; do
		if ! kill -0 "$new" 2>/dev/null; then echo "$name: the new one did not start, the old one stays"; return 0; fi
		sleep 0.05
	done
	child=$new
	echo "$new" >"$RUN/pid/$name.child"
	kill -QUIT "$old" 2>/dev/null || true
	# Whoever leaves removes the file that names it.
	{ while kill -0 "$old" 2>/dev/null; do sleep 0.2; done
	  cp "$RUN/pid/$name.child" "$RUN/pid/$name" 2>/dev/null || true; } &
}

reload() {
	local name before until
	layout
	for name in ${1:-$PROGRAMS}; do
		alive "$RUN/pid/$name.supervisor" || die "$name 没有运行"
		before=$(cat "$RUN/pid/$name.child" 2>/dev/null || true)
		kill -USR1 "$(cat "$RUN/pid/$name.supervisor")"
		until=$((SECONDS + 15))
		while [ "$(cat "$RUN/pid/$name.child" 2>/dev/null || true)" = "$before" ]; do
			[ $SECONDS -lt $until ] || die "$name 没有换新，见 $RUN/log/$name.log"
			sleep 0.05
		done
	done
}

program_up() {
	alive "$RUN/pid/$1.supervisor" && return 0
	GATEWAY_HOST=$GATEWAY_HOST BUILD=$BUILD RUN=$RUN \
	    as_user setsid bash "$0" supervise "$1" </dev/null >>"$RUN/log/$1.log" 2>&1 &
}

http_status() {
	local line
	exec 3<>"/dev/tcp/$1/$2" || return 1
	printf 'GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' "$3" >&3
	IFS= read -r -t 2 line <&3 || line=
	exec 3>&-
	[[ $line == HTTP/1.1\ 200* ]]
} 2>/dev/null

wait_ready() {
	local name until=$((SECONDS + ${1:-${READY_S:-60}})) host
	for name in $PROGRAMS; do
		host=127.0.0.1
		[ "$name" != gateway ] || host=$GATEWAY_HOST
		until http_status "$host" "$(port_of "$name")" /readyz; do
			[ $SECONDS -lt $until ] ||
			    { tail -n 5 "$RUN/log/$name.log"; die "$name 没有就绪，见 $RUN/log/$name.log"; }
			sleep 0.05
		done
	done
}

load_city() {
	local city="$PEOPLE 人、$EMPLOYERS 家单位（种子 $SEED）"
	if [ -e "$RUN/loaded" ]; then
		[ "$(cat "$RUN/loaded")" = "$city" ] ||
		    say "沿用已有的示例城市：$(cat "$RUN/loaded")；make clean 后可另建"
		return 0
	fi
	say "建库并装载参考数据：14 个县级单位、195 个乡镇街道、3,331 个村（社区）"
	as_user "$BIN/yjyctl" migrate
	if [ "$PEOPLE" != 0 ]; then
		say "生成示例城市：$city"
		as_user bash -c 'set -o pipefail; "$1" --people "$2" --employers "$3" --seed "$4" \
		    --sign-in "$5/secrets/sign-in.json" --files "$5/sample" | cat - "$7" |
		    psql -h "$6" -U yjy -d yjy -q -v ON_ERROR_STOP=1 >/dev/null' \
		    sh "$BIN/sample" "$PEOPLE" "$EMPLOYERS" "$SEED" "$RUN" "$SOCK" \
		    "$ROOT/tests/sample/tell.sql"
	fi
	echo "$city" >"$RUN/loaded"
}

up() {
	local name t0=${EPOCHREALTIME/./}
	layout
	secrets
	[ -z "${TLS:-}" ] || certificates
	ports
	environment
	own "$RUN"
	load_env
	pg_up
	redis_up
	load_city
	[ ! -e "$RUN/loaded" ] || as_user "$BIN/yjyctl" migrate >/dev/null
	# Says something once: while the city has no officer at all.
	as_user "$BIN/yjyctl" enrol
	local t1=${EPOCHREALTIME/./}
	[ -n "${TLS:-}" ] || echo '沙箱未启用 TLS：工作人员可经明文 HTTP 登录（YJY_ADMIN_TLS=off）；make run TLS=1 启用'
	for name in $PROGRAMS; do program_up "$name"; done
	wait_ready
	front_up
	local t2=${EPOCHREALTIME/./}
	printf '七个程序就绪，用时 %d.%02d 秒（数据库 %d.%02d 秒）\n' $(((t2 - t1) / 1000000)) \
	    $(((t2 - t1) % 1000000 / 10000)) $(((t1 - t0) / 1000000)) $(((t1 - t0) % 1000000 / 10000))
}

programs_up() {
	local name
	layout
	load_env
	for name in $PROGRAMS; do program_up "$name"; done
}

programs_down() {
	local name until
	layout
	for name in gateway subsidies jobs training entrepreneurship monitoring identity; do
		if alive "$RUN/pid/$name.supervisor"; then
			kill -TERM "$(cat "$RUN/pid/$name.supervisor")" 2>/dev/null || true
		fi
	done
	until=$((SECONDS + 15))
	for name in $PROGRAMS; do
		while alive "$RUN/pid/$name.supervisor" && [ $SECONDS -lt $until ]; do sleep 0.05; done
		if alive "$RUN/pid/$name"; then kill -KILL "$(cat "$RUN/pid/$name")" 2>/dev/null || true; fi
		rm -f "$RUN/pid/$name.supervisor"
	done
}

down() {
	if alive "$RUN/pid/front"; then kill -TERM "$(cat "$RUN/pid/front")"; rm -f "$RUN/pid/front"; fi
	programs_down
	if alive "$RUN/pid/redis"; then kill -TERM "$(cat "$RUN/pid/redis")"; fi
	if [ -s "$RUN/pg/postmaster.pid" ]; then
		as_user "$PG_BIN/pg_ctl" -D "$RUN/pg" -m fast -w -s stop || true
	fi
}

status() {
	local name state
	layout
	for name in $PROGRAMS; do
		state=停止
		if alive "$RUN/pid/$name.supervisor"; then
			state=未就绪
			http_status 127.0.0.1 "$(port_of "$name")" /readyz && state=就绪
		fi
		printf '%-18s %-8s %s\n' "$name" "$(port_of "$name" 2>/dev/null)" "$state"
	done
	alive "$RUN/pg/postmaster.pid" && echo "postgresql         $SOCK" || echo "postgresql         停止"
	alive "$RUN/pid/redis" && echo "redis              $SOCK/redis.sock" || echo "redis              停止"
}

# ---- the main job -----------------------------------------------------------

main_job() {
	[ -z "${TLS:-}" ] || export NODE_EXTRA_CA_CERTS=$RUN/secrets/ca.pem
	YJY_URL=$(door_url) YJY_SIGN_IN=$RUN/secrets/sign-in.json \
	    YJY_SAMPLE=$RUN/sample node "$ROOT/tests/e2e/main_job.mjs"
}

where() {
	local url
	url=$(door_url)
	cat <<-EOF

	接口文档   $url/docs      （OpenAPI 3.1: $url/openapi.json）
	就绪状态   $url/readyz    运行日志 $RUN/log/*.log
	EOF
	[ ! -s "$RUN/secrets/sign-in.json" ] || sign_in
	echo '动态码随时可用 make sign-in 再看'
}

run() {
	trap down EXIT
	trap 'trap "" INT TERM; echo; say 正在停止; exit 0' INT TERM
	up
	main_job
	where
	say "服务中，按 Ctrl-C 停止"
	sleep infinity &
	trap 'kill $! || true; down' EXIT
	wait
}

demo() {
	trap down EXIT
	trap 'trap "" INT TERM; exit 1' INT TERM
	up
	main_job
}

# Every statement prepared, as the role that will run it, on a migrated database.
check_sql() {
	trap 'down' EXIT
	layout
	secrets
	ports
	environment
	own "$RUN"
	load_env
	pg_up
	as_user "$BIN/yjyctl" migrate >/dev/null
	as_user "$BIN/yjyctl" check-sql
}

# Accounts, passwords and one-time codes of this installation's sample city.
sign_in() { YJY_SIGN_IN=$RUN/secrets/sign-in.json node "$ROOT/tests/e2e/sign_in.mjs"; }

# Of the running city: every difference is printed, and there should be none.
check_index() { YJY_RUN=$RUN node "$ROOT/tests/e2e/check_index.mjs"; }

case "${1:-}" in
packages) packages "${2:-}" ;;
up) up; where ;;
down) down ;;
programs-up) programs_up ;;
programs-down) programs_down ;;
pg-up) layout; pg_up ;;
redis-up) layout; redis_up ;;
reload) reload "${2:-}" ;;
status) status ;;
logs) exec tail -n 20 -F "$RUN"/log/*.log ;;
run) run ;;
demo) demo ;;
sign-in) sign_in ;;
check-index) check_index ;;
check-figures | rebuild-figures | catch-up-figures) load_env; as_user "$BIN/yjyctl" figures "${1%-*}" ;;
config) load_env; exec "$BIN/yjyctl" config ;;
check-sql) check_sql ;;
supervise) supervise "$2" ;;
*) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
