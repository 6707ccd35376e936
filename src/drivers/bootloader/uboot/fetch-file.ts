import type { ServedFile, ServerAddress } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { quoteCommand } from '../../framing/command-errors.ts'
import { said } from '../run-ok.ts'
import { readChecksum } from './checksum.ts'

/**
 * Loads a file into memory by TFTP or HTTP, and proves by size and CRC that it is the one: `wget` takes an error page
 * for the file.
 * @throws HilError `boot.fetch-failed` (infrastructure)
 */
export async function fetchFile(
  prompt: Pick<CommandRunner, 'run'>,
  file: ServedFile,
  address: string,
  { host, port, httpPath }: ServerAddress,
  t: Deadline,
): Promise<void> {
  const name = checkedName(file)
  const command =
    httpPath === undefined ? `tftpboot ${address} ${name}` : `wget ${address} ${host}:${httpPath}/${name}`
  const { exitCode, stdout } = await prompt.run(command, t)
  const received = /Bytes transferred = (\d{1,12})/.exec(stdout)?.[1]
  const failed = (what: string) =>
    new HilError(
      'boot.fetch-failed',
      `U-Boot's ${quoteCommand(command)} from ${host} port ${port} ${what}: ${said(linesAbout(stdout))}`,
      { blame: 'infrastructure', details: { command, exitCode, output: stdout, expected: file } },
    )
  if (exitCode !== 0 || received === undefined) throw failed('failed')
  if (Number(received) !== file.size) throw failed(`brought ${received} bytes and not ${file.size}`)

  const { sum, expected } = await readChecksum(prompt, file, address, t)
  if (sum !== expected) throw failed(`brought other bytes: CRC ${sum} and not ${expected}`)
}

/** Without the progress marks. */
function linesAbout(output: string): string {
  return output
    .split('\n')
    .map((line) => line.replace(/(?: *\|){2,200}$/, ''))
    .filter((line) => !/^[\s#*T|\x08]{0,200}$/.test(line))
    .join('\n')
}

function checkedName({ name }: ServedFile): string {
  if (/^[\w.+/@-]{1,127}$/.test(name)) return name
  throw new HilError(
    'boot.file-name',
    `U-Boot can't be told to load "${name}": only letters, digits and . _ + - @ / may stand in a name, 127 at most`,
    {
      blame: 'payload',
      details: { name },
    },
  )
}
