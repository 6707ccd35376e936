import { basename } from 'node:path/posix'
import { resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { isScript } from '../commands/script.ts'
import { BootFailure, type BootEntry, type FoundEntries } from './boot-entry.ts'
import { bootm } from './bootm.ts'

/** Boot scripts: a file, or the files of a directory. A plain name is one under `/env/boot`. */
export async function scanScripts(barebox: Barebox, name: string): Promise<FoundEntries> {
  const path = name.startsWith('/') ? resolvePath('/', name) : `/env/boot/${name}`
  const node = await barebox.files.find(path)
  if (node === undefined) return { entries: [], known: false }
  if (node.type !== 'directory') {
    const entry = await scriptEntry(barebox, path)
    return entry === undefined ? { entries: [], known: false } : { entries: [entry], known: true }
  }
  const names = (await barebox.files.list(path)).filter((child) => !child.startsWith('.'))
  const entries = await Promise.all(names.map((child) => scriptEntry(barebox, resolvePath(path, child))))
  return { entries: entries.filter((entry) => entry !== undefined), known: names.length > 0 }
}

async function scriptEntry(barebox: Barebox, path: string): Promise<BootEntry | undefined> {
  const node = await barebox.files.find(path)
  if (node?.type !== 'file' || !(await isScript(barebox, path))) return undefined
  return {
    title: basename(path),
    description: `script: ${path}`,
    boot: async ({ verbose, dryRun, overrides }) => {
      if (dryRun === 1) {
        await barebox.print(`Would run ${path}\n`)
        return
      }
      const restore = rememberGlobals(barebox)
      for (const name of ['ip', 'root']) barebox.variables.defineGlobal(`linux.bootargs.dyn.${name}`)
      try {
        const attempts = barebox.bootAttempts
        await runScript(barebox, path)
        // A script that called bootm itself has done it all; what was to be replaced is lost.
        if (barebox.bootAttempts !== attempts) return
        const { variables } = barebox
        await bootm(barebox, {
          image: variables.global('bootm.image'),
          initrd: variables.global('bootm.initrd') || undefined,
          oftree: variables.global('bootm.oftree') || undefined,
          verbose,
          dryRun: dryRun > 1,
          overrides,
        })
      } finally {
        restore()
      }
    },
  }
}

async function runScript(barebox: Barebox, path: string): Promise<void> {
  const status = await barebox.run(path)
  if (status === 0) return
  await barebox.log('error', `Running script '${path}' failed: error -${status}`)
  throw new BootFailure(status.toString(16).padStart(16, '0'))
}

/** @returns what sets the variables back that a boot script may change */
function rememberGlobals({ variables }: Barebox): () => void {
  const values = ['bootm.image', 'bootm.initrd', 'bootm.oftree'].map(
    (name) => [name, variables.global(name)] as const,
  )
  return () => {
    for (const [name, value] of values) variables.set(`global.${name}`, value)
  }
}
