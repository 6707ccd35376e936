import type Modbus from 'modbus-serial'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError, messageOf } from '../../../core/errors.ts'
import { findPortDevice } from '../../../transports/serial/port-device.ts'
import { portRefused, requireFreePort } from '../../../transports/serial/port-problems.ts'
import { exchange } from '../exchange.ts'
import { noOutlet, refused, unreachable } from '../power-errors.ts'
import { takeTurn } from '../serial/port-turn.ts'
import type { ModbusOptions } from '../modbus.ts'

type Client = Modbus.default

export interface ModbusDevice {
  writeCoil(coil: number, on: boolean, t: Deadline): Promise<void>
  readCoils(first: number, count: number, t: Deadline): Promise<readonly boolean[]>
}

/** A connection for each question: small devices have few, and a line is shared with other boards. */
export function openModbus({
  host = '',
  port,
  serial,
  unit,
  timeout,
}: Pick<ModbusOptions, 'host' | 'port' | 'serial' | 'unit' | 'timeout'>): ModbusDevice {
  const place = serial === undefined ? `${host}:${port}` : serial.port
  const name = `the Modbus device ${unit} at ${place}`

  const ask = <T>(what: string, coil: number, t: Deadline, question: (client: Client) => Promise<T>) =>
    exchange({ name, timeoutMs: timeout }, t, async (own) => {
      if (serial === undefined) return talk((client) => client.connectTCP(host, { port }), own)
      const device = await findPortDevice(serial.port)
      return takeTurn(device, own, () => talk((client) => openLine(client, serial, device), own))

      async function talk(connect: (client: Client) => Promise<void>, own: Deadline): Promise<T> {
        const { default: modbus } = await import('modbus-serial')
        const client = new modbus.default()
        // It would end the process otherwise; the question fails too.
        client.on('error', () => undefined)
        try {
          await own.race(connect(client))
          client.setID(unit)
          client.setTimeout(timeout)
          return await own.race(question(client))
        } catch (error) {
          own.throwIfOver()
          throw error instanceof HilError ? error : explain(name, what, coil, error)
        } finally {
          await closed(client)
        }
      }
    })
  return {
    writeCoil: (coil, on, t) =>
      ask(`switch coil ${coil}`, coil, t, async (client) => {
        await client.writeCoil(coil, on)
      }),
    readCoils: (first, count, t) =>
      ask(`tell of coil ${first}`, first, t, async (client) => (await client.readCoils(first, count)).data),
  }
}

async function openLine(
  client: Client,
  { port, baud, parity, stopBits }: NonNullable<ModbusOptions['serial']>,
  device: string,
): Promise<void> {
  requireFreePort(port, device)
  try {
    await client.connectRTUBuffered(device, { baudRate: baud, parity, stopBits })
  } catch (cause) {
    throw portRefused(port, device, cause)
  }
}

/** A line has to be free again before the next may open it. */
async function closed(client: Client): Promise<void> {
  if (!client.isOpen) return client.destroy()
  await new Promise<void>((resolve) => {
    client.close(() => resolve())
    // A device that hangs does not confirm the end of a connection.
    client.destroy(() => resolve())
  })
}

/** Modbus Application Protocol, 7: the exception codes for a function or coil that is not there. */
const notThere: readonly unknown[] = [1, 2]

function explain(name: string, what: string, coil: number, error: unknown): HilError {
  const { modbusCode } = error as { modbusCode?: number }
  const said = messageOf(error)
  if (notThere.includes(modbusCode)) return noOutlet(name, coil, said)
  return modbusCode === undefined ? unreachable(name, error) : refused(name, what, said)
}
