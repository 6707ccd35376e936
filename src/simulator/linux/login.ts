import type { SimulatorOptions } from '../options.ts'
import type { System } from '../posix/process.ts'
import { SignalTarget } from '../posix/signals.ts'

type LoginOptions = NonNullable<SimulatorOptions['linux']['login']>

/** How long `login` makes one wait after a wrong password, in milliseconds of board time. */
const failureDelayMs = 3000

/** getty and login on the console. @returns who logged in */
export async function login(
  { tty, life, kernel }: System,
  { user, password }: LoginOptions,
): Promise<string> {
  const signals = new SignalTarget(life)
  tty.setModes({ canonical: true, echo: true })
  await tty.write('\nDebian GNU/Linux 12 ' + `${kernel.hostname} ttyAMA0\n\n`)
  for (;;) {
    await tty.write(`${kernel.hostname} login: `)
    const name = (await tty.read(signals)).trim()
    if (name === '') {
      await tty.write('\n')
      continue
    }
    const given = password === undefined && name === user ? undefined : await askPassword({ tty, signals })
    if (name === user && given === password) return name
    await life.sleep(failureDelayMs)
    await tty.write('\nLogin incorrect\n')
  }
}

async function askPassword({ tty, signals }: { tty: System['tty']; signals: SignalTarget }): Promise<string> {
  tty.setModes({ echo: false })
  await tty.write('Password: ')
  const line = await tty.read(signals)
  tty.setModes({ echo: true })
  await tty.write('\n')
  return line.replace(/\n$/, '')
}
