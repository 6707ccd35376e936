import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { DriverContext } from '../../../board/driver.ts'
import type { PowerSwitch } from '../../../board/power-switch.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { dieWithParent } from '../../../transports/die-with-parent.ts'
import { openTool, type Tool } from '../../tool/tool.ts'
import { exchange } from '../exchange.ts'
import { noOutlet, refused } from '../power-errors.ts'

interface GpioOptions {
  readonly chip: string
  readonly line: number
  readonly activeLow: boolean
  readonly drive: 'push-pull' | 'open-drain' | 'open-source'
}

/** A gpioset that holds the line: when it ends, nobody knows what the line does. */
interface Holder {
  release(): Promise<void>
}

/** Nothing tells that a line was requested; whoever asks sees it. */
const lookAgainMs = 10

const answerMs = 10_000

/** @throws HilError `tool.not-installed` (environment) */
export function createGpioSwitch(options: GpioOptions, { undo }: Pick<DriverContext, 'undo'>): PowerSwitch {
  const { chip, line } = options
  const name = `the GPIO chip ${chip}`
  const tools = { timeout: answerMs }
  const gpioinfo = openTool({ ...tools, program: 'gpioinfo' }, 'the package gpiod')
  const gpioset = openTool({ ...tools, program: 'gpioset' }, 'the package gpiod')
  let holder: Holder | undefined
  undo.defer(`releasing line ${line} of ${chip}`, () => holder?.release())

  const set = (on: boolean, t: Deadline) =>
    exchange({ name, timeoutMs: answerMs }, t, async (own) => {
      const generation = await generationOf(gpioset, own)
      await holder?.release()
      holder = undefined
      holder = await hold(generation, on, own)
    })

  const hold = async (generation: 1 | 2, on: boolean, t: Deadline): Promise<Holder> => {
    const [file, ...rest] = await dieWithParent(['gpioset', ...argumentsFor(generation, options, on)])
    const child = spawn(file, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    let hasEnded = false
    const ended = once(child, 'close').then(() => (hasEnded = true))
    const release = async () => {
      child.kill('SIGTERM')
      await ended
    }
    try {
      while (!(await isHeld(gpioinfo, generation, options, t))) {
        if (hasEnded) throw gone(name, line, said)
        await t.race(Promise.race([ended, wait(lookAgainMs)]))
      }
    } catch (error) {
      await release()
      throw error
    }
    if (hasEnded) throw gone(name, line, said)
    return { release }
  }
  return {
    on: (t) => set(true, t),
    off: (t) => set(false, t),
    // A line that is held can't be read by another.
    state: () => Promise.resolve('unknown'),
  }
}

/** `gpioset (libgpiod) v1.6.3`, `gpioset (libgpiod) v2.1.1` */
async function generationOf(gpioset: Tool, t: Deadline): Promise<1 | 2> {
  const version = await gpioset.run(['--version'], t)
  return /\bv?2\./.test(version.split('\n')[0] ?? '') ? 2 : 1
}

function argumentsFor(generation: 1 | 2, options: GpioOptions, on: boolean): readonly string[] {
  const { chip, line, activeLow, drive } = options
  const level = [...(activeLow ? ['--active-low'] : []), `--drive=${drive}`]
  // Without being told to wait for a signal the first generation lets go of the line at once.
  const place = generation === 1 ? ['--mode=signal', ...level, chip] : ['--chip', chip, ...level]
  return [...place, `${line}=${on ? 1 : 0}`]
}

/** `line 5: "GPIO5" "gpioset" output active-high [used]`, with the consumer in other words since 2.0. */
async function isHeld(
  gpioinfo: Tool,
  generation: 1 | 2,
  { chip, line }: GpioOptions,
  t: Deadline,
): Promise<boolean> {
  const { stdout } = await gpioinfo.try(generation === 1 ? [chip] : ['--chip', chip], t)
  const row = stdout.split('\n').find((text) => new RegExp(`^\\s*line +${line}:`).test(text))
  return row !== undefined && row.includes('gpioset') && row.includes('output')
}

function gone(name: string, line: number, said: string) {
  const reason = said.trim() || 'gpioset ended'
  return /offset|invalid argument|cannot find|no such/i.test(reason)
    ? noOutlet(name, line, reason)
    : refused(name, `set line ${line}`, reason)
}
