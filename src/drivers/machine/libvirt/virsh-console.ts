import type { OpenTransport, Transport } from '../../../board/transport.ts'
import { HilError } from '../../../core/errors.ts'
import { openProcess } from '../../../transports/process.ts'

export interface VirshConsoleOptions {
  readonly domain: string
  readonly uri: string
  readonly console?: string | undefined
  readonly program: string
}

/** Ctrl-], at which virsh ends. */
const escape = 0x1d

/** virsh says it last before it opens the console, in every language with the key in it. */
const banner = /\^\][^\n]*\n/

/** A console by `virsh console`, which is there when it is opened. */
export function virshConsole({ domain, uri, console, program }: VirshConsoleOptions): OpenTransport {
  const device = console === undefined ? [] : ['--devname', console]
  const open = openProcess({
    argv: [program, '--connect', uri, 'console', '--domain', domain, ...device],
    terminal: 'raw',
  })
  return async (reader, opening) => {
    let said: Buffer | undefined = Buffer.alloc(0)
    let last: Uint8Array = said
    let greeted: () => void = () => undefined
    let refuse: (error: unknown) => void = () => undefined
    const ready = new Promise<void>((resolve, reject) => {
      greeted = resolve
      refuse = reject
    })
    const transport = await open({
      data: (bytes) => {
        last = bytes
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
        const reason = error && noConsole(domain, Buffer.from(last).toString(), error)
        refuse(reason)
        if (said === undefined) reader.closed(reason)
      },
    })
    const stop = () => {
      refuse(opening?.signal.reason)
    }
    opening?.signal.addEventListener('abort', stop, { once: true })
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

/** @param last what virsh has printed last: what it is refused, or what the machine has said */
function noConsole(domain: string, last: string, cause: Error): HilError {
  const said = /error: ([^\r\n]{1,400})/.exec(last)?.[1]
  return new HilError(
    'console.ended',
    `there is no console of the virtual machine ${domain} any more: ${said ?? cause.message}`,
    { blame: 'infrastructure', details: { domain }, cause },
  )
}
