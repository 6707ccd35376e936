import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { python } from './pyserial-server.ts'

/** A board that talks at one rate on a serial port, which behaves as a UART does for whoever has another. */
export interface UartBoard extends AsyncDisposable {
  readonly port: string
  /** Commands of the shell that switch it: they are told to the board and nothing else. */
  readonly on: string
  readonly off: string
}

export async function startUartBoard(rate: number): Promise<UartBoard> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-uart-'))
  const [port, orders] = [join(directory, 'tty'), join(directory, 'orders')]
  spawnSync('mkfifo', [orders])
  // Open for both, so that the board sees no end between two orders.
  const stdin = await open(orders, 'r+')
  const program = fileURLToPath(new URL('programs/uart-board.py', import.meta.url))
  const board = spawn(python, ['-u', program, String(rate), port], { stdio: [stdin.fd, 'pipe', 'inherit'] })
  const ended = once(board, 'exit')
  assert.ok(board.stdout)
  await once(board.stdout, 'data')
  const tell = (order: string) => `sh -c 'echo ${order} > ${orders}'`
  return {
    port,
    on: tell('on'),
    off: tell('off'),
    async [Symbol.asyncDispose]() {
      board.kill('SIGKILL')
      await ended
      await stdin.close()
      await rm(directory, { recursive: true })
    },
  }
}
