import type { Barebox } from './barebox.ts'
import type { Mount } from './files/mount.ts'
import { tftpContent } from './files/tftp-content.ts'

/** Brings the interface up by DHCP. The values are those of QEMU's user network. */
export async function bringUp({ variables, print }: Barebox): Promise<void> {
  const parameters = {
    ipaddr: '10.0.2.15',
    netmask: '255.255.255.0',
    mode: 'dhcp',
    ethaddr: '52:54:00:12:34:56',
  }
  for (const [name, value] of Object.entries(parameters)) variables.defineParameter('eth0', name, value)
  variables.set('global.net.gateway', '10.0.2.2')
  variables.set('global.net.nameserver', '10.0.2.3')
  // An address somebody has set wins over what DHCP says.
  if (variables.global('net.server') === '') variables.set('global.net.server', '10.0.2.2')
  await print('eth0: DHCP client bound to address 10.0.2.15\n')
}

export function isUp({ variables }: Barebox): boolean {
  return (variables.get('eth0.ipaddr') ?? '') !== ''
}

/** A TFTP server as a mount. Mounting never fails: only looking at a file asks the server. */
export function tftpMount(barebox: Barebox, host: string, port: number, path: string): Mount {
  return { source: host, path, type: 'tftp', content: tftpContent(barebox, { host, port }) }
}
