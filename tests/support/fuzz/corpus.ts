import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Sample {
  readonly name: string
  readonly bytes: Buffer
}

const fixtures = fileURLToPath(new URL('../../fixtures/fuzz/', import.meta.url))

/** The files of one kind that real programs made; see the README beside them. */
export function corpusFiles(kind: string): Sample[] {
  const directory = `${fixtures}${kind}/`
  return readdirSync(directory)
    .sort()
    .map((name) => ({ name, bytes: readFileSync(directory + name) }))
}

/** Packets that real TFTP clients and servers sent to each other. */
export function recordedPackets(): Sample[] {
  const recorded = JSON.parse(readFileSync(`${fixtures}tftp.json`, 'utf8')) as {
    from: string
    packet: string
  }[]
  return recorded.map(({ from, packet }) => ({ name: from, bytes: Buffer.from(packet, 'hex') }))
}
