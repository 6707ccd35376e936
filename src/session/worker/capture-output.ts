import { StringDecoder } from 'node:string_decoder'
import { currentPlace } from '../spec/scope.ts'
import { send } from './channel.ts'

/** Makes what specs print part of the run: in order with everything else, and with the test that printed it. */
export function captureOutput(): void {
  capture('stdout')
  capture('stderr')
}

type Done = (error?: Error | null) => void

function capture(stream: 'stdout' | 'stderr'): void {
  // What is piped here comes in pieces, which may end within a character.
  const decoder = new StringDecoder('utf8')
  const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done) => {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
        : Buffer.from(chunk)
    const text = decoder.write(bytes)
    const test = currentPlace()?.scope.test
    if (text !== '') send({ type: 'output', stream, text, ...(test !== undefined && { test }) })
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback !== undefined) process.nextTick(callback)
    return true
  }
  process[stream].write = write
}
