import type { Barebox } from '../barebox.ts'
import { errno } from '../errno.ts'
import { bootargs } from './bootargs.ts'
import { BootFailure } from './boot-entry.ts'
import type { BootParts } from './boot-parts.ts'
import { prepareDeviceTree } from './device-tree.ts'
import { placeOf } from './kernel-image.ts'

const ramStart = 0x40200000
const kernelAlignment = 0x200000
const pageSize = 4096

/** Puts the parts into RAM, says where, and starts the kernel unless it is a dry run. @throws BootFailure */
export async function loadAndStart(
  barebox: Barebox,
  parts: BootParts,
  { verbose, dryRun }: { readonly verbose: boolean; readonly dryRun: boolean },
): Promise<void> {
  const { variables, hardware } = barebox
  const earlycon = variables.global('bootm.earlycon') === '1' ? ['earlycon=pl011,0x9000000'] : []
  for (const fragment of earlycon) await barebox.print(`Adding "${fragment}" to Kernel commandline\n`)
  if (variables.global('bootm.appendroot') === '1') hardware.unsupported('barebox: global.bootm.appendroot')
  const type = parts.kind.kind === 'fit' ? 'Flattened Image Tree' : parts.kind.type
  await barebox.print(`\nLoading ${type} '${parts.imageName}'\n`)
  if (parts.kind.kind !== 'kernel') {
    await barebox.log('error', `no image handler found for image type ${type}`)
    throw new BootFailure(errno.noDevice)
  }
  if (verbose) {
    await barebox.print('OS image not yet relocated\nPassing control to ARM aarch64 Linux image handler\n')
  }
  const isDry = dryRun || variables.global('bootm.dryrun') === '1'
  const commandLine = bootargs(barebox, earlycon)
  try {
    const loaded = await load(barebox, parts, commandLine)
    if (!isDry) await barebox.startKernel({ commandLine, ...loaded })
  } finally {
    if (isDry) await barebox.print('Dryrun. Aborted\n')
  }
}

async function load(barebox: Barebox, parts: BootParts, commandLine: string) {
  const { memory } = barebox
  const kernel = await parts.kernel.load()
  const { textOffset, imageSize } = placeOf(kernel)
  const address = align((parts.loadAddress ?? ramStart) - textOffset, kernelAlignment) + textOffset
  memory.load(address, kernel)
  let end = align(address + imageSize, pageSize)
  const initrds: Uint8Array[] = []
  for (const part of parts.initrd) initrds.push(await part.load())
  const initrd = Buffer.concat(initrds)
  if (initrd.length > 0) {
    memory.load(end, initrd)
    end = align(end + initrd.length, pageSize)
  }
  const tree = await prepareDeviceTree(barebox, parts)
  if (tree === 'none') {
    if (initrd.length > 0) await barebox.log('warning', 'booti: initrd discarded due to missing devicetree.')
    await barebox.print(`Loaded kernel to 0x${hex(address, 8)}\n`)
    return { kernel, initrd: undefined, deviceTree: undefined }
  }
  await barebox.print(`commandline: ${commandLine === '' ? '<NULL>' : commandLine}\n`)
  await barebox.print(`Loaded kernel to 0x${hex(address, 8)}, devicetree at 0x${hex(end, 16)}\n`)
  return {
    kernel,
    initrd: initrd.length > 0 ? initrd : undefined,
    deviceTree: tree === 'own' ? undefined : tree,
  }
}

function align(address: number, size: number): number {
  return Math.ceil(address / size) * size
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
