import { execa } from 'execa'
import type { Duplex } from 'node:stream'
import type { Deadline } from '../../../core/deadline.ts'
import { QmpClient, type QmpEvent } from './qmp-client.ts'

/** One life of QEMU, from power-on to power-off. */
export interface QemuProcess {
  readonly uart: Duplex
  readonly qmp: QmpClient
  /** Resolves when the process is gone and everything it sent was delivered; never rejects. */
  readonly ended: Promise<QemuEnd>
  /** Whether `stop` was called: an end that was asked for is no failure. */
  stopping(): boolean
  /** Ends the process: by QMP, else by SIGKILL. Resolves when it is gone. */
  stop(t: Deadline): Promise<void>
}

export interface QemuEnd {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  /** What QEMU wrote on stderr; the end of it when it was long. */
  readonly stderr: string
}

export interface QemuCommand {
  /** Program and arguments. */
  readonly argv: readonly [file: string, ...args: string[]]
  /** Called with what QEMU writes on stderr. */
  readonly onStderr: (text: string) => void
  readonly onEvent?: (event: QmpEvent) => void
}

/** How long QEMU may take to quit by itself, which flushes its images, before it is killed. */
const quitGraceMs = 2000

const keptStderr = 4000

/** Returns at once, so that there is no moment in which a process runs that nobody can stop. */
export function startQemu({ argv, onStderr, onEvent }: QemuCommand): QemuProcess {
  const [file, ...args] = argv
  const child = execa(file, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    buffer: false,
    reject: false,
    // Ctrl-C at the terminal goes to the whole foreground group: the board must not lose power by it.
    detached: true,
  })
  // Node makes a socket pair of each further pipe, which execa's types don't know.
  const [, , , qmpSocket, uart] = child.stdio as unknown as [null, null, unknown, Duplex, Duplex]
  const qmp = new QmpClient(qmpSocket, onEvent)

  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderr)
    onStderr(text)
  })

  const drained = new Promise((resolve) => uart.once('close', resolve))
  const ended = Promise.all([child, drained]).then(([{ exitCode, signal }]) => ({
    exitCode,
    signal,
    stderr: stderr.trim(),
  }))
  let stopping = false
  return {
    uart,
    qmp,
    ended,
    stopping: () => stopping,
    async stop(t) {
      stopping = true
      try {
        using grace = t.within(quitGraceMs, 'QEMU to quit')
        // QEMU may be gone before its reply is here.
        qmp.execute('quit', grace).catch(() => undefined)
        await grace.race(ended)
      } catch {
        child.kill('SIGKILL')
        await t.race(ended)
      }
    },
  }
}
