import type { BootloaderCapabilities } from '../../../board/bootloader.ts'
import type { NetworkOverride, ServedFile } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { quoteCommand } from '../../framing/command-errors.ts'
import { readGlobal } from './globals.ts'

/** Where barebox finds a file of an override. */
export type PathOf = (file: ServedFile) => string

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
 * What needs nothing of a normal boot is started by itself where there is none to take part in. `bootm`
 * takes one initrd, not a list.
 */
export function standaloneCommand(
  { image, initrd, deviceTree, isWhole }: NetworkOverride,
  pathOf: PathOf,
): string | undefined {
  if (!isWhole || image === undefined || initrd?.keepsOwn === true) return undefined
  const [ramdisk, ...others] = initrd?.files ?? []
  if (others.length > 0 || (deviceTree?.overlays.length ?? 0) > 0) return undefined
  const base = deviceTree?.base
  return [
    'bootm',
    ...(ramdisk === undefined ? [] : [`-r ${pathOf(ramdisk)}`]),
    ...(base === undefined || typeof base === 'string' ? [] : [`-o ${pathOf(base)}`]),
    pathOf(image),
  ].join(' ')
}

/** @throws HilError `boot.unsupported` (environment) for what this build of barebox can't override */
export function overrideOptions(
  override: NetworkOverride,
  { overrides, version }: BootloaderCapabilities,
  pathOf: PathOf,
): readonly string[] {
  const parts = partsOf(override, pathOf)
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

/**
 * Overrides can get lost without a word: forced signatures, an entry that is a script. Only the lines
 * barebox prints prove them.
 * @returns those lines
 * @throws HilError `boot.override-lost` (infrastructure); `boot.overlay-failed` (payload), for barebox
 *   boots without an overlay that it can't apply
 */
export function assertOverridden(
  override: NetworkOverride,
  command: string,
  output: string,
): readonly string[] {
  const missing = partsOf(override, ({ name }) => name).filter(
    ({ report }) => !output.includes(`[bootm override active] ${report}`),
  )
  if (missing.length > 0) {
    throw new HilError(
      'boot.override-lost',
      `barebox took ${quoteCommand(command)} and did not report ${missing.map(({ name }) => `bootm.${name}`).join(' and ')} as overridden: ` +
        'it boots something else. A boot entry that is a script calling bootm itself, or images that must be signed, do that',
      { blame: 'infrastructure', details: { command, missing: missing.map(({ name }) => name), output } },
    )
  }
  const lost = /^.{0,40}(?:could not load overlay|failed to apply overlay) [^\n]{1,300}/m.exec(output)?.[0]
  if (lost === undefined) return output.match(/\[bootm override active\] [^\r\n]{1,500}/g) ?? []
  throw new HilError('boot.overlay-failed', `barebox boots without an overlay of the payload: "${lost}"`, {
    blame: 'payload',
    details: { command, output },
  })
}

/** In the order in which barebox applies them. */
function partsOf({ image, initrd, deviceTree }: NetworkOverride, pathOf: PathOf): readonly OverridePart[] {
  const parts: OverridePart[] = []
  if (image !== undefined) parts.push({ name: 'image', value: pathOf(image), report: 'replacement OS' })
  if (initrd !== undefined) {
    const isGone = !initrd.keepsOwn && initrd.files.length === 0
    parts.push({
      name: 'initrd',
      value: list(initrd.keepsOwn, initrd.files.map(pathOf)),
      report: isGone ? 'removed initrd' : 'replacement initrd',
    })
  }
  if (deviceTree !== undefined) {
    const { base, overlays } = deviceTree
    const tree = typeof base === 'string' ? [] : [pathOf(base)]
    parts.push({
      name: 'oftree',
      value: list(base === 'own', [...tree, ...overlays.map(pathOf)]),
      report: base === 'bootloader' ? 'removed FDT' : 'replacement FDT',
    })
  }
  return parts
}

/** An empty name in front stands for what there is. */
function list(keepsOwn: boolean, paths: readonly string[]): string {
  return (keepsOwn ? ['', ...paths] : paths).join(':')
}
