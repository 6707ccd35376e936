import assert from 'node:assert/strict'
import { appendFile, writeFile } from 'node:fs/promises'
import { openEnvironment } from '../../../../src/app/environment/environments.ts'
import { chooseRun } from '../../../../src/app/spectate/choose-run.ts'
import { ConsoleView } from '../../../../src/app/spectate/console-view.ts'
import { followEvents } from '../../../../src/app/spectate/follow-events.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import type { RunEvent } from '../../../../src/core/events.ts'
import { thisProcess } from '../../../../src/lab/lease/holder.ts'
import { leasesOfThisHost, withoutWaiting } from '../../../../src/lab/lease/lease-boards.ts'
import { announceRun } from '../../../../src/lab/lease/live-runs.ts'
import { writeFiles } from '../../../support/environment-files.ts'
import { useLabDirectory } from '../../../support/lab-directory.ts'

const received = (text: string): RunEvent => ({ t: 0, type: 'console-rx', board: 'rock3a', text })

describe('Whoever watches a board', () => {
  useLabDirectory()

  it('finds the run that has its hardware, whatever the environment and the board are called there', async () => {
    await using files = await writeFiles({
      'env/mine.yaml': board('rock3a'),
      'env/theirs.yaml': board('seven'),
    })
    using t = startDeadline(10_000, 'test')
    const theirs = await openEnvironment('theirs', files.directory)
    const mine = await openEnvironment('mine', files.directory)
    const spec = mine.boards[0] ?? assert.fail()
    await assert.rejects(chooseRun(spec, mine), { code: 'console.nobody' })
    const context = { what: 'hil run', emit: () => undefined }
    const [lease] = await leasesOfThisHost(withoutWaiting)(theirs.boards, context, t)
    try {
      await assert.rejects(chooseRun(spec, mine), { code: 'console.no-run', message: /hil run/ })
      const run = { environmentFile: theirs.file, report: '/reports/1', boards: ['seven'] }
      const announced = await announceRun({ holder: thisProcess('hil run'), ...run })
      using found = await chooseRun(spec, mine)
      assert.deepEqual([found.report, found.boards], ['/reports/1', ['seven']])
      await announced?.close()
      await t.race(found.gone)
    } finally {
      await lease?.release()
    }
  })

  it('reads what is written while it looks, a line at a time, however it is cut', async () => {
    await using files = await writeFiles({ 'events.jsonl': '' })
    const path = files.path('events.jsonl')
    const line = (text: string) => `${JSON.stringify(received(text))}\n`
    await writeFile(path, line('x'.repeat(70_000)) + line('past'))
    const ending = new AbortController()
    const seen: unknown[] = []
    for await (const event of followEvents(path, ending.signal)) {
      seen.push('text' in event ? event.text : event.type)
      if (seen.length === 1) {
        const next = line('ünterwegs')
        await appendFile(path, Buffer.from(next).subarray(0, 50))
        await appendFile(path, Buffer.concat([Buffer.from(next).subarray(50), Buffer.from(line('last'))]))
      }
      if (seen.length === 3) {
        await appendFile(path, line('written before the end'))
        ending.abort()
      }
    }
    assert.deepEqual(seen, ['past', 'ünterwegs', 'last', 'written before the end'])
  })

  it('is told which console speaks, and where one was away', () => {
    let shown = ''
    const view = new ConsoleView('rock3a', (bytes) => (shown += Buffer.from(bytes).toString()))
    const secure = { t: 0, type: 'other-console', board: 'rock3a', console: 'secure' } as const
    view.show(received('\x1b[32mU-Boot\x1b[0m\r\n=> '))
    view.show({ ...secure, event: { type: 'console-rx', text: 'E/TC: bad\r\n' } })
    view.show({ t: 0, type: 'console-rx', board: 'another', text: 'not this' })
    view.show({ t: 0, type: 'console-lost', board: 'rock3a', reason: 'pulled' })
    view.show({ t: 0, type: 'console-back', board: 'rock3a', awayMs: 5 })
    view.show({ t: 0, type: 'console-rx', board: 'rock3a', base64: Buffer.from('again').toString('base64') })
    assert.equal(
      shown,
      '\x1b[32mU-Boot\x1b[0m\r\n=> \r\n[rock3a/secure]\r\nE/TC: bad\r\n' +
        '[rock3a is away: pulled; what it says meanwhile may be missing]\r\n[rock3a is back]\r\n[rock3a]\r\nagain',
    )
  })
})

function board(name: string): string {
  return `boards:
  ${name}:
    architecture: arm64
    compatible: radxa,rock3a
    power: { driver: command, on: 'true', off: 'true' }
    console: { driver: tcp, host: 127.0.0.1, port: 4001 }
    bootloader: barebox
`
}
