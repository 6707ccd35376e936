import { decide, type Decision, type Means } from '../../../bisect/search/decide.ts'
import { lookAhead } from '../../../bisect/search/look-ahead.ts'
import type { Bisection, Results } from '../../../bisect/search/bisection.ts'
import { resultsFrom } from '../../../bisect/search/results.ts'
import { withoutSameKernels } from '../../../bisect/search/same-kernels.ts'
import type { BisectionRecord } from '../../../core/bisection-record.ts'

/** What is known, and what there is to run kernels on. */
export interface Question {
  readonly record: Pick<BisectionRecord, 'builds' | 'probes' | 'setAside'>
  readonly means: Means
}

/** Chooses what a bisection does next. */
export interface Thinker extends AsyncDisposable {
  /** @returns what to do now */
  decide(question: Question): Promise<Decision>
  /** @returns commits that will be wanted next, for whoever builds while boards are busy */
  lookAhead(question: Question): Promise<readonly string[]>
}

/** Thinks in this thread. */
export function thinkHere(bisection: Bisection): Thinker {
  return {
    decide: (question) => {
      const { means } = question
      return Promise.resolve(decide(...known(bisection, question), means))
    },
    lookAhead: (question) => {
      const { means } = question
      return Promise.resolve(lookAhead(...known(bisection, question), means))
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** As it is known by now: commits that build the same kernel as another can't be it. */
function known(bisection: Bisection, { record }: Question): [Bisection, Results] {
  const search = withoutSameKernels(bisection.search, record.builds)
  return [{ ...bisection, search }, resultsFrom(record)]
}
