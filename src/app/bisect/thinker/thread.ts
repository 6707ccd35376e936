import { parentPort, workerData } from 'node:worker_threads'
import { toBisection, type BisectionPlan } from '../../../bisect/search/bisection.ts'
import { thinkHere, type Question } from './thinker.ts'

/** What the thread is asked. */
export interface Asked {
  readonly number: number
  readonly what: 'decide' | 'lookAhead'
  readonly question: Question
}

/** What it answers: to which question, and either of both. */
export interface Answer {
  readonly number: number
  readonly value?: unknown
  readonly error?: unknown
}

const thinker = thinkHere(toBisection(workerData as BisectionPlan))

parentPort?.on('message', ({ number, what, question }: Asked) => {
  const answer = (given: Omit<Answer, 'number'>) => parentPort?.postMessage({ number, ...given })
  thinker[what](question).then(
    (value) => answer({ value }),
    (error: unknown) => answer({ error }),
  )
})
