import type { Hardware } from '../hardware.ts'

/** What barebox prints first. */
export function banner({ options }: Hardware): string {
  const { barebox, model } = options
  return `Using -bios device tree at 0000000040000000\n\n\n${versionLine(barebox.version)}\n\n\nBoard: ${model}\n`
}

/** What its drivers print from there to the autoboot prompt. */
export function driverMessages({ storage }: Hardware): string {
  return `9p: Installing v9fs 9p2000 file system support
9pnet: Installing 9P2000 support
netconsole: registered as netconsole-1
psci psci.of: detected version 1.1
eth0: got preset MAC address: 52:54:00:12:34:56
cfi_flash 0.flash@0.of: found cfi flash at 0x0000000000001000, size 64 MiB
cfi_flash 0.flash@0.of: found cfi flash at 0x0000000004001000, size 64 MiB
Concatenating MTD devices:
(0): "0.flash@0.of"
(1): "0.flash@0.of"
into device "nor"
state: New state registered 'state'
${storage.starts > 1 ? knownState : freshState}malloc space: 0x60000000 -> 0x7fa0ffff (size 506.1 MiB)
mounted /dev/fw_cfg on /mnt/fw_cfg
${storage.environmentSaved ? '' : 'envfs: no envfs (magic mismatch) - envfs never written?\n'}\x1b[?25h`
}

const freshState = `${'state: Detected old on-storage format\n'.repeat(3)}state state.of: Fresh state detected, continuing with defaults\n`
const knownState = 'state: Using bucket 0@0x00000000\n'

export function versionLine(version: string): string {
  return `barebox ${version} #1 Sun Nov 22 16:03:52 UTC 2026`
}
