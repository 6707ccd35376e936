import { didYouMean } from '../../core/did-you-mean.ts'
import { quote, type Entry, type MapNode, type Node } from '../source/node.ts'
import type { Attributes } from './attributes.ts'
import { driverNode, listOf, scalar, textNode } from './build.ts'
import type { LabgridContext } from './context.ts'
import type { Item } from './items.ts'
import { diskArguments } from './qemu-disk.ts'
import { networkOfNic } from './qemu-network.ts'
import { shellWords } from './shell-words.ts'
import type { Target } from './target.ts'
import { absolute, readPath, type Text } from './text.ts'

/** An emulated machine, and what its emulator is for. */
export interface TranslatedMachine {
  readonly machine: MapNode
  readonly architecture: string | undefined
}

export function translateQemu(target: Target, item: Item): TranslatedMachine | undefined {
  const attributes = target.attributesOf(item)
  const { context } = target
  const [binary, machine] = [attributes.required('qemu_bin'), attributes.required('machine')]
  const [cpu, memory] = [attributes.required('cpu'), attributes.required('memory')]
  const image = (name: string) => namedPath(attributes, name, context.images, 'image', context)
  const [kernel, firmware, dtb] = [image('kernel'), image('bios'), image('dtb')]
  const [disk, flash] = [image('disk'), image('flash')]
  const rootfs = namedPath(attributes, 'rootfs', context.paths, 'path', context)
  const shared = rootfs && absolute(rootfs, context)
  const more = diskArguments(attributes, { machine: machine?.value ?? '', disk, flash, shared })
  const append = commandLine(attributes, more.bootargs)
  const extra = extraArguments(attributes)
  const display = displayArguments(attributes, machine?.value ?? '')
  const nic = networkOfNic(attributes, machine?.value ?? '')
  attributes.remarkOn('linesep', 'hil ends a line with CR, whatever "linesep" says')
  attributes.finish()
  if (binary === undefined || machine === undefined) return undefined
  const { place } = item
  const options = {
    binary: toolNode(binary, context),
    ...{ machine: textNode(machine), cpu: cpu && textNode(cpu), memory: memory && textNode(memory) },
    ...{
      firmware: firmware && textNode(firmware),
      kernel: kernel && textNode(kernel),
      dtb: dtb && textNode(dtb),
    },
    append: kernel === undefined ? undefined : append,
    drives: more.drives.length === 0 ? undefined : listOf(place, more.drives),
    network: nic.network,
    uart: extra.uart === 0 ? undefined : scalar(place, extra.uart),
    arguments: argumentsNode(place, [...more.arguments, ...display, ...nic.arguments, ...extra.words]),
  }
  return { machine: driverNode(place, 'qemu', options), architecture: architectureOf(binary.value, context) }
}

function argumentsNode(place: Item['place'], words: readonly string[]): Node | undefined {
  if (words.length === 0) return undefined
  return listOf(
    place,
    words.map((word) => scalar(place, word)),
  )
}

/** A file that an attribute names by its key under `images`, as labgrid has it. */
function namedPath(
  attributes: Attributes,
  name: string,
  from: ReadonlyMap<string, Entry>,
  kind: string,
  context: LabgridContext,
): Text | undefined {
  const key = attributes.text(name)
  if (key === undefined) return undefined
  const entry = from.get(key.value)
  if (entry?.value.kind === 'scalar') return readPath(entry.value, context)
  const choice =
    from.size === 0 ? `; the file has no "${kind}s"` : `; there are ${[...from.keys()].join(', ')}`
  const hint = didYouMean(key.value, from.keys()) || choice
  attributes.complain(name, `there is no ${kind} ${quote(key.value)} for "${name}"${hint}`)
  return undefined
}

