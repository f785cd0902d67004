#!/usr/bin/env bash
# A Ceph that keeps its objects in memory: bash ceph.sh DIRECTORY GATEWAY_PORT MONITOR_PORT OTHER_MONITOR_PORT
#
# One monitor, one OSD, the Object Gateway, all on loopback. The gateway has one user, whose key is ACCESS_KEY and
# SECRET_KEY. Ends when one of them ends, or by a signal; whoever started it ends its children.
set -eu
directory="$1" gateway="$2" monitor="$3" other="$4"
cd "$directory"
mkdir -p run mon osd rgw

classes="$(find /usr/lib /usr/lib64 -name libcls_rgw.so 2>/dev/null | head -n 1)"
[ -n "$classes" ] || { echo "no libcls_rgw.so of Ceph below /usr/lib"; exit 1; }
fsid="$(cat /proc/sys/kernel/random/uuid)"

# Without authentication between its own parts, which takes messages without encryption.
cat >ceph.conf <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$monitor,v1:127.0.0.1:$other]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
ms client mode = crc
ms cluster mode = crc
ms service mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = $directory/run
admin socket = $directory/run/\$name.asok
pid file = $directory/run/\$name.pid
log file = $directory/run/\$name.log
keyring = $directory/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
mon max pg per osd = 1000
[mon]
mon data = $directory/mon
[osd]
osd data = $directory/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class dir = $(dirname "$classes")
osd class load list = *
osd class default list = *
[client.rgw]
rgw data = $directory/rgw
rgw frontends = beast endpoint=127.0.0.1:$gateway
rgw crypt require ssl = false
CONF
export CEPH_CONF="$directory/ceph.conf"
touch keyring

monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor,v1:127.0.0.1:$other]" monmap
ceph-mon --mkfs -i a --monmap monmap
ceph-mon -i a -f &
ceph --connect-timeout 30 osd create
ceph-osd -i 0 --mkfs --osd-uuid "$(cat /proc/sys/kernel/random/uuid)"
ceph osd crush add osd.0 1.0 host=localhost root=default
ceph-osd -i 0 -f &
radosgw-admin user create --uid test --display-name test --access-key "$ACCESS_KEY" --secret "$SECRET_KEY" >/dev/null
radosgw -n client.rgw -f &
wait -n
