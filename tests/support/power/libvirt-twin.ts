import { execa } from 'execa'
import { writeFiles } from '../environment-files.ts'
import type { Libvirtd } from './libvirtd.ts'

const description = `<domain type='qemu'>
  <name>twin</name>
  <memory unit='MiB'>128</memory>
  <os>
    <type arch='aarch64' machine='virt'>hvm</type>
    <loader readonly='yes' type='rom'>/usr/lib/u-boot/qemu_arm64/u-boot.bin</loader>
  </os>
  <cpu mode='custom'><model>cortex-a57</model></cpu>
  <devices>
    <serial type='pty'><target port='0'/></serial>
    <console type='pty'><target type='serial' port='0'/></console>
  </devices>
</domain>
`

/** What a test with a machine of libvirt needs. */
export const twinPrograms = ['libvirtd', 'virsh', 'virt-qemu-run', 'qemu'] as const

/** Makes known to libvirt's driver for QEMU a machine called "twin", that comes to U-Boot. */
export async function defineTwin({ qemuUri }: Libvirtd): Promise<void> {
  await using files = await writeFiles({ 'twin.xml': description })
  await execa('virsh', ['--connect', qemuUri, 'define', files.path('twin.xml')])
}
