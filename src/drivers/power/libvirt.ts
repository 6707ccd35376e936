import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { toolOptions } from '../tool/options.ts'
import { domainOptions, domainResource, openDomain } from '../tool/virsh.ts'
import { switchOf } from './switch-of.ts'

export const libvirtPower = definePowerSwitch({
  name: 'libvirt',
  summary: 'A virtual machine of libvirt, by virsh: it is started, and stopped as if its plug were pulled.',
  schema: z.strictObject({
    ...domainOptions,
    ...toolOptions('virsh'),
  }),
  resources: (options) => [domainResource(options)],
  open(options, context) {
    const domain = openDomain(options, context)
    return Promise.resolve(
      switchOf(
        async (on, t) => {
          // It refuses to start what runs, and to stop what does not.
          if ((await domain.isOn(t)) !== on) await domain.call(on ? 'start' : 'destroy', t)
        },
        (t) => domain.isOn(t),
      ),
    )
  },
})
