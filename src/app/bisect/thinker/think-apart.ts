import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { BisectionPlan } from '../../../bisect/search/bisection.ts'
import type { Decision } from '../../../bisect/search/decide.ts'
import { HilError } from '../../../core/errors.ts'
import type { Thinker } from './thinker.ts'
import type { Answer, Asked } from './thread.ts'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Thinks in a thread of its own: among fifteen thousand commits a choice takes seconds, for which consoles would not be
 * read, and no time limit would be kept.
 */
export function thinkApart(plan: BisectionPlan): Thinker {
  const runsFromSource = import.meta.url.endsWith('.ts')
  const file = fileURLToPath(new URL(`./thread.${runsFromSource ? 'ts' : 'js'}`, import.meta.url))
  const thread = new Worker(file, { workerData: plan, ...(runsFromSource && { execArgv: fromSource() }) })
  const waiting = new Map<number, Waiting>()
  let broken: HilError | undefined
  let asked = 0
  const breakDown = (cause: unknown) => {
    broken ??= new HilError('hil.bisect-thread', 'the thread that chooses what to run has ended', {
      blame: 'hil',
      cause,
    })
    for (const { reject } of waiting.values()) reject(broken)
    waiting.clear()
  }
  thread.on('error', breakDown)
  thread.on('exit', breakDown)
  thread.on('message', ({ number, value, error }: Answer) => {
    const question = waiting.get(number)
    waiting.delete(number)
    if (error === undefined) question?.resolve(value)
    else question?.reject(error)
  })
  const ask = (question: Omit<Asked, 'number'>) =>
    new Promise<unknown>((resolve, reject) => {
      if (broken !== undefined) return reject(broken)
      const number = ++asked
      waiting.set(number, { resolve, reject })
      thread.postMessage({ number, ...question } satisfies Asked)
    })
  return {
    decide: (question) => ask({ what: 'decide', question }) as Promise<Decision>,
    lookAhead: (question) => ask({ what: 'lookAhead', question }) as Promise<readonly string[]>,
    [Symbol.asyncDispose]: async () => {
      await thread.terminate()
    },
  }
}

/** tsx leaves threads other than the first to themselves. */
function fromSource(): string[] {
  const register = `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}; register()`
  return ['--conditions=hil-source', `--import=data:text/javascript,${encodeURIComponent(register)}`]
}
