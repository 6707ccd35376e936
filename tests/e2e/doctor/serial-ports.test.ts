import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { examineYaml, shortPatience } from '../../support/examine.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { pyserial } from '../../support/pyserial-server.ts'
import { describeWith } from '../../support/requirements.ts'
import { startUartBoard, type UartBoard } from '../../support/uart-board.ts'

describeWith([pyserial], 'hil doctor at a serial port', function () {
  this.timeout(60_000)
  useLabDirectory()
  let board: UartBoard
  beforeEach(async () => {
    board = await startUartBoard(57_600)
  })
  afterEach(() => board[Symbol.asyncDispose]())

  /** Ends with the rate: the board has nothing else to show. */
  async function examineAt(baud: number, port = board.port) {
    const interruption = new AbortController()
    return examineYaml(
      `boards:
  r1:
    architecture: arm64
    power: { driver: command, on: "${board.on}", off: "${board.off}" }
    console: { driver: serial, port: ${port}, baud: ${baud} }
    bootloader: uboot
    power-off-time: 0s
`,
      {
        patience: { ...shortPatience, listenMs: 2000 },
        signal: interruption.signal,
        onResult: ({ id }) => {
          if (id === 'baud') interruption.abort('SIGINT')
        },
      },
    )
  }

  it('that is right, free and at the right rate, finds nothing', async () => {
    const { outcomes, words } = await examineAt(57_600)
    assert.deepEqual([outcomes.ports, outcomes.baud], ['ok', 'ok'], words('baud'))
    assert.match(words('ports'), /is there, may be opened and is free$/)
    assert.match(words('baud'), /^text at 57600 baud: "U-Boot 2025\.01/)
  })

  it('at a wrong rate finds the right one, and says what to write', async () => {
    const { failed, words, advice } = await examineAt(115_200)
    assert.deepEqual(failed, ['baud'], words('baud'))
    assert.equal(words('baud'), 'no text at 115200 baud; at 57600 baud it is')
    assert.equal(advice('baud'), 'write "baud: 57600" below "console:"')
  })

  it('that somebody has open says who, and opens nothing', async () => {
    const holder = spawn('sh', ['-c', 'exec 3<>"$0"; echo ready; exec sleep 1000', board.port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(holder.stdout, 'data')
      const { failed, words, advice } = await examineAt(57_600)
      assert.deepEqual(failed, ['ports'])
      assert.match(words('ports'), new RegExp(`is in use by process ${holder.pid} \\(sleep 1000\\)`))
      assert.equal(advice('ports'), `leave that program, or end it: kill ${holder.pid}`)
      assert.equal(words('open'), '"serial ports" failed')
    } finally {
      holder.kill()
      await once(holder, 'exit')
    }
  })

  it('that is not there says what is', async () => {
    const { failed, words, advice } = await examineAt(57_600, '/dev/ttyNOSUCH')
    assert.deepEqual(failed, ['ports'])
    assert.match(words('ports'), /the serial port \/dev\/ttyNOSUCH does not exist; /)
    assert.match(advice('ports'), /hil suggest/)
  })
})
