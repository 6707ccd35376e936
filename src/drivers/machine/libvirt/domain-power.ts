import type { PowerState, PowerSwitch } from '../../../board/power-switch.ts'
import type { OpenTransport, Transport } from '../../../board/transport.ts'
import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import type { Domain } from '../../tool/virsh.ts'
import type { Uart, UartLine } from '../uart-line.ts'

/** How long libvirt may take to tell whether a machine whose console has ended still runs, in milliseconds. */
const askMs = 10_000

/**
 * Starts a virtual machine with its CPUs stopped, so that its console is there before it says the first word.
 * What it says to nobody is lost.
 */
export class DomainPower implements PowerSwitch {
  readonly #domain: Domain
  readonly #openConsole: OpenTransport
  readonly #line: UartLine
  #console: Transport | undefined
  /** Why there is none any more, where it was not us who ended it. */
  #loss: Error | undefined

  constructor(domain: Domain, openConsole: OpenTransport, line: UartLine) {
    this.#domain = domain
    this.#openConsole = openConsole
    this.#line = line
  }

  async on(t: Deadline): Promise<void> {
    if (!(await this.#domain.isOn(t))) await this.#domain.call('start', t, '--paused')
    await this.#attach(t)
    // Also one that was left so when we were ended here.
    if ((await this.#domain.state(t)) === 'paused') await this.#domain.call('resume', t)
  }

  async off(t: Deadline): Promise<void> {
    await this.close()
    if (await this.#domain.isOn(t)) await this.#domain.call('destroy', t)
  }

  async state(t: Deadline): Promise<PowerState> {
    return (await this.#domain.isOn(t)) ? 'on' : 'off'
  }

  async attachWhereOn(t: Deadline): Promise<void> {
    if (await this.#domain.isOn(t)) await this.#attach(t)
  }

  /** The machine itself is left as it is. */
  async close(): Promise<void> {
    const transport = this.#console
    this.#console = undefined
    await transport?.close()
  }

  async #attach(t: Deadline): Promise<void> {
    if (this.#console !== undefined) return
    this.#loss = undefined
    const uart: Uart = {
      write: async (bytes) => {
        const transport = this.#console
        await transport?.write(bytes).catch((error: unknown) => {
          if (this.#console === transport) throw error
        })
      },
    }
    this.#line.attach(uart)
    let opened: Transport | undefined = undefined
    opened = await this.#openConsole(
      {
        data: (bytes) => {
          this.#line.receive(bytes)
        },
        closed: (error) => {
          this.#line.detach(uart)
          const wasOurs = opened !== undefined && this.#console === opened
          if (wasOurs) this.#console = undefined
          if (wasOurs && error !== undefined) void this.#ended(error)
        },
      },
      { signal: t.signal, wait: false },
    )
    this.#console = opened
    // virsh says that it is connected before it knows: what refuses it has done so when this is answered.
    await this.#domain.state(t)
    this.#throwIfLost()
  }

  #throwIfLost(): void {
    if (this.#loss !== undefined) throw this.#loss
  }

  /** A machine that switches itself off takes its console along; one that runs on has lost it. */
  async #ended(reason: Error): Promise<void> {
    this.#loss = reason
    using t = startDeadline(askMs, 'whether the virtual machine still runs')
    const isOn = await this.#domain.isOn(t).catch(() => true)
    if (isOn) this.#line.lose(reason)
  }
}
