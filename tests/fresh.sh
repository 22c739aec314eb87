#!/bin/bash
# fresh.sh -- the two commands on a machine that has nothing: a bare Debian 12
# root made with debootstrap, holding `make` and `git` and no more, a clone of
# HEAD in it; then `make run` until the job is done and Ctrl-C, the same again
# with Ctrl-C while the city loads, `make demo`, `make test`.
# Run as root; needs debootstrap and a Debian mirror.
#
#   fresh.sh [root] [hidden] [user]      default: all three
#     root    as root, the clone where everybody may look (/srv)
#     hidden  as root, the clone where only root may look (/root)
#     user    as an ordinary user who may use sudo, in the home directory
#
# FRESH_STEPS="run stop demo test"   what is done, in this order; also: ci
# FRESH_DIR=.build/fresh        base, package cache, roots and logs
# FRESH_HOST=1                  copy this machine's way to its packages into the
#                               root: apt sources and proxy, name servers, certificates
# FRESH_MIRROR=                 a mirror for debootstrap instead of its own default
# FRESH_KEEP=1                  leave the root for a look
#
# Everything runs in its own mount and process namespaces: however this ends,
# nothing stays mounted and nothing stays running.
set -euo pipefail

STEPS=${FRESH_STEPS:-run stop demo test}
VISITOR=visitor
PROGRAMS="identity jobs training entrepreneurship subsidies monitoring gateway"

die() { printf 'fresh: %s\n' "$*" >&2; exit 1; }

# ---- in front of the root ----------------------------------------------------

