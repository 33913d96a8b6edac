#!/bin/bash
# A Grid Engine of one machine with two slots, for those in its namespaces: it cannot be told to listen on the loopback alone.
# usage: unshare --net --uts --mount --pid --fork --kill-child --mount-proc bash gridengine.sh DIR
# When it is up, DIR/up is there; DIR has copies of all that it writes to of the packages gridengine-master and -exec.
set -e
D=$1; mkdir -p "$D"; chmod 755 "$D"
for place in /var/lib/gridengine /var/spool/gridengine; do
  mkdir -p "$D$place"; cp -a "$place/." "$D$place"; chown --reference=$place "$D$place"
  mount --bind "$D$place" $place
done
hostname localhost
ip link set lo up
export SGE_ROOT=/var/lib/gridengine SGE_CELL=default
for inner in spooldb qmaster execd; do
  rm -rf /var/spool/gridengine/$inner; install -d -o sgeadmin -g sgeadmin /var/spool/gridengine/$inner
done
runuser -u sgeadmin -- /usr/share/gridengine/scripts/init_cluster $SGE_ROOT default /var/spool/gridengine/spooldb sgeadmin
echo localhost > $SGE_ROOT/default/common/act_qmaster
/usr/sbin/sge_qmaster
for _ in $(seq 100); do qconf -sh >/dev/null 2>&1 && break; sleep 0.1; done
qconf -as localhost
qconf -sconf | sed -E 's/^min_(uid|gid).*/min_\1 0/' > "$D/global"; qconf -Mconf "$D/global"
/usr/sbin/sge_execd
printf '%s\n' 'pe_name orte' 'slots 8' 'user_lists NONE' 'xuser_lists NONE' 'start_proc_args NONE' 'stop_proc_args NONE' \
  'allocation_rule $pe_slots' 'control_slaves FALSE' 'job_is_first_task TRUE' 'urgency_slots min' 'accounting_summary FALSE' \
  'qsort_args NONE' > "$D/environment"
qconf -Ap "$D/environment"
qconf -sq | sed -E 's/^qname.*/qname all.q/; s/^hostlist.*/hostlist localhost/; s/^pe_list.*/pe_list orte/; s/^slots.*/slots 2/
  s/^load_thresholds.*/load_thresholds NONE/' > "$D/queue"
qconf -Aq "$D/queue"
qconf -ssconf | sed -E 's/^schedule_interval.*/schedule_interval 0:0:1/; s/^flush_(submit|finish)_sec.*/flush_\1_sec 1/' > "$D/schedule"
qconf -Msconf "$D/schedule"
touch "$D/up"
exec sleep infinity
