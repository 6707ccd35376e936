/** What the init of hil's initramfs puts before everything it says on the console. */
export const rootInitPrefix = 'hil-init:'

/** Where the modules to be loaded before root are listed, in order, by name. */
export const moduleListPath = 'etc/hil/modules'

/**
 * `/init` for an untouched root file system: loads the modules that root needs, waits for root and
 * mounts it, binds the payload's modules over its own, and starts its init. Without `root=` it leaves
 * a shell. Nothing is ever written to the root file system.
 *
 * It does not use switch_root, which would delete the modules that were bound.
 */
export const rootInit = `#!/bin/busybox sh
export PATH=/bin
/bin/busybox mkdir -p /proc /sys /dev /run /newroot
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev
busybox --install -s /bin
release=$(uname -r)

say() { echo "${rootInitPrefix} $*"; }

shell() { exec busybox init; }

fail() {
  say "error: $*"
  say "here is a shell to look around"
  shell
}

read_command_line() {
  root= rootfstype= rootflags= mode=ro init=/sbin/init delay=0 patience=10
  set -f
  for word in $(cat /proc/cmdline); do
    value=\${word#*=}; value=\${value#\\"}; value=\${value%\\"}
    case $word in
      root=* | '"root='*) root=$value; root=\${root#root=} ;;
      rootfstype=*) rootfstype=$value ;;
      rootflags=*) rootflags=$value ;;
      ro | rw) mode=$word ;;
      init=*) init=$value ;;
      rootdelay=*) delay=$value ;;
      rootwait) patience=forever ;;
      rootwait=*) patience=$value ;;
    esac
  done
  set +f
}

load_modules() {
  [ -s /${moduleListPath} ] || return 0
  [ -d "/lib/modules/$release" ] ||
    fail "the modules in this initramfs are for $(ls /lib/modules), but the kernel is $release"
  modprobe -a $(cat /${moduleListPath}) 2>/run/modprobe.log
  while read -r line; do say "warning: $line"; done </run/modprobe.log
}

find_root() {
  case $root in
    /dev/*) [ -b "$root" ] && echo "$root" ;;
    UUID=* | LABEL=*) findfs "$root" 2>/dev/null ;;
    PARTUUID=*) find_partition "$(echo "\${root#PARTUUID=}" | tr A-F a-f)" ;;
    PARTLABEL=*) find_named "\${root#PARTLABEL=}" ;;
    [0-9]*:[0-9]*) device_of "/sys/dev/block/$root" ;;
  esac
}

device_of() {
  name=$(sed -n 's/^DEVNAME=//p' "$1/uevent" 2>/dev/null)
  [ -b "/dev/$name" ] && echo "/dev/$name"
}

find_named() {
  for partition in /sys/class/block/*; do
    grep -qxF "PARTNAME=$1" "$partition/uevent" && device_of "$partition" && return
  done
}

find_partition() {
  for partition in /sys/class/block/*; do
    [ -f "$partition/partition" ] || continue
    disk=$(readlink -f "$partition/..")
    [ "$(partuuid "$disk" "$(cat "$partition/partition")")" = "$1" ] && device_of "$partition" && return
  done
}

# Of a GPT the unique GUID of the entry; of an MBR the disk's signature with the number.
partuuid() {
  device=$(device_of "$1")
  block=$(cat "$1/queue/logical_block_size")
  if [ "$(bytes "$block" 8)" = 4546492050415254 ]; then
    first=$(little "$(bytes $((block + 72)) 8)")
    size=$(little "$(bytes $((block + 84)) 4)")
    h=$(bytes $((first * block + ($2 - 1) * size + 16)) 16)
    echo "\${h:6:2}\${h:4:2}\${h:2:2}\${h:0:2}-\${h:10:2}\${h:8:2}-\${h:14:2}\${h:12:2}-\${h:16:4}-\${h:20:12}"
  else
    h=$(bytes 440 4)
    echo "\${h:6:2}\${h:4:2}\${h:2:2}\${h:0:2}-$(printf %02x "$2")"
  fi
}

bytes() { hexdump -v -s "$1" -n "$2" -e '1/1 "%02x"' "$device"; }

little() {
  rest=$1 number=
  while [ -n "$rest" ]; do number=\${rest:0:2}$number; rest=\${rest:2}; done
  echo $((0x$number))
}

mount_root() {
  case $rootfstype in
    9p | virtiofs) device=$root ;;
    *) wait_for_root ;;
  esac
  mount \${rootfstype:+-t "$rootfstype"} -o "$mode\${rootflags:+,$rootflags}" "$device" /newroot 2>/run/mount.log ||
    fail "root=$root ($device) can't be mounted: $(cat /run/mount.log); file systems: $(tr -s '\\n\\t' ' ' </proc/filesystems)"
}

wait_for_root() {
  case $root in
    /dev/nfs | *:/*) fail "root=$root: this initramfs mounts no NFS; use rsinit" ;;
  esac
  sleep "$delay"
  tenths=0
  while device=$(find_root); [ -z "$device" ]; do
    [ "$patience" != forever ] && [ $tenths -ge $((patience * 10)) ] &&
      fail "root=$root did not appear within $patience s; block devices: $(ls /sys/class/block | tr '\\n' ' ')"
    sleep 0.1
    tenths=$((tenths + 1))
  done
}

# Modules that were not built with the kernel of the root file system, and that the payload lacks.
name_hidden() {
  grep -hv '^kernel/' "$1"/*/modules.dep 2>/dev/null | while IFS=: read -r path rest; do
    name=\${path##*/}; name=\${name%%.ko*}
    grep -q "/$name\\.ko:" "/lib/modules/$release/modules.dep" ||
      say "warning: the modules of the payload hide $path of the root file system"
  done
}

bind_modules() {
  [ -d "/lib/modules/$release" ] || return 0
  lib=/newroot/lib
  if [ -L $lib ]; then
    link=$(readlink $lib)
    case $link in /*) lib=/newroot$link ;; *) lib=/newroot/$link ;; esac
  fi
  name_hidden "$lib/modules"
  if [ ! -d "$lib/modules" ]; then
    say "warning: the root file system has no /lib/modules, so the modules of $release can't be bound over it"
  elif mount -o bind /lib/modules "$lib/modules"; then
    say "modules of $release are bound over /lib/modules"
  else
    fail "the modules of $release can't be bound over /lib/modules"
  fi
}

start() {
  cd /newroot
  [ -e ".$init" ] || [ -L ".$init" ] || fail "the root file system has no $init"
  for each in dev sys proc; do
    [ -d "$each" ] && mount -o move "/$each" "$each" || /bin/umount -l "/$each"
  done
  mount -o move . /
  exec chroot . "$init" "$@"
}

read_command_line
load_modules
if [ -z "$root" ]; then
  say "no root= in the command line: here is a shell"
  shell
fi
mount_root
bind_modules
say "starting $init on $device"
start "$@"
`
