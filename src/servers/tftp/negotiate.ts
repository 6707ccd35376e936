import type { TftpOptions } from './packet.ts'

/** What client and server agree on for one transfer. */
export interface Agreement {
  /** Bytes in a block. */
  readonly blockSize: number
  /** Blocks sent before the client has to acknowledge one. */
  readonly windowSize: number
  /** What the OACK says; empty where there is to be none. */
  readonly accepted: TftpOptions
}

/** RFC 1350: what holds without options. */
const defaults = { blockSize: 512, windowSize: 1 } as const

/** One window is sent in one go: that bounds what waits in memory, and for how long nothing else runs. */
const largestWindow = { blocks: 256, bytes: 1 << 20 } as const

/**
 * Answers the options of a read request. What is unknown or makes no sense is left out of the answer,
 * which is how a server declines (RFC 2347).
 *
 * @param size of the file in bytes
 */
export function negotiate(requested: TftpOptions, size: number): Agreement {
  const accepted = new Map<string, string>()
  const accept = (name: string, value: number | undefined) => {
    if (value !== undefined) accepted.set(name, String(value))
    return value
  }
  const number = (name: string, lowest: number, highest: number) =>
    numberIn(requested.get(name), lowest, highest)

  // RFC 2348: 8 to 65464, and the answer may be smaller. RFC 2349 wants the timeout back unchanged.
  const blockSize = accept('blksize', number('blksize', 8, 65464)) ?? defaults.blockSize
  accept('timeout', number('timeout', 1, 255))
  if (requested.has('tsize')) accept('tsize', size)
  const wanted = number('windowsize', 1, 65535)
  const windowSize = accept('windowsize', wanted && limitWindow(wanted, blockSize)) ?? defaults.windowSize
  return { blockSize, windowSize, accepted }
}

/** RFC 7440: the answer may be smaller than what was asked for. */
function limitWindow(wanted: number, blockSize: number): number {
  return Math.min(wanted, largestWindow.blocks, Math.floor(largestWindow.bytes / blockSize))
}

function numberIn(text: string | undefined, lowest: number, highest: number): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined
  const value = Number(text)
  return value >= lowest && value <= highest ? value : undefined
}
