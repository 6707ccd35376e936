import type { Duplex } from 'node:stream'
import type { Uart, UartLine } from '../uart-line.ts'

/** Connects the line to the UART of a process that has just been started, until that ends. */
export function attachStream(line: UartLine, stream: Duplex, sendBreak: () => Promise<void>): void {
  const uart: Uart = {
    write: async (bytes) => {
      if (!stream.writable) return
      await new Promise<void>((resolve) =>
        stream.write(bytes, () => {
          resolve()
        }),
      )
    },
    sendBreak,
  }
  line.attach(uart)
  stream.on('data', (bytes: Buffer) => {
    line.receive(bytes)
  })
  // The end of the process is what tells; a reset by its end of the socket adds nothing.
  stream.on('error', () => undefined)
  stream.on('close', () => {
    line.detach(uart)
  })
}
