import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import type { FindSources } from '../../session/kernel/kernel-sources.ts'
import { Symboliser } from './symboliser.ts'

/** Where the debug information of a run's kernel may be. */
export interface VmlinuxArguments {
  /** As it was typed. */
  readonly vmlinux: string | undefined
  /** The tree that the kernel is built in, if it is. */
  readonly tree: string | undefined
}

/**
 * Finds source lines with the `vmlinux` that was named, or else with that of the kernel tree. The files are
 * read when there is something to find.
 * @returns `undefined` where there is none
 * @throws HilError `symbols.unreadable` (environment) for a file that was named and is not there
 */
export async function sourceFinder(
  { vmlinux, tree }: VmlinuxArguments,
  cwd: string,
): Promise<FindSources | undefined> {
  const file = vmlinux ?? (tree === undefined ? undefined : join(tree, 'vmlinux'))
  if (file === undefined) return undefined
  const path = resolve(cwd, file)
  if (vmlinux !== undefined) await assertThere(path, vmlinux)
  let opened: Promise<Symboliser> | undefined
  return async (lines, t) => {
    // The tree is built in the run: only afterwards there is a vmlinux, or none.
    if (vmlinux === undefined && !(await isThere(path))) return []
    opened ??= Symboliser.open(path, t.signal)
    return (await opened).sources(lines, t.signal)
  }
}

async function assertThere(path: string, typed: string): Promise<void> {
  if (await isThere(path)) return
  throw new HilError('symbols.unreadable', `--vmlinux ${typed}: there is no such file`, {
    blame: 'environment',
    details: { path },
  })
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
