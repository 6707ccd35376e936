import type { Hardware } from '../hardware.ts'
import type { Uart } from '../wire/uart.ts'
import type { StagedFault } from './plan.ts'

/** Lets a fault do its damage; several never return. */
export async function strike(hardware: Hardware, fault: StagedFault, uart: Uart): Promise<void> {
  switch (fault.name) {
    case 'silent':
      // The hardware mutes itself; the board goes on.
      return
    case 'hang':
      return hardware.life.hang()
    case 'reset':
      return hardware.reset('WDG')
    case 'disconnect':
      uart.disconnect()
      return
    case 'flood':
      return flood(hardware, fault.bytes)
    case 'panic':
      return hardware.panic(fault.reason)
  }
}

const floodLine = 'The quick brown fox jumps over the lazy dog 0123456789 again and again\r\n'

async function flood(hardware: Hardware, bytes: number): Promise<void> {
  const piece = floodLine.repeat(Math.ceil(32_768 / floodLine.length))
  for (let left = bytes; left > 0; left -= piece.length) await hardware.send(piece.slice(0, left))
}
