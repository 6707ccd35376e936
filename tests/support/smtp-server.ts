import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { python } from './pyserial-server.ts'

/** The requirement that python3-aiosmtpd is installed. */
export const aiosmtpd = '/usr/lib/python3/dist-packages/aiosmtpd/smtp.py'

export interface SmtpServer extends AsyncDisposable {
  readonly port: number
  /** Headers, an empty line, and the text. */
  readonly mails: readonly string[]
}

/** A server for mail that takes it from the user "lab" with the password "hush" alone. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const program = fileURLToPath(new URL('programs/smtp-server.py', import.meta.url))
  const server = spawn(python, ['-u', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const lines = createInterface({ input: server.stdout })
  const mails: string[] = []
  const port = await new Promise<number>((resolve) => {
    lines.once('line', (line) => {
      resolve(Number(line))
      lines.on('line', (mail) => mails.push(JSON.parse(mail) as string))
    })
    void ended.then(() => {
      resolve(Number.NaN)
    })
  })
  assert.ok(port > 0, 'the server for mail did not start')
  return {
    ...{ port, mails },
    async [Symbol.asyncDispose]() {
      server.stdin.end()
      server.kill()
      await ended
    },
  }
}
