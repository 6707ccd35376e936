import { quoteWord } from '../tool/tool.ts'

/** For a shell: does `body` with each USB device of a serial number as `$u`, its directory in sysfs. */
export function eachUsbDevice(serial: string, body: string): string {
  return `for s in /sys/bus/usb/devices/*/serial; do [ "$(cat $s)" = ${quoteWord(serial)} ] || continue; u=$(dirname $(readlink -f $s)); ${body}; done`
}

/** For a shell: prints the names of the disks below a directory in sysfs. @param directory as the shell expands it */
export function disksBelow(directory: string): string {
  return `for b in /sys/block/*; do case $(readlink -f $b) in ${directory}/*) echo \${b##*/};; esac; done`
}
