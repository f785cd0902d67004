# Runs a command in a process group of its own, and kills whatever came of it as soon as standard input
# ends. That is a pipe whose other end only the daemon holds: it ends when the daemon closes it, and when
# the daemon is gone, however it went. Ends with the status of the command; with 219 when the machine does
# not let it start the command, or what kills it: every failure of a shell to fork ends in the trap. A
# command that ends with 219 itself is told as 218.
#
#   $1   text that is in the environment of every process that comes of the command
#   $2   LD_LIBRARY_PATH of the command, not of this script
#   $3   PATH of the command, not of this script
#   $4…  the command, with its path
begun=
main=
trap '[ -n "$begun" ] || { [ -z "$main" ] || kill -s KILL "$main"; exit 219; }' EXIT
trap '' INT QUIT # of a terminal: the daemon ends first, and this with it
mark=$1
libraries=$2
path=$3
shift 3
exec 3<&0 </dev/null

if setsid=$(command -v setsid); then
    set -- "$setsid" "$@"
else
    set -m # a job has a group of its own, in shells that can do this without a terminal
fi
AWS_LAMBDA_LOG_STREAM_NAME=$mark LD_LIBRARY_PATH=$libraries PATH=$path "$@" 3<&- &
main=$!
exec >/dev/null 2>&1 # what the command writes ends with the command

(
    while read -r ignored; do :; done <&3
    # The second where it has no group, or none yet.
    kill -s KILL -- "-$main" || kill -s KILL "$main"
) &
watcher=$!
begun=yes
exec 3<&-

wait "$main"
status=$?
# Before anything else: it must not kill what gets the number of the process that is gone.
kill -s KILL "$watcher"
wait "$watcher"
kill -s KILL -- "-$main"
# Those that have left the group, where the kernel tells the environment of processes.
for round in 1 2 3 4 5; do
    left=$(grep -lsF -e "$mark" /proc/[0-9]*/environ)
    [ -n "$left" ] || break
    for file in $left; do
        process=${file#/proc/}
        kill -s KILL "${process%/environ}"
    done
done
[ "$status" -ne 219 ] || status=218
exit "$status"
