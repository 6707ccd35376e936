import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Transport } from '../../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import { openProcess, type ProcessOptions } from '../../../src/transports/process.ts'
import { findProcesses, untilNoProcess, untilProcess } from '../../support/processes.ts'
import { RecordingReader } from '../../support/recording-reader.ts'
import { runProgram } from '../../support/run-program.ts'

describe('A console that is a process', () => {
  let t: Deadline
  let reader: RecordingReader
  let transport: Transport | undefined

  beforeEach(() => {
    t = startDeadline(10_000, 'test')
    reader = new RecordingReader()
    transport = undefined
  })

  afterEach(async () => {
    await transport?.close()
    t[Symbol.dispose]()
  })

  async function open(argv: readonly string[], options: Partial<ProcessOptions> = {}): Promise<void> {
    transport = await openProcess({ argv, ...options })(reader)
  }

  async function type(text: string): Promise<void> {
    await transport?.write(Buffer.from(text))
  }

  it('runs in the directory and with the variables it was given', async () => {
    await open(['sh', '-c', 'pwd; echo $MARK'], { directory: '/usr', environment: { MARK: 'x y' } })
    await reader.waitForClose(t)
    assert.equal(reader.text(), '/usr\nx y\n')
  })

  it('says how the program ended, and what it said about it', async () => {
    await open(['sh', '-c', 'echo hello; echo no route to lab >&2; exit 3'])
    const error = await reader.waitForClose(t)
    assert.ok(error instanceof HilError)
    assert.equal(error.code, 'transport.process-ended')
    assert.equal(error.blame, 'infrastructure')
    assert.match(error.message, /ended \(exit code 3\): no route to lab$/)
    assert.equal(reader.text(), 'hello\n')
  })

  it('says which signal ended the program', async () => {
    await open(['sh', '-c', 'kill -USR1 $$'])
    assert.match((await reader.waitForClose(t))?.message ?? '', /SIGUSR1/)
  })

  it('needs a program that exists', async () => {
    for (const program of ['no-such-program', './no-such-program', '/etc/passwd']) {
      await assert.rejects(open([program]), { code: 'transport.no-program', blame: 'environment' })
    }
    await assert.rejects(open(['true'], { directory: '/nonexistent' }), {
      code: 'transport.not-started',
      blame: 'environment',
      message: 'the process "true" did not start in /nonexistent: no such file or directory',
    })
    assert.equal(reader.closedCalls, 0)
  })

  it('ends what the program has started, too', async () => {
    await open(['sh', '-c', 'sleep 71.5 & echo started; wait'])
    await reader.waitFor(/started/, t)
    await transport?.close()
    await untilNoProcess('sleep 71.5', t)
  })

  it('kills a program that does not want to end', async () => {
    await open(['sh', '-c', `trap '' TERM; echo started; while :; do sleep 71.6; done`])
    await reader.waitFor(/started/, t)
    await transport?.close()
    await untilNoProcess('sleep 71.6', t)
  })

  for (const terminal of ['none', 'raw']) {
    it(`ends with hil, even by SIGKILL (terminal: ${terminal})`, async () => {
      const hil = runProgram('hold-process.ts', [terminal, 'sleep', terminal === 'raw' ? '71.7' : '71.8'])
      const program = `sleep ${terminal === 'raw' ? '71.7' : '71.8'}`
      try {
        await t.race(once(hil.stdout ?? hil, 'data'))
        assert.ok((await findProcesses(program)).length > 0)
      } finally {
        hil.kill('SIGKILL')
      }
      await untilNoProcess(program, t)
    })
  }

  for (const terminal of ['none', 'raw']) {
    it(`ends with what the program has put into the background, where hil is killed (terminal: ${terminal})`, async () => {
      const program = `sleep ${terminal === 'raw' ? '71.3' : '71.4'}`
      const hil = runProgram('hold-process.ts', [terminal, 'sh', '-c', `${program} & echo started; wait`])
      try {
        await untilProcess(program, t)
      } finally {
        hil.kill('SIGKILL')
      }
      await untilNoProcess(program, t)
    })
  }

  it('leaves alone what has left its process group, as a daemon does, where hil is killed', async () => {
    const script = 'setsid sleep 71.2 & sleep 71.1 & wait'
    const hil = runProgram('hold-process.ts', ['none', 'sh', '-c', script])
    const daemon = await untilProcess('sleep 71.2', t).finally(() => hil.kill('SIGKILL'))
    try {
      await untilNoProcess('sleep 71.1', t)
      assert.deepEqual(await findProcesses('sleep 71.2'), [daemon])
    } finally {
      process.kill(daemon)
    }
    await untilNoProcess('sleep 71.2', t)
  })

  it('leaves no guard behind when it is closed, or its program ends', async () => {
    await open(['sh', '-c', 'echo started; exec sleep 71.0'])
    await reader.waitFor(/started/, t)
    const guard = `hil-guard ${await untilProcess('sleep 71.0', t)} `
    assert.equal((await findProcesses(guard)).length, 1)
    await transport?.close()
    await untilNoProcess(guard, t)
  })

  describe('on a terminal', () => {
    it('has one', async () => {
      await open(['sh', '-c', 'test -t 0 && test -t 1 && echo yes'], { terminal: 'cooked' })
      await reader.waitForClose(t)
      assert.equal(reader.text(), 'yes\r\n')
    })

    it('gets its arguments as they are', async () => {
      const odd = [`it's`, '$HOME', 'a  b', '"', String.raw`\n`, '', '*', 'ü']
      await open(['printf', '[%s]', ...odd], { terminal: 'raw' })
      await reader.waitForClose(t)
      assert.equal(reader.bytes().toString(), odd.map((word) => `[${word}]`).join(''))
    })

    it('has echo and Ctrl-C when it is cooked', async () => {
      await open(
        [
          'sh',
          '-c',
          `trap 'echo interrupted; exit 5' INT; echo ready; read line; echo "<$line>"; sleep 60 & wait`,
        ],
        {
          terminal: 'cooked',
        },
      )
      await reader.waitFor(/ready/, t)
      await type('typed\n')
      await reader.waitFor(/typed\r\n<typed>/, t)
      await type('\x03')
      await reader.waitFor(/interrupted/, t)
      assert.match((await reader.waitForClose(t))?.message ?? '', /exit code 5/)
    })

    it('hangs the program up when it is closed', async () => {
      await open(['sh', '-c', 'echo started; exec sleep 71.9'], { terminal: 'cooked' })
      await reader.waitFor(/started/, t)
      await transport?.close()
      await untilNoProcess('sleep 71.9', t)
    })
  })
})
