import { basename, dirname } from 'node:path/posix'
import {
  filesOf,
  type BootPlan,
  type NetworkOverride,
  type ServedFile,
  type ServerAddress,
} from '../../../board/boot-plan.ts'
import type { ReceivedFile } from '../../../board/bootloader.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { runOk, said } from '../run-ok.ts'
import { sendFile } from '../send-file.ts'

/** Once somebody was in it by `cd`, as `devboot` is, barebox never lets go of a mounted file system: then comes the next. */
const mountPoints = ['/mnt/hil', ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `/mnt/hil-${number}`)]
/** barebox keeps everything that is on no medium in RAM. */
const memory = '/hil'

const fetchFailed = { code: 'boot.fetch-failed', blame: 'infrastructure' } as const

/**
 * Brings up the network and mounts the server, or has the files sent over the console. Where the server does not tell what is fetched, the files are
 * copied into memory first and their checksum computed there: what is checked is what is booted.
 * @returns the directory that has the files by their served names
 * @throws HilError `boot.fetch-failed` (infrastructure), `boot.file-name` (payload)
 */
export async function fetchFiles(
  session: PromptSession,
  override: NetworkOverride,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<string> {
  const { server } = override
  const files = filesOf(override)
  files.forEach(assertName)
  return server === 'console'
    ? receiveFiles(session, files, observe, t)
    : fetchFrom(session, server, { files, ...override }, observe, t)
}

/**
 * Brings a file to a path, which may be a device.
 * @throws HilError `transfer.refused` (test), and as `fetchFiles`
 */
export async function receiveAt(
  session: PromptSession,
  { from: server, observe, ...file }: ReceivedFile,
  path: string,
  t: Deadline,
): Promise<void> {
  if (!/^\/[\w.+/-]{1,200}$/.test(path)) {
    const what = `barebox takes a file to a path of letters, digits and . _ + - /, and "${path}" is none`
    throw new HilError('transfer.refused', what, { blame: 'test', details: { path } })
  }
  const alone = { server, image: file, isWhole: false, needsChecksums: true }
  const directory = await fetchFiles(session, alone, observe, t)
  await runOk(session, `cp ${directory}/${file.name} ${path}`, t, { code: 'transfer.refused', blame: 'test' })
  await assertChecksum(session, file, path, t)
  await session.run(`rm -r ${memory}`, t)
}

/** Where files are that came over the console. */
async function receiveFiles(
  session: PromptSession,
  files: readonly ServedFile[],
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<string> {
  await session.run(`rm -r ${memory}`, t)
  await runOk(session, `mkdir -p ${memory}`, t)
  // It writes to where it stands, and takes the directories out of a name.
  await runOk(session, `cd ${memory}`, t)
  for (const file of files) {
    const path = `${memory}/${file.name}`
    const name = basename(path)
    const { exitCode, stdout } = await sendFile(session, { command: 'loady', name }, file, observe, t)
    if (exitCode !== 0) {
      throw new HilError('boot.fetch-failed', `barebox did not receive ${file.name}: ${said(stdout)}`, {
        blame: 'infrastructure',
        details: { file, output: stdout },
      })
    }
    await assertChecksum(session, file, path, t)
    observe?.({ type: 'checksum', file: file.name, crc32: file.crc32 })
  }
  await runOk(session, 'cd /', t)
  return memory
}

async function fetchFrom(
  prompt: Pick<CommandRunner, 'run'>,
  server: ServerAddress,
  { files, needsChecksums }: { readonly files: readonly ServedFile[]; readonly needsChecksums: boolean },
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<string> {
  const network = await prompt.run('ifup -a1', t)
  const mountPoint = await mountServer(prompt, server, t)
  for (const { name } of files) {
    const { exitCode, stdout } = await prompt.run(`[ -f ${mountPoint}/${name} ]`, t)
    if (exitCode === 0) continue
    throw new HilError(
      'boot.fetch-failed',
      `barebox can't fetch "${name}" by ${nameOf(server)}; bringing up the network ${said(network.stdout)}`,
      {
        blame: 'infrastructure',
        details: { file: name, server, output: network.stdout + stdout },
      },
    )
  }
  if (!needsChecksums) return mountPoint

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
  // A device is longer than what was written to it.
  const { stdout } = await runOk(prompt, `crc32 -f ${path} 0+${file.size}`, t, fetchFailed)
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
