import type { BootResult, RunResult, TestResult } from '../../../src/history/run-result.ts'

/** The time at which the first of the runs below begins: 2026-01-01, noon. */
export const firstDay = Date.UTC(2026, 0, 1, 12)
export const day = 86_400_000

/** A run that passed, with what is said otherwise; each number is a day later. */
export function makeRun(number: number, parts: Partial<RunResult> = {}): RunResult {
  return {
    id: `run-${number}`,
    startedAt: firstDay + number * day,
    durationMs: 5000,
    verdict: 'passed',
    interruptedBy: undefined,
    environment: 'bench.yaml',
    directory: `reports/run-${number}`,
    hil: '0.1.0',
    boards: [{ name: 'rock', architecture: 'arm64' }],
    tests: [],
    boots: [],
    findings: [],
    errors: [],
    ...parts,
  }
}

export function makeResult(verdict: TestResult['verdict'], parts: Partial<TestResult> = {}): TestResult {
  const outcomes = { passed: 'passed', flaky: 'flaky' } as const
  return {
    file: 'tests/boot.spec.ts',
    title: 'boot › reaches userspace',
    board: 'rock',
    outcome:
      verdict === undefined
        ? 'skipped'
        : verdict === 'passed' || verdict === 'flaky'
          ? outcomes[verdict]
          : 'failed',
    verdict,
    attempts: verdict === 'flaky' ? 2 : 1,
    durationMs: 40,
    error: verdict === undefined || verdict === 'passed' ? undefined : 'it did not',
    ...parts,
  }
}

/** A boot from power-on: when each stage was reached. */
export function makeBoot(
  times: { readonly bootloader: number; readonly kernel: number; readonly shell?: number },
  parts: Partial<BootResult> = {},
): BootResult {
  const { bootloader, kernel, shell } = times
  const stage = (name: string, at: number) => ({ name, at, kernelTime: undefined })
  return {
    board: 'rock',
    number: 1,
    kernel: '6.12.1',
    stages: [
      stage('power', 0),
      stage('bootloader', bootloader),
      stage('kernel', kernel),
      ...(shell === undefined ? [] : [stage('shell', shell)]),
    ],
    ...parts,
  }
}
