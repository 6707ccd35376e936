import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { OpenTransport } from '../board/transport.ts'
import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'
import { MessageOrder } from './netconsole/message-order.ts'

export interface NetconsoleOptions {
  /** Address of this host. */
  readonly address: string
  /** UDP port; 0 for any. */
  readonly port: number
  /** The only address from which messages are taken; absent: from any. */
  readonly from: string | undefined
}

/** A message that has not come so long after a later one is lost, in milliseconds. */
const lateMs = 250
/**
 * When netconsole starts, a kernel sends its whole log in one go, about 240 messages of Debian's 6.1 on QEMU; the usual
 * 208 KiB hold few more of them than that. Linux gives as much of this as net.core.rmem_max lets it.
 */
const recvBufferSize = 4 * 1024 * 1024

/**
 * What a kernel sends by netconsole, in its plain or its extended format, as a serial console would show it.
 * @throws HilError `transport.not-listening` (infrastructure)
 */
export function openNetconsole({ address, port, from }: NetconsoleOptions): OpenTransport {
  return async (reader) => {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize })
    const order = new MessageOrder()
    let late: NodeJS.Timeout | undefined
    const give = (text: string) => {
      if (text !== '') reader.data(Buffer.from(text, 'latin1'))
    }
    try {
      socket.bind(port, address)
      await once(socket, 'listening')
    } catch (error) {
      socket.close()
      throw notListening(`udp://${address}:${port}`, error)
    }
    const description = `udp://${address}:${socket.address().port}`
    let isOver = false
    const end = (error: Error | undefined) => {
      if (isOver) return
      isOver = true
      clearTimeout(late)
      give(order.flush())
      socket.close()
      reader.closed(error)
    }
    socket.on('error', (error) => {
      end(notListening(description, error))
    })
    socket.on('message', (datagram, sender) => {
      if (isOver || (from !== undefined && sender.address !== from)) return
      give(order.push(datagram))
      clearTimeout(late)
      if (!order.isWaiting) return
      late = setTimeout(() => {
        give(order.flush())
      }, lateMs)
    })
    return {
      description,
      write: () => Promise.reject(readOnly(description)),
      close: () => {
        end(undefined)
        return Promise.resolve()
      },
    }
  }
}

function notListening(description: string, error: unknown): HilError {
  return new HilError('transport.not-listening', `can't listen at ${description}: ${reasonOf(error)}`, {
    blame: 'infrastructure',
    details: { transport: description },
    cause: error,
  })
}

function readOnly(description: string): HilError {
  return new HilError(
    'console.read-only',
    `nothing can be typed at ${description}: netconsole only tells what the kernel says`,
    { blame: 'environment', details: { transport: description } },
  )
}
