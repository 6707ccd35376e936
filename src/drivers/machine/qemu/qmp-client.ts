import type { Duplex } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'

/** What QEMU sends: a greeting, replies, events (QEMU, docs/interop/qmp-spec). */
interface QmpMessage {
  readonly QMP?: unknown
  readonly id?: number
  readonly return?: unknown
  readonly error?: { readonly class: string; readonly desc: string }
  readonly event?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** Something that happened to the machine, e.g. `SHUTDOWN` (QEMU, qapi/run-state.json). */
export interface QmpEvent {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
}

type QmpArguments = Readonly<Record<string, unknown>>

interface PendingCommand {
  readonly command: string
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A client of QEMU's machine protocol on a stream that is connected already. */
export class QmpClient {
  readonly #stream: Duplex
  readonly #decoder = new StringDecoder('utf8')
  readonly #pending = new Map<number, PendingCommand>()
  readonly #onEvent: (event: QmpEvent) => void
  #unfinishedLine = ''
  #lastId = 0
  #closed = false

  constructor(stream: Duplex, onEvent: (event: QmpEvent) => void = () => undefined) {
    this.#stream = stream
    this.#onEvent = onEvent
    stream.on('data', (chunk: Buffer) => {
      this.#receive(this.#decoder.write(chunk))
    })
    stream.on('error', () => {
      this.#close()
    })
    stream.on('close', () => {
      this.#close()
    })
    // QEMU takes no other command before this one; it may be sent ahead of the greeting.
    this.#negotiated = this.#send('qmp_capabilities')
    this.#negotiated.catch(() => undefined)
  }
  readonly #negotiated: Promise<unknown>

  /**
   * Runs one command, e.g. `query-status`, `system_reset`, `quit`.
   * @param values its arguments
   * @returns its `return` value
   * @throws HilError `machine.monitor-refused` with QEMU's sentence, `machine.monitor-closed` when
   *   QEMU ended first (both infrastructure)
   */
  async execute(command: string, t: Deadline, args?: QmpArguments): Promise<unknown> {
    await t.race(this.#negotiated)
    return t.race(this.#send(command, args))
  }

  #send(command: string, args?: QmpArguments): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(monitorClosed(command))
        return
      }
      const id = ++this.#lastId
      this.#pending.set(id, { command, resolve, reject })
      this.#stream.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`)
    })
  }

  #receive(text: string): void {
    const lines = (this.#unfinishedLine + text).split('\n')
    this.#unfinishedLine = lines.pop() ?? ''
    for (const line of lines) {
      if (line.trim() !== '') this.#settle(JSON.parse(line) as QmpMessage)
    }
  }

  #settle({ id, error, return: value, event, data = {} }: QmpMessage): void {
    if (event !== undefined) this.#onEvent({ name: event, data })
    const pending = id === undefined ? undefined : this.#pending.get(id)
    if (id === undefined || pending === undefined) return
    this.#pending.delete(id)
    if (error === undefined) pending.resolve(value)
    else pending.reject(monitorRefused(pending.command, error.desc))
  }

  #close(): void {
    this.#closed = true
    for (const { command, reject } of this.#pending.values()) reject(monitorClosed(command))
    this.#pending.clear()
  }
}

function monitorRefused(command: string, reason: string): HilError {
  return new HilError('machine.monitor-refused', `QEMU refused the monitor command "${command}": ${reason}`, {
    blame: 'infrastructure',
    details: { command, reason },
  })
}

function monitorClosed(command: string): HilError {
  return new HilError(
    'machine.monitor-closed',
    `QEMU ended before it answered the monitor command "${command}"`,
    { blame: 'infrastructure', details: { command } },
  )
}
