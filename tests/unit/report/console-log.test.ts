import assert from 'node:assert/strict'
import { ConsoleLog } from '../../../src/report/files/console-log.ts'

describe('console.log', () => {
  it('has the time of each line, and shows which way it went', () => {
    const log = new ConsoleLog()
    const text = [
      log.received({ text: 'U-Boot 2023.01\r\n=> ' }, 1200),
      log.sent({ text: 'version\n' }, 1250),
      log.received({ text: 'version\r\nU-Boot' }, 1260),
      log.broke(60_500),
      log.closed('unplugged', 61_000),
      log.end(),
    ]
    assert.deepEqual(text.join('').split('\n'), [
      '    1.200 │ U-Boot 2023.01',
      '    1.200 │ =>',
      '    1.250 » version',
      '    1.260 │ version',
      '    1.260 │ U-Boot',
      '   60.500 » <break>',
      '   61.000 × unplugged',
      '',
    ])
  })

  it('joins keys that a person types one by one, and shows those that have no character', () => {
    const log = new ConsoleLog()
    const typed = ['l', 's', '\r', '\x03', '\x1b'].map((text, index) => log.sent({ text }, index))
    assert.deepEqual([...typed, log.end()].join('').split('\n'), [
      '    0.002 » ls',
      '    0.003 » ^C',
      '    0.004 » ^[',
      '',
    ])
  })

  it('never goes back in time', () => {
    const log = new ConsoleLog()
    let text = ''
    for (let t = 0; t < 200; t++) {
      text +=
        t % 3 === 0 ? log.sent({ text: 'x\n' }, t) : log.received({ text: 'y'.repeat(t % 5) + '\n=> ' }, t)
    }
    const times = [...text.matchAll(/^ +(\d+\.\d+)/gm)].map(([, time]) => Number(time))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
  })
})
