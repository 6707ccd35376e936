import assert from 'node:assert/strict'
import { collectBoots } from '../../../../src/report/boots/read-boots.ts'
import type { RecordedRun } from '../../../../src/report/boots/recorded-boot.ts'
import { chooseBoots, type BootChoice } from '../../../../src/report/diff/choose-boots.ts'
import { compareBoots, type BootDiff } from '../../../../src/report/diff/compare-boots.ts'
import { diffText } from '../../../../src/report/diff/diff-text.ts'
import { makeTest, ScriptedRun } from '../script-run.ts'
import { badBoot, goodBoot, power } from './boots.ts'

async function diffOf(
  a: ScriptedRun,
  b: ScriptedRun,
  choice: BootChoice = {},
): Promise<BootDiff & { text: string }> {
  const runs = [await collectBoots('a', a.events), await collectBoots('b', b.events)] as const
  const diff = compareBoots(...chooseBoots(...runs, choice, choice))
  return { ...diff, text: diffText(diff, runs, { full: false }) }
}

function textOf({ a, b, rows, first = -1 }: BootDiff): string | undefined {
  const row = rows[first]
  return (row?.a === undefined ? undefined : a.lines[row.a]?.text) ?? b.lines[row?.b ?? -1]?.text
}

describe('the diff of two boots', () => {
  it('finds no difference but times between two good boots', async () => {
    const { rows, first, text } = await diffOf(goodBoot(), goodBoot({ slower: 100 }))
    assert.deepEqual([...new Set(rows.map(({ kind }) => kind))], ['same'])
    assert.equal(first, undefined)
    assert.match(text, /there is none: both say the same/)
  })

  it('does not take the command line for a difference, which it shows at the head', async () => {
    const { first, firstOfKernel, text } = await diffOf(goodBoot(), goodBoot({ bootargs: ' quiet' }))
    assert.equal(first, undefined)
    assert.equal(firstOfKernel, undefined)
    assert.match(text, /^B .*\n.*\n +root=\/dev\/vda hil\.payload=\S+ quiet$/m)
  })

  it('finds the first line that differs, and the splat that only the bad boot has', async () => {
    const diff = await diffOf(goodBoot(), badBoot())
    assert.equal(textOf(diff), 'virtio_blk virtio0: [vda] 2048 512-byte logical blocks')
    assert.deepEqual(
      diff.findings.map(({ a, b }) => [a?.title, b?.title]),
      [[undefined, 'kernel panic: VFS: Unable to mount root fs on unknown-block(0,0)']],
    )
    assert.match(diff.text, /only in B +fatal +kernel panic: VFS/)
  })

  it('tells the stages of both, and which of them one never came to', async () => {
    const { stages, text } = await diffOf(goodBoot(), badBoot())
    assert.deepEqual(
      stages.map(({ name, a, b }) => [name, a !== undefined, b !== undefined]),
      [
        ['power', true, true],
        ['bootloader', true, true],
        ['kernel', true, true],
        ['init', true, false],
      ],
    )
    assert.match(text, /init +\d+ ms +never/)
  })

  it('lists the lines of the kernel that are new and those that are gone', async () => {
    const { kernelLines } = await diffOf(goodBoot(), badBoot())
    assert.deepEqual(
      kernelLines.gone.map(({ text }) => text),
      ['virtio_blk virtio0: [vda] 2048 512-byte logical blocks', 'Run /sbin/init as init process'],
    )
    assert.ok(kernelLines.new.some(({ text }) => text.startsWith('Kernel panic')))
  })

  it('takes a line for moved that the other boot has elsewhere', async () => {
    const lines = ['alpha probed', 'beta probed', 'gamma probed', 'delta probed']
    const run = (order: readonly string[]) =>
      power(new ScriptedRun()).receive(order.map((line) => `[    1.000000] ${line}\r\n`).join(''))
    const { rows, kernelLines, first } = await diffOf(run(lines), run([...lines.slice(1), lines[0] ?? '']))
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['moved', 'same', 'same', 'same', 'moved'],
    )
    assert.deepEqual([kernelLines.gone, kernelLines.new, first], [[], [], undefined])
  })

  it('says where one boot falls silent', async () => {
    const all = Array.from(
      { length: 30 },
      (_, n) => `[    1.0000${n + 10}] driver ${'x'.repeat(n + 1)} is ready\r\n`,
    )
    const whole = power(new ScriptedRun()).receive(all.join(''))
    const half = power(new ScriptedRun()).receive(all.slice(0, 12).join(''))
    const { ending, text } = await diffOf(whole, half)
    assert.deepEqual(ending, { ends: 'b', row: 12, missing: 18 })
    assert.match(text, /B says nothing more; 18 lines follow in the other/)
  })

  it('looks at the boot in which the run failed, not at the one after it', async () => {
    const test = makeTest(['boots'])
    const run = badBoot({ during: test })
    power(run.wait(1000)).receive('U-Boot 2023.01\r\n=> \r\n').finish('board-failed')
    const { b } = await diffOf(goodBoot(), run)
    assert.equal(b.number, 1)
    assert.ok(b.findings.length > 0)
    assert.equal((await diffOf(goodBoot(), run, { boot: undefined, board: 'sim' })).b.number, 1)
  })

  it('keeps to what the run itself found, also where it found nothing', async () => {
    const panic = badBoot()
    const { findings } = await diffOf(goodBoot(), panic)
    assert.equal(findings.length, 1)
    const silent = new ScriptedRun()
    silent.events.push(...panic.events.slice(1).filter(({ type }) => type !== 'kernel-finding'))
    assert.deepEqual((await diffOf(goodBoot(), silent)).findings, [])
    const old = silent.events.map((event) =>
      event.type === 'run-started' ? { ...event, eventsVersion: 1 } : event,
    )
    const { boots } = await collectBoots('old', old)
    assert.equal(boots.get('sim')?.[0]?.findings.length, 1)
  })

  describe('chooses boards and boots, and', () => {
    const refuses = (a: RecordedRun, b: RecordedRun, choice: BootChoice, message: RegExp) =>
      assert.throws(() => chooseBoots(a, b, choice, choice), {
        code: 'report.boot',
        blame: 'environment',
        message,
      })

    it('takes the only board that both runs have', async () => {
      const both = await collectBoots('both', power(new ScriptedRun({ boards: ['left', 'sim'] })).events)
      const one = await collectBoots('one', goodBoot().events)
      assert.deepEqual(
        chooseBoots(both, one, {}, {}).map(({ board }) => board),
        ['sim', 'sim'],
      )
    })

    it('takes the last boot that came furthest, where nothing failed', async () => {
      const run = goodBoot()
      power(run).receive('U-Boot 2023.01 (Jan 01 2023)\r\n=> ').finish()
      const good = await collectBoots('good', run.events)
      assert.equal(good.boots.get('sim')?.length, 2)
      assert.deepEqual(
        chooseBoots(good, good, {}, {}).map(({ number }) => number),
        [1, 1],
      )
    })

    it('says what there is where it can not tell, or there is no such board or boot', async () => {
      const two = await collectBoots('two', new ScriptedRun({ boards: ['left', 'right'] }).events)
      const one = await collectBoots('one', goodBoot().events)
      refuses(two, two, {}, /two is of the boards left, right: choose one with --board/)
      refuses(one, one, { board: 'sin' }, /no board "sin" in one.*"sim"/)
      refuses(one, one, { boot: 7 }, /no boot 7 in one: it has 1/)
    })
  })

  it('bounds what a flood of lines costs', async function () {
    this.timeout(60_000)
    const run = power(new ScriptedRun())
    for (let sent = 0; sent < 150; sent++)
      run.wait(1).receive('[    1.000000] usb 1-1: reset\r\n'.repeat(1000))
    const { b, text } = await diffOf(goodBoot(), run, { board: 'sim' })
    assert.equal(b.lines.length, 100_000)
    assert.ok(b.leftOut > 49_000)
    assert.ok(text.length < 20_000)
  })
})