# Of apt's configuration only what says where and how to fetch.
copy_host() {
	local root=$1 f
	rm -f "$root/etc/apt/sources.list"
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources \
	    /etc/apt/trusted.gpg.d/*; do
		[ ! -f "$f" ] || cp "$f" "$root$f"
	done
	for f in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
		[ ! -f "$f" ] || ! grep -q 'Acquire::' "$f" || cp "$f" "$root$f"
	done
	mkdir -p "$root/usr/local/share/ca-certificates"
	for f in /usr/local/share/ca-certificates/*.crt; do
		[ ! -f "$f" ] || cp "$f" "$root$f"
	done
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

make_base() {
	[ ! -s "$DIR/base.tar" ] || return 0
	echo "fresh: debootstrap"
	rm -rf "$DIR/base"
	debootstrap --variant=minbase bookworm "$DIR/base" ${FRESH_MIRROR:+"$FRESH_MIRROR"} \
	    >"$DIR/debootstrap.log" 2>&1 || { tail -n 20 "$DIR/debootstrap.log"; die "no base"; }
	tar -C "$DIR/base" -cf "$DIR/base.tar.new" .
	mv "$DIR/base.tar.new" "$DIR/base.tar"
	rm -rf "$DIR/base"
}

make_root() {
	local root=$1
	rm -rf "$root"
	mkdir -p "$root"
	tar -C "$root" -xpf "$DIR/base.tar"
	[ -z "${FRESH_HOST:-}" ] || copy_host "$root"
	git -C "$TREE" bundle create -q "$root/tree.bundle" HEAD
	cp "$TREE/tests/fresh.sh" "$root/fresh.sh"
}

# In namespaces of its own, which end with this function.
mounted() {
	mount -t proc proc "$1/proc"
	mount -t sysfs -o ro sysfs "$1/sys"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$1/dev/pts"
	mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
	mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
	mount --bind "$DIR/debs" "$1/var/cache/apt/archives"
	exec chroot "$1" env -i --default-signal PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    HOME=/root TERM="${TERM:-dumb}" FRESH_STEPS="$STEPS" bash /fresh.sh inside "$2"
}

one() {
	local root=$DIR/root.$1 log=$DIR/$1.log rc=0
	echo "== $1: $(git -C "$TREE" log -1 --format='%h %s')"
	make_root "$root"
	DIR=$DIR setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child \
	    bash "$0" mounted "$root" "$1" 3>&1 >"$log" 2>&1 </dev/null &
	wait $! || rc=$?
	[ $rc = 0 ] || { tail -n 40 "$log"; echo "fresh: $1 failed ($rc), see $log"; }
	[ -n "${FRESH_KEEP:-}" ] || rm -rf "$root"
	return $rc
}

outside() {
	local case rc=0
	[ "$(id -u)" = 0 ] || die "must be root"
	command -v debootstrap >/dev/null || die "debootstrap is not installed"
	TREE=$(cd "$(dirname "$0")/.." && pwd)
	DIR=$(mkdir -p "${FRESH_DIR:-$TREE/.build/fresh}" && cd "${FRESH_DIR:-$TREE/.build/fresh}" && pwd)
	mkdir -p "$DIR/debs"
	make_base
	trap 'exit 130' INT TERM
	[ $# -gt 0 ] || set -- root hidden user
	for case in "$@"; do one "$case" || rc=1; done
	exit $rc
}

# ---- inside the root: standard output is the log, descriptor 3 the screen --------

# To the log and to the screen.
show() {
	local line
	while IFS= read -r line; do
		printf '%s\n' "$line"
		printf '%s\n' "$line" >&3
	done
}

tell() { show <<<"$*"; }

now() { echo "${EPOCHREALTIME/./}"; }

seconds() { printf '%d.%02d' $(($1 / 1000000)) $(($1 % 1000000 / 10000)); }

# Each line with the seconds since the step began.
stamp() {
	local line t0
	t0=$(now)
	trap '' INT
	while IFS= read -r line; do
		printf '%8s  %s\n' "$(seconds $(($(now) - t0)))" "$line"
	done
}

as_visitor() {
	if [ "$CASE" = user ]; then
		runuser -u "$VISITOR" -- env HOME="/home/$VISITOR" "$@"
	else
		"$@"
	fi
}

# What a person must have before `make` can be typed.
prepare() {
	local need="make git"
	[ "$CASE" != user ] || need="$need sudo"
	apt-get update -qq
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
	case $CASE in
	root) TREE=/srv/yjy ;;
	hidden) TREE=/root/yjy ;;
	user)
		TREE=/home/$VISITOR/yjy
		useradd -m -s /bin/bash "$VISITOR"
		echo "$VISITOR ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$VISITOR"
		;;
	*) die "no case $CASE" ;;
	esac
	as_visitor git -c advice.detachedHead=false clone -q /tree.bundle "$TREE"
	cd "$TREE"
}

processes() {
	local d comm uid
	for d in /proc/[0-9]*; do
		comm=$(cat "$d/comm" 2>/dev/null) || continue
		uid=$(awk '$1 == "Uid:" { print $3 }' "$d/status" 2>/dev/null) || continue
		echo "$comm $uid"
	done
}

# None of the servers may be root's, and all of them must be there.
check_servers() {
	local name found
	found=$(processes)
	for name in $PROGRAMS postgres redis-server; do
		grep -q "^${name:0:15} " <<<"$found" || die "$name is not running"
		! grep -q "^${name:0:15} 0\$" <<<"$found" || die "$name runs as root"
	done
}

check_nothing_left() {
	local left until=$((SECONDS + 5))
	while left=$(processes | grep -vE '^(bash|cat|awk|grep|tee|sleep) 0$'); do
		[ $SECONDS -lt $until ] || die "still running after $1: $left"
		sleep 0.2
	done
}

# From the stamped log of a first start: where the time went.
phases() {
	awk -v name="fresh.$CASE.$2" '
	function out(what, from, to) { if (to >= from) printf "%s.%s %.1f s\n", name, what, to - from }
	/^ *[0-9.]+    (kore|cc) / { if (!first) first = $1 }
	/^ *[0-9.]+    link / { built = $1 }
	/七个程序就绪/ { ready = $1 }
	{ if (!ready || !done) end = $1 }
	/服务中/ { done = 1 }
	END {
		if (first) { out("install", 0, first); out("build", first, built) }
		out("start_and_load", built + 0, ready)
		out("job", ready, end)
		out("total", 0, end)
	}' "$1" | show
	grep -hE '合计|七个程序就绪' "$1" | show
}

step_demo() {
	as_visitor make demo 2>&1 | stamp >"/$1.log" || { cat "/$1.log"; return 1; }
	cat "/$1.log"
	phases "/$1.log" "$1"
}

# `make run` as from a terminal: a foreground job, and SIGINT to all of it
# once a line matches.
interrupt() {
	local log=/$1.log line=$2 pid rc=0
	set -m
	{ as_visitor make run 2>&1 | stamp >"$log"; } &
	pid=$!
	set +m
	until grep -q "$line" "$log" 2>/dev/null; do
		kill -0 $pid 2>/dev/null || { cat "$log"; die "make run ended by itself"; }
		sleep 0.1
	done
	"$3"
	kill -INT -- -$pid
	wait $pid || rc=$?
	cat "$log"
	[ $rc = 0 ] || [ $rc = 130 ] || [ $rc = 2 ] || die "make run ended with $rc"
}

step_run() {
	interrupt "$1" '按 Ctrl-C 停止' check_servers
	phases "/$1.log" "$1"
}

# Ctrl-C where it hurts; what follows has to begin with what this left.
step_stop() {
	rm -rf .run
	interrupt "$1" '生成示例城市' true
	[ ! -e .run/loaded ] || die "the city was loaded before it could be stopped"
	tell "fresh: $CASE stopped while it loaded"
}

step_test() { tests "$1" make test; }

step_ci() { tests "$1" bash .ci/run; }

tests() {
	local t0 rc=0
	t0=$(now)
	as_visitor "${@:2}" 2>&1 | stamp >"/$1.log" || rc=$?
	cat "/$1.log"
	tell "fresh.$CASE.$1 $(seconds $(($(now) - t0))) s"
	grep -hE '^ *[0-9.]+  (# |ℹ )?(tests|pass|fail) [0-9]+$|PASSED  \]|FAILED  \]' "/$1.log" |
	    awk '/PASSED/ { c += $(NF - 1) } !/PASSED/ { $1 = ""; print "fresh:" $0 }
	    END { print "fresh: unit tests passed:", c }' | show || true
	return $rc
}

inside() {
	local step n=0
	CASE=$1
	prepare
	for step in $STEPS; do
		n=$((n + 1))
		"step_$step" "$n-$step"
		check_nothing_left "$step"
	done
	tell "fresh: $CASE passed: $STEPS"
}

case "${1:-}" in
mounted) mounted "$2" "$3" ;;
inside) inside "$2" ;;
-h|--help) sed -n '2,24s/^# \{0,1\}//p' "$0" ;;
*) outside "$@" ;;
esac
