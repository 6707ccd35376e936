import type { BootloaderCapabilities } from '../../../board/bootloader.ts'
import type { BootPlan, NetworkOverride, ServedFile } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { quoteCommand } from '../../framing/command-errors.ts'
import { runOk, said } from '../run-ok.ts'
import { readGlobal } from './globals.ts'

const mountPoint = '/mnt/hil'

/** One part of an override: how it is asked for, and the line that says it was applied. */
interface OverridePart {
  readonly name: 'image' | 'initrd' | 'oftree'
  readonly value: string
  readonly report: string
}

/**
 * `boot` tries the entries of all sources in turn: after an override that failed in the first, it
 * would boot the second as it is. So there must be exactly one, named or by default.
 */
export async function singleSource(
  prompt: Pick<CommandRunner, 'run'>,
  source: string | undefined,
  t: Deadline,
): Promise<string | undefined> {
  const named = source ?? (await readGlobal(prompt, 'boot.default', t))
  return /^\S+$/.test(named) ? named : undefined
}

export async function noSingleSource(
  prompt: Pick<CommandRunner, 'run'>,
  source: string | undefined,
  t: Deadline,
): Promise<HilError> {
  const named = source ?? (await readGlobal(prompt, 'boot.default', t))
  return new HilError(
    'boot.no-single-source',
    `an override needs exactly one boot source, and ${source === undefined ? 'barebox has by default' : 'the environment names'} "${named}"; ` +
      'name one as boot.source, or the board might boot its stock kernel from the next',
    { blame: 'environment', details: { source: named } },
  )
}

/**
 * Kernel and initrd together need nothing of a normal boot: where there is none to take part in, they
 * are started by themselves.
 */
export function standaloneCommand({ image, initrd, deviceTree }: NetworkOverride): string | undefined {
  if (image === undefined || initrd?.mode !== 'replace') return undefined
  const tree = deviceTree !== undefined && 'file' in deviceTree ? [`-o ${pathOf(deviceTree.file)}`] : []
  return ['bootm', `-r ${pathOf(initrd.file)}`, ...tree, pathOf(image)].join(' ')
}

/** @throws HilError `boot.unsupported` (environment) for what this build of barebox can't override */
export function overrideOptions(
  override: NetworkOverride,
  { overrides, version }: BootloaderCapabilities,
): readonly string[] {
  const parts = partsOf(override)
  const missing = parts.filter(({ name }) => !overrides.includes(name)).map(({ name }) => `bootm.${name}`)
  if (missing.length > 0) {
    throw new HilError(
      'boot.unsupported',
      `barebox ${version} can't override ${missing.join(' and ')}: its "boot -o" takes ${overrides.join(', ') || 'nothing'}. ` +
        'bootm.oftree and bootm.initrd are in 2025.06 and later, bootm.image in 2026.04 and later, with CONFIG_BOOT_OVERRIDE',
      { blame: 'environment', details: { version, overrides, missing } },
    )
  }
  return parts.map(({ name, value }) => `-o bootm.${name}=${value}`)
}

/** Brings up the network and mounts the server, and looks whether it has the files. */
export async function fetchable(
  prompt: Pick<CommandRunner, 'run'>,
  override: NetworkOverride,
  t: Deadline,
): Promise<void> {
  const { host, port } = override.server
  const network = await prompt.run('ifup -a1', t)
  await prompt.run(`umount ${mountPoint}`, t)
  await runOk(prompt, `mkdir -p ${mountPoint}`, t)
  const portOption = port === 69 ? '' : `-o port=${port} `
  const fetchFailed = { code: 'boot.fetch-failed', blame: 'infrastructure' } as const
  await runOk(prompt, `mount -t tftp ${portOption}${host} ${mountPoint}`, t, fetchFailed)
  for (const file of filesOf(override)) {
    const { exitCode, stdout } = await prompt.run(`[ -f ${pathOf(file)} ]`, t)
    if (exitCode === 0) continue
    throw new HilError(
      'boot.fetch-failed',
      `barebox can't fetch "${file.name}" by TFTP from ${host} port ${port}; bringing up the network ${said(network.stdout)}`,
      { blame: 'infrastructure', details: { file: file.name, host, port, output: network.stdout + stdout } },
    )
  }
}

/**
 * Overrides can get lost without a word: forced signatures, an entry that is a script. Only the lines
 * barebox prints prove them.
 * @throws HilError `boot.override-lost` (infrastructure)
 */
export function assertOverridden({ override }: BootPlan, command: string, output: string): void {
  if (override === undefined) return
  const missing = partsOf(override).filter(
    ({ report }) => !output.includes(`[bootm override active] ${report}`),
  )
  if (missing.length === 0) return
  throw new HilError(
    'boot.override-lost',
    `barebox took ${quoteCommand(command)} and did not report ${missing.map(({ name }) => `bootm.${name}`).join(' and ')} as overridden: ` +
      'it boots something else. A boot entry that is a script calling bootm itself, or images that must be signed, do that',
    { blame: 'infrastructure', details: { command, missing: missing.map(({ name }) => name), output } },
  )
}

/** In the order in which barebox applies them. */
function partsOf({ image, initrd, deviceTree }: NetworkOverride): readonly OverridePart[] {
  const parts: OverridePart[] = []
  if (image !== undefined) parts.push({ name: 'image', value: pathOf(image), report: 'replacement OS' })
  if (initrd?.mode === 'remove') parts.push({ name: 'initrd', value: '', report: 'removed initrd' })
  else if (initrd !== undefined) {
    // An empty name in the list stands for the initrd there is.
    const value = (initrd.mode === 'append' ? ':' : '') + pathOf(initrd.file)
    parts.push({ name: 'initrd', value, report: 'replacement initrd' })
  }
  if (deviceTree !== undefined) {
    parts.push(
      'file' in deviceTree
        ? { name: 'oftree', value: pathOf(deviceTree.file), report: 'replacement FDT' }
        : { name: 'oftree', value: '', report: 'removed FDT' },
    )
  }
  return parts
}

function filesOf({ image, initrd, deviceTree }: NetworkOverride): readonly ServedFile[] {
  const initrdFile = initrd?.mode === 'remove' ? undefined : initrd?.file
  const tree = deviceTree !== undefined && 'file' in deviceTree ? deviceTree.file : undefined
  return [image, initrdFile, tree].filter((file) => file !== undefined)
}

/** `@` would name a configuration of a FIT, `:` and white space separate names. */
function pathOf({ name }: ServedFile): string {
  if (/^[\w.+/-]{1,200}$/.test(name)) return `${mountPoint}/${name}`
  throw new HilError(
    'boot.file-name',
    `barebox can't be told to load "${name}": only letters, digits and . _ + - / may stand in a name`,
    {
      blame: 'payload',
      details: { name },
    },
  )
}
