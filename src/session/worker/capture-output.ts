import { currentPlace } from '../spec/scope.ts'
import { send } from './channel.ts'

/** Makes what specs print part of the run: in order with everything else, and with the test that printed it. */
export function captureOutput(): void {
  capture('stdout')
  capture('stderr')
}

type Done = (error?: Error | null) => void

function capture(stream: 'stdout' | 'stderr'): void {
  const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    const test = currentPlace()?.scope.test
    send({ type: 'output', stream, text, ...(test !== undefined && { test }) })
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback !== undefined) process.nextTick(callback)
    return true
  }
  process[stream].write = write
}
