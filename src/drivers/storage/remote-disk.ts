import { setTimeout as wait } from 'node:timers/promises'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { openTool, type ToolContext } from '../tool/tool.ts'
import type { ToolOptions } from '../tool/options.ts'
import { direct, notRead, notWritten, wholePages, type Disk, type DiskPart, type DiskPiece } from './disk.ts'

/** Nobody tells when a card reader has found a card in it. */
const lookAgainMs = 500

/** A command is given the time that its step has. */
const noLimitMs = 86_400_000

/** Which disk of the other machine: a shell script that prints the names below /sys/block of those that are meant. */
export interface RemotePlace {
  readonly find: string
  /** For messages: `the disk of the mux /dev/sg3`. */
  readonly name: string
}

/** The disk at a USB port, as `usbDisks` finds it here. */
export function atUsbPath(usbPath: string, lun: number): RemotePlace {
  return {
    find: `for b in /sys/block/*; do case $(readlink -f $b) in */${usbPath}:*.*/host*/*:*:*:${lun}/block/*) echo \${b##*/};; esac; done`,
    name: `a disk at USB ${usbPath}, LUN ${lun}`,
  }
}

export interface RemoteMachine {
  readonly ssh: NonNullable<ToolOptions['ssh']>
}

/**
 * Waits for a disk of another machine, with a medium in it; what is found there is all that is ever written to.
 *
 * @throws HilError `storage.no-device`, `storage.no-medium` (infrastructure), `storage.in-use`, `storage.read-only`
 *   (environment)
 */
export async function untilRemoteDisk(
  { find, name: place }: RemotePlace,
  { ssh }: RemoteMachine,
  context: ToolContext,
  t: Deadline,
): Promise<Disk> {
  const shell = openTool({ program: 'sh', ssh, timeout: noLimitMs }, 'every system', context)
  const host = typeof ssh === 'string' ? ssh : ssh.host
  let isThere: string | undefined
  /** Time that ran out is told as what was waited for, whatever was under way. */
  const inTime = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (!isDeadlineExceeded(t.signal.reason) || isThere === undefined) throw error
      throw isThere === ''
        ? absent('storage.no-device', `${host} has not ${place}`)
        : absent('storage.no-medium', `/dev/${isThere} on ${host} has no medium in it`)
    }
  }
  for (;;) {
    const said = await inTime(shell.run(['-c', `for d in $(${find}); do ${survey}\ndone`], t))
    const [first = '', ...more] = said.split('\n')
    const [name = '', size = '', readOnly = '', ...use] = first.split(' ')
    if (more.length > 0) throw several(place, host, [first, ...more])
    if (Number(size) > 0) {
      const device = `/dev/${name}`
      if (readOnly === '1')
        throw refused(
          'storage.read-only',
          `${device} on ${host} can't be written: look at the lock of the card`,
        )
      if (use.length > 0)
        throw refused('storage.in-use', `${device} on ${host} is in use there: ${use.join(' ')}`)
      return remoteDisk({ device, host, size: 512 * Number(size) }, shell)
    }
    isThere = name
    await inTime(t.race(wait(lookAgainMs)))
  }
}

/** `sdb 62333952 0`, and what it is used for: mounted, or part of something such as a RAID. */
const survey = `b=/sys/block/$d; u=
for p in $b $b/$d*; do
  [ -e $p/size ] || continue
  n=\${p##*/}
  m=$(grep "^/dev/$n " /proc/self/mounts | head -n 1 | cut -d " " -f 2)
  [ -z "$m" ] || u=" $n is mounted at $m"
  for h in $p/holders/*; do [ ! -e $h ] || u=" $n is held by \${h##*/}"; done
done
echo "$d $(cat $b/size) $(cat $b/ro)$u"`

interface Found {
  readonly device: string
  readonly host: string
  readonly size: number
}

function remoteDisk({ device, host, size }: Found, shell: ReturnType<typeof openTool>): Disk {
  const name = `${device} on ${host}`
  return {
    ...{ device: name, size },
    async write(pieces, t) {
      const script = `while read -r at count; do dd of=${device} ${writing} seek=$at count=$count || exit 9; done; sync ${device}`
      const { exitCode, stderr } = await shell.try(
        ['-c', `LC_ALL=C; export LC_ALL; ${script}`],
        t,
        framed(pieces),
      )
      if (exitCode !== 0)
        throw notWritten(name, stderr.trim(), /permission denied|not permitted/i.test(stderr))
    },
    async hashes(parts, t) {
      const script = `while read -r at whole count; do dd if=${device} bs=4M status=none ${direct} skip=$at count=$whole </dev/null | head -c $count | sha256sum; done`
      const { exitCode, stdout, stderr } = await shell.try(['-c', script], t, asked(parts))
      const hashes = stdout.split('\n').map((line) => line.slice(0, 64))
      if (exitCode !== 0 || stderr !== '')
        throw notRead(name, stderr.trim() || `sh ended with ${String(exitCode)}`)
      return hashes
    },
  }
}

/** Each piece is read by a dd of its own, to the byte. */
const writing = 'bs=1M status=none conv=notrunc,nocreat iflag=fullblock,count_bytes oflag=seek_bytes'

async function* framed(pieces: AsyncIterable<DiskPiece>): AsyncGenerator<Uint8Array> {
  for await (const { at, bytes } of pieces) {
    yield Buffer.from(`${at} ${bytes.length}\n`)
    yield bytes
  }
}

async function* asked(parts: readonly DiskPart[]): AsyncGenerator<Uint8Array> {
  const lines = parts.map((part) => `${part.start} ${wholePages(part)} ${part.length}\n`)
  yield await Promise.resolve(Buffer.from(lines.join('')))
}

function several(place: string, host: string, found: readonly string[]): HilError {
  const names = found.map((line) => line.split(' ', 1)[0])
  return refused('storage.several', `${host} has several of ${place}: ${names.join(', ')}`)
}

function refused(code: string, message: string): HilError {
  return new HilError(code, message, { blame: 'environment' })
}

function absent(code: string, message: string): HilError {
  return new HilError(code, message, { blame: 'infrastructure' })
}
