import { once } from 'node:events'
import { connect } from 'node:net'
import { z } from 'zod'
import type { PowerState, PowerSwitch } from '../../../board/power-switch.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { QmpClient } from '../../machine/qemu/qmp-client.ts'
import { exchange } from '../exchange.ts'
import { unexpectedAnswer, unreachable } from '../power-errors.ts'

/** QEMU, qapi/run-state.json, RunState: a machine that was reset while it was stopped is before its launch again. */
const states: Readonly<Record<string, PowerState>> = {
  running: 'on',
  prelaunch: 'off',
  shutdown: 'off',
}
const runState = z.object({ status: z.string() })

export function createMonitorSwitch({
  socket,
  timeout,
}: {
  readonly socket: string
  readonly timeout: number
}): PowerSwitch {
  const name = `the QEMU at ${socket}`

  /** A monitor has one client at a time. */
  const talk = <T>(t: Deadline, work: (monitor: QmpClient, own: Deadline) => Promise<T>) =>
    exchange({ name, timeoutMs: timeout }, t, async (own) => {
      const stream = connect(socket)
      try {
        await own.race(once(stream, 'connect')).catch((error: unknown) => {
          own.throwIfOver()
          throw unreachable(name, error)
        })
        return await work(new QmpClient(stream), own)
      } finally {
        stream.destroy()
      }
    })
  const status = async (monitor: QmpClient, t: Deadline) => {
    const answer = await monitor.execute('query-status', t)
    const { data } = runState.safeParse(answer)
    if (data === undefined) throw unexpectedAnswer(name, answer)
    return data.status
  }

  return {
    on: (t) =>
      talk(t, async (monitor, own) => {
        // A machine that has shut itself down goes on only after a reset.
        if ((await status(monitor, own)) === 'shutdown') await monitor.execute('system_reset', own)
        await monitor.execute('cont', own)
      }),
    off: (t) =>
      talk(t, async (monitor, own) => {
        await monitor.execute('stop', own)
        await monitor.execute('system_reset', own)
      }),
    state: (t) => talk(t, async (monitor, own) => states[await status(monitor, own)] ?? 'unknown'),
  }
}
