import { dirname } from 'node:path/posix'
import { compatibleOf } from '../../compatible-of.ts'
import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { diskPath } from '../disk-mount.ts'
import type { BootEntry } from './boot-entry.ts'
import { BootFailure } from './boot-entry.ts'
import { bootm } from './bootm.ts'

const entryDirectory = 'loader/entries'

/** Entries of the boot loader specification in a directory, by file name, the last first. */
export async function scanBlspec(barebox: Barebox, root: string): Promise<readonly BootEntry[]> {
  const directory = `${root === '/' ? '' : root}/${entryDirectory}`
  if ((await barebox.files.find(directory))?.type !== 'directory') return []
  const names = (await barebox.files.list(directory)).filter((name) => name.endsWith('.conf')).reverse()
  const entries = await Promise.all(names.map((name) => readBlspec(barebox, `${directory}/${name}`)))
  return entries.filter((entry) => entry !== undefined)
}

/** One entry, given by the path of its file; `undefined` where it is for another board. */
export async function readBlspec(barebox: Barebox, path: string): Promise<BootEntry | undefined> {
  const keys = parseEntry(await barebox.files.read(path))
  const root = dirname(dirname(dirname(path)))
  const title = keys.get('title') ?? ''
  const onDisk = root === diskPath
  const tree = keys.get('devicetree')
  if (tree !== undefined && tree !== 'none' && !(await isForThisBoard(barebox, root, tree))) return undefined
  const inRoot = (name: string | undefined) => (name === undefined ? undefined : `${root}/${name}`)
  return {
    title: `${title} (${path})`,
    description: `blspec entry, device: ${onDisk ? 'virtio0 hwdevice: a003c00.virtio_mmio@a003c00.of' : 'none hwdevice: none'}`,
    boot: async ({ verbose, dryRun, overrides }) => {
      barebox.variables.defineGlobal('linux.bootargs.dyn.bootentries', keys.get('options') ?? '')
      await barebox.print(`blspec: booting ${title} from ${onDisk ? 'virtio0' : 'none'}\n`)
      try {
        await bootm(barebox, {
          image: inRoot(keys.get('linux')) ?? '',
          initrd: inRoot(keys.get('initrd')),
          oftree: tree === 'none' ? undefined : inRoot(tree),
          verbose,
          dryRun: dryRun > 0,
          overrides,
        })
      } catch (error) {
        if (error instanceof BootFailure) await barebox.log('error', 'blspec: Booting failed')
        throw error
      }
    },
  }
}

/** `options` may be given several times, and are joined. */
function parseEntry(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\s*([\w-]+)\s+(.*?)\s*$/.exec(line)
    const [, key, value] = match ?? []
    if (key === undefined || value === undefined) continue
    const before = key === 'options' ? keys.get(key) : undefined
    keys.set(key, before === undefined ? value : `${before} ${value}`)
  }
  return keys
}

/** barebox asks for the first compatible of its own tree. */
async function isForThisBoard(barebox: Barebox, root: string, tree: string): Promise<boolean> {
  let bytes: Uint8Array
  try {
    bytes = await barebox.files.readBytes(resolvePath('/', `${root}/${tree}`))
  } catch (error) {
    if (error instanceof FileTreeError) return false
    throw error
  }
  if (compatibleOf(bytes).includes(barebox.hardware.options.compatible)) return true
  await barebox.print(`blspec: ignoring entry with incompatible devicetree: ${tree}\n`)
  return false
}
