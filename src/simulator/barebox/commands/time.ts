import { countdown } from '../autoboot.ts'
import { UsageError, hasOption, parseOptions, type Call, type Command } from './command.ts'

export const sleep: Command = {
  summary: 'delay execution for specified time',
  usage: '[-b] SECONDS',
  run: (call) => wait(call, 1000),
}

export const msleep: Command = {
  summary: 'delay execution for specified time',
  usage: '[-b] SECONDS',
  run: (call) => wait(call, 1),
}

/** Ctrl-C ends it with status 1. */
async function wait({ barebox, argv }: Call, unitMs: number): Promise<number> {
  const { operands } = parseOptions(argv, 'b')
  if (operands.length !== 1) throw new UsageError()
  const count = Number.parseInt(operands[0] ?? '', 10) || 0
  return (await barebox.console.sleep(count * unitMs)) ? 1 : 0
}

/** Runs a command and says how long it took; the command's status is lost. */
export const time: Command = {
  summary: 'measure execution duration of a command',
  usage: '[-n] COMMAND',
  run: async ({ barebox, argv }) => {
    const nanoseconds = argv[1] === '-n'
    const words = argv.slice(nanoseconds ? 2 : 1)
    if (words.length === 0) throw new UsageError()
    const { clock } = barebox.hardware.life
    const start = clock.now()
    await barebox.run(words.join(' '))
    const ms = clock.now() - start
    await barebox.print(`time: ${nanoseconds ? `${Math.round(ms * 1e6)}n` : `${Math.floor(ms)}m`}s\n`)
    return 0
  },
}

export const timeout: Command = {
  summary: 'wait for a specified timeout',
  usage: '[-acrsev] SECONDS',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'acrsev:')
    const seconds = parsed.operands[0]
    if (seconds === undefined) throw new UsageError()
    for (const { letter } of parsed.options) {
      if ('sev'.includes(letter)) barebox.hardware.unsupported(`barebox: timeout -${letter}`)
    }
    const key = await countdown(
      barebox,
      Number.parseInt(seconds, 10) || 0,
      (byte) =>
        hasOption(parsed, 'a') ||
        (hasOption(parsed, 'c') && byte === 0x03) ||
        (hasOption(parsed, 'r') && (byte === 0x0a || byte === 0x0d)),
    )
    return key === undefined ? 0 : 1
  },
}

export const uptime: Command = {
  summary: 'Tell how long barebox has been running',
  usage: '[-n]',
  run: async ({ barebox, argv }) => {
    const ms = barebox.hardware.life.clock.now()
    const nanoseconds = hasOption(parseOptions(argv, 'n'), 'n')
    await barebox.print(
      nanoseconds ? `up ${Math.round(ms * 1e6)}ns\n` : `up ${Math.floor(ms / 1000)} seconds\n`,
    )
    return 0
  },
}
