import { resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { diskDevice, diskPath, mountDisk } from '../disk-mount.ts'
import { readBlspec, scanBlspec } from './blspec.ts'
import type { BootEntry, FoundEntries } from './boot-entry.ts'
import { bootchooserEntries } from './bootchooser-entry.ts'
import { scanScripts } from './script-entry.ts'

const nothing: FoundEntries = { entries: [], known: false }

/** What a boot source names: a device, a directory, an entry, a script, or a word with a meaning. */
export async function findEntries(barebox: Barebox, name: string): Promise<FoundEntries> {
  if (name === 'bootsource') {
    await barebox.print('bootdef: Could not autodetect bootsource device\n')
    return nothing
  }
  if (/^storage\b/.test(name)) return name.startsWith('storage.removable') ? nothing : builtinStorage(barebox)
  if (name === 'bootchooser') return bootchooserEntries(barebox, (source) => findEntries(barebox, source))
  const entries = await blspecEntries(barebox, name)
  return entries.length > 0 ? { entries, known: true } : scanScripts(barebox, name)
}

/** The disk, and the flash, which holds nothing to boot. */
async function builtinStorage(barebox: Barebox): Promise<FoundEntries> {
  const entries: BootEntry[] = []
  if (barebox.disk !== undefined) {
    await barebox.print(`bootdef: resolved to ${diskDevice}\n`)
    entries.push(...(await blspecEntries(barebox, diskDevice)))
  }
  await barebox.print('bootdef: resolved to nor0\n')
  return { entries, known: true }
}

async function blspecEntries(barebox: Barebox, name: string): Promise<readonly BootEntry[]> {
  if (name === diskDevice || name === `/dev/${diskDevice}`) {
    return (await mountDisk(barebox, { quiet: true })) ? scanBlspec(barebox, diskPath) : []
  }
  if (!name.startsWith('/')) return []
  const path = resolvePath('/', name)
  const node = await barebox.files.find(path)
  if (node?.type === 'directory') return scanBlspec(barebox, path)
  if (node === undefined || !path.endsWith('.conf')) return []
  const entry = await readBlspec(barebox, path)
  return entry === undefined ? [] : [entry]
}
