import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { BisectionView } from '../../../../src/report/bisect/terminal/bisection-view.ts'
import { liveBisection } from '../../../../src/report/bisect/terminal/live-bisection.ts'
import { statusText } from '../../../../src/report/bisect/terminal/status-text.ts'
import type { BisectionUpdate } from '../../../../src/report/bisect/bisection-update.ts'
import { makePaint } from '../../../../src/report/terminal/paint.ts'
import { Screen } from '../../../../src/report/terminal/screen.ts'
import { simulateBisection, type SimulatedBisection } from '../../../support/bisections/simulate-bisection.ts'
import { memoryOutput } from '../memory-output.ts'

/** All that is printed of a bisection. */
function printed(
  updates: readonly BisectionUpdate[],
  options: Parameters<typeof memoryOutput>[0] = {},
): readonly string[] {
  const output = memoryOutput(options)
  const view = new BisectionView(new Screen(output))
  for (const update of updates) view.update(update)
  view.end('reports/bisect')
  return output.text.split('\n')
}

function live(update: BisectionUpdate, { now = 0, columns = 100 } = {}): readonly string[] {
  return liveBisection(update, { now, activeMs: update.record.activeMs, columns, paint: makePaint(false) })
}

const usual = simulateBisection({
  commits: 1624,
  boards: ['rock3a-1', 'rock3a-2'],
  brokenBuilds: 0.1,
  benchFailures: 0.1,
})

/** How it stood when something was built and both boards ran, or the nearest to it. */
function busiest({ updates }: SimulatedBisection): BisectionUpdate {
  const busy = updates.toSorted((a, b) => b.running.length - a.running.length)
  return busy.find(({ building }) => building !== undefined) ?? busy[0] ?? assert.fail('nothing ran')
}

describe('a bisection without a terminal', () => {
  const lines = printed(usual.updates)
  const starting = (word: string) => lines.filter((line) => line.startsWith(word))

  it('begins with the range, the boards and how sure it is to be', () => {
    assert.equal(
      lines[0],
      'bisect: 1,624 commits from v6.17 (good) to v6.18 (bad), on rock3a-1, rock3a-2, to be 99 % sure',
    )
  })

  it('has one line for each run, with its number, outcome, commit, board, time and purpose', () => {
    const { probes, builds } = usual.record
    assert.equal(starting('probe ').length, probes.length)
    assert.equal(starting('build ').length, builds.length)
    assert.match(starting('probe 1:')[0] ?? '', /^probe 1: fail: v6\.18, rock3a-1, 5\d\.\d s, bad end$/)
  })

  it('tells once what the failure is, and of each other one why it says nothing', () => {
    assert.deepEqual(starting('failure: '), [
      'failure: the kernel said "Unable to handle kernel NULL pointer dereference in rk_gmac_setup"',
    ])
    const lost = starting('probe ').filter((line) => line.includes(': infrastructure: '))
    assert.ok(lost.length > 0)
    assert.ok(lost.every((line) => line.endsWith(': the power switch at /dev/ttyUSB3 does not answer')))
    assert.match(
      starting('build ').find((line) => line.includes('failed')) ?? '',
      /^build \w{12}: failed after 2 min \d\d s, not testable: make failed: .*; log: builds\/\w{12}\.log$/,
    )
  })

  it('tells how much is left when that has changed by a good part', () => {
    const left = starting('left: ').map((line) =>
      Number(/^left: ([\d,]+) /.exec(line)?.[1]?.replace(',', '')),
    )
    assert.ok(left.length > 8 && left.length < 20, left.join(' '))
    assert.ok(left.every((count, index) => index === 0 || count < (left[index - 1] ?? 0)))
    const flaky = simulateBisection({ commits: 60, failureRate: 0.3 })
    const told = printed(flaky.updates).filter((line) => line.startsWith('left: '))
    assert.ok(told.length < flaky.record.probes.length / 3, `${told.length} of ${flaky.record.probes.length}`)
  })

  it('says when a commit is checked, when a board is taken out, a commit set aside, and what is to be noted', () => {
    const [first] = usual.updates
    assert.ok(first !== undefined)
    const [commit = ''] = first.record.ends.passing
    const later = {
      ...first,
      record: {
        ...first.record,
        boardsOut: { 'rock3a-2': 'it failed 3 times in a row' },
        setAside: { [commit]: 'the bench fails with it' },
        notes: ['no ccache is installed'],
      },
      running: [{ board: 'rock3a-1', commit, purpose: 'culprit', since: 0 }] as const,
    }
    const news = printed([first, later, later])
    for (const line of [
      'board rock3a-2: taken out: it failed 3 times in a row',
      'commit v6.17: set aside: the bench fails with it',
      'note: no ccache is installed',
    ]) {
      assert.equal(news.filter((each) => each === line).length, 1, line)
    }
    assert.equal(news.filter((each) => /^check: \w{12} \("Linux 6\.17"\) is checked$/.test(each)).length, 1)
  })

  it('says what is known where it goes on, and not all of it again', () => {
    const resumed = printed(usual.updates.slice(-3))
    assert.match(resumed[1] ?? '', /^resumed: \d+ runs and \d+ builds are known already$/)
    assert.ok(resumed.filter((line) => line.startsWith('probe ')).length <= 3)
  })

  it('ends with the verdict, the checks, what it took and where the report is', () => {
    const { record, updates } = simulateBisection()
    const text = printed(updates).join('\n')
    const culprit = record.conclusion?.commits[0]?.slice(0, 12) ?? ''
    assert.match(
      text,
      new RegExp(
        `\n\nCulprit found\nThe culprit is ${culprit} \\(".*"\\)\\.\n99\\.\\d+ % sure: wrong once in `,
      ),
    )
    assert.match(text, /\n {2}✓ bad end fails: it failed in 3 of 3 runs\n {2}✓ good end passes: /)
    assert.match(
      text,
      /\n\n\d+ runs and \d+ builds(?: \(.*\))? in \d\d min \d\d s\nReport: reports\/bisect\n$/,
    )
  })

  it('names candidates where it is one of several', () => {
    const { record, updates } = simulateBisection({ brokenBeforeCulprit: 2 })
    const text = printed(updates).join('\n')
    assert.match(text, /\nNarrowed to 3 commits\n/)
    for (const commit of record.conclusion?.commits ?? [])
      assert.ok(text.includes(`\n  ${commit.slice(0, 12)} ("`))
    assert.doesNotMatch(text, /[Cc]ulprit/)
  })

  it('names no commit where it was stopped', () => {
    const text = printed(simulateBisection({ stopAfter: 9 }).updates).join('\n')
    assert.match(
      text,
      /\nStopped\nIt was interrupted by SIGINT\.\nNo commit is named; "hil bisect resume" goes on/,
    )
  })

  it('writes no escape and no command to a CI runner, whatever commits and boards are called', () => {
    const evil = '\x1b]0;title\x07\x1b[2J\x9b31m\r\n::error::x\r\n\u202e'
    const [first, ...rest] = usual.updates
    assert.ok(first !== undefined)
    const hostile = [first, ...rest.slice(0, 12)].map((update) => spoilt(update, evil))
    assert.doesNotMatch(printed(hostile).join('\n'), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|^\s*::/m)
    for (const line of hostile.flatMap((update) => live(update))) {
      assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/)
    }
  })
})

