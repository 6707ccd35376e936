import type { Shell } from '../../board/shell.ts'
import type { Deadline } from '../../core/deadline.ts'
import type { UserspaceEvidence } from './boot-evidence.ts'

/** What a root file system may lack is told as missing, and does not fail the command. */
const command = [
  'cat /proc/version 2>/dev/null',
  'echo @cmdline',
  'cat /proc/cmdline 2>/dev/null',
  'echo @notes',
  `{ od -An -v -tx1 /sys/kernel/notes || hexdump -v -e '1/1 " %02x"' /sys/kernel/notes; } 2>/dev/null`,
  'echo @end',
].join('; ')

/** Asks the running system which kernel it is. Throws what the shell throws. */
export async function readUserspace(shell: Shell, t: Deadline): Promise<UserspaceEvidence> {
  const { stdout } = await shell.run(command, t)
  const [version = '', rest = ''] = stdout.split('@cmdline\n')
  const [commandLine = '', notes = ''] = rest.split('@notes\n')
  return {
    version: textOf(version),
    commandLine: textOf(commandLine),
    buildId: buildIdIn(Buffer.from(notes.split('@end')[0]?.replaceAll(/\s/g, '') ?? '', 'hex')),
  }
}

function textOf(output: string): string | undefined {
  const text = output.trim()
  return text === '' ? undefined : text
}

/** elf(5): notes are name size, description size, type, then name and description, each padded to 4. */
function buildIdIn(notes: Buffer): string | undefined {
  for (let at = 0; at + 12 <= notes.length;) {
    const nameSize = notes.readUInt32LE(at)
    const size = notes.readUInt32LE(at + 4)
    const start = at + 12 + padded(nameSize)
    const isBuildId = notes.readUInt32LE(at + 8) === gnuBuildId
    if (isBuildId && notes.toString('latin1', at + 12, at + 16) === 'GNU\0' && start + size <= notes.length) {
      return notes.toString('hex', start, start + size)
    }
    at = start + padded(size)
  }
  return undefined
}

const gnuBuildId = 3

function padded(size: number): number {
  return (size + 3) & ~3
}
