import { dirname } from 'node:path/posix'
import {
  filesOf,
  type BootPlan,
  type NetworkOverride,
  type ServedFile,
  type ServerAddress,
} from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { runOk, said } from '../run-ok.ts'

/** Once somebody was in it by `cd`, as `devboot` is, barebox never lets go of a mounted file system: then comes the next. */
const mountPoints = ['/mnt/hil', ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `/mnt/hil-${number}`)]
/** barebox keeps everything that is on no medium in RAM. */
const memory = '/hil'

const fetchFailed = { code: 'boot.fetch-failed', blame: 'infrastructure' } as const

/**
 * Brings up the network and mounts the server. Where that does not tell what is fetched, the files are
 * copied into memory first and their checksum computed there: what is checked is what is booted.
 * @returns the directory that has the files by their served names
 * @throws HilError `boot.fetch-failed` (infrastructure), `boot.file-name` (payload)
 */
export async function fetchFiles(
  prompt: Pick<CommandRunner, 'run'>,
  override: NetworkOverride,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<string> {
  const files = filesOf(override)
  files.forEach(assertName)
  const network = await prompt.run('ifup -a1', t)
  const mountPoint = await mountServer(prompt, override.server, t)
  for (const { name } of files) {
    const { exitCode, stdout } = await prompt.run(`[ -f ${mountPoint}/${name} ]`, t)
    if (exitCode === 0) continue
    throw new HilError(
      'boot.fetch-failed',
      `barebox can't fetch "${name}" by ${nameOf(override.server)}; bringing up the network ${said(network.stdout)}`,
      {
        blame: 'infrastructure',
        details: { file: name, server: override.server, output: network.stdout + stdout },
      },
    )
  }
  if (!override.needsChecksums) return mountPoint

  await prompt.run(`rm -r ${memory}`, t)
  for (const file of files) {
    const path = `${memory}/${file.name}`
    await runOk(prompt, `mkdir -p ${dirname(path)}`, t)
    await runOk(prompt, `cp ${mountPoint}/${file.name} ${path}`, t, fetchFailed)
    await assertChecksum(prompt, file, path, t)
    observe?.({ type: 'checksum', file: file.name, crc32: file.crc32 })
  }
  return memory
}

async function mountServer(
  prompt: Pick<CommandRunner, 'run'>,
  { host, port, nfsExport }: ServerAddress,
  t: Deadline,
): Promise<string> {
  const mountPoint = await freeMountPoint(prompt, t)
  const portOption = port === 69 ? '' : `-o port=${port} `
  const what = nfsExport === undefined ? `-t tftp ${portOption}${host}` : `-t nfs ${host}:${nfsExport}`
  await runOk(prompt, `mkdir -p ${mountPoint}`, t)
  await runOk(prompt, `mount ${what} ${mountPoint}`, t, fetchFailed)
  return mountPoint
}

async function freeMountPoint(prompt: Pick<CommandRunner, 'run'>, t: Deadline): Promise<string> {
  for (const mountPoint of mountPoints) {
    const { stdout } = await prompt.run(`umount ${mountPoint}`, t)
    if (!stdout.includes('Device or resource busy')) return mountPoint
  }
  throw new HilError('boot.fetch-failed', `barebox does not let go of ${mountPoints.join(', ')}: reset it`, {
    blame: 'infrastructure',
    details: { mountPoints },
  })
}

function nameOf({ host, port, nfsExport }: ServerAddress): string {
  return nfsExport === undefined ? `TFTP from ${host} port ${port}` : `NFS from ${host}:${nfsExport}`
}

async function assertChecksum(
  prompt: Pick<CommandRunner, 'run'>,
  file: ServedFile,
  path: string,
  t: Deadline,
): Promise<void> {
  const { stdout } = await runOk(prompt, `crc32 -f ${path}`, t, fetchFailed)
  const [, last, sum] = /\.\.\. 0x([0-9a-f]{8,16}) ==> 0x([0-9a-f]{8})/.exec(stdout) ?? []
  const expected = file.crc32.toString(16).padStart(8, '0')
  if (sum === expected && Number(`0x${last ?? ''}`) === file.size - 1) return
  throw new HilError(
    'boot.fetch-failed',
    `barebox fetched other bytes than were published as "${file.name}": CRC ${sum ?? 'unknown'} up to 0x${last ?? '?'}, and not ${expected} of ${file.size} bytes`,
    { blame: 'infrastructure', details: { file, output: stdout } },
  )
}

/** `@` would name a configuration of a FIT, `:` and white space separate names. */
function assertName({ name }: ServedFile): void {
  if (/^[\w.+/-]{1,200}$/.test(name)) return
  throw new HilError(
    'boot.file-name',
    `barebox can't be told to load "${name}": only letters, digits and . _ + - / may stand in a name`,
    { blame: 'payload', details: { name } },
  )
}
