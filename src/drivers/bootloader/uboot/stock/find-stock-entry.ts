import type { CommandRunner } from '../../../../board/command-runner.ts'
import type { Deadline } from '../../../../core/deadline.ts'
import { expandVariables, readVariable, setVariable } from '../variables.ts'
import { bootargsOfScript } from './boot-script.ts'
import { DiskFiles } from './disk-files.ts'
import { parseExtlinux } from './extlinux.ts'
import { defaultEntry, parseLoaderEntry, toEntryText } from './loader-entry.ts'
import type { EntryText, StockEntry } from './stock-entry.ts'

type Prompt = Pick<CommandRunner, 'run'>

/** Where a normal boot was looked for, and what stood in the way. */
export interface NoStockEntry {
  readonly searched: readonly string[]
  /** Sentences. */
  readonly obstacles: readonly string[]
}

/** What has to be done before devices of an interface are there. */
const scans: Readonly<Record<string, readonly string[]>> = {
  mmc: [],
  virtio: ['pci enum', 'virtio scan'],
  nvme: ['pci enum', 'nvme scan'],
  scsi: ['pci enum', 'scsi scan'],
  sata: ['sata init'],
  ide: ['ide reset'],
  usb: ['usb start'],
}

/**
 * Looks for what the board would boot by itself, where U-Boot's standard boot does: on the devices of
 * `$boot_targets` in their order, extlinux.conf before boot scripts, `/` before `/boot/`; then for entries
 * of the Boot Loader Specification. Nothing on the board is written.
 * @param source the command of a normal boot; `run bootcmd_mmc1` names one device
 */
export async function findStockEntry(
  prompt: Prompt,
  source: string | undefined,
  t: Deadline,
): Promise<StockEntry | NoStockEntry> {
  const read = async (name: string, otherwise: string) => (await readVariable(prompt, name, t)) || otherwise
  const only = /^run bootcmd_([a-z]+\d+)$/.exec(source ?? '')?.[1]
  const targets = only ?? (await read('boot_targets', ''))
  const address = hex(await read('scriptaddr', await read('loadaddr', await read('kernel_addr_r', '0'))))
  const searched: string[] = []
  const obstacles: string[] = []
  const ready = new Set<string>()
  for (const [, type = '', number = ''] of targets.matchAll(/(?<=^|\s)([a-z]+)(\d+)(?=\s|$)/g)) {
    const commands = scans[type]
    if (commands === undefined) continue
    if (!ready.has(type)) for (const command of commands) await prompt.run(command, t)
    ready.add(type)
    if ((await prompt.run(`${type} dev ${number}`, t)).exitCode !== 0) continue
    for (const partition of await bootPartitions(prompt, `${type} ${number}`, t)) {
      const files = new DiskFiles(prompt, `${type} ${number}:${partition}`, address)
      if ((await prompt.run(`fstype ${files.device}`, t)).exitCode !== 0) continue
      searched.push(files.device)
      const found = await searchPartition(prompt, files, { type, number, partition, address }, obstacles, t)
      if (found !== undefined) return found
    }
  }
  return { searched, obstacles }
}

/** Those marked as bootable, else the first, as U-Boot's own scripts do. */
async function bootPartitions(prompt: Prompt, disk: string, t: Deadline): Promise<readonly string[]> {
  await prompt.run(`part list ${disk} -bootable hil_parts`, t)
  const listed = (await readVariable(prompt, 'hil_parts', t)).split(/\s+/).filter(Boolean)
  await prompt.run('setenv hil_parts', t)
  return listed.length === 0 ? ['1'] : listed
}

interface Place {
  readonly type: string
  readonly number: string
  readonly partition: string
  readonly address: string
}

async function searchPartition(
  prompt: Prompt,
  files: DiskFiles,
  place: Place,
  obstacles: string[],
  t: Deadline,
): Promise<StockEntry | undefined> {
  const { device } = files
  const words = async (name: string, otherwise: string) =>
    ((await readVariable(prompt, name, t)) || otherwise).split(/\s+/).filter(Boolean)
  const found = async ({ name, ...entry }: EntryText, path: string): Promise<StockEntry> => ({
    ...entry,
    from: `${name} of ${path} on ${device}`,
    device,
    bootargs: entry.bootargs && (await expandVariables(prompt, entry.bootargs, t)),
  })

  const [extlinux = 'extlinux/extlinux.conf'] = await words('boot_syslinux_conf', 'extlinux/extlinux.conf')
  for (const prefix of await words('boot_prefixes', '/ /boot/')) {
    const path = prefix + extlinux
    const text = await files.readText(path, t)
    const entry = text && parseExtlinux(text, path, await readVariable(prompt, 'fdtfile', t))
    if (entry) return await found(entry, path)

    for (const script of await words('boot_scripts', 'boot.scr.uimg boot.scr')) {
      const image = await files.read(prefix + script, t)
      if (image === undefined) continue
      const variables = {
        devtype: place.type,
        devnum: place.number,
        distro_bootpart: place.partition,
        prefix,
      }
      for (const [name, value] of Object.entries(variables)) await setVariable(prompt, name, value, t)
      const result = await bootargsOfScript(prompt, image, place.address, t)
      const from = `the boot script ${prefix}${script} on ${device}`
      if (result !== undefined && 'bootargs' in result) {
        return { from, device, ...result, kernel: undefined, initrds: [], deviceTree: undefined }
      }
      obstacles.push(`${from} ${result?.why ?? 'sets no $bootargs'}`)
    }
  }
  const entry = await searchLoaderEntries(files, t)
  if (entry !== undefined) return await found(entry, entry.path)
  if ((await files.size('/efi/boot/bootaa64.efi', t)) !== undefined) {
    obstacles.push(`${device} starts an EFI program, which U-Boot can't ask for a command line`)
  }
  return undefined
}

/** U-Boot does not boot these itself, but an EFI loader that it starts does. */
async function searchLoaderEntries(
  files: DiskFiles,
  t: Deadline,
): Promise<(EntryText & { readonly path: string }) | undefined> {
  for (const root of ['/', '/boot/']) {
    const directory = `${root}loader/entries/`
    const names = (await files.list(directory, t)).filter((name) => name.endsWith('.conf'))
    const entries = []
    for (const name of names) {
      const text = await files.readText(directory + name, t)
      if (text !== undefined) entries.push(parseLoaderEntry(name.replace(/\.conf$/, ''), text))
    }
    if (entries.length === 0) continue
    const settings = (await files.readText(`${root}loader/loader.conf`, t)) ?? ''
    const entry = defaultEntry(entries, /^default\s+(\S+)/m.exec(settings)?.[1])
    if (entry === undefined) continue
    const text = toEntryText(entry, '/')
    const isAtRoot = text.kernel === undefined || (await files.size(text.kernel, t)) !== undefined
    return { ...(isAtRoot ? text : toEntryText(entry, root)), path: `${directory}${entry.id}.conf` }
  }
  return undefined
}

function hex(address: string): string {
  return address.startsWith('0x') ? address : `0x${address}`
}
