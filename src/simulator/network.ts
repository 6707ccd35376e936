import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { FileServer } from '../board/file-server.ts'
import type { Network } from './hardware.ts'

/** The simulated board's network: one TFTP server, which knows what was published. */
export function createNetwork(): Network & { readonly files: FileServer } {
  const address = { host: '10.0.2.2', port: 69 }
  const published = new Map<string, Uint8Array>()
  return {
    files: {
      address,
      publish: async (name, path) => {
        const bytes = await readFile(path)
        published.set(name, bytes)
        return {
          name,
          size: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
          crc32: crc32(bytes),
        }
      },
    },
    fetch: (host, port, name) =>
      Promise.resolve(host === address.host && port === address.port ? published.get(name) : undefined),
  }
}
