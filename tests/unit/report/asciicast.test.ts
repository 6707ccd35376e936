import assert from 'node:assert/strict'
import { asciicastReporter } from '../../../src/report/machine/asciicast-reporter.ts'
import { makeTest, ScriptedRun } from './script-run.ts'

async function recordingsOf(run: ScriptedRun): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const texts = new Map<string, string>()
  const reporter = asciicastReporter((board) => {
    texts.set(board, '')
    return (text) => texts.set(board, `${texts.get(board) ?? ''}${text}`)
  })
  assert.deepEqual(await run.play(reporter), [])
  return new Map(
    [...texts].map(([board, text]) => {
      assert.ok(text.endsWith('\n'))
      return [
        board,
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ] as const
    }),
  )
}

describe('the recording for asciinema', () => {
  it('has what the board said, when, and markers for states, tests and findings', async () => {
    const test = makeTest(['usb', 'has a stick'])
    const run = new ScriptedRun().take().load(test).wait(250).start(test).enter('off', 'shell', 1000)
    run.receive('\x1b[31mred\x1b[0m\r\n').send('typed\n').wait(1.5).receive('more')
    run.emit({
      type: 'kernel-finding',
      ...({ board: 'sim', level: 'warning', kind: 'k', title: 'bad', signature: 'bad' } as const),
      ...{ offset: 0, end: 1, lines: [] },
    })
    const lines = (await recordingsOf(run)).get('sim')
    assert.deepEqual(lines, [
      { version: 2, width: 132, height: 40, timestamp: 1767323045, title: 'console of sim' },
      [0.25, 'm', 'has a stick'],
      [1.25, 'm', 'shell'],
      [1.25, 'o', '\x1b[31mred\x1b[0m\r\n'],
      [1.2515, 'o', 'more'],
      [1.2515, 'm', 'bad'],
    ])
  })

  it('joins a letter that came in two pieces', async () => {
    const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)]
    const run = new ScriptedRun().emit(
      { type: 'console-rx', board: 'sim', base64: first.toString('base64') },
      { type: 'console-rx', board: 'sim', base64: second.toString('base64') },
    )
    assert.deepEqual((await recordingsOf(run)).get('sim')?.slice(1), [[0, 'o', 'ü']])
  })

  it('is one for each board', async () => {
    const run = new ScriptedRun({ boards: ['left', 'right'] }).receive('l', 'left').receive('r', 'right')
    const recordings = await recordingsOf(run)
    assert.deepEqual([...recordings.keys()], ['left', 'right'])
    assert.deepEqual(recordings.get('right')?.slice(1), [[0, 'o', 'r']])
  })
})
