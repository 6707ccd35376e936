import type { Machine } from '../../../board/machine.ts'
import type { NetworkAddress } from '../../../board/ssh.ts'
import type { PowerState, PowerSwitch } from '../../../board/power-switch.ts'
import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { UartLine } from '../uart-line.ts'
import { uartChardev } from './arguments.ts'
import { attachStream } from './attach-stream.ts'
import { forwardPort } from './forward-port.ts'
import { startQemu, type QemuCommand, type QemuEnd, type QemuProcess } from './qemu-process.ts'

/**
 * Power and UART of one emulated board. Each power-on starts a new process of `command`.
 * @param description of the UART, for messages
 */
export function createQemuMachine(
  command: QemuCommand,
  description: string,
): Pick<Machine, 'power' | 'openConsole'> & Required<Pick<Machine, 'reach'>> {
  const line = new UartLine(description, {
    // QEMU reads its socket when the UART's FIFO has room (hw/char/pl011.c, `can_receive`).
    isLossless: true,
    canBreak: true,
  })
  const power = new QemuPower(command, line)
  return { power, openConsole: line.open, reach: (port, t) => power.reach(port, t) }
}

class QemuPower implements PowerSwitch {
  readonly #command: QemuCommand
  readonly #line: UartLine
  readonly #forwards = new WeakMap<QemuProcess, Map<number, NetworkAddress>>()
  #qemu: QemuProcess | undefined

  constructor(command: QemuCommand, line: UartLine) {
    this.#command = command
    this.#line = line
  }

  async on(t: Deadline): Promise<void> {
    if ((await this.state(t)) === 'on') return
    // A guest that powered itself off has left a process that can't be started again.
    await this.off(t)
    t.throwIfOver()

    const qemu = startQemu(this.#command)
    this.#qemu = qemu
    void qemu.ended.then(() => {
      if (this.#qemu === qemu) this.#qemu = undefined
    })
    attachStream(this.#line, qemu.uart, () => sendBreak(qemu))

    await untilUp(qemu, t)
    void qemu.ended.then((end) => {
      if (!qemu.stopping()) this.#line.lose(died(end))
    })
  }

  async off(t: Deadline): Promise<void> {
    await this.#qemu?.stop(t)
  }

  /** A port of this host's loopback address, for as long as QEMU runs. */
  async reach(port: number, t: Deadline): Promise<NetworkAddress> {
    const qemu = this.#qemu
    if (qemu === undefined) throw withoutPower()
    const known = this.#forwards.get(qemu)?.get(port)
    if (known !== undefined) return known
    const address = await forwardPort(qemu.qmp, port, t)
    const forwards = this.#forwards.get(qemu) ?? new Map<number, NetworkAddress>()
    this.#forwards.set(qemu, forwards.set(port, address))
    return address
  }

  async state(t: Deadline): Promise<PowerState> {
    const qemu = this.#qemu
    if (qemu === undefined) return 'off'
    try {
      // QEMU, qapi/run-state.json, RunState: "guest shut down (and -no-shutdown is in use)"
      const { status } = (await qemu.qmp.execute('query-status', t)) as { status: string }
      return status === 'shutdown' ? 'off' : 'on'
    } catch (error) {
      t.throwIfOver()
      if (isMonitorClosed(error)) return 'off'
      throw error
    }
  }
}

/** How long QEMU's monitor may take. */
const breakMs = 5000

async function sendBreak({ qmp }: QemuProcess): Promise<void> {
  using t = startDeadline(breakMs, 'QEMU to send a break')
  await qmp.execute('chardev-send-break', t, { id: uartChardev })
}

/** The monitor answers from QEMU's main loop: with its first answer the machine is made and runs. */
async function untilUp(qemu: QemuProcess, t: Deadline): Promise<void> {
  try {
    await qemu.qmp.execute('query-status', t)
  } catch (error) {
    if (!isMonitorClosed(error)) throw error
    // The monitor closes a moment before the process has ended, which knows why.
    const end = await t.race(qemu.ended)
    if (!qemu.stopping()) throw notStarted(end)
  }
  if (qemu.stopping()) throw stoppedWhileStarting()
}

function isMonitorClosed(error: unknown): boolean {
  return error instanceof HilError && error.code === 'machine.monitor-closed'
}

function withoutPower(): HilError {
  return new HilError('machine.off', 'a port of a board without power was asked for', {
    blame: 'infrastructure',
  })
}

function stoppedWhileStarting(): HilError {
  return new HilError('machine.stopped', 'QEMU was switched off while it started', {
    blame: 'infrastructure',
  })
}

/** QEMU exits with 1 where its command line or a file named there is wrong. */
export function notStarted(end: QemuEnd): HilError {
  if (end.exitCode !== 1) return died(end)
  return new HilError('machine.refused', `QEMU did not start: ${end.stderr || 'it said nothing'}`, {
    blame: 'environment',
    details: { ...end },
  })
}

function died(end: QemuEnd): HilError {
  const how = end.signal === undefined ? `exit code ${end.exitCode}` : end.signal
  const said = end.stderr === '' ? 'it wrote nothing on stderr' : `its stderr: ${end.stderr}`
  return new HilError('machine.died', `QEMU ended unexpectedly (${how}); ${said}`, {
    blame: 'infrastructure',
    details: { ...end },
  })
}
