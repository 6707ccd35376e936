import assert from 'node:assert/strict'
import { z } from 'zod'
import { formatSummary } from '../../../src/report/files/summary.ts'
import { assertionError, makeTest, ScriptedRun, timeoutError } from './script-run.ts'

const error = z.strictObject({
  type: z.string(),
  blame: z.string().optional(),
  message: z.string(),
  deadlines: z
    .array(z.strictObject({ label: z.string(), budgetMs: z.number(), elapsedMs: z.number() }))
    .optional(),
})
const step = z.strictObject({
  kind: z.enum(['transition', 'step', 'command']),
  title: z.string(),
  board: z.string().optional(),
  at: z.number(),
  durationMs: z.number().optional(),
  get steps() {
    return z.array(step).optional()
  },
})

/** The shape of docs/reports.md. */
const summarySchema = z.strictObject({
  version: z.literal(1),
  runId: z.string().optional(),
  startedAt: z.iso.datetime().optional(),
  durationMs: z.number(),
  verdict: z.string().optional(),
  blame: z.string().optional(),
  exitCode: z.number().optional(),
  interruptedBy: z.enum(['SIGINT', 'SIGTERM']).optional(),
  error: error.optional(),
  counts: z
    .strictObject({ passed: z.number(), failed: z.number(), skipped: z.number(), flaky: z.number() })
    .optional(),
  command: z.array(z.string()),
  environment: z.string().optional(),
  specs: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
  boards: z.array(
    z.strictObject({
      name: z.string(),
      architecture: z.string().optional(),
      compatible: z.array(z.string()),
      versions: z.record(z.string(), z.string()),
      power: z.enum(['on', 'off', 'unknown']),
      state: z.string().optional(),
      releaseFailures: z.array(z.string()),
      console: z.strictObject({ log: z.string(), raw: z.string(), bytes: z.number() }),
      transitions: z.array(
        z.strictObject({
          from: z.string(),
          to: z.string(),
          at: z.number(),
          durationMs: z.number(),
          by: z.enum(['edge', 'probe', 'reset']),
          error: error.optional(),
        }),
      ),
      findings: z.array(
        z.strictObject({
          at: z.number(),
          level: z.enum(['fatal', 'error', 'warning', 'info']),
          kind: z.string(),
          title: z.string(),
          signature: z.string(),
          kernelTime: z.number().optional(),
          offset: z.number(),
          end: z.number(),
          lines: z.array(z.string()),
          corrupted: z.string().optional(),
          excuse: z.string().optional(),
        }),
      ),
      boots: z.array(
        z.strictObject({
          at: z.number(),
          stage: z.enum(['not-started', 'handed-over', 'kernel', 'userspace']),
          result: z.enum(['proven', 'broken', 'not-needed']),
          links: z.array(
            z.strictObject({
              link: z.string(),
              file: z.string().optional(),
              status: z.enum(['proven', 'unobservable', 'missing', 'differs']),
              evidence: z.string(),
            }),
          ),
          weakest: z.string().optional(),
          seen: z.strictObject({
            banner: z.string().optional(),
            commandLine: z.string().optional(),
            buildId: z.string().optional(),
          }),
        }),
      ),
    }),
  ),
  tests: z.array(
    z.strictObject({
      id: z.string(),
      file: z.string(),
      boards: z.array(z.string()),
      titles: z.array(z.string()),
      outcome: z.enum(['passed', 'failed', 'skipped', 'flaky', 'not run', 'unfinished']),
      verdict: z.string().optional(),
      durationMs: z.number(),
      reason: z.string().optional(),
      attempts: z.array(
        z.strictObject({
          attempt: z.number(),
          at: z.number(),
          outcome: z.string(),
          durationMs: z.number().optional(),
          error: error.optional(),
          console: z.record(z.string(), z.tuple([z.number(), z.number()])),
          steps: z.array(step),
        }),
      ),
    }),
  ),
  notes: z.array(
    z.strictObject({ t: z.number(), level: z.string(), board: z.string().optional(), message: z.string() }),
  ),
})

function summaryOf(run: ScriptedRun) {
  return summarySchema.parse(JSON.parse(formatSummary(run.record)))
}

describe('summary.json', () => {
  it('tells what the kernel complained about, and on which board', () => {
    const run = new ScriptedRun().take()
    const finding = {
      kind: 'warning',
      title: 'WARNING in foo',
      signature: 'WARNING in foo',
      lines: ['WARNING'],
    }
    run.emit({
      type: 'kernel-finding',
      board: 'sim',
      ...finding,
      level: 'info',
      offset: 3,
      end: 9,
      excuse: 'known',
    })
    const [board] = summaryOf(run).boards
    assert.deepEqual(
      board?.findings.map(({ title, level, excuse, offset }) => ({ title, level, excuse, offset })),
      [{ title: 'WARNING in foo', level: 'info', excuse: 'known', offset: 3 }],
    )
  })

  it('tells a run on one page, in the documented shape', () => {
    const [passes, dies, skips, never] = [makeTest(['a']), makeTest(['b']), makeTest(['c']), makeTest(['d'])]
    const run = new ScriptedRun()
      .take()
      .load(passes, dies, skips, never)
      .start(passes)
      .enter('off', 'shell', 1000)
    run.emit({ type: 'step-started', id: 's', title: 'look', board: 'sim' })
    run.emit({
      type: 'command',
      board: 'sim',
      where: 'shell',
      command: 'uname -r',
      exitCode: 0,
      durationMs: 3,
    })
    run.emit({ type: 'step-ended', id: 's', durationMs: 4 }).pass(passes)
    run.start(dies).receive('é\n').fail(dies, timeoutError, { willRetry: true })
    run.start(dies, 2).fail(dies, assertionError, { attempt: 2 }).skip(skips, 'no such feature')
    run.emit({ type: 'note', level: 'warning', message: 'mind the watchdog' }).finish('test-failed')
    const summary = summaryOf(run)
    assert.equal(summary.verdict, 'test-failed')
    assert.equal(summary.blame, 'test')
    assert.deepEqual(
      summary.tests.map(({ outcome }) => outcome),
      ['passed', 'failed', 'skipped', 'not run'],
    )
    const [first, second, third] = summary.tests
    assert.deepEqual(
      first?.attempts[0]?.steps.map(({ title }) => title),
      ['off → shell', 'look'],
    )
    assert.deepEqual(
      first?.attempts[0]?.steps[1]?.steps?.map(({ title }) => title),
      ['uname -r'],
    )
    assert.deepEqual(
      second?.attempts.map(({ error: { type } = { type: '' } }) => type),
      ['console.timeout', 'AssertionError'],
    )
    assert.equal(second?.attempts[0]?.error?.deadlines?.length, 2)
    assert.equal(third?.reason, 'no such feature')
    const [board] = summary.boards
    assert.deepEqual(board?.console, { log: 'console.log', raw: 'console.raw', bytes: 3 })
    assert.equal(board?.power, 'off')
    assert.deepEqual(
      board?.transitions.map(({ to, durationMs }) => [to, durationMs]),
      [['shell', 1000]],
    )
  })

  it('holds what is known of a run that was killed', () => {
    const test = makeTest(['a'])
    const summary = summaryOf(new ScriptedRun().load(test).start(test))
    assert.equal(summary.verdict, undefined)
    assert.equal(summary.tests[0]?.outcome, 'unfinished')
  })
})
