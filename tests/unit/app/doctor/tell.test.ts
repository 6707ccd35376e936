import assert from 'node:assert/strict'
import { adviceText, resultLines, type Style } from '../../../../src/app/doctor/tell.ts'
import type { Examination, StepResult } from '../../../../src/core/examination.ts'
import { makePaint } from '../../../../src/report/terminal/paint.ts'

const narrow: Style = { paint: makePaint(false), width: 60 }
const piped: Style = { ...narrow, width: Number.POSITIVE_INFINITY }

const result: StepResult = {
  id: 'power-on',
  title: 'power on',
  outcome: 'failed',
  durationMs: 0,
  findings: [
    {
      level: 'failed',
      words: 'power is on, but the console says nothing\n  for all of 30 s',
      advice: 'look at the cable, which may have been moved to another board since',
    },
  ],
}

describe('What hil doctor says', () => {
  it('is broken between words where the terminal ends, and goes on where it began', () => {
    assert.equal(
      resultLines(result, '', narrow),
      `failed   power on                 power is on, but the
                                  console says nothing
                                  for all of 30 s
`,
    )
  })

  it('has its advice below its number', () => {
    const examination = { board: 'r1', steps: [result] } as unknown as Examination
    assert.equal(
      adviceText([], [examination], narrow),
      `
What to do:
  1. power on: look at the cable, which may have been moved
     to another board since
`,
    )
  })

  it('is not broken for programs', () => {
    assert.match(
      resultLines(result, 'r1', piped),
      /^r1 {2}failed .*power is on, but the console says nothing$/m,
    )
  })
})
