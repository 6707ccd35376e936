import type { Deadline } from '../../../core/deadline.ts'
import { openSerial } from '../../../transports/serial.ts'
import { portDevice } from '../../port-device.ts'
import { exchange } from '../exchange.ts'
import { takeTurn } from './port-turn.ts'

export interface RelayPort {
  /** As messages call the relay board. */
  readonly name: string
  readonly port: string
  readonly baud: number
  readonly timeoutMs: number
}

/** A relay board that is being talked to. */
export interface Conversation {
  readonly write: (bytes: string | Uint8Array) => Promise<void>
  /** All that has come since the conversation began, once `isComplete` finds it to be enough. */
  readonly read: (isComplete: (received: Buffer) => boolean) => Promise<Buffer>
}

/** Opens the port of a relay board for one conversation, so that boards on other relays get their turn. */
export async function converse<T>(
  { name, port, baud, timeoutMs }: RelayPort,
  t: Deadline,
  work: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  const open = openSerial({
    ...{ path: port, baudRate: baud, dataBits: 8, parity: 'none', stopBits: 1, flowControl: 'none' },
  })
  return exchange({ name, timeoutMs }, t, (own) =>
    takeTurn(portDevice(port), own, async () => {
      const inbox = new Inbox()
      const transport = await open(inbox)
      try {
        const conversation: Conversation = {
          write: (bytes) => transport.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
          read: (isComplete) => inbox.read(isComplete),
        }
        return await own.race(work(conversation))
      } finally {
        await transport.close()
      }
    }),
  )
}

class Inbox {
  #received = Buffer.alloc(0)
  #error: Error | undefined
  #notify: () => void = () => undefined

  data(bytes: Uint8Array): void {
    this.#received = Buffer.concat([this.#received, bytes])
    this.#notify()
  }

  closed(error: Error | undefined): void {
    this.#error = error
    this.#notify()
  }

  async read(isComplete: (received: Buffer) => boolean): Promise<Buffer> {
    while (!isComplete(this.#received)) {
      if (this.#error !== undefined) throw this.#error
      await new Promise<void>((resolve) => {
        this.#notify = resolve
      })
    }
    return this.#received
  }
}
