import { dirname } from 'node:path/posix'
import { filesOf, type BootPlan, type NetworkOverride, type ServedFile } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { runOk, said } from '../run-ok.ts'

const mountPoint = '/mnt/hil'
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
  const { host, port, nfsExport } = override.server
  const files = filesOf(override)
  files.forEach(assertName)
  const network = await prompt.run('ifup -a1', t)
  await prompt.run(`umount ${mountPoint}`, t)
  await runOk(prompt, `mkdir -p ${mountPoint}`, t)
  const portOption = port === 69 ? '' : `-o port=${port} `
  const [by, mount] =
    nfsExport === undefined
      ? [`TFTP from ${host} port ${port}`, `mount -t tftp ${portOption}${host} ${mountPoint}`]
      : [`NFS from ${host}:${nfsExport}`, `mount -t nfs ${host}:${nfsExport} ${mountPoint}`]
  await runOk(prompt, mount, t, fetchFailed)
  for (const { name } of files) {
    const { exitCode, stdout } = await prompt.run(`[ -f ${mountPoint}/${name} ]`, t)
    if (exitCode === 0) continue
    throw new HilError(
      'boot.fetch-failed',
      `barebox can't fetch "${name}" by ${by}; bringing up the network ${said(network.stdout)}`,
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
