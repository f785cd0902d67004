# Runs a command in a process group of its own, and kills whatever came of it as soon as standard input
# ends. That is a pipe whose other end only the daemon holds: it ends when the daemon closes it, and when
# the daemon is gone, however it went. Ends with the status of the command.
#
#   $1   text that is in the environment of every process that comes of the command
#   $2   LD_LIBRARY_PATH of the command, not of this script
#   $3   PATH of the command, not of this script
#   $4…  the command, with its path
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

kill_group() {
    kill -s KILL -- "-$main" || kill -s KILL "$main"
}

(
    while read -r ignored; do :; done <&3
    kill_group
) &
watcher=$!
exec 3<&-

wait "$main"
status=$?
kill_group
# Those that have left the group, where the kernel tells the environment of processes.
for round in 1 2 3 4 5; do
    left=$(grep -lsF -e "$mark" /proc/[0-9]*/environ)
    [ -n "$left" ] || break
    for file in $left; do
        process=${file#/proc/}
        kill -s KILL "${process%/environ}"
    done
done
kill -s KILL "$watcher"
exit "$status"
