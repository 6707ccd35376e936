import type { ServerAddress } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { runOk } from '../run-ok.ts'
import type { UbootOptions } from '../uboot.ts'
import { setVariable } from './variables.ts'

const networkFailed = { code: 'boot.network-failed', blame: 'infrastructure' } as const

/**
 * Gives the board an address and names the server. `autoload=no` keeps `dhcp` from fetching a file of
 * its own. A port other than 69 needs a U-Boot with CONFIG_TFTP_PORT.
 */
export async function bringUpNetwork(
  prompt: Pick<CommandRunner, 'run'>,
  { host, port, httpPath }: ServerAddress,
  { network }: UbootOptions,
  t: Deadline,
): Promise<void> {
  if (network === 'dhcp') {
    await setVariable(prompt, 'autoload', 'no', t)
    await runOk(prompt, 'dhcp', t, networkFailed)
  } else {
    await setVariable(prompt, 'ipaddr', network.address, t)
    await setVariable(prompt, 'netmask', network.netmask, t)
    if (network.gateway !== undefined) await setVariable(prompt, 'gatewayip', network.gateway, t)
  }
  await setVariable(prompt, 'serverip', host, t)
  if (httpPath !== undefined) await setVariable(prompt, 'httpdstp', String(port), t)
  else if (port !== 69) await setVariable(prompt, 'tftpdstp', String(port), t)
}
