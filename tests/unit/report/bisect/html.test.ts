import assert from 'node:assert/strict'
import type { BisectionRecord, ProbeRecord } from '../../../../src/core/bisection-record.ts'
import { bisectionHtml } from '../../../../src/report/bisect/html/bisection-html.ts'
import type { PageMaterial } from '../../../../src/report/bisect/html/page-material.ts'
import { groupProbes } from '../../../../src/report/bisect/html/probe-groups.ts'
import { rangeScale } from '../../../../src/report/bisect/html/range-scale.ts'
import { probeRecord } from '../../app/bisect/record.ts'
import { simulateBisection, type SimulationOptions } from '../../../support/bisections/simulate-bisection.ts'

function pageOf(
  options: SimulationOptions,
  changes: Partial<BisectionRecord> = {},
  material: Partial<PageMaterial> = {},
) {
  const { record, story } = simulateBisection(options)
  return bisectionHtml({ ...record, ...changes }, { story, linkTo: () => undefined, ...material })
}

/** What a reader sees, in one line. */
function shown(html: string): string {
  return html
    .replace(/<head>.*<\/head>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

describe('the page of a bisection', () => {
  it('begins with the verdict, the commit and how sure it is', () => {
    assert.match(
      shown(pageOf({})),
      /^ Culprit found \w{12} [\w/]+: .+ A developer .* 99\.\d+ % sure: wrong once in [\d,]+ such bisections\. The failure: the kernel said /,
    )
    assert.match(shown(pageOf({ change: 'fix' })), /^ Fix found \w{12} /)
  })

  it('does not read like a verdict where there is none', () => {
    const { record } = simulateBisection()
    assert.ok(record.conclusion !== undefined)
    const doubtful = { conclusion: { ...record.conclusion, isSure: false, confidence: 0.9 } }
    for (const html of [
      pageOf({ brokenBeforeCulprit: 2 }),
      pageOf({ stopAfter: 9 }),
      pageOf({ culprit: 'none' }),
      pageOf({}, doubtful),
    ]) {
      assert.doesNotMatch(html, /Culprit found|Fixes: |regzbot introduced: \w{12}[^.]/)
    }
    assert.match(
      shown(pageOf({}, doubtful)),
      /^ Not sure .* 90 % likely to be this one, and 99 % were asked for/,
    )
  })

  it('leads to the report and the console of each run, and to the log of each build, where they are there', () => {
    const linkTo = (path: string) => (path.includes('0002') ? undefined : `x/${path}`)
    const html = pageOf({}, {}, { linkTo })
    assert.match(html, /<a href="x\/probes\/0001-rock3a\/report\.html" aria-label="report of run 1">/)
    assert.match(html, /<a href="x\/probes\/0001-rock3a\/console\.log" aria-label="console of run 1">/)
    assert.match(html, /<a href="x\/builds\/\w+\.log" aria-label="log of the build of v6\.18">/)
    assert.doesNotMatch(html, /0002-rock3a/)
  })

  it('tells of boards what the bench did, and which were taken out', () => {
    const html = pageOf({ benchFailures: 0.3 }, { boardsOut: { rock3a: 'it failed 3 times in a row' } })
    assert.match(shown(html), /taken out : it failed 3 times in a row/)
    assert.match(html, /<span class="outcome infrastructure">\d+<\/span>/)
    assert.match(shown(html), /Boards rock3a \(1 taken out\)/)
  })

  it('says of a commit that has no run of its own why it is known all the same', () => {
    const { record } = simulateBisection()
    const [culprit = ''] = record.conclusion?.commits ?? []
    const other = record.ends.failing
    const html = pageOf(
      {},
      {
        probes: record.probes.filter(({ commit }) => commit !== culprit),
        builds: record.builds.map((build) =>
          [culprit, other].includes(build.commit) ? { ...build, identity: 'same' } : build,
        ),
      },
    )
    assert.match(shown(html), /not run itself: it is the very same kernel as v6\.18/)
  })

  it('runs nothing, whatever commits, boards and consoles are called', () => {
    const evil =
      '</title></svg></script><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J" onload="x'
    const { record } = simulateBisection()
    const commits = Object.entries(record.commits).map(
      ([id, each]) => [id, { ...each, subject: evil, shortId: evil, author: evil, describe: evil }] as const,
    )
    const html = pageOf(
      {},
      {
        commits: Object.fromEntries(commits),
        ...{ boards: [evil], notes: [evil], specs: [evil], environmentFile: evil, argv: [evil], id: evil },
        ...{ boardsOut: { [evil]: evil }, setAside: { [evil]: evil }, versions: { [evil]: evil } },
        probes: record.probes.map((probe) => ({ ...probe, board: evil, why: evil })),
        builds: record.builds.map((build) => ({ ...build, obstacle: evil })),
        signature: { kind: 'splat', signature: evil, title: evil },
      },
      { log: evil, mail: evil, linkTo: () => evil },
    )
    assert.doesNotMatch(html, /<script|<img|\x1b| onload="/)
    assert.match(html, /Content-Security-Policy" content="default-src &#39;none&#39;; style-src/)
  })

  it('can be made without the range, and of a bisection that has only begun', () => {
    const { record } = simulateBisection({ stopAfter: 0 })
    const html = bisectionHtml(record, { linkTo: () => undefined })
    assert.match(shown(html), /^ Stopped .*No commit is named/)
    assert.doesNotMatch(html, /id="range"|id="runs"|id="builds"/)
  })
})

describe('the scale of a range', () => {
  it('keeps the order of places, and all of them in sight', () => {
    for (const [size, middle] of [
      [1, 1],
      [20, 3],
      [15_000, 13_002],
      [15_000, 1],
      [1_000_000, 1_000_000],
      [200, undefined],
    ] as const) {
      const { at, ticks } = rangeScale(size, middle)
      const places = [0, 0.5, 1, size / 2, size - 1, size - 0.5, size, size + 0.5].filter(
        (place) => place >= 0,
      )
      const drawn = places.toSorted((a, b) => a - b).map(at)
      assert.deepEqual(
        drawn,
        drawn.toSorted((a, b) => a - b),
      )
      for (const x of [...drawn, ...ticks.map((tick) => tick.at)])
        assert.ok(x >= 0 && x <= 100, `${size}: ${x}`)
    }
  })

  it('gives each halving of thousands of commits about the same room', () => {
    const { at } = rangeScale(15_000, 7000)
    const steps = [3, 4, 5, 6, 7, 8, 9, 10, 11].map(
      (power) => at(7000 + 2 ** (power + 1)) - at(7000 + 2 ** power),
    )
    assert.ok(Math.max(...steps) / Math.min(...steps) < 1.3, steps.join(' '))
    assert.ok(at(7001) - at(7000) > 3)
  })

  it('is even where all commits can be told apart', () => {
    const { at, isNarrowing } = rangeScale(40, 10)
    assert.equal(isNarrowing, false)
    assert.ok(Math.abs(at(11) - at(10) - (at(40) - at(39))) < 1e-9)
  })

  it('has ticks that do not stand in each other', () => {
    for (const middle of [1, 200, 7000, 15_000]) {
      const places = rangeScale(15_000, middle).ticks.map(({ at }) => at)
      const sorted = places.toSorted((a, b) => a - b)
      assert.ok(sorted.length >= 3)
      for (const [index, x] of sorted.entries()) assert.ok(index === 0 || x - (sorted[index - 1] ?? 0) >= 3.4)
    }
  })
})

describe('rows of runs', () => {
  const run = (number: number, commit: string, purpose: ProbeRecord['purpose'] = 'search'): ProbeRecord => ({
    ...probeRecord(commit, 'pass'),
    number,
    purpose,
  })
  const rows = (boards: number, ...probes: readonly ProbeRecord[]) =>
    groupProbes({ probes, boards: Array.from({ length: boards }, String) }).map((group) =>
      group.probes.map(({ number }) => number),
    )

  it('are one for a commit that is run again and again', () => {
    assert.deepEqual(rows(1, run(1, 'a'), run(2, 'a'), run(3, 'b'), run(4, 'a')), [[1, 2], [3], [4]])
  })

  it('are one for a round of several boards', () => {
    assert.deepEqual(rows(2, run(1, 'a'), run(2, 'b'), run(3, 'a'), run(4, 'c')), [[1, 2, 3], [4]])
  })

  it('end where what is looked for changes', () => {
    const all = [run(1, 'a', 'failing-end'), run(2, 'b', 'passing-end'), run(3, 'b'), run(4, 'b', 'parent')]
    assert.deepEqual(rows(2, ...all), [[1], [2], [3], [4]])
  })
})
