import { openSync, writeSync } from 'node:fs'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { peakMemory } from '../peak-memory.ts'
import { mutate, mutatedInput, pick } from '../fuzz/mutation.ts'
import type { FuzzOrder, FuzzReport } from '../fuzz/run-target.ts'
import { fuzzTargets } from '../fuzz/targets/index.ts'

/**
 * Gives one target its inputs, in a process of its own, so that what it does to the memory can be measured and
 * an input without end can be stopped. Its order is the argument, its report goes to standard output.
 */
const order = JSON.parse(process.argv[2] ?? '{}') as FuzzOrder
const target = fuzzTargets.find(({ name }) => name === order.target)
if (target === undefined) throw new Error(`there is no target ${order.target}`)

const corpus = target.corpus()
const progress = openSync(order.progressFile, 'w')
const count = Buffer.alloc(8)
const first = Number(order.path?.split(':')[0] ?? 0)
let started = first
const property = fc.asyncProperty(mutatedInput, async (input) => {
  // Read by who started this, when an input has no end.
  count.writeBigUInt64LE(BigInt(started++))
  writeSync(progress, count, 0, 8, 0)
  const bytes = mutate(corpus, input)
  const before = process.cpuUsage()
  await target.check(bytes)
  const { user } = process.cpuUsage(before)
  if (user > 1000 * order.inputMs) {
    throw new Error(
      `${bytes.length} bytes took ${user / 1000} ms of the processor, ${order.inputMs} are allowed`,
    )
  }
})
const start = performance.now()
const { failed, counterexample, counterexamplePath, seed, errorInstance } = await fc.check(property, {
  numRuns: order.runs,
  seed: order.seed,
  ...(order.path === undefined ? {} : { path: order.path }),
})
const report: FuzzReport = {
  inputs: started - first,
  milliseconds: performance.now() - start,
  peakMemory: peakMemory(),
}
const [input] = counterexample ?? []
if (failed && input !== undefined) {
  report.failure = {
    seed,
    path: counterexamplePath ?? '',
    sample: pick(corpus, input.sample).name,
    mutations: inspect(input.mutations, { depth: null, breakLength: 100 }),
    hex: mutate(corpus, input).toString('hex'),
    error: inspect(errorInstance),
  }
}
process.stdout.write(JSON.stringify(report))
