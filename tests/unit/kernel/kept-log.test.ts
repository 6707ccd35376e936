import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { KeptLog } from '../../../src/kernel/lines/kept-log.ts'

const recorded = readFileSync(new URL('../../fixtures/kernel-log/warning.log', import.meta.url), 'latin1')
const withTimes = recorded.replaceAll('\r\n', '\n')
const withoutTimes = withTimes.replaceAll(/^\[ {0,8}\d{1,8}\.\d{6}\] /gm, '')

/** Each line as somebody keeps it. */
function kept(write: (line: string, seconds: string) => string): Buffer {
  const lines = withTimes
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [stamp = '', seconds = '0'] = /^\[ {0,8}(\d{1,8}\.\d{6})\] /.exec(line) ?? []
      return write(line.slice(stamp.length), seconds)
    })
  return Buffer.from(`${lines.join('\n')}\n`)
}

function read(log: Uint8Array, size = log.length): string {
  const reader = new KeptLog()
  const pieces: Uint8Array[] = []
  for (let at = 0; at < log.length; at += size) pieces.push(reader.push(log.subarray(at, at + size)))
  return Buffer.concat([...pieces, reader.end()]).toString('latin1')
}

const stampOf = (seconds: string) => `[${seconds.padStart(12)}] `
/** What stood in a line that the kernel had given no time, as the last one of the recording. */
const allStamped = kept((text, seconds) => stampOf(seconds) + text).toString('latin1')

const keepers: readonly [name: string, log: Buffer, is: string][] = [
  ['journalctl -k', kept((text) => `Nov 22 18:00:01 rock3a kernel: ${text}`), withoutTimes],
  [
    'syslog with the time of the kernel',
    kept((text, seconds) => `Nov  2 18:00:01 rock3a kernel: ${stampOf(seconds)}${text}`),
    allStamped,
  ],
  [
    'journalctl -o short-iso-precise',
    kept((text) => `2026-11-22T18:00:01.123456+01:00 rock3a kernel: ${text}`),
    withoutTimes,
  ],
  [
    'journalctl -o short-monotonic',
    kept((text, seconds) => `${stampOf(seconds)}rock3a kernel: ${text}`),
    allStamped,
  ],
  ['dmesg -T', kept((text) => `[Sun Nov 22 18:00:01 2026] ${text}`), withoutTimes],
  [
    '/dev/kmsg',
    kept((text, seconds) => `6,339,${(Number(seconds) * 1e6).toFixed()},-,caller=T1;${text}`),
    allStamped,
  ],
  [
    'a terminal that writes the time',
    kept((text, seconds) => `[2026-11-22 18:00:01.123] ${stampOf(seconds)}${text}`),
    allStamped,
  ],
  ['a CI system', kept((text) => `2026-11-22T18:00:01.1234567Z ${text}`), withoutTimes],
  ["hil's console.log", kept((text) => `        0.512 │ ${text}`), withoutTimes],
]

describe('a log that somebody kept', () => {
  for (const [name, log, is] of keepers) {
    it(`is read without what ${name} puts before its lines`, () => {
      assert.equal(read(log), is)
    })
  }

  it('is left as it is where nothing was put before its lines', () => {
    assert.equal(read(Buffer.from(recorded, 'latin1')), recorded)
  })

  it('is read the same however it is cut, also in the middle of what is taken out', () => {
    for (const size of [1, 7, 1000]) {
      for (const [name, log, is] of keepers)
        assert.equal(read(log, size), is, `${name}, ${size} bytes at once`)
    }
  })

  it('has no line of what hil sent to the board, which the board repeats', () => {
    const log = '     0.500 │ ours\n     0.512 » version\n     0.513 │ version\n     9.000 × unplugged\n'
    assert.equal(read(Buffer.from(log)), 'ours\n\nversion\n\n')
  })

  it('keeps a megabyte without a line end, and the line after it', () => {
    const long = 'x'.repeat(1 << 20)
    assert.equal(read(Buffer.from(`12:00:00 ${long} 12:00:00 y\n12:00:01 z`), 4096), `${long} 12:00:00 y\nz`)
  })
})
