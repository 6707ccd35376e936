import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { UbootOptions } from '../uboot.ts'
import { readVariable } from './variables.ts'

export interface Addresses {
  readonly kernel: string
  readonly ramdisk: string
  readonly fdt: string
}

interface Sized {
  /** In bytes. */
  readonly size: number
}

interface Files {
  readonly image: Sized
  readonly initrd: Sized | undefined
  readonly tree: Sized | undefined
}

/** Room behind a kernel image for its BSS and its early page tables. */
const kernelMargin = 32n * 1024n * 1024n

/** arm64 wants its kernel at such an address, and it does no harm to the rest. */
const alignment = 2n * 1024n * 1024n

/**
 * Where to load the files: as the options say, else as U-Boot's variables say, else behind the kernel.
 * A kernel may be larger than the board's maker thought: what would be overwritten goes behind it.
 */
export async function chooseAddresses(
  prompt: Pick<CommandRunner, 'run'>,
  { image, initrd, tree }: Files,
  options: UbootOptions,
  t: Deadline,
): Promise<Addresses> {
  const read = async (option: string | undefined, ...names: readonly string[]) => {
    if (option !== undefined) return BigInt(option)
    for (const name of names) {
      const value = await readVariable(prompt, name, t)
      if (value === '') continue
      if (!/^(?:0x)?[0-9a-f]{1,16}$/i.test(value)) throw badAddress(name, value)
      return BigInt(value.startsWith('0x') ? value : `0x${value}`)
    }
    return undefined
  }
  const kernel = await read(options.kernelAddress, 'kernel_addr_r', 'loadaddr')
  if (kernel === undefined) throw noAddress()
  const end = kernel + BigInt(image.size) + kernelMargin
  const ramdisk = free(await read(options.ramdiskAddress, 'ramdisk_addr_r'), kernel, end)
  const behind = alignUp(ramdisk + BigInt(initrd?.size ?? 0))
  const wantedFdt = tree === undefined ? undefined : await read(options.fdtAddress, 'fdt_addr_r')
  const fdt = free(wantedFdt, kernel, end, behind)
  return { kernel: hex(kernel), ramdisk: hex(ramdisk), fdt: hex(fdt) }
}

/** `wanted`, unless it lies in [from, to). */
function free(wanted: bigint | undefined, from: bigint, to: bigint, otherwise = alignUp(to)): bigint {
  return wanted !== undefined && (wanted < from || wanted >= to) ? wanted : otherwise
}

function alignUp(address: bigint): bigint {
  return ((address + alignment - 1n) / alignment) * alignment
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`
}

function badAddress(name: string, value: string): HilError {
  return new HilError(
    'boot.no-address',
    `U-Boot's $${name} is "${value}", which is no address: set it, or say where to load with kernel-address, ramdisk-address and fdt-address`,
    { blame: 'environment', details: { name, value } },
  )
}

function noAddress(): HilError {
  return new HilError(
    'boot.no-address',
    'U-Boot has neither $kernel_addr_r nor $loadaddr: say where to load the kernel with kernel-address',
    { blame: 'environment' },
  )
}
