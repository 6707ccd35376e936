import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { RunEvent } from '../src/core/events.ts'
import type { Bench } from './bench.ts'
import { cli } from './cli.ts'
import { watchMemory } from './tree-memory.ts'

const boards = 32

/** Many simulated boards at once, in one process tree. */
export const manyBoards: Bench = {
  name: 'many-boards',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
    try {
      const environment = join(directory, 'many.yaml')
      await writeFile(environment, environmentOf(boards))
      const one = await run(environment, directory, 1)
      const all = await run(environment, directory, boards)
      return [
        {
          what: `${boards} simulated boards at once`,
          measured: `${all.passed} of ${boards} passed, ${all.receivedBytes} bytes read`,
          peer: `one board ${one.receivedBytes} bytes, times ${boards} is ${one.receivedBytes * boards}`,
          ratio: all.receivedBytes / (one.receivedBytes * boards),
          target: 'all pass, no byte missed',
          met: all.passed === boards && all.isComplete,
        },
        {
          what: 'memory per board, the process tree together',
          measured: `${((all.memoryMiB - one.memoryMiB) / (boards - 1)).toFixed(0)} MiB`,
          peer: `one board ${one.memoryMiB.toFixed(0)} MiB`,
          target: 'printed',
          met: true,
        },
      ]
    } finally {
      await rm(directory, { recursive: true })
    }
  },
}

function environmentOf(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => `  sim${i + 1}: {}`)
  return `defaults:
  architecture: arm64
  compatible: linux,dummy-virt
  machine: simulator
  bootloader: barebox
boards:
${lines.join('\n')}
`
}

async function run(environment: string, directory: string, count: number) {
  const reports = join(directory, `reports-${count}`)
  const names = Array.from({ length: count }, (_, i) => ['--board', `sim${i + 1}`]).flat()
  const child = execa(
    process.execPath,
    [cli, 'run', 'bench/specs/one-test.spec.ts', '--env', environment, '--report-dir', reports, ...names],
    { reject: false },
  )
  const memory = watchMemory(child.pid ?? 0)
  await child
  const memoryMiB = memory.stop()
  const report = (await readdir(reports)).find((name) => name.startsWith('20')) ?? ''
  const text = await readFile(join(reports, report, 'events.jsonl'), 'utf8')
  const events = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
  const ended = events.filter((event) => event.type === 'test-ended')
  const received = new Map<string, number>()
  for (const event of events) {
    if (event.type !== 'console-rx') continue
    const bytes =
      event.text === undefined
        ? Buffer.from(event.base64 ?? '', 'base64').length
        : Buffer.byteLength(event.text)
    received.set(event.board, (received.get(event.board) ?? 0) + bytes)
  }
  return {
    passed: ended.filter(({ outcome }) => outcome === 'passed').length,
    receivedBytes: [...received.values()].reduce((a, b) => a + b, 0),
    // The bytes counted by the reader at the end of the test are all in the log.
    isComplete: ended.every(({ console }) =>
      Object.entries(console).every(([board, [, to]]) => (received.get(board) ?? 0) >= to),
    ),
    memoryMiB,
  }
}
