import type { OpenTransport, Transport } from '../../../board/transport.ts'
import { HilError } from '../../../core/errors.ts'
import { openProcess } from '../../../transports/process.ts'
import { LastWords } from '../../../transports/program-end.ts'

export interface VirshConsoleOptions {
  readonly domain: string
  readonly uri: string
  readonly console?: string | undefined
  readonly program: string
}

/** Ctrl-], at which virsh ends. */
const escape = 0x1d

/** virsh says it last before it opens the console. */
const banner = /\^\][^\n]*\n/

/** A console by `virsh console`, which is there when it is opened. */
export function virshConsole({ domain, uri, console, program }: VirshConsoleOptions): OpenTransport {
  const device = console === undefined ? [] : ['--devname', console]
  const open = openProcess({
    argv: [program, '--connect', uri, 'console', '--domain', domain, ...device],
    environment: { LC_ALL: 'C' },
    terminal: 'raw',
  })
  return async (reader, opening) => {
    let said: Buffer | undefined = Buffer.alloc(0)
    const last = new LastWords()
    let greeted: () => void = () => undefined
    let refuse: (error: unknown) => void = () => undefined
    const ready = new Promise<void>((resolve, reject) => {
      greeted = resolve
      refuse = reject
    })
    const transport = await open({
      data: (bytes) => {
        last.take(Buffer.from(bytes).toString())
        if (said === undefined) {
          reader.data(bytes)
          return
        }
        said = Buffer.concat([said, bytes])
        const end = banner.exec(said.toString('latin1'))
        if (end === null) return
        const rest = said.subarray(end.index + end[0].length)
        said = undefined
        greeted()
        if (rest.length > 0) reader.data(rest)
      },
      closed: (error) => {
        const reason = error && noConsole(domain, last.text, error)
        refuse(reason)
        if (said === undefined) reader.closed(reason)
      },
    })
    const stop = () => {
      refuse(opening?.signal.reason)
    }
    opening?.signal.addEventListener('abort', stop, { once: true })
    if (opening?.signal.aborted === true) stop()
    try {
      await ready
    } catch (error) {
      await transport.close()
      throw error
    } finally {
      opening?.signal.removeEventListener('abort', stop)
    }
    return withoutEscape(transport)
  }
}

function withoutEscape(transport: Transport): Transport {
  return {
    description: transport.description,
    write: async (bytes) => {
      if (bytes.includes(escape)) throw takenByte(transport.description)
      await transport.write(bytes)
    },
    close: () => transport.close(),
  }
}

function takenByte(description: string): HilError {
  return new HilError(
    'transport.escape',
    `${description} can't be sent Ctrl-] (0x1d), at which virsh ends: give the machine a serial port of type "unix", and read it by "driver: unix"`,
    { blame: 'environment', details: { transport: description } },
  )
}

/** virsh ends with the lines that tell what it was refused, and writes each in several parts. */
const refusals = /(?:^|\n)error: ([^\r\n]{1,400})(?:[\r\n]+error: [^\r\n]*)*$/

/** @param last what was printed last, by the machine or by virsh itself */
function noConsole(domain: string, last: string, cause: Error): HilError {
  const said = refusals.exec(last)?.[1]
  return new HilError(
    'console.ended',
    `there is no console of the virtual machine ${domain} any more: ${said ?? cause.message}`,
    { blame: 'infrastructure', details: { domain }, cause },
  )
}
