import type { Entry, MapNode, Node } from '../source/node.ts'
import { bootloaderDrivers, translateBootloader } from './bootloaders.ts'
import { listOf, mapOf, scalar } from './build.ts'
import { translateHardware } from './hardware.ts'
import { onlyOne } from './only-one.ts'
import { translateOptions } from './options.ts'
import { refuseUnknown } from './refuse.ts'
import { isStrategy, translateStrategy } from './strategies.ts'
import type { Target } from './target.ts'
import { translateShell, translateSsh } from './userspace.ts'

/** What a file says for all its targets. */
export interface OfFile {
  readonly features: readonly Node[]
  readonly options: ReadonlyMap<string, Entry>
}

/** A target of labgrid as a board of ours. What can't be is a problem. */
export function translateTarget(target: Target, ofFile: OfFile): MapNode {
  const { place } = target.entry.value
  const hardware = translateHardware(target, refuseUnknown(target), ofFile.options)
  const bootloaderItem = onlyOne(target, target.driversOf(bootloaderDrivers), 'bootloaders')
  const bootloader = bootloaderItem && translateBootloader(target, bootloaderItem)
  const shellItem = onlyOne(target, target.driversOf(['ShellDriver']), 'shells')
  const shell = shellItem && translateShell(target, shellItem)
  const sshItem = onlyOne(target, target.driversOf(['SSHDriver']), 'drivers for SSH')
  const strategyItem = onlyOne(target, target.drivers.filter(isStrategy), 'strategies')
  const states = mapOf(place, { ...bootloader?.states, ...shell?.states })
  return mapOf(place, {
    ...hardware,
    bootloader: bootloader?.bootloader,
    shell: shell?.shell,
    ssh: sshItem && translateSsh(target, sshItem),
    strategy: strategyItem && translateStrategy(target, strategyItem),
    boot: bootloader?.source && mapOf(place, { source: bootloader.source }),
    timeouts: states.entries.size === 0 ? undefined : mapOf(place, { states }),
    features: features(target, ofFile.features),
    options: translateOptions(
      target.entry.value.entries.get('options')?.value,
      ofFile.options,
      target.context,
    ),
  })
}

function features(target: Target, ofFile: readonly Node[]): Node | undefined {
  const own = target.entry.value.entries.get('features')?.value
  const items = [...ofFile, ...(own?.kind === 'list' ? own.items : [])]
  const texts = items.map((item) => (item.kind === 'scalar' ? scalar(item.place, String(item.value)) : item))
  return items.length === 0 ? undefined : listOf(own?.place ?? target.entry.value.place, texts)
}
