import type { Node } from '../source/node.ts'
import type { Attributes } from './attributes.ts'
import { mapOf, scalar } from './build.ts'

/** What is left of `nic` where QEMU's user network can't be that of hil. */
interface TranslatedNic {
  readonly network: Node
  readonly arguments: readonly string[]
}

/** Models of NICs that can be plugged in; all others are part of their machine. */
const pluggable = /^(?:virtio|e1000|rtl8139|ne2k|pcnet|i82\d|vmxnet3|usb-net|tulip)/

/**
 * The network of an emulated board. Where labgrid says nothing, QEMU connects the NIC that the machine comes with to
 * its user network, and so does hil.
 */
export function networkOfNic(attributes: Attributes, machine: string): TranslatedNic {
  const nic = attributes.text('nic')
  const place = nic?.place ?? attributes.item.place
  const [backend = '', ...options] = (nic?.written ?? 'user').split(',')
  const values = new Map(options.map((option) => keyAndValue(option)))
  const model = values.get('model')
  const isOurs =
    backend === 'user' && [...values.keys()].every((key) => ['model', 'mac', 'restrict'].includes(key))
  if (isOurs) {
    const mac = values.get('mac')
    const isPluggable = model !== undefined && pluggable.test(model)
    const device = isPluggable
      ? [model === 'virtio' ? 'virtio-net-pci' : model, ...(mac ? [`mac=${mac}`] : [])]
      : []
    const network = mapOf(place, {
      device: scalar(place, device.join(',') || nicOf(machine, model)),
      restrict: ['on', 'y', 'yes'].includes(values.get('restrict') ?? '') ? scalar(place, true) : undefined,
    })
    return { network, arguments: [] }
  }
  if (backend === 'none') return { network: scalar(place, false), arguments: [] }
  attributes.remarkOn(
    'nic',
    `hil serves no files over "${nic?.value ?? ''}"; name a TFTP server as "network.tftp" for that`,
  )
  return { network: scalar(place, false), arguments: ['-nic', nic?.written ?? ''] }
}

/** The NIC that a machine has. That of `virt` has a boot ROM, which is not everywhere, and no firmware of ARM needs. */
function nicOf(machine: string, model: string | undefined): string {
  return model === undefined && /^virt\b/.test(machine) ? 'virtio-net-pci,romfile=' : 'onboard'
}

function keyAndValue(option: string): readonly [key: string, value: string] {
  const [, key = option, value = ''] = /^([^=]*)=(.*)$/s.exec(option) ?? []
  return [key, value]
}
