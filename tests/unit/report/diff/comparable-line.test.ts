import assert from 'node:assert/strict'
import { comparable } from '../../../../src/report/diff/comparable-line.ts'
import { withoutMarks } from '../../../../src/report/hil-marks.ts'

describe('a line of the console as it is compared', () => {
  for (const [what, one, other] of [
    ['addresses', 'pc : 0xffff800008000000', 'pc : 0xffffa00018000abc'],
    [
      'registers',
      'x0 : ffff0000c0a1b2c3 x1 : 0000000000000000',
      'x0 : ffff0000c0ffffff x1 : 00000000deadbeef',
    ],
    [
      'dates',
      'setting system clock to 2026-11-23T02:05:24 UTC',
      'setting system clock to 2025-01-01T00:00:00 UTC',
    ],
    [
      'durations',
      'initcall foo+0x0/0x8 returned 0 after 12 usecs',
      'initcall foo+0x0/0x8 returned 0 after 9131 usecs',
    ],
    ['rates', '1.2 MiB/s', '12 MiB/s'],
    ['MAC addresses', 'eth0: 52:54:00:12:34:56', 'eth0: aa:bb:cc:dd:ee:ff'],
    [
      'the payload',
      'loglevel=7 hil.payload=7c818510c034-2f7ed960',
      'loglevel=7 hil.payload=000000000000-77bc1507',
    ],
    ['the progress of a fetch', 'Loading: ####################', 'Loading: ##########'],
    ['the time of the audit', 'audit(0.148:1): initialized', 'audit(0.140:1): initialized'],
    ['which build a kernel is', 'Linux version 6.1.0 (a@b) #1', 'Linux version 6.12.0-rc1 (c@d) #7 SMP'],
    ['which command line it got', 'Kernel command line: a', 'Kernel command line: b c'],
  ] as const) {
    it(`is the same where ${what} differ`, () => {
      assert.equal(comparable(one).key, comparable(other).key)
    })
  }

  for (const [one, other] of [
    ['usb 1-1: device descriptor read, error -110', 'usb 1-1: device descriptor read, error -71'],
    ['smp: Brought up 1 node, 4 CPUs', 'smp: Brought up 1 node, 3 CPUs'],
  ] as const) {
    it(`is another with other numbers, of the same shape: ${one}`, () => {
      assert.notEqual(comparable(one).key, comparable(other).key)
      assert.equal(comparable(one).shape, comparable(other).shape)
    })
  }

  it('keeps words that look like addresses: decades, added, facade', () => {
    assert.notEqual(comparable('defaced facade').key, comparable('acceded decade').key)
  })

  it('is the same where only the marks of a session of hil differ', () => {
    const session = (mark: string) => [
      `=> h_='echo ${mark}:'`,
      `${mark}:0`,
      `/ # echo hil"-"${mark};read -r l_`,
      `set +m;PS1='hil-''${mark}> ';printf '\\033\\\\\\001${mark}%03d\\n'`,
      `${mark}000`,
      'r1 stays',
    ]
    assert.deepEqual(withoutMarks(session('r1')), withoutMarks(session('9p')))
    assert.equal(withoutMarks(session('r1')).at(-1), 'r1 stays')
  })

  it('is made in linear time of any line', () => {
    for (const piece of ['#', '# ', '0', 'a', '0x', '1.', '00:', 'hil', ' ', 'Jan 1 ']) {
      const started = performance.now()
      for (let count = 0; count < 200; count++) comparable(piece.repeat(Math.floor(4096 / piece.length)))
      assert.ok(performance.now() - started < 1000, piece)
    }
  })
})