/** The emulator: what `tools` says of it, or a program in PATH. */
function toolNode(binary: Text, context: LabgridContext): Node {
  const tool = context.tools.get(binary.value)?.value
  if (tool?.kind !== 'scalar') return textNode(binary)
  const path = readPath(tool, context)
  if (path === undefined) return textNode(binary)
  // A name without a directory is looked for in PATH, as labgrid does where no such file is beside its own.
  return scalar(path.place, path.value.includes('/') ? absolute(path, context) : path.written)
}

/** What the emulators of QEMU are for, as the kernel calls it. */
const architectures: Readonly<Record<string, string>> = {
  aarch64: 'arm64',
  arm: 'arm',
  i386: 'i386',
  loongarch64: 'loongarch',
  mips: 'mips',
  mips64: 'mips',
  mips64el: 'mips',
  mipsel: 'mips',
  or1k: 'openrisc',
  ppc: 'powerpc',
  ppc64: 'powerpc',
  riscv32: 'riscv32',
  riscv64: 'riscv64',
  x86_64: 'x86_64',
}

function architectureOf(binary: string, { tools }: LabgridContext): string | undefined {
  const tool = tools.get(binary)?.value
  const names = [tool?.kind === 'scalar' ? String(tool.value) : '', binary]
  const [emulated] = names.flatMap((name) => /qemu-(?:system-)?(\w+)$/.exec(name)?.[1] ?? [])
  return emulated === undefined ? undefined : architectures[emulated]
}

function commandLine(attributes: Attributes, ofDisks: readonly string[]): Node | undefined {
  const own = attributes.text('boot_args')
  const words = [...ofDisks, ...(own === undefined ? [] : [own.written])]
  return words.length === 0 ? undefined : scalar(own?.place ?? attributes.item.place, words.join(' '))
}

/** Every `-serial` of these is a UART before the one that is the console, which labgrid adds as the last one. */
function extraArguments(attributes: Attributes): {
  readonly uart: number
  readonly words: readonly string[]
} {
  const extra = attributes.text('extra_args')
  if (extra === undefined) return { uart: 0, words: [] }
  const given = shellWords(extra.written)
  if (given === undefined) {
    attributes.complain('extra_args', 'a quote in "extra_args" is not closed')
    return { uart: 0, words: [] }
  }
  if (given.includes('-append')) {
    attributes.complain('extra_args', 'labgrid takes no "-append" in "extra_args"; it is "boot_args"')
  }
  const words: string[] = []
  const lines: string[] = []
  for (let at = 0; at < given.length; at++) {
    if (given[at] === '-serial') lines.push(given[++at] ?? '')
    else words.push(given[at] ?? '')
  }
  if (lines.some((line) => line !== 'null')) {
    attributes.remarkOn('extra_args', `only the console is connected, not ${lines.join(', ')}`)
  }
  return { uart: lines.length, words: withoutChardevs(words, lines) }
}

/** What a UART that is not connected would have been connected to: it may wait, or need a port that is in use. */
function withoutChardevs(words: readonly string[], lines: readonly string[]): readonly string[] {
  const ids = lines.flatMap((line) => /^chardev:(.*)$/.exec(line)?.[1] ?? [])
  return words.filter((word, at) => {
    const value = word === '-chardev' ? words[at + 1] : words[at - 1] === '-chardev' ? word : undefined
    return !ids.some((id) => value?.split(',').includes(`id=${id}`) === true)
  })
}

/** hil has QEMU make no device that is not named; these are what the machines of PCs get from QEMU by themselves. */
function displayArguments(attributes: Attributes, machine: string): readonly string[] {
  const display = attributes.text('display')?.value ?? 'none'
  const isPc = /^(?:pc|q35)\b/.test(machine)
  switch (display) {
    case 'none':
      return []
    case 'qemu-default':
    case 'fb-headless':
      return isPc ? ['-vga', 'std'] : []
    case 'egl-headless':
      return ['-device', 'virtio-vga-gl', '-display', 'egl-headless']
    default:
      attributes.complain(
        'display',
        `there is no display "${display}"; there are none, fb-headless, egl-headless, qemu-default`,
      )
      return []
  }
}