/** All texts from elsewhere replaced. */
function spoilt(update: BisectionUpdate, evil: string): BisectionUpdate {
  const { record } = update
  const commits = Object.entries(record.commits).map(
    ([id, each]) => [id, { ...each, subject: evil, shortId: `${evil}${id}`, describe: evil }] as const,
  )
  return {
    ...update,
    running: update.running.map((each) => ({ ...each, board: evil })),
    record: {
      ...record,
      commits: Object.fromEntries(commits),
      boards: [evil],
      boardsOut: { x: evil },
      notes: [evil],
      probes: record.probes.map((probe) => ({ ...probe, board: evil, why: evil, outcome: 'infrastructure' })),
      builds: record.builds.map((build) => ({ ...build, obstacle: evil, log: evil })),
      signature: { kind: 'splat', signature: evil, title: evil },
    },
  }
}

describe('the live lines of a bisection', () => {
  it('show what is left, with a bar, the rounds, the time to go and the time so far', () => {
    const update = usual.updates.find(({ remaining }) => Math.round(remaining?.commits ?? 0) < 100)
    assert.ok(update !== undefined)
    assert.match(
      live(update)[0] ?? '',
      /^█{10}░{14} \d\d of 1,624 commits left · \d rounds, about 1\d min · \d\d:\d\d so far$/,
    )
  })

  it('show what each board does, for how long, and what is built', () => {
    const update = busiest(usual)
    const since = update.running[0]?.since ?? 0
    const lines = live(update, { now: since + 65_000 })
    assert.match(lines.join('\n'), /^rock3a-\d {2}[\w ]+ 1:05 · \w+/m)
    assert.match(lines.join('\n'), /^build {5}\w{12} .*\d:\d\d$/m)
  })

  it('show the most likely commit as soon as one stands out', () => {
    const [first] = usual.updates
    assert.ok(first !== undefined)
    assert.doesNotMatch(live(first).join('\n'), /^\d+(\.\d+)? %/m)
    const last = simulateBisection().updates.at(-2)
    assert.ok(last !== undefined)
    assert.match(live(last)[1] ?? '', /^99\.\d+ % \w{12} /)
  })

  it('fit into any width', () => {
    for (const update of [busiest(usual), usual.updates[0], usual.updates.at(-1)]) {
      if (update === undefined) continue
      for (const columns of [20, 30, 60, 200]) {
        for (const line of live(update, { columns })) assert.ok(line.length < columns, `${columns}: ${line}`)
      }
    }
  })

  it('count boards that are too many', () => {
    const boards = Array.from({ length: 20 }, (_, index) => `b${index}`)
    const [first] = usual.updates
    assert.ok(first !== undefined)
    const lines = live({ ...first, record: { ...first.record, boards } })
    assert.ok(lines.length < 12)
    assert.match(lines.join('\n'), /and 12 boards more/)
  })

  it('are drawn below what is told, and gone at the end', async () => {
    const memory = memoryOutput({ isTerminal: true, columns: 80 })
    const draws = new EventEmitter()
    const drawn = once(draws, 'live')
    const view = new BisectionView(
      new Screen({
        ...memory,
        write(text) {
          memory.write(text)
          if (text.includes('░')) draws.emit('live')
        },
      }),
    )
    for (const update of usual.updates.slice(0, 8)) view.update(update)
    await drawn
    view.end('reports/bisect')
    const last = memory.text.slice(memory.text.lastIndexOf('░'))
    assert.match(last, /\x1b\[\dA.*\x1b\[J/s)
    assert.match(last, /Report: reports\/bisect\x1b\[K\n$/)
  })
})

describe('the status of a bisection', () => {
  it('tells range, failure, state, what is left, what it took, and how each board did', () => {
    const { record, remaining } = busiest(usual)
    const text = statusText(record, { isRunning: true, remaining })
    assert.match(text, /^range: 1,624 commits from v6\.17 \(good\) to v6\.18 \(bad\)$/m)
    assert.match(text, /^state: It is being worked on$/m)
    assert.match(text, /^left: [\d,]+ commits, most likely \w{12}/m)
    assert.match(text, /^spent: \d+ runs/m)
    assert.match(text, /^board rock3a-1: \d+ runs?: \d+ (pass|fail)/m)
  })

  it('tells of one that was killed how to go on, and of one that ended what it came to', () => {
    const { record } = busiest(usual)
    assert.match(
      statusText(record, { isRunning: false }),
      /^state: Not finished: .*"hil bisect resume" goes on/m,
    )
    assert.match(
      statusText(simulateBisection().record, { isRunning: false }),
      /^state: Culprit found: The culprit is \w{12} /m,
    )
  })

  it('tells what was left out of the range from the first', () => {
    const { record } = busiest(usual)
    assert.ok(record.source.kind !== 'payloads')
    const source = { ...record.source, paths: ['drivers/net', 'net'], firstParent: true, skipped: ['a', 'b'] }
    assert.match(
      statusText({ ...record, source }, { isRunning: false }),
      /^only: commits that touch drivers\/net, net\nonly: merges, .*\nonly: what is not among 2 commits to be skipped$/m,
    )
  })

  it('tells why a board was taken out', () => {
    const record = { ...busiest(usual).record, boardsOut: { 'rock3a-2': 'it failed 3 times in a row' } }
    assert.match(
      statusText(record, { isRunning: false }),
      /^board rock3a-2: .*; taken out: it failed 3 times in a row$/m,
    )
  })
})

describe('the estimate of a bisection that begins', () => {
  const [begun = assert.fail()] = usual.updates
  const estimate = { rounds: 7, runs: 25, builds: 17, beyond: [] }
  const unknown = { ...begun, remaining: undefined, estimate }
  const known = { ...unknown, estimate: { ...estimate, ms: 46 * 60_000 } }

  it('is told at once, and again when it is known how long it takes', () => {
    const lines = printed([unknown, unknown, known, known])
    assert.deepEqual(
      lines.filter((line) => line.startsWith('estimate: ')),
      [
        'estimate: 7 rounds if all goes well, 25 runs and 17 builds; how long that takes is known after the first build and run',
        'estimate: 7 rounds if all goes well, 25 runs and 17 builds, about 46 min',
      ],
    )
    assert.match(lines[1] ?? '', /^estimate: /, 'right after the range')
  })

  it('is in the live lines until it is known what is left', () => {
    assert.equal(live(unknown)[0], '1,624 commits · 7 rounds · 0:00 so far')
    assert.equal(live(known)[0], '1,624 commits · 7 rounds, about 46 min · 0:00 so far')
  })

  it('is in the status, unless it is known what is left, or the end has come', () => {
    const { record, remaining } = busiest(usual)
    const status = (given: Parameters<typeof statusText>[1], of = record) => statusText(of, given)
    assert.match(
      status({ isRunning: true, estimate: known.estimate }),
      /^estimate: 7 rounds .*, about 46 min$/m,
    )
    assert.doesNotMatch(status({ isRunning: true, remaining, estimate }), /^estimate: /m)
    assert.doesNotMatch(status({ isRunning: false, estimate }, usual.record), /^estimate: /m)
  })
})
