import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { startDeadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { verdictOf, verdicts } from '../../core/verdicts.ts'
import { probeExport } from '../../servers/nfs/probe-export.ts'
import { formatFinding } from './finding.ts'
import { loaderEntryFindings, type LoaderEntryOptions } from './loader-entry.ts'
import { rootTreeFindings } from './root-tree.ts'

export interface NetbootNfsArguments extends LoaderEntryOptions {
  readonly rootfs: string
  /** Where the NFS server is; absent: this machine. */
  readonly server: string | undefined
}

/** Time to ask the NFS server, in milliseconds. */
const probeMs = 15_000

/**
 * `hil netboot nfs`: what would keep barebox from booting a tree by `boot nfs://`, on stdout, and a loader
 * entry in the tree where there is none.
 * @returns the exit code
 */
export async function netbootNfsCommand(args: NetbootNfsArguments, cwd = process.cwd()): Promise<number> {
  const { server = '127.0.0.1' } = args
  const root = resolve(cwd, args.rootfs)
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
    throw new HilError(
      'netboot.no-tree',
      `${args.rootfs} is no directory: unpack the root file system first`,
      {
        blame: 'environment',
        details: { root },
      },
    )
  }
  const findings = [...(await rootTreeFindings(root)), ...(await loaderEntryFindings(root, args))]
  using t = startDeadline(probeMs, `asking the NFS server at ${server}`)
  const trouble = await probeExport(server, root, t)
  findings.push(
    trouble === undefined
      ? {
          level: 'ok',
          sentence: `${server} lets ${root} be mounted by NFS version 3 over UDP, as barebox does it`,
        }
      : { level: 'problem', sentence: trouble },
  )
  process.stdout.write(findings.map(formatFinding).join(''))
  const problems = findings.filter(({ level }) => level === 'problem').length
  const host = args.server ?? 'SERVER'
  process.stdout.write(`\nboot it with barebox: boot: { source: 'nfs://${host}/${root}' }\n`)
  return problems === 0 ? 0 : verdicts[verdictOf('environment')].exit
}
