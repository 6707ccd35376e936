import type { Bootloader } from '../src/board/bootloader.ts'
import type { Console, Pattern } from '../src/board/console.ts'
import type { Shell } from '../src/board/shell.ts'
import type { Deadline } from '../src/core/deadline.ts'
import { requirement } from '../tests/support/requirements.ts'
import { median, type Bench, type BenchRow } from './bench.ts'
import { withBoard, type BenchBoard } from './with-board.ts'

const rounds = 100
const turns = 12
const roundsPerTurn = 30

/** What a command costs at U-Boot's prompt and barebox's prompt and in busybox's shell, beside a loop that only writes and waits. */
export const boardCommands: Bench = {
  name: 'board-commands',
  unavailable: () => {
    const { available, reason } = requirement('qemu')
    return Promise.resolve(available ? undefined : reason)
  },
  run: async () => [
    ...(await withBoard('virt-uboot', async (bench) => [
      await bootloaderCommand(bench, 'true; echo $?', /^\d\n=> $/),
      ...(await shellCommand(bench)),
    ])),
    ...(requirement('barebox').available
      ? [await withBoard('virt-barebox', (bench) => bootloaderCommand(bench, 'true', /^barebox@.{1,200} $/))]
      : []),
  ],
}

/** @param line what a bare loop types to have the command run and, as ours, learn its status */
async function bootloaderCommand(
  { board, runner, t }: BenchBoard,
  line: string,
  prompt: Pattern,
): Promise<BenchRow> {
  const ours: number[] = []
  const bare: number[] = []
  let kind = ''
  // In turns, so that neither is measured colder than the other.
  for (let turn = 0; turn < turns; turn++) {
    const bootloader = (await runner.goto('bootloader', t)) as Bootloader
    ours.push(...(await timeEach(() => bootloader.run('true', t), roundsPerTurn)))
    const console = await bootloader.leave(t)
    bare.push(...(await timeEach(() => writeAndWait(console, `${line}\r`, prompt, t), roundsPerTurn)))
    board.takeConsole('nobody: the bare loop is over')
    await runner.probe(t)
    ;({ kind } = bootloader)
  }
  const ratio = median(ours) / median(bare)
  return {
    what: `a command at the prompt of ${kind}, its status known`,
    measured: ms(ours),
    peer: `bare loop with "${line}" ${ms(bare)}`,
    ratio,
    target: 'at most 1.2 times',
    met: ratio <= 1.2,
  }
}

async function shellCommand({ board, runner, events, t }: BenchBoard): Promise<readonly BenchRow[]> {
  runner.lose()
  const shell = (await runner.goto('shell', t)) as Shell
  const before = events.length
  const ours = await timeEach(() => shell.run('true', t))
  const bytes = events.slice(before).reduce((sum, event) => sum + wireBytes(event), 0) / rounds
  const console = await shell.leave(t)
  await console.write('\r', t)
  await console.expect({ prompt: /# $/ }, t)
  const bare = await timeEach(() => writeAndWait(console, 'true\r', /# $/, t))
  board.note('bench done')
  return [
    {
      what: 'the shell command true',
      measured: ms(ours),
      peer: `bare loop at the interactive prompt ${ms(bare)}`,
      ratio: median(ours) / median(bare),
      target: '3 ms or less',
      met: median(ours) <= 3,
    },
    {
      what: 'bytes on the wire for it, both ways',
      measured: bytes.toFixed(1),
      target: 'at most 40',
      met: bytes <= 40,
    },
  ]
}

function wireBytes(event: BenchBoard['events'][number]): number {
  if (event.type !== 'console-rx' && event.type !== 'console-tx') return 0
  return event.text === undefined
    ? Buffer.from(event.base64 ?? '', 'base64').length
    : Buffer.byteLength(event.text)
}

async function writeAndWait(console: Console, command: string, prompt: Pattern, t: Deadline): Promise<void> {
  await console.write(command, t)
  await console.expect({ prompt }, t)
}

async function timeEach(work: () => Promise<unknown>, count = rounds): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < count; round++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times
}

function ms(times: readonly number[]): string {
  return `${median(times).toFixed(2)} ms`
}
