import type { z } from 'zod'
import type { DriverContext } from '../../../board/driver.ts'
import type { Machine } from '../../../board/machine.ts'
import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { openTool } from '../../tool/tool.ts'
import { openDomain } from '../../tool/virsh.ts'
import type { libvirtSchema } from '../libvirt.ts'
import { UartLine } from '../uart-line.ts'
import { DomainPower } from './domain-power.ts'
import { virshConsole } from './virsh-console.ts'

/** @throws HilError `tool.*`, `power.no-outlet` (environment) where there is no such machine */
export async function openLibvirt(
  options: z.output<typeof libvirtSchema>,
  context: DriverContext,
  t: Deadline,
): Promise<Machine> {
  const domain = openDomain(options, context)
  await domain.state(t)
  const version = await openTool(options, 'the package libvirt-clients').run(['--version'], t)
  // The pseudo-terminal of virsh and the stream of libvirt hold bytes back, and lose none.
  const line = new UartLine(`the console of ${options.domain} (${options.uri})`, {
    isLossless: true,
    canBreak: false,
  })
  const power = new DomainPower(domain, virshConsole(options), line)
  context.undo.defer('the console of the virtual machine', () => power.close())
  return {
    power,
    async openConsole(reader, opening) {
      const transport = await line.open(reader, opening)
      try {
        using limit = startDeadline(options.timeout, 'the console of the virtual machine', {
          ...(opening === undefined ? {} : { signal: opening.signal }),
        })
        // One that somebody else has started speaks already.
        await power.attachWhereOn(limit)
        return transport
      } catch (error) {
        await transport.close()
        throw error
      }
    },
    versions: { libvirt: version.trim() },
  }
}
