import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bisectLog } from '../../../../../src/app/bisect/git/bisect-log.ts'
import { revertId } from '../../../../../src/bisect/search/bisection.ts'
import type { BisectionRecord } from '../../../../../src/core/bisection-record.ts'
import { GitHistory } from '../../../../support/git-history.ts'
import { describeWith } from '../../../../support/requirements.ts'
import { useScratch } from '../../../codecs/oracle.ts'
import { bisectionRecord, buildRecord, probeRecord } from '../record.ts'

/** Git ends with 2 where only skipped commits are left. */
function replayed(replay: () => string): string {
  try {
    return replay()
  } catch (error) {
    assert.match(String(error), /exited with 2/)
    return ''
  }
}

describeWith(['git'], 'the log of a bisection', () => {
  const scratch = useScratch()
  let history: GitHistory
  let ids: readonly string[]

  beforeEach(() => {
    history = new GitHistory(join(scratch(), 'linux'))
    ids = Array.from({ length: 10 }, (_, index) =>
      history.commit(`number ${index}`, { [`${index % 2}/file`]: `${index}` }),
    )
  })

  const id = (index: number) => ids[index] ?? assert.fail()
  const contains = (commit: string, ancestor: string) => ids.indexOf(ancestor) <= ids.indexOf(commit)

  function logOf(given: Partial<BisectionRecord>): string {
    const ends = { failing: id(9), passing: [id(0)] }
    return bisectLog(bisectionRecord({ ends, ...given }), contains) ?? assert.fail()
  }

  /** Replays a log with git in a clone. @returns what git then still suspects, and what it says itself */
  function replay(log: string, terms = { old: 'good', new: 'bad' }) {
    const clone = join(scratch(), 'clone')
    history.git('clone', '--quiet', history.directory, clone)
    const file = join(scratch(), 'log')
    writeFileSync(file, log)
    const inClone = (...args: readonly string[]) => history.git('-C', clone, ...args)
    const said = replayed(() => inClone('bisect', 'replay', file))
    const suspects = inClone(
      'rev-list',
      `refs/bisect/${terms.new}`,
      '--not',
      `--glob=refs/bisect/${terms.old}-*`,
    )
    return { said, suspects: new Set(suspects.split('\n')), own: inClone('bisect', 'log') }
  }

  it('leaves git where hil is: with the same commits to choose from', () => {
    const log = logOf({
      probes: [probeRecord(id(4), 'pass'), probeRecord(id(8), 'fail'), probeRecord(id(5), 'other')],
      builds: [buildRecord(id(4)), buildRecord(id(6), 'it does not build')],
      commits: { [id(4)]: { id: id(4), shortId: '', subject: 'number 4', parents: [] } },
    })
    const { suspects, own } = replay(log)
    assert.deepEqual(suspects, new Set([id(5), id(6), id(7), id(8)]))
    assert.equal(
      log,
      [
        'git bisect start',
        `# bad: [${id(9)}]`,
        `git bisect bad ${id(9)}`,
        `# good: [${id(0)}]`,
        `git bisect good ${id(0)}`,
        `# good: [${id(4)}] number 4`,
        `git bisect good ${id(4)}`,
        `# bad: [${id(8)}]`,
        `git bisect bad ${id(8)}`,
        `# skip: [${id(5)}]`,
        `git bisect skip ${id(5)}`,
        `# skip: [${id(6)}]`,
        `git bisect skip ${id(6)}`,
        '',
      ].join('\n'),
    )
    const commands = (text: string) => text.split('\n').filter((line) => line.startsWith('git bisect'))
    assert.deepEqual(commands(own), commands(log), 'git writes the same itself')
  })

  it('leads git to the culprit that was found', () => {
    const log = logOf({
      probes: [probeRecord(id(4), 'pass'), probeRecord(id(6), 'fail'), probeRecord(id(5), 'fail')],
      conclusion: { kind: 'found', summary: '', commits: [id(5)], checks: [] },
    })
    assert.match(replay(log).said, new RegExp(`^${id(5)} is the first bad commit$`, 'm'))
    assert.match(log, new RegExp(`^# first bad commit: \\[${id(5)}\\]$`, 'm'))
  })

  it('leads git to the same candidates where the rest can not be tested', () => {
    const log = logOf({
      probes: [probeRecord(id(4), 'pass'), probeRecord(id(7), 'fail')],
      builds: [buildRecord(id(5), 'no'), buildRecord(id(6), 'no')],
      conclusion: { kind: 'narrowed', summary: '', commits: [id(5), id(6), id(7)], checks: [] },
    })
    const { own } = replay(log)
    for (const index of [5, 6, 7]) {
      const line = `# possible first bad commit: [${id(index)}]`
      assert.ok(log.includes(line))
      assert.ok(own.includes(line))
    }
  })

  it('does not tell git of passes that were luck, nor of reverts', () => {
    const log = logOf({
      probes: [
        probeRecord(id(8), 'pass'),
        probeRecord(id(5), 'fail'),
        probeRecord(id(4), 'pass'),
        probeRecord(revertId(id(5), id(9)), 'pass'),
        probeRecord(id(5), 'pass'),
      ],
    })
    assert.deepEqual(replay(log).suspects, new Set([id(5)]))
    assert.match(
      log,
      new RegExp(`^# not told to git: good: \\[${id(8)}\\]; it passed, by luck: it has what fails$`, 'm'),
    )
    assert.ok(!log.includes('revert'))
  })

  it('does not tell git of passes that have the culprit, when it is named', () => {
    const log = logOf({
      probes: [probeRecord(id(3), 'pass'), probeRecord(id(5), 'pass'), probeRecord(id(6), 'fail')],
      conclusion: { kind: 'found', summary: '', commits: [id(4)], checks: [] },
    })
    assert.deepEqual(replay(log).suspects, new Set([id(4), id(5), id(6)]))
  })

  it('of a search for a fix has its terms: what fails is the old one', () => {
    const terms = { old: 'broken', new: 'fixed' }
    const log = logOf({
      change: 'fix',
      terms,
      ends: { failing: id(0), passing: [id(9)] },
      probes: [probeRecord(id(3), 'fail'), probeRecord(id(2), 'pass'), probeRecord(id(6), 'pass')],
    })
    assert.match(log, /^git bisect start '--term-old=broken' '--term-new=fixed'$/m)
    const { suspects } = replay(log, terms)
    assert.deepEqual(suspects, new Set([id(4), id(5), id(6)]))
    assert.match(log, new RegExp(`^# not told to git: fixed: \\[${id(2)}\\]`, 'm'))
  })

  it('has the paths, the first parents and the commits that were not to be tried', () => {
    const source = {
      ...({ kind: 'kernel-tree', repository: '/linux', firstParent: true } as const),
      ...{ paths: ['1', "it's!"], skipped: [id(5)] },
    }
    const log = logOf({ source })
    const { own } = replay(log)
    const [start = ''] = own.split('\n')
    assert.equal(start, log.split('\n')[0])
    assert.equal(start, "git bisect start '--first-parent' '--' '1' 'it'\\''s'\\!''")
    assert.ok(own.includes(`git bisect skip ${id(5)}`))
  })

  it('is not there for ready payloads, of which git knows nothing', () => {
    const record = bisectionRecord({ source: { kind: 'payloads', from: '/payloads' } })
    assert.equal(bisectLog(record, contains), undefined)
  })
})
