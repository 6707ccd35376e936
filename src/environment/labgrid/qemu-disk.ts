import type { Node } from '../source/node.ts'
import type { Attributes } from './attributes.ts'
import { mapOf, scalar } from './build.ts'
import type { Text } from './text.ts'

interface Media {
  readonly machine: string
  readonly disk: Text | undefined
  readonly flash: Text | undefined
  /** The path of a directory that is the root file system. */
  readonly shared: string | undefined
}

/** What QEMU and the kernel are told of disks. */
export interface TranslatedMedia {
  readonly drives: readonly Node[]
  readonly arguments: readonly string[]
  readonly bootargs: readonly string[]
}

export function diskArguments(
  attributes: Attributes,
  { machine, disk, flash, shared }: Media,
): TranslatedMedia {
  const found: readonly TranslatedMedia[] = [
    disk === undefined ? nothing(attributes) : diskOf(attributes, machine, disk),
    shared === undefined ? none : nineP(shared),
    flash === undefined ? none : { ...none, drives: [drive(flash, 'pflash', false)] },
  ]
  return {
    drives: found.flatMap(({ drives }) => drives),
    arguments: found.flatMap((each) => each.arguments),
    bootargs: found.flatMap(({ bootargs }) => bootargs),
  }
}

const none: TranslatedMedia = { drives: [], arguments: [], bootargs: [] }

function nothing(attributes: Attributes): TranslatedMedia {
  attributes.ignore('disk_opts')
  return none
}

/** The disk of a machine, at the bus that labgrid takes for it. */
function diskOf(attributes: Attributes, machine: string, disk: Text): TranslatedMedia {
  const options = attributes.text('disk_opts')?.value.split(',') ?? []
  const others = options.filter((option) => !/^snapshot=(?:on|off)$/.test(option))
  if (others.length > 0) {
    attributes.complain(
      'disk_opts',
      `hil gives a disk no "${others.join(',')}"; it knows "snapshot=on" alone`,
    )
  }
  const isSnapshot = options.includes('snapshot=on')
  if (machine === 'vexpress-a9') {
    const bootargs = ['root=/dev/mmcblk0p1 rootfstype=ext4 rootwait']
    return { ...none, drives: [drive(disk, 'sd', isSnapshot)], bootargs }
  }
  if (!['pc', 'q35', 'virt'].includes(machine)) {
    attributes.complain(
      'disk',
      `labgrid knows no disk of the machine "${machine}"; it does of vexpress-a9, pc, q35, virt`,
    )
    return none
  }
  // labgrid's "if=virtio" is a device of the PCI bus, which all of these machines have.
  return {
    drives: [drive(disk, 'none', isSnapshot)],
    arguments: ['-device', 'virtio-blk-pci,drive=hil-drive0'],
    bootargs: ['root=/dev/vda rootwait'],
  }
}

/** labgrid lets the board change its disk. */
function drive({ place, value, written }: Text, bus: string, isSnapshot: boolean): Node {
  return mapOf(place, {
    path: scalar(place, written),
    format: value.endsWith('.qcow2') ? scalar(place, 'qcow2') : undefined,
    snapshot: isSnapshot ? undefined : scalar(place, false),
    interface: scalar(place, bus),
  })
}

function nineP(path: string): TranslatedMedia {
  return {
    drives: [],
    arguments: [
      ...['-fsdev', `local,id=rootfs,security_model=none,path=${path}`],
      ...['-device', 'virtio-9p-device,fsdev=rootfs,mount_tag=/dev/root'],
    ],
    bootargs: ['root=/dev/root rootfstype=9p rootflags=trans=virtio'],
  }
}
