import type { BisectionRecord } from '../../core/bisection-record.ts'
import { shellCommand } from '../html/shell-command.ts'
import { hasCommits, namedCommits, shortName } from './names.ts'

/** Commands as a person types them, each with what it is for. */
export interface Reproduction {
  readonly what: string
  readonly command: string
}

/** How it can be seen again: the commit that was found and its parents alone, then all of it. */
export function reproductions(record: BisectionRecord): readonly Reproduction[] {
  const [commit, ...others] = namedCommits(record)
  const whole = { what: 'The whole bisection again', command: shellCommand(record.argv) }
  const parents = record.commits[commit ?? '']?.parents ?? []
  if (commit === undefined || others.length > 0 || parents.length === 0 || !hasCommits(record)) return [whole]
  const [good, bad] = record.change === 'fix' ? [[commit], parents] : [parents, [commit]]
  const ends = [
    ...good.flatMap((each) => ['--good', shortName(record, each)]),
    ...bad.slice(0, 1).flatMap((each) => ['--bad', shortName(record, each)]),
  ]
  const alone = [...withoutEnds(record.argv), ...ends]
  return [{ what: 'The commit and what is before it, alone', command: shellCommand(alone) }, whole]
}

/** A command line of `hil bisect` that does not say between what. */
function withoutEnds(argv: readonly string[]): readonly string[] {
  return argv.filter((word, index) => {
    const before = argv[index - 1]
    return !/^--(?:good|bad)(?:=|$)/.test(word) && before !== '--good' && before !== '--bad'
  })
}
