import type { ErrorResult, FindingResult, RunResult, TestResult } from '../../../src/history/run-result.ts'
import { seededRandom } from '../../../src/history/statistics/random.ts'
import { makeBoot, makeResult, makeRun } from './run-results.ts'

/** The run with which a new kernel came. */
const change = 28

/**
 * Forty nights of a bench with two boards, as anybody has them: a flaky test, a kernel that boots slower and breaks
 * SPI, a console that comes loose.
 */
export function makeNights(): readonly RunResult[] {
  const random = seededRandom(7)
  return Array.from({ length: 40 }, (_, night) => {
    const kernel = night < change ? '6.12.8' : '6.13.0-rc1'
    return makeRun(night, {
      directory: `reports/${new Date(Date.UTC(2026, 0, 1 + night, 12)).toISOString().slice(0, 10)}T12-00-00Z-2-boards`,
      boards: ['rock5', 'rock3a'].map((name) => ({ name, architecture: 'arm64' })),
      tests: ['rock5', 'rock3a'].flatMap((board) => testsOf(board, night, random())),
      boots: ['rock5', 'rock3a'].map((board) => {
        const bootloader = 380 + 30 * random()
        const started = bootloader + 1900 + 120 * random()
        const took = (board === 'rock5' && night >= change ? 3150 : 2480) + 130 * random()
        return makeBoot({ bootloader, kernel: started, shell: started + took }, { board, kernel })
      }),
      findings: findingsOf(night),
      errors: night === 11 || night === 33 ? [loose] : [],
    })
  })
}

function testsOf(board: string, night: number, luck: number): readonly TestResult[] {
  if (board === 'rock3a' && (night === 11 || night === 33)) {
    const error = 'the console of rock3a is gone'
    return [makeResult('infrastructure-failed', { board, error })]
  }
  const isBroken = board === 'rock5' && night >= change + 3
  return [
    makeResult('passed', { board }),
    makeResult(isBroken ? 'test-failed' : 'passed', {
      ...{ board, file: 'tests/spi.spec.ts', title: 'spi › reads back what it has written', durationMs: 310 },
      error: isBroken ? 'expected 4096 bytes, 0 were read' : undefined,
    }),
    makeResult(luck < 0.12 ? 'flaky' : 'passed', {
      ...{ board, file: 'tests/net.spec.ts', title: 'network › has an address in 5 s', durationMs: 2100 },
    }),
  ]
}

const loose: ErrorResult = {
  board: 'rock3a',
  blame: 'infrastructure',
  code: 'console.closed',
  message: 'the console of rock3a is gone: /dev/serial/by-id/usb-FTDI-if00-port0 was unplugged',
}

function findingsOf(night: number): readonly FindingResult[] {
  const known = 'WARNING: bad unlock balance in mmc_blk_probe'
  const fresh = 'BUG: sleeping function called from invalid context in spi_sync'
  return [
    ...(night % 3 === 0
      ? [{ board: 'rock3a', level: 'warning', kind: 'lockdep', signature: known, title: known } as const]
      : []),
    ...(night >= change + 10
      ? [{ board: 'rock5', level: 'error', kind: 'atomic-sleep', signature: fresh, title: fresh } as const]
      : []),
  ]
}
